"""What was measured, sorted: the baseline before lymphodepletion, and one assessment after another since the infusion.

Numbers are exact decimals of what the source wrote. Nothing is rounded here, and nothing is filled in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response.model import Choices, Criteria
from cartway.times import DAY, Instant, to_datetime


def exact(fact: Fact | None) -> Decimal | None:
    """The number of a fact as its source wrote it, None where there is none."""
    return None if fact is None or fact.value is None else Decimal(str(fact.value))


def detail_number(fact: Fact, name: str) -> Decimal | None:
    """A number among a fact's details, exactly."""
    value = fact.detail.get(name)
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def days_between(start: Instant, end: Instant, zone: tzinfo) -> int:
    """Calendar days from one instant to another, by the dates of a zone."""
    return (to_datetime(end).astimezone(zone).date() - to_datetime(start).astimezone(zone).date()).days


class Assessment(msgspec.Struct, frozen=True, dict=True):
    """Facts that belong together: one scan, one marrow, one visit; or all that was known at baseline.

    `at` is the time of the first of its anchors. `facts` are in time order.
    """

    id: str
    at: Instant
    facts: tuple[Fact, ...] = ()

    @cached_property
    def _by_what(self) -> Mapping[str, list[Fact]]:
        found: dict[str, list[Fact]] = {}
        for fact in self.facts:
            found.setdefault(fact.what, []).append(fact)
        return found

    def all(self, *whats: str) -> list[Fact]:
        """Its facts of these variables, in time order."""
        if len(whats) == 1:
            return list(self._by_what.get(whats[0], ()))
        return [fact for fact in self.facts if fact.what in whats]

    def fact(self, what: str, about: str | None = None) -> Fact | None:
        """The newest of a variable, of one thing where asked."""
        found = self._by_what.get(what)
        if not found or about is None:
            return found[-1] if found else None
        return next((fact for fact in reversed(found) if fact.about == about), None)

    def number(self, what: str, about: str | None = None) -> Decimal | None:
        """The newest number of a variable; None where there is none, or a choice in its place."""
        return exact(self.fact(what, about))

    def choice(self, what: str, about: str | None = None) -> str:
        """The newest choice of a variable, empty where there is none."""
        found = self.fact(what, about)
        return "" if found is None else found.choice

    def by_thing(self, what: str) -> Mapping[str, Fact]:
        """The newest fact of a variable for each thing it is about."""
        return {fact.about: fact for fact in self._by_what.get(what, ())}

    def has(self, *whats: str) -> bool:
        """Whether it holds a fact of any of these variables."""
        return any(what in self._by_what for what in whats)

    def with_facts(self, facts: Iterable[Fact]) -> Assessment:
        """The same assessment, with further facts after its own."""
        return Assessment(self.id, self.at, (*self.facts, *facts))

    @property
    def positions(self) -> tuple[int, ...]:
        """The store positions of its facts; none for facts that are in no store."""
        return tuple(fact.position for fact in self.facts if fact.position)


class Assessments(msgspec.Struct, frozen=True):
    """A course as response criteria read it.

    `baseline` holds the newest fact of each variable and thing before lymphodepletion (before the infusion, where no
    lymphodepletion is charted); lesions are of one assessment, the last with any. `visits` come after the infusion.
    `new_therapy_at`: responses end there.
    """

    course: Course
    day_zero: Instant
    baseline: Assessment
    baseline_at: Instant | None
    visits: tuple[Assessment, ...]
    zone: tzinfo
    new_therapy_at: Instant | None = None
    flags: tuple[str, ...] = ()

    def day(self, at: Instant) -> int:
        """The day of an instant, the infusion's being day 0."""
        return days_between(self.day_zero, at, self.zone)


def infusions(course: Course) -> list[Fact]:
    """The infusions of CAR T cells, the parts of a split dose among them."""
    return course.all("infusion")


