"""Lugano 2014 for lymphoma: PET-CT and CT of one scan put together, scan after scan.

Cheson 2014, J Clin Oncol 32:3059, doi 10.1200/JCO.2013.54.8800. It asks for no second scan: time-point and confirmed
levels are the same. How PET and CT combine where one is not evaluable follows the table of admiralonco, adrs_lymphoma.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.response.lugano_ct import read_ct
from cartway.response.lugano_pet import METABOLIC, NO_SCORE, read_pet
from cartway.response.lugano_tissue import with_tissue, withdrawn
from cartway.response.measured import Assessments
from cartway.response.model import NOT_EVALUABLE, Choices, Criteria, Level, Reading
from cartway.response.scan import Scan, scans_of

VARIABLY_AVID = ("marginal_zone_lymphoma", "cll", "sll", "waldenstrom")
READ_AS = {
    "complete": "CR",
    "very_good_partial": "PR",
    "partial": "PR",
    "minimal": "SD",
    "stable": "SD",
    "progressive": "PD",
    "not_evaluable": NOT_EVALUABLE,
}


class Combined(msgspec.Struct, frozen=True):
    """One scan with its level, and what PET and CT each gave; None where that was not done."""

    scan: Scan
    level: Level
    pet: Level | None
    ct: Level | None


def read(measured: Assessments, choices: Choices) -> Reading:
    """The levels of all scans."""
    levels = tuple(each.level for each in combined(measured, choices))
    return Reading(levels, levels, flags=course_flags(levels))


def combined(measured: Assessments, choices: Choices) -> list[Combined]:
    """Every scan with the levels of its parts, in time order."""
    found: list[Combined] = []
    for scan in scans_of(measured):
        pet, ct = read_pet(scan) or _as_read(scan, "pet"), read_ct(scan, choices) or _as_read(scan, "ct")
        level = with_tissue(_together(measured, pet, ct, found, choices), scan, _rows(found))
        found.append(Combined(scan, _placed(level, scan, pet, ct, found), pet, ct))
    settled = zip(found, withdrawn(_rows(found)), strict=True)
    return [msgspec.structs.replace(each, level=level) for each, level in settled]


def _rows(parts: Sequence[Combined]) -> list[tuple[Scan, Level]]:
    return [(part.scan, part.level) for part in parts]


def _as_read(scan: Scan, part: str) -> Level | None:
    """What a reader concluded of one part, where nothing of it was measured."""
    said = READ_AS.get(scan.visit.choice("response_read", part))
    if said is None:
        return None
    labels = {"metabolic": METABOLIC[said]} if part == "pet" else {}
    because = (f"A reader concluded {said} by {part.upper()}; nothing of it is charted that could be measured.",)
    return Level(0, "", said, "L-P-3", because, flags=("read_not_measured",), labels=labels)


def _together(
    measured: Assessments, pet: Level | None, ct: Level | None, earlier: Sequence[Combined], choices: Choices
) -> Level:
    """Which part leads: PET-CT in FDG-avid disease, unless it could not be evaluated; else CT."""
    if pet is None and ct is None:
        missing = (NO_SCORE, "the size of the targets")
        return Level(0, "", NOT_EVALUABLE, "L-P-3", ("Nothing was measured on this scan.",), missing)
    if pet is None or ct is None:
        return _alone(measured, pet, ct, earlier, choices)
    if _unread(pet):
        return _without_pet(pet, ct, earlier, choices)
    return _both(pet, ct) if fdg_avid(measured) else _beside(ct, pet)


def _alone(
    measured: Assessments, pet: Level | None, ct: Level | None, earlier: Sequence[Combined], choices: Choices
) -> Level:
    """Only one part was done: its result, with what to mind about it."""
    if pet is not None:
        found = _carried(pet, earlier, choices) if _unread(pet) else pet
        return found if fdg_avid(measured) else _more(found, flags=("pet_in_variably_avid_disease",))
    assert ct is not None
    complete = any(each.pet is not None and each.pet.level == "CR" for each in earlier)
    if complete and ct.level in ("PR", "SD"):
        said = "CT alone: an earlier PET-CT was complete, in which a residual mass of any size is allowed."
        return _more(ct, because=(said,), flags=("ct_after_complete_metabolic_response",))
    return ct


def _unread(pet: Level) -> bool:
    return pet.level == NOT_EVALUABLE and not pet.missing and not pet.candidates


def _both(pet: Level, ct: Level) -> Level:
    """PET-CT is the overall result; progression by CT alone beats no response, and is flagged beside a response."""
    if pet.level == NOT_EVALUABLE and NO_SCORE in pet.missing and ct.level != NOT_EVALUABLE:
        return msgspec.structs.replace(_beside(ct, pet), missing=(*ct.missing, NO_SCORE))
    if ct.level == "PD" and pet.level in ("SD", NOT_EVALUABLE):
        return _beside(ct, pet)
    if ct.level == "PD" and pet.level in ("CR", "PR"):
        said = "CT by itself shows progression; PET-CT leads in FDG-avid disease."
        pet = _more(pet, because=(said,), flags=("pet_ct_disagree",), candidates=(pet.level, "PD"))
    return _beside(pet, ct)


def _without_pet(pet: Level, ct: Level, earlier: Sequence[Combined], choices: Choices) -> Level:
    """PET not evaluable: progression by CT counts; else the last evaluable PET is carried, where there is one."""
    if ct.level == "PD":
        return msgspec.structs.replace(_beside(ct, pet), rule="L-P-3" if not ct.rule else ct.rule)
    if ct.level == NOT_EVALUABLE:
        return _beside(ct, pet)
    return _carried(_beside(ct, pet), earlier, choices)


def _carried(found: Level, earlier: Sequence[Combined], choices: Choices) -> Level:
    last = next((each.pet for each in reversed(earlier) if each.pet and each.pet.level != NOT_EVALUABLE), None)
    if last is None or found.level == NOT_EVALUABLE:
        return found
    carry = choices.pet_not_evaluable == "carry"
    said = f"The last PET that could be evaluated gave {METABOLIC[last.level]}; CT gives {found.level}."
    level, rule = (last.level, "L-P-3") if carry else (found.level, found.rule)
    both = tuple(dict.fromkeys((level, last.level, found.level)))
    told = _more(found, because=(said,), flags=("pet_carried_forward",) if carry else (), candidates=both)
    policies = (*told.policies, "response_pet_not_evaluable")
    return msgspec.structs.replace(told, level=level, rule=rule, policies=policies, confirmed=not carry)


def _beside(leads: Level, other: Level) -> Level:
    """The leading part's level with the other's numbers and labels kept; what both flag is flagged."""
    return msgspec.structs.replace(
        leads,
        numbers={**other.numbers, **leads.numbers},
        labels={**other.labels, **leads.labels},
        flags=tuple(dict.fromkeys((*leads.flags, *other.flags))),
    )


def _more(
    level: Level, *, because: tuple[str, ...] = (), flags: tuple[str, ...] = (), candidates: tuple[str, ...] = ()
) -> Level:
    return msgspec.structs.replace(
        level,
        because=(*level.because, *because),
        flags=tuple(dict.fromkeys((*level.flags, *flags))),
        candidates=tuple(dict.fromkeys((*level.candidates, *candidates)))
        if len(set(candidates)) > 1
        else level.candidates,
    )


def _placed(
    level: Level, scan: Scan, pet: Level | None, ct: Level | None, earlier: Sequence[Combined]
) -> Level:  # fmt: skip
    """The level with its time, its facts, what the parts gave, and its name after a complete response."""
    labels = dict(level.labels)
    labels |= {name: part.level for name, part in (("pet", pet), ("ct", ct)) if part is not None}
    if level.level == "PD" and any(each.level.level == "CR" for each in earlier):
        labels["after_cr"] = "RD"
    because = level.because
    if scan.again:
        labels["read_again"] = f"day {scan.scanned_day}"
        because = (f"The scan of day {scan.scanned_day}, read again with what was found since.", *because)
    return msgspec.structs.replace(
        level, at=scan.at, assessment=scan.id, labels=labels, because=because, facts=scan.visit.positions
    )


def fdg_avid(measured: Assessments) -> bool:
    """Whether PET-CT leads: as charted, else by the disease. Variably avid disease goes by CT."""
    told = measured.baseline.choice("fdg_avid") or _last_choice(measured, "fdg_avid")
    if told:
        return told == "yes"
    return _last_choice(measured, "diagnosis") not in VARIABLY_AVID


def _last_choice(measured: Assessments, what: str) -> str:
    fact = measured.course.last(what)
    return "" if fact is None else fact.choice


def course_flags(levels: Sequence[Level]) -> tuple[str, ...]:
    """What stands out over the scans: smaller again after progression, which a flare would do."""
    after = False
    for level in levels:
        if after and level.level in ("CR", "PR", "SD"):
            return ("not_progression_later",)
        after = after or level.level == "PD"
    return ()


READS = frozenset(
    {
        "imaging", "fdg_avid", "lesion", "non_target_disease", "new_lesion", "biopsy", "spleen_length", "liver_size",
        "deauville_score", "uptake_change", "physiologic_uptake", "pet_marrow", "suv_max", "residual_mass",
        "marrow_finding", "marrow_involvement", "clinical_deterioration", "response_read",
    }
)  # fmt: skip

ANCHORS = frozenset(
    {
        "imaging", "lesion", "non_target_disease", "new_lesion", "biopsy", "deauville_score", "uptake_change",
        "pet_marrow", "marrow_finding", "response_read",
    }
)  # fmt: skip

LYMPHOMAS = frozenset(
    {
        "lbcl", "follicular_lymphoma", "mantle_cell_lymphoma", "marginal_zone_lymphoma", "burkitt_lymphoma",
        "hodgkin_lymphoma", "t_cell_lymphoma", "b_nhl", "lymphoma",
    }
)  # fmt: skip

CRITERIA = Criteria(
    name="lugano_2014",
    edition="Lugano 2014",
    citation="Cheson 2014, J Clin Oncol 32:3059, doi 10.1200/JCO.2013.54.8800",
    diseases=LYMPHOMAS,
    reads=READS,
    anchors=ANCHORS,
    ranks=(NOT_EVALUABLE, "PD", "SD", "PR", "CR"),
    responses=frozenset({"CR", "PR"}),
    complete=frozenset({"CR"}),
    progressions=frozenset({"PD"}),
    read=read,
)
