"""To which course a fact goes, and what the people store says of the patient that the grades need."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.intake.drafts import Enrolment, Subject
from cartway.intake.hl7_people import Desk, locate
from cartway.intake.homes import Homes
from cartway.intake.roster import Beginning, of_person
from cartway.problem import Problem
from cartway.record import Fact, Log
from cartway.times import Instant


class Filing:
    """The courses of patients, each looked up once in a batch: every look at the people store is written down there."""

    def __init__(self, desk: Desk, log: Log) -> None:
        self.desk = desk
        self._homes = Homes(log, self._merged)
        self._found: dict[Sequence[Subject], str | Problem] = {}
        self._now: Instant = 0

    def forget(self) -> None:
        """What was found may have changed."""
        self._found = {}
        self._homes.forget()

    def file(self, fact: Fact, subjects: Sequence[Subject], now: Instant) -> Fact | Problem:
        """The fact in its patient's course (see `Homes`). Problems: no_course_for_patient, several_courses."""
        if subjects not in self._found:
            self._found[subjects] = locate(self.desk, subjects, now)
        course = self._found[subjects]
        if isinstance(course, Problem):
            return course
        self._now = now
        return self._homes.home(msgspec.structs.replace(fact, course=course))

    def _merged(self, course: str) -> list[str]:
        return self.desk.people.merged(course, now=self._now, by=self.desk.by)


class Descriptions:
    """Age and sex at the first fact of each course, which the grades by age need.

    A course is looked into once; again after a registration, which may have brought what was missing.
    """

    def __init__(self, desk: Desk, log: Log) -> None:
        self.desk, self.log = desk, log
        self._complete: set[str] = set()
        self._wanting: set[str] = set()

    def forget(self) -> None:
        """What was missing may have come."""
        self._wanting = set()

    def complete(self, courses: set[str], now: Instant) -> None:
        """Records what is missing."""
        for course in sorted(courses - self._complete - self._wanting):
            stored = self.log.facts(course)
            if stored:
                self._add(course, stored, now)

    def _add(self, course: str, stored: Sequence[Fact], now: Instant) -> None:
        missing = {"age", "sex"} - {fact.what for fact in stored}
        found = self._stated(course, missing, stored, now) if missing else []
        if found:
            self.log.append(found, recorded_at=now, recorded_by=self.desk.by)
        (self._complete if len(found) == len(missing) else self._wanting).add(course)

    def _stated(self, course: str, missing: set[str], stored: Sequence[Fact], now: Instant) -> list[Fact]:
        """What of the missing the people store says of the patient."""
        person = self.desk.people.person(course, now=now, by=self.desk.by)
        enrolment = Enrolment((), birth_date=person.birth_date, sex=person.sex)
        return [fact for fact in of_person(enrolment, course, Beginning.of(stored)) if fact.what in missing]