def day_zero(course: Course, choices: Choices) -> Instant | Problem:
    """The infusion from which days are counted.

    Problems: ``no_infusion``.
    """
    given = infusions(course)
    if not given:
        return Problem("no_infusion", "No infusion is charted.", "Response is read from the infusion on.")
    parts = [fact for fact in given if fact.detail.get("part")]
    if parts and choices.split_dose_day_zero == "last":
        return parts[-1].at
    return given[0].at


def _again(given: list[Fact]) -> bool:
    """Whether cells were given again: not as a part, nor as a further component or bag of the same product that day."""
    return any(
        not fact.detail.get("part") and not (fact.choice == before.choice and fact.at - before.at < DAY)
        for before, fact in pairwise(given)
    )


def assessments(course: Course, criteria: Criteria, choices: Choices) -> Assessments | Problem:
    """Sort a course's facts for criteria.

    Problems: ``no_infusion``.
    """
    start = day_zero(course, choices)
    if isinstance(start, Problem):
        return start
    read = course.all(*criteria.reads)
    baseline, flags = _baseline(course, read, criteria)
    first = infusions(course)[0].at
    visits = tuple(_grouped([fact for fact in read if fact.at > first], criteria, choices.zone))
    therapy = next((fact.at for fact in course.all("next_therapy") if fact.choice != "no" and fact.at > first), None)
    at = baseline.at if baseline.facts else None
    flags = (*flags, "infused_again") if _again(infusions(course)) else flags
    return Assessments(course, start, baseline, at, visits, choices.zone, therapy, flags)


def _baseline(course: Course, read: list[Fact], criteria: Criteria) -> tuple[Assessment, tuple[str, ...]]:
    """What was known before lymphodepletion; what came between that and the infusion only where nothing else is."""
    infused = infusions(course)[0].at
    emptied = [fact.at for fact in course.all("lymphodepletion") if fact.at <= infused and fact.choice != "completed"]
    limit = emptied[-1] if emptied else infused
    facts = [fact for fact in read if fact.at <= limit]
    flags: tuple[str, ...] = ()
    if not any(fact.what in criteria.anchors for fact in facts):
        late = [fact for fact in read if fact.at <= infused]
        flags = ("baseline_after_lymphodepletion",) if len(late) > len(facts) else ()
        facts = late
    return _newest(facts, criteria), flags


def _newest(facts: list[Fact], criteria: Criteria) -> Assessment:
    """One assessment of the newest fact of each variable and thing; of lesions only those of the last scan."""
    scans = [fact for fact in facts if fact.what == "lesion"]
    last_scan = _group_key(scans[-1]) if scans else ""
    kept: dict[tuple[str, str], Fact] = {}
    for fact in facts:
        if fact.what != "lesion" or _group_key(fact) == last_scan:
            kept[(fact.what, fact.about)] = fact
    ordered = sorted(kept.values(), key=lambda fact: fact.at)
    anchored = [fact.at for fact in ordered if fact.what in criteria.anchors] or [fact.at for fact in ordered]
    return Assessment("", anchored[-1] if anchored else 0, tuple(ordered))


def _group_key(fact: Fact) -> str:
    """What keeps facts of one scan together where no zone matters: their event, or their UTC date."""
    return fact.event or to_datetime(fact.at).date().isoformat()


def _grouped(facts: list[Fact], criteria: Criteria, zone: tzinfo) -> Iterator[Assessment]:
    """Assessments in time order: facts of one event, or of one day where they name none."""
    groups: dict[str, list[Fact]] = {}
    for fact in facts:
        key = f"event {fact.event}" if fact.event else to_datetime(fact.at).astimezone(zone).date().isoformat()
        groups.setdefault(key, []).append(fact)
    found = []
    for group in groups.values():
        anchored = [fact for fact in group if fact.what in criteria.anchors]
        if anchored:
            found.append(Assessment(anchored[0].event, anchored[0].at, tuple(group)))
    yield from sorted(found, key=lambda each: each.at)
