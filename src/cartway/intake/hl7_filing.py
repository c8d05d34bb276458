"""To which course a fact goes, and what the people store says of the patient that the grades need."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.intake.drafts import Enrolment, Subject
from cartway.intake.hl7_people import Desk, locate
from cartway.intake.roster import Beginning, of_person
from cartway.problem import Problem
from cartway.record import Fact, Log
from cartway.times import Instant


class Filing:
    """The courses of patients, each looked up once in a batch: every look at the people store is written down there."""

    def __init__(self, desk: Desk, log: Log) -> None:
        self.desk, self.log = desk, log
        self.forget()

    def forget(self) -> None:
        """What was found may have changed."""
        self._found: dict[Sequence[Subject], str | Problem] = {}
        self._earlier: dict[str, dict[str, str]] = {}

    def file(self, fact: Fact, subjects: Sequence[Subject], now: Instant) -> Fact | Problem:
        """The fact in its patient's course. Problems: no_course_for_patient, several_courses.

        What a merged course already holds under the key, or is to be amended in it, goes there: after a merge the
        laboratory goes on correcting what it sent before.
        """
        if subjects not in self._found:
            self._found[subjects] = locate(self.desk, subjects, now)
        course = self._found[subjects]
        if isinstance(course, Problem):
            return course
        return msgspec.structs.replace(fact, course=self._home(course, fact.amends or fact.key, now))

    def _home(self, course: str, key: str, now: Instant) -> str:
        if course not in self._earlier:
            merged = self.desk.people.merged(course, now=now, by=self.desk.by)
            self._earlier[course] = {fact.key: old for old in merged for fact in self.log.facts(old)}
        return self._earlier[course].get(key, course)


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
