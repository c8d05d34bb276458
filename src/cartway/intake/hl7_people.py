"""What ADT messages do to the people store, and how a message finds its course.

A course is found by every identifier that the message gives. None, or several, is a Problem: held for a person, never
guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from cartway.intake.courses import merge_people, no_course, several_courses
from cartway.intake.drafts import Enrolment, Merge, Subject
from cartway.people import SeveralPeople
from cartway.problem import Problem
from cartway.times import Instant

if TYPE_CHECKING:
    from cartway.people.people import People

EnrolPolicy = Literal["known", "all"]


class Desk(msgspec.Struct, frozen=True):
    """The people store, and who acts on it.

    `policy` says whom a registration concerns: ``known`` leaves out whoever has no course (a hospital registers
    thousands who never get one), ``all`` opens a course for everybody, for a feed of the program's own patients.
    """

    people: People
    by: str
    new_id: Callable[[], str]
    policy: EnrolPolicy = "known"


def courses_of(desk: Desk, subjects: Iterable[Subject], now: Instant) -> list[str]:
    """Every course that any of these identifiers leads to, once."""
    found = (desk.people.find(one.authority, one.identifier, now=now, by=desk.by) for one in subjects)
    return list(dict.fromkeys(course for courses in found for course in courses))


def locate(desk: Desk, subjects: Iterable[Subject], now: Instant) -> str | Problem:
    """The one course of these identifiers. Problems: no_course_for_patient, several_courses."""
    found = courses_of(desk, subjects, now)
    if not found:
        return no_course()
    return found[0] if len(found) == 1 else several_courses()


def apply_registration(desk: Desk, enrolment: Enrolment, now: Instant) -> Problem | None:
    """Updates a patient who is known; opens a course for one who is not, if the policy says so.

    The name goes to the people store alone. Problem: several_courses, where the identifiers are not one person's.
    """
    known = courses_of(desk, enrolment.subjects, now)
    stated: dict[str, Any] = {"name": enrolment.name, "birth_date": enrolment.birth_date, "sex": enrolment.sex}
    identifiers = [(one.authority, one.identifier) for one in enrolment.subjects]
    try:
        if known:
            desk.people.describe(known[0], identifiers, **stated, now=now, by=desk.by)
        elif desk.policy == "all":
            desk.people.enrol(identifiers, **stated, now=now, by=desk.by, new_id=desk.new_id)
    except SeveralPeople:
        return several_courses()
    return None


def apply_merge(desk: Desk, merge: Merge, now: Instant) -> Problem | None:
    """See `merge_people`."""
    return merge_people(desk.people, merge, now=now, by=desk.by)
