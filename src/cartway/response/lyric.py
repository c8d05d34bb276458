"""LYRIC 2016: Lugano 2014, where some progression is indeterminate (IR) until a biopsy or the next scan settles it.

Cheson 2016, Blood 128:2489, doi 10.1182/blood-2016-05-718528. What settles an IR, and the clause on clinical
deterioration, were not seen in the paper: they are told as not confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from cartway.response import lugano
from cartway.response.items import percent, shown_percent
from cartway.response.lugano import Combined
from cartway.response.lugano_growth import progression_items, target_items
from cartway.response.lyric_settled import after_biopsy, after_ir1, after_ir2a, half_again, indeterminate, said
from cartway.response.measured import Assessments, days_between
from cartway.response.model import NOT_EVALUABLE, Choices, Criteria, Level, Reading
from cartway.response.scan import Scan
from cartway.times import Instant

FIRST_WEEKS_DAYS = 84
REPEAT_WITHIN_DAYS = 84
INDETERMINATE = frozenset({"IR1", "IR2a", "IR2b", "IR3"})
_SETTLING_FLAGS = frozenset({"biopsy_disease", "biopsy_transformed", "read_not_measured"})
_SETTLED_RULES = frozenset({"L-CT-PD-O", "L-CT-PD-S"})


class Settling(msgspec.Struct, frozen=True):
    """An indeterminate response that is not settled: its level, and the scan that gave it."""

    level: str
    scan: Scan


def read(measured: Assessments, choices: Choices) -> Reading:
    """The levels of all scans; confirmed progression is dated back to the first indeterminate response before it."""
    levels: list[Level] = []
    parts = lugano.combined(measured, choices)
    for index, part in enumerate(parts):
        levels.append(_level(part, _open(parts[:index], levels, part.scan), measured))
    return Reading(tuple(levels), dated_back(levels), flags=(*_flags(levels, measured),))


def _open(parts: Sequence[Combined], levels: Sequence[Level], scan: Scan) -> Settling | None:
    """The indeterminate response that the scan before left open; a scan read again does not settle itself by size."""
    found = [(part.scan, level) for part, level in zip(parts, levels, strict=True) if level.level != NOT_EVALUABLE]
    while found and scan.again and (found[-1][0].again or found[-1][0].earlier == scan.earlier):
        found.pop()
    if not found or found[-1][1].level not in INDETERMINATE:
        return None
    return Settling(found[-1][1].level, found[-1][0])


def _level(part: Combined, before: Settling | None, measured: Assessments) -> Level:
    lugano_level = part.level
    labels = {**lugano_level.labels, "lugano_2014": lugano_level.level}
    if lugano_level.level != "PD" or _beyond_doubt(part):
        return msgspec.structs.replace(lugano_level, labels=labels)
    found = _settled(part, before, measured) if before is not None else _first(part, measured)
    labels = {name: text for name, text in labels.items() if name != "after_cr" or found.level == "PD"}
    found = msgspec.structs.replace(found, labels=labels)
    return after_biopsy(found, part) if found.level in INDETERMINATE else found


def _beyond_doubt(part: Combined) -> bool:
    """Progression that LYRIC leaves as it is: a biopsy, clear growth outside the targets, spleen, marrow, a reader."""
    scan = part.scan
    if any(lesion.is_disease and lesion.biopsied for lesion in scan.new) or _SETTLING_FLAGS & set(part.level.flags):
        return True
    if scan.visit.choice("pet_marrow") == "new_focal":
        return True
    return any(item.answer == "yes" and item.rule in _SETTLED_RULES for item in progression_items(scan))


# A first indeterminate response


def _first(part: Combined, measured: Assessments) -> Level:
    """Which indeterminate response Lugano's progression is, the first time."""
    rise = half_again(part.scan.spd, part.scan.spd_nadir)
    if rise:
        return _burden_grew(part, measured)
    return _elsewhere(part, known=rise is not None)


def _burden_grew(part: Combined, measured: Assessments) -> Level:
    """IR1: in the first 12 weeks, without clinical deterioration."""
    level, scan = part.level, part.scan
    if scan.day > FIRST_WEEKS_DAYS:
        return said(level, f"Day {scan.day} lies after the first 12 weeks: no indeterminate response by size.")
    worse = _deteriorated(scan, measured)
    if worse == "yes":
        return said(level, "With clinical deterioration progression is no indeterminate response.", confirmed=False)
    change = f"Sum of products {_change(scan)} in the first 12 weeks"
    if worse == "no":
        return indeterminate(level, "IR1", f"{change}, without clinical deterioration.", confirmed=False)
    open_level = said(level, f"{change}; whether there is clinical deterioration is not charted.", confirmed=False)
    missing = (*level.missing, "clinical deterioration")
    return msgspec.structs.replace(open_level, missing=missing, candidates=("IR1", "PD"))


