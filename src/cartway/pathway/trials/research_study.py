"""FHIR R4 ResearchStudy: what it structures is little, so most of it is its free text and its conditions.

Source: HL7 FHIR R4, ResearchStudy and Group (hl7.org/fhir/R4/researchstudy.html).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from cartway.pathway.trials import record
from cartway.pathway.trials.freetext import split
from cartway.pathway.trials.trial import AgeRule, Bound, FreeText, Recruiting, Site, Stated, Trial, Unit, UnreadRule
from cartway.problem import Problem

STATES: Mapping[str, Recruiting] = {
    "active": "open",
    "approved": "not_yet",
    "in-review": "not_yet",
    "temporarily-closed-to-accrual": "paused",
    "temporarily-closed-to-accrual-and-intervention": "paused",
    "closed-to-accrual": "closed",
    "closed-to-accrual-and-intervention": "closed",
    "administratively-completed": "closed",
    "completed": "closed",
    "disapproved": "closed",
    "withdrawn": "closed",
}
"""ResearchStudyStatus, R4: `active` is "opened for accrual"."""
_AGE_CODES = ("30525-0", "21612-7")
_SEX_CODES = ("76689-9", "46098-0", "21840-4")
_UNITS: Mapping[str, Unit] = {
    "a": "year",
    "mo": "month",
    "wk": "week",
    "d": "day",
    "h": "hour",
    "year": "year",
    "years": "year",
}


class _Coding(msgspec.Struct):
    code: str = ""
    display: str = ""


class _Concept(msgspec.Struct):
    coding: list[_Coding] = []
    text: str = ""

    @property
    def words(self) -> str:
        return self.text or next((each.display or each.code for each in self.coding), "")


class _Identifier(msgspec.Struct):
    value: str = ""


class _Reference(msgspec.Struct):
    reference: str = ""
    display: str = ""


class _Address(msgspec.Struct):
    city: str = ""
    country: str = ""


class _Quantity(msgspec.Struct):
    value: float | None = None
    unit: str = ""
    code: str = ""


class _Range(msgspec.Struct):
    low: _Quantity | None = None
    high: _Quantity | None = None


class _Characteristic(msgspec.Struct, rename="camel"):
    code: _Concept = msgspec.field(default_factory=_Concept)
    value_codeable_concept: _Concept | None = None
    value_range: _Range | None = None
    exclude: bool = False


class _Contained(msgspec.Struct, rename="camel"):
    resource_type: str = ""
    id: str = ""
    name: str = ""
    address: _Address = msgspec.field(default_factory=_Address)
    characteristic: list[_Characteristic] = []


class _Meta(msgspec.Struct, rename="camel"):
    last_updated: str = ""


class _Arm(msgspec.Struct):
    name: str = ""


class _ResearchStudy(msgspec.Struct, rename="camel"):
    id: str = ""
    meta: _Meta = msgspec.field(default_factory=_Meta)
    identifier: list[_Identifier] = []
    title: str = ""
    status: str = ""
    phase: _Concept = msgspec.field(default_factory=_Concept)
    category: list[_Concept] = []
    condition: list[_Concept] = []
    location: list[_Concept] = []
    site: list[_Reference] = []
    enrollment: list[_Reference] = []
    arm: list[_Arm] = []
    contained: list[_Contained] = []


def read_research_study(resource: object) -> Trial | Problem:
    """One ResearchStudy. Problems: ``wrong_trial_record``, ``wrong_trial_id``, ``trial_too_long``."""
    try:
        read = msgspec.convert(resource, _ResearchStudy)
    except msgspec.ValidationError as failure:
        return record.wrong_record(failure)
    text = "\n\n".join(each.display for each in read.enrollment)
    number = record.identity(
        next((each.value for each in read.identifier if each.value), read.id),
        read.title,
        text,
        *(each.words for each in read.condition),
    )
    if isinstance(number, Problem):
        return number
    as_of, sites = record.day_of(read.meta.last_updated), tuple(_sites(read))
    countries = [*(each.words for each in read.location), *(site.country for site in sites)]
    return Trial(
        id=number,
        title=read.title or number,
        registry="FHIR ResearchStudy",
        kind=next((_kind(each.words) for each in read.category if each.words.startswith("Study Type")), ""),
        phase=read.phase.words,
        conditions=tuple(each.words for each in read.condition),
        interventions=tuple(each.name for each in read.arm if each.name),
        sites=sites,
        criteria=record.stated(
            record.condition_rule(each.words for each in read.condition),
            *_of_groups(read),
            record.status_rule(read.status.replace("-", " "), as_of, STATES.get(read.status, "not_said")),
            record.place_rule(countries),
        ),
        text=split(text) if text else FreeText(),
        as_of=as_of,
    )


def _kind(words: str) -> str:
    return words.partition(":")[2].strip()


def _sites(read: _ResearchStudy) -> Iterator[Site]:
    contained = {f"#{each.id}": each for each in read.contained if each.resource_type == "Location"}
    for reference in read.site[: record.MOST_ITEMS]:
        place = contained.get(reference.reference)
        if place is not None:
            yield Site(place.name, place.address.city, place.address.country)
        elif reference.display:
            yield Site(reference.display)


def _of_groups(read: _ResearchStudy) -> Iterator[Stated | None]:
    """The characteristics of the groups that it enrolls."""
    enrolled = {each.reference for each in read.enrollment}
    for group in read.contained:
        if group.resource_type == "Group" and f"#{group.id}" in enrolled:
            for each in group.characteristic:
                yield _characteristic(each)


def _characteristic(each: _Characteristic) -> Stated | None:
    codes = {coding.code for coding in each.code.coding}
    if codes & {*_AGE_CODES} and each.value_range is not None and not each.exclude:
        return _age(each.value_range)
    if codes & {*_SEX_CODES} and each.value_codeable_concept is not None and not each.exclude:
        found = next((coding.code for coding in each.value_codeable_concept.coding), each.value_codeable_concept.text)
        return record.sex_rule(found, by_gender=False)
    value = each.value_codeable_concept.words if each.value_codeable_concept else ""
    words = " ".join(part for part in ("not" if each.exclude else "", each.code.words, value) if part)
    return Stated("other", UnreadRule(words or "A characteristic without words"))


def _age(limits: _Range) -> Stated:
    """A FHIR Range has its ends included; a quantity is exact, so 30 a is the 30th birthday."""
    low, high = _bound(limits.low), _bound(limits.high)
    text = " to ".join((_said(limits.low) or "any age", _said(limits.high) or "no limit"))
    if low == "unread" or high == "unread":
        return Stated("age", UnreadRule(text, "The age limits as the trial states them"))
    lowest, highest = (each if isinstance(each, Bound) else None for each in (low, high))
    return Stated("age", AgeRule(text, lowest, highest))


def _bound(quantity: _Quantity | None) -> Bound | str | None:
    if quantity is None or quantity.value is None:
        return None
    unit = _UNITS.get(quantity.code or quantity.unit)
    return Bound(quantity.value, unit, included=True) if unit and 0 <= quantity.value <= record.MOST[unit] else "unread"


def _said(quantity: _Quantity | None) -> str:
    if quantity is None or quantity.value is None:
        return ""
    return f"{quantity.value:g} {quantity.unit or quantity.code}".strip()


def studies(document: Mapping[str, Any]) -> Iterator[object]:
    """The studies of a bundle, or the one that the document is."""
    if document.get("resourceType") == "ResearchStudy":
        yield document
        return
    entries = document.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict) and resource.get("resourceType") == "ResearchStudy":
            yield resource
