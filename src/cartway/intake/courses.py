"""Which course a patient's fact belongs to: found by assigning authority and identifier, never guessed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

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

        With `enrol` one without a course gets one. Only what is authoritative replaces what is known.
        """
        for subject in enrolment.subjects:
            if enrolment.authoritative or subject not in self._same:
                self._same[subject] = enrolment
            self._found.pop(subject, None)
        found = self._candidates(enrolment)
        if len(found) == 1 and enrolment.authoritative:
            self._describe(found[0], enrolment)
        elif len(found) == 1:
            self._recall(found[0], enrolment)
        elif not found and self._enrol:
            self._begin(enrolment)

    def merge(self, merge: Merge) -> Problem | None:
        """Two patients of the source are one. Problem: ``several_courses``."""
        self._found.clear()
        return merge_people(self._people, merge, now=self._now, by=self._by)

    def merged(self, course: str) -> list[str]:
        """The courses that were merged into this one."""
        return self._people.merged(course, now=self._now, by=self._by)

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

    def _recall(self, course: str, enrolment: Enrolment) -> None:
        """What the people store says of a patient, filled up from what a result says."""
        if course not in self.patients:
            known = self._people.person(course, now=self._now, by=self._by)
            birth_date, sex = known.birth_date or enrolment.birth_date, known.sex or enrolment.sex
            self.patients[course] = msgspec.structs.replace(enrolment, birth_date=birth_date, sex=sex)

    def _candidates(self, enrolment: Enrolment) -> list[str]:
        return list(dict.fromkeys(course for one in enrolment.subjects for course in self._of(one)))

    def _of(self, subject: Subject) -> list[str]:
        return self._people.find(subject.authority, subject.identifier, now=self._now, by=self._by)


def merge_people(people: People, merge: Merge, *, now: Instant, by: str) -> Problem | None:
    """Two records of a source are one patient: their courses become one.

    Where only the replaced identifier has a course, the surviving one becomes a further identifier of that patient;
    where it has none there is nothing to do. Problem: ``several_courses``.
    """
    gone, kept = (people.find(one.authority, one.identifier, now=now, by=by) for one in (merge.gone, merge.kept))
    if not gone or gone == kept:
        return None
    if len(gone) > 1 or len(kept) > 1:
        return several_courses()
    if kept:
        people.merge(gone[0], kept[0], now=now, by=by)
    else:
        people.describe(gone[0], [(merge.kept.authority, merge.kept.identifier)], now=now, by=by)
    return None


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