def _deteriorated(scan: Scan, measured: Assessments) -> str:
    """What was told of the patient's state with this scan, else since the scan before."""
    told = scan.visit.choice("clinical_deterioration")
    since = scan.earlier[-1].at if scan.earlier else measured.day_zero
    other = [fact for fact in measured.course.all("clinical_deterioration") if since < fact.at <= scan.at]
    return told or (other[-1].choice if other else "")


def _elsewhere(part: Combined, *, known: bool) -> Level:
    """IR2a: new lesions; IR2b: lesions that grew; IR3: more uptake only; the whole burden below +50 %."""
    level, scan = part.level, part.scan
    burden = f"sum of products {_change(scan)}, below +50 %" if known else "the sum of products is not known"
    if any(lesion.is_disease is not False for lesion in scan.new):
        found = indeterminate(level, "IR2a", f"New lesion; {burden}.")
    elif any(item.answer == "yes" for item in target_items(scan)):
        found = indeterminate(level, "IR2b", f"A lesion's product grew by at least half; {burden}.")
    elif part.pet is not None and part.pet.level == "PD":
        found = indeterminate(level, "IR3", f"More FDG uptake, no lesion larger or new; {burden}.")
    else:
        return level
    if known:
        return found
    missing = (*found.missing, "the sum of products of the targets")
    return msgspec.structs.replace(found, missing=missing, candidates=(found.level, "PD"))


# What settles it


def _settled(part: Combined, before: Settling, measured: Assessments) -> Level:
    """Progression by the rule of the indeterminate response before, or indeterminate still."""
    if before.level == "IR1":
        if _deteriorated(part.scan, measured) == "yes":
            text = "Clinical deterioration since then ends the indeterminate response: progression."
            return said(part.level, text, confirmed=False)
        return after_ir1(part, before.scan)
    if before.level == "IR2a" and part.scan.new:
        return after_ir2a(part)
    if half_again(part.scan.spd, part.scan.spd_nadir):
        text = f"After {before.level} the sum of products is {_change(part.scan)}: progression."
        return said(part.level, text, rule="LY-C3", confirmed=False)
    return _elsewhere(part, known=part.scan.spd is not None)


# Words and dates


def _change(scan: Scan) -> str:
    if scan.spd is None or not scan.spd_nadir:
        return "not known"
    return shown_percent(percent(scan.spd, scan.spd_nadir))


def dated_back(levels: Sequence[Level]) -> tuple[Level, ...]:
    """The levels with progression dated to the first of the indeterminate responses that led to it."""
    found = list(levels)
    for index, level in enumerate(levels):
        first = index
        while level.level == "PD" and first and levels[first - 1].level in INDETERMINATE | {NOT_EVALUABLE}:
            first -= 1
        for earlier in range(first, index):
            if levels[earlier].level in INDETERMINATE:
                found[earlier] = _confirmed_later(levels[earlier])
    return tuple(found)


def _confirmed_later(level: Level) -> Level:
    told = said(level, "Later confirmed as progression, dated back to here.", rule="LY-C4", confirmed=False)
    return msgspec.structs.replace(told, level="PD")


def _flags(levels: Sequence[Level], measured: Assessments) -> tuple[str, ...]:
    """An indeterminate response whose next scan came after 12 weeks, or has not come by then."""
    late = any(one.level in INDETERMINATE and _too_late(one.at, other.at, measured) for one, other in pairwise(levels))
    last = levels[-1] if levels else None
    waiting = last is not None and last.level in INDETERMINATE and _too_late(last.at, measured.course.now, measured)
    return (*("indeterminate_repeated_late",) * late, *("indeterminate_not_settled",) * waiting)


def _too_late(first: Instant, then: Instant, measured: Assessments) -> bool:
    return days_between(first, then, measured.zone) > REPEAT_WITHIN_DAYS


CRITERIA = Criteria(
    name="lyric_2016",
    edition="Lugano 2014 with LYRIC 2016",
    citation="Cheson 2016, Blood 128:2489, doi 10.1182/blood-2016-05-718528",
    diseases=frozenset(),
    reads=lugano.READS,
    anchors=lugano.ANCHORS,
    # Below progression: an indeterminate response that is settled as such does not outrank it.
    ranks=(NOT_EVALUABLE, "IR1", "IR2a", "IR2b", "IR3", "PD", "SD", "PR", "CR"),
    responses=frozenset({"CR", "PR"}),
    complete=frozenset({"CR"}),
    progressions=frozenset({"PD"}),
    read=read,
)
