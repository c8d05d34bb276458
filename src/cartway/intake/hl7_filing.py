"""To which course a fact goes, and what the people store says of the patient that the grades need."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.intake.drafts import Enrolment, Subject
from cartway.intake.hl7_people import Desk, locate
from cartway.intake.roster import of_person
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
    """Age and sex at the first fact of each course, which the grades by age need; looked into once for each course."""

    def __init__(self, desk: Desk, log: Log) -> None:
        self.desk, self.log = desk, log
        self._done: set[str] = set()

    def complete(self, courses: set[str], now: Instant) -> None:
        """Records what is missing."""
        derived = [fact for course in sorted(courses - self._done) for fact in self._of_person(course, now)]
        if derived:
            self.log.append(derived, recorded_at=now, recorded_by=self.desk.by)
        self._done |= courses

    def _of_person(self, course: str, now: Instant) -> list[Fact]:
        stored = self.log.facts(course)
        said = {fact.what for fact in stored}
        if not stored or {"age", "sex"} <= said:
            return []
        person = self.desk.people.person(course, now=now, by=self.desk.by)
        enrolment = Enrolment((), birth_date=person.birth_date, sex=person.sex)
        found = of_person(enrolment, course, min(fact.at for fact in stored))
        return [fact for fact in found if fact.what not in said]
