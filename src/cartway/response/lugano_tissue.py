"""What the microscope says beside a scan of a lymphoma: biopsies and the marrow.

Cheson 2014, doi 10.1200/JCO.2013.54.8800: histology outranks a picture. A complete response is never called beside
lymphoma in tissue; which level it is instead the text does not say, so a person judges. That tissue taken within 12
weeks belongs to the scan follows the span in which LYRIC lets a biopsy settle one (Cheson 2016, doi
10.1182/blood-2016-05-718528), and is told as not confirmed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from cartway.record import Fact
from cartway.response.lugano_growth import marrow_progress
from cartway.response.model import NOT_EVALUABLE, Level
from cartway.response.scan import Scan

Rows = Sequence[tuple[Scan, Level]]
"""The scans so far, each with its level."""

WORK_UP_DAYS = 84
BIOPSY, MARROW = "biopsy_beside_cr", "marrow_involved_beside_cr"
_MARROW_CLEAR = ("negative", "indeterminate_negative")
_NOT_WORSE, _ANY = ("CR", "PR"), ("CR", "PR", "PD")
_OLDER = "Lymphoma was found in tissue beside an earlier complete scan, and not looked for again."
_WITHOUT = {"no_disease": "no lymphoma", "other_cancer": "another cancer, and no lymphoma"}


def with_tissue(level: Level, scan: Scan, earlier: Rows) -> Level:
    """The level of a scan with what biopsies and the marrow found."""
    level = _without_lymphoma(level, scan)
    positive = [fact for fact in scan.visit.all("biopsy") if fact.choice in ("disease", "transformed")]
    if positive:
        level = _biopsied(level, scan, positive, earlier)
    if level.level == "CR":
        return _beside_complete(level, scan, bool(positive), earlier)
    return _new_marrow(level, scan)


def _without_lymphoma(level: Level, scan: Scan) -> Level:
    """A biopsy without lymphoma: a new lesion there counts no more; what a target did is for a person to judge."""
    found = [fact for fact in scan.visit.all("biopsy") if fact.choice in _WITHOUT]
    if not found:
        return level
    flags = ("biopsy_no_disease",) if level.level == "PD" else ()
    return _more(level, *(without_words(fact) for fact in found), flags=flags)


def without_words(biopsy: Fact) -> str:
    """What a biopsy without lymphoma found, in a sentence."""
    return f"The biopsy{f' of {biopsy.about}' if biopsy.about else ''} found {_WITHOUT[biopsy.choice]}."


def _biopsied(level: Level, scan: Scan, positive: Sequence[Fact], earlier: Rows) -> Level:
    """A biopsy with lymphoma at a site that is neither target nor new: after complete response it is relapse."""
    named = {*scan.baseline.targets, *(lesion.name for lesion in scan.new)}
    elsewhere = [fact for fact in positive if fact.about not in named and (fact.about or not scan.new)]
    flag = "biopsy_transformed" if positive[-1].choice == "transformed" else "biopsy_disease"
    if level.level != "PD" and elsewhere and any(each.level == "CR" for _, each in earlier):
        return _relapse(level, "L-CT-PD-NL", "A biopsy found lymphoma after complete response.", flag)
    return _more(level, "A biopsy found lymphoma.", flags=(flag,))


def _relapse(level: Level, rule: str, said: str, *flags: str) -> Level:
    return Level(0, "", "PD", rule, (said,), flags=(*level.flags, *flags), numbers=level.numbers)


# Beside a complete response


def _beside_complete(level: Level, scan: Scan, biopsied: bool, earlier: Rows) -> Level:
    """No complete response beside lymphoma in tissue: open, or relapse where the marrow is involved anew after one."""
    marrow = _involved(scan)
    anew = marrow and marrow_progress(scan).answer == "yes"
    if anew and _complete_before(scan, earlier):
        return _relapse(level, "L-CT-PD-O", "The marrow holds lymphoma after complete response.")
    flags = tuple(_contradictions(scan, marrow, biopsied, earlier))
    if not flags:
        return level
    said = ("The marrow holds lymphoma.",) if marrow else () if biopsied else (_OLDER,)
    found = _more(level, *said, "Beside it no complete response is called: a physician judges.", flags=flags)
    still = marrow and flags == (MARROW,) and marrow_progress(scan).answer == "no"
    return _open(found, _NOT_WORSE if still else _ANY)


def _contradictions(scan: Scan, marrow: bool, biopsied: bool, earlier: Rows) -> Iterator[str]:
    if biopsied or _unanswered(BIOPSY, scan, earlier):
        yield BIOPSY
    if marrow or _unanswered(MARROW, scan, earlier):
        yield MARROW


def _unanswered(flag: str, scan: Scan, earlier: Rows) -> bool:
    """Whether tissue held lymphoma that a complete scan did not show, and none was taken since that is clear."""
    if _cleared(flag, scan):
        return False
    for each, level in reversed(earlier):
        if flag in level.flags:
            return True
        if _cleared(flag, each):
            return False
    return False


def _cleared(flag: str, scan: Scan) -> bool:
    if flag == MARROW:
        return scan.visit.choice("marrow_finding") in _MARROW_CLEAR
    return scan.visit.choice("biopsy") in _WITHOUT


def _involved(scan: Scan) -> bool:
    return scan.visit.choice("marrow_finding") in ("involved", "nodules")


def _complete_before(scan: Scan, earlier: Rows) -> bool:
    """Whether another scan was complete, or this one was, more than 12 weeks before."""
    complete = [each for each, level in earlier if level.level == "CR"]
    return any(not _same(each, scan) or scan.day - each.scanned_day > WORK_UP_DAYS for each in complete)


def _same(one: Scan, other: Scan) -> bool:
    return one.scanned_day == other.scanned_day


def _open(level: Level, candidates: tuple[str, ...]) -> Level:
    both = tuple(dict.fromkeys((*candidates, *level.candidates)))
    return msgspec.structs.replace(level, level=NOT_EVALUABLE, candidates=both, confirmed=False)


def withdrawn(rows: Rows) -> list[Level]:
    """The levels, a complete one open too where tissue of the 12 weeks after its scan held lymphoma."""
    return [_withdrawn(index, rows) if level.level == "CR" else level for index, (_, level) in enumerate(rows)]


def _withdrawn(index: int, rows: Rows) -> Level:
    scan, level = rows[index]
    again = [
        (each, found)
        for each, found in rows[index + 1 :]
        if each.again and _same(each, scan) and each.day - scan.scanned_day <= WORK_UP_DAYS
    ]
    if not again or again[-1][1].level != NOT_EVALUABLE:
        return level
    each, found = again[-1]
    flags = tuple(flag for flag in found.flags if flag in (BIOPSY, MARROW))
    said = f"Lymphoma was found in tissue of day {each.day}: no complete response is called."
    return _open(_more(level, said, flags=flags), found.candidates)


# Beside less than a complete response


def _new_marrow(level: Level, scan: Scan) -> Level:
    """Marrow involved anew is progression where PET shows no response; beside a partial one both readings stand."""
    if level.level == "PD" or not _involved(scan) or marrow_progress(scan).answer != "yes":
        return level
    if level.level != "PR":
        return _relapse(level, "L-CT-PD-O", "The marrow is involved anew.")
    both = tuple(dict.fromkeys((*level.candidates, "PR", "PD")))
    found = _more(level, "The marrow is involved anew.", flags=("marrow_involved_beside_pr",))
    return msgspec.structs.replace(found, candidates=both)


def _more(level: Level, *because: str, flags: tuple[str, ...] = ()) -> Level:
    return msgspec.structs.replace(
        level,
        because=tuple(dict.fromkeys((*level.because, *because))),
        flags=tuple(dict.fromkeys((*level.flags, *flags))),
    )
