"""Who is who within one run of reading: identifiers that one patient has, and what follows from the birth date."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import NamedTuple

import msgspec

from cartway.intake.drafts import Draft, Enrolment, Merge, Subject
from cartway.record.fact import Fact
from cartway.times import Instant, from_datetime, to_datetime

PEOPLE_SOURCE = "people"
ADULT = 18
_SEXES = frozenset({"female", "male", "other", "unknown"})


class Roster:
    """The courses of a reading without a database: each patient's is named by the first identifier that was met."""

    def __init__(self) -> None:
        self._courses: dict[Subject, str] = {}
        self._holders: dict[str, Subject] = {}
        self._people: dict[str, Enrolment] = {}

    def enrol(self, enrolment: Enrolment) -> str:
        """All identifiers of one patient lead to one course."""
        known = (self._courses[subject] for subject in enrolment.subjects if subject in self._courses)
        course = next(known, "") or self._new(enrolment.subjects[0])
        for subject in enrolment.subjects:
            self._courses.setdefault(subject, course)
        if enrolment.authoritative:
            self._people[course] = enrolment
        self._people.setdefault(course, enrolment)
        return course

    def merge(self, merge: Merge) -> None:
        """What comes after for the one that is gone goes to the one that stays."""
        self._courses[merge.gone] = self.course(merge.kept)

    def course(self, subject: Subject) -> str:
        """The course of a patient, a new one at the first meeting."""
        return self._courses.get(subject) or self._new(subject)

    def filed(self, draft: Draft) -> Fact:
        """The fact in its patient's course."""
        if draft.subject is None:
            return draft.fact
        course = self.course(draft.subject)
        return draft.fact if course == draft.fact.course else msgspec.structs.replace(draft.fact, course=course)

    def people(self) -> Mapping[str, Enrolment]:
        """Who the patient of each course is."""
        return self._people

    def _new(self, subject: Subject) -> str:
        holder = self._holders.setdefault(subject.identifier, subject)
        course = subject.identifier if holder == subject else f"{subject.authority}|{subject.identifier}"
        self._courses[subject] = course
        return course


def person_facts(facts: Iterable[Fact], people: Mapping[str, Enrolment]) -> list[Fact]:
    """Age and sex at the first fact of each course whose patient is known, where no fact says them yet."""
    courses: defaultdict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        if fact.course in people:
            courses[fact.course].append(fact)
    return [
        derived
        for course, stated in courses.items()
        for derived in of_person(people[course], course, Beginning.of(stated))
        if all(fact.what != derived.what for fact in stated)
    ]


class Beginning(NamedTuple):
    """The first time that a course's facts speak of, and whether all of them are simulated."""

    at: Instant
    simulated: bool = False

    @classmethod
    def of(cls, facts: Sequence[Fact]) -> Beginning:
        """Of the facts of one course, at least one."""
        return cls(min(fact.at for fact in facts), all(fact.simulated for fact in facts))


def of_person(enrolment: Enrolment, course: str, first: Beginning) -> list[Fact]:
    """The age in years and the sex, so that no fact needs a birth date. Unknown ones are left out."""
    at, simulated = first
    age, sex = age_at(enrolment.birth_date, at), enrolment.sex.casefold()
    found = []
    if age is not None:
        found.append(Fact(course, at, "age", age, "a", source=PEOPLE_SOURCE, key="age", simulated=simulated))
    if sex in _SEXES:
        found.append(Fact(course, at, "sex", choice=sex, source=PEOPLE_SOURCE, key="sex", simulated=simulated))
    return found


def age_at(birth_date: str, at: Instant) -> float | None:
    """Whole years, below 18 to one decimal, rounded down; None where the birth date is unknown, partial, or after `at`.

    No finer: an age with the time it was true is a birth date, and stays when the person is erased. Rounded down, for
    which table grades a child depends on the twelfth birthday; so a year or month of birth alone is not enough.
    """
    try:
        return _years(date.fromisoformat(birth_date), at)
    except (ValueError, OverflowError):
        return None


def _years(born: date, at: Instant) -> float | None:
    moment = to_datetime(at)
    passed = _birthday(born, moment.year) <= moment
    last = _birthday(born, moment.year if passed else moment.year - 1)
    following = _birthday(born, last.year + 1)
    years = last.year - born.year
    if years < 0:
        return None
    tenths = 10 * (at - from_datetime(last)) // (from_datetime(following) - from_datetime(last))
    return years + tenths / 10 if years < ADULT else float(years)


def _birthday(born: date, year: int) -> datetime:
    day = 28 if (born.month, born.day) == (2, 29) and not calendar.isleap(year) else born.day
    return datetime(year, born.month, day, tzinfo=UTC)
