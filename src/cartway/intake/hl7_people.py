"""What ADT messages do to the people store, and how a message finds its course.

A course is found by every identifier that the message gives. None, or several, is a Problem: held for a person, never
guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Literal, Protocol

import msgspec

from cartway.intake.drafts import Enrolment, Merge, Subject
from cartway.problem import Problem
from cartway.times import Instant

EnrolPolicy = Literal["known", "all", "none"]


class People(Protocol):
    """What is used of `cartway.people`."""

    def find(self, authority: str, identifier: str) -> list[str]: ...

    def enrol(
        self,
        identifiers: Sequence[tuple[str, str]],
        *,
        name: str,
        birth_date: str,
        sex: str,
        now: Instant,
        by: str,
        new_id: Callable[[], str],
    ) -> str: ...

    def merge(self, gone: str, kept: str, *, now: Instant, by: str) -> None: ...


class Desk(msgspec.Struct, frozen=True):
    """The people store with who acts on it. `policy`: ``known`` updates those enrolled, ``all`` enrols everybody."""

    people: People
    by: str
    new_id: Callable[[], str]
    policy: EnrolPolicy = "known"


def locate(people: People, subjects: Iterable[Subject]) -> str | Problem:
    """The one course of these identifiers. Problems: unknown_patient, several_courses."""
    found = {course for one in subjects for course in people.find(one.authority, one.identifier)}
    if not found:
        return _unknown()
    return found.pop() if len(found) == 1 else _several()


def apply_registration(desk: Desk, enrolment: Enrolment, now: Instant) -> Problem | None:
    """Enrols or updates a patient by the policy; None where that is done or left out. Problem: several_courses."""
    raise NotImplementedError


def apply_merge(desk: Desk, merge: Merge, now: Instant) -> Problem | None:
    raise NotImplementedError


def _unknown() -> Problem:
    return Problem(
        "unknown_patient", "No course is known by these identifiers.", "Enrol the patient, then send it again."
    )


def _several() -> Problem:
    return Problem(
        "several_courses",
        "The identifiers lead to several courses.",
        "Somebody who knows the patient must decide which.",
    )
