"""Which course a patient's fact belongs to: found by assigning authority and identifier, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from cartway.intake.drafts import Enrolment, Merge, Subject
from cartway.people import SeveralPeople
from cartway.problem import Problem
from cartway.times import Instant

if TYPE_CHECKING:
    from cartway.people.people import People

CACHE_LIMIT = 100_000


class Courses:
    """Finds courses during one import. With `enrol`, a patient without a course gets one; else the facts are refused.

    A Patient resource ties its identifiers together for the rest of the import: one of them leads to the course of all.
    """

    def __init__(self, people: People, *, now: Instant, by: str, enrol: bool, new_id: Callable[[], str]) -> None:
        self._people, self._now, self._by, self._new_id = people, now, by, new_id
        self._enrol = enrol
        self._found: dict[Subject, str | Problem] = {}
        self._same: dict[Subject, Enrolment] = {}
        self.patients: dict[str, Enrolment] = {}
        self.enrolled = 0

    def find(self, subject: Subject) -> str | Problem:
        """The course of a patient. Problems: ``no_course_for_patient``, ``several_courses``."""
        known = self._found.get(subject)
        if known is None:
            if len(self._found) >= CACHE_LIMIT:
                self._found.clear()
            known = self._found[subject] = self._look_up(subject)
        return known

    def meet(self, enrolment: Enrolment) -> None:
        """A Patient: its identifiers are one person's, and lead to that person's course from now on.

        With `enrol` one without a course gets one.
        """
        for subject in enrolment.subjects:
            self._same[subject] = enrolment
            self._found.pop(subject, None)
        found = self._candidates(enrolment)
        if len(found) == 1:
            self._describe(found[0], enrolment)
        elif not found and self._enrol:
            self._begin(enrolment)

    def merge(self, merge: Merge) -> None:
        """Two patients of the source are one: their courses become one, where each has exactly one."""
        gone, kept = self._of(merge.gone), self._of(merge.kept)
        if len(gone) == 1 and len(kept) == 1 and gone != kept:
            self._people.merge(gone[0], kept[0], now=self._now, by=self._by)
        self._found.clear()

    def _look_up(self, subject: Subject) -> str | Problem:
        enrolment = self._same.get(subject) or Enrolment((subject,))
        found = self._candidates(enrolment)
        if len(found) > 1:
            return several_courses()
        if found:
            return found[0]
        return self._begin(enrolment) if self._enrol else no_course()

    def _begin(self, enrolment: Enrolment) -> str | Problem:
        try:
            course = self._people.enrol(
                _identifiers(enrolment),
                name=enrolment.name,
                birth_date=enrolment.birth_date,
                sex=enrolment.sex,
                now=self._now,
                by=self._by,
                new_id=self._new_id,
            )
        except SeveralPeople:
            return several_courses()
        self.patients[course] = enrolment
        self.enrolled += 1
        return course

    def _describe(self, course: str, enrolment: Enrolment) -> None:
        """New identifiers of a known patient are kept; where one is somebody else's, a person must decide."""
        self.patients[course] = enrolment
        try:
            self._people.describe(
                course,
                _identifiers(enrolment),
                name=enrolment.name,
                birth_date=enrolment.birth_date,
                sex=enrolment.sex,
                now=self._now,
                by=self._by,
            )
        except SeveralPeople:
            self._found.update(dict.fromkeys(enrolment.subjects, several_courses()))

    def _candidates(self, enrolment: Enrolment) -> list[str]:
        return list(dict.fromkeys(course for one in enrolment.subjects for course in self._of(one)))

    def _of(self, subject: Subject) -> list[str]:
        return self._people.find(subject.authority, subject.identifier, now=self._now, by=self._by)


def _identifiers(enrolment: Enrolment) -> list[tuple[str, str]]:
    return [(one.authority, one.identifier) for one in enrolment.subjects]


def no_course() -> Problem:
    """Nobody is known by these identifiers."""
    reason = "No course belongs to this patient's identifiers."
    remedy = "Enrol the patient (import with --enrol), then import the refusals or send the message again."
    return Problem("no_course_for_patient", reason, remedy)


def several_courses() -> Problem:
    """The identifiers lead to more than one course, of one person or of several."""
    reason = "Several courses belong to this patient's identifiers."
    remedy = "Have the source merge who is one person, or give the facts as a table that names their course."
    return Problem("several_courses", reason, remedy)
