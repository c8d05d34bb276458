"""How a course ends before infusion, and how it is opened again."""

from __future__ import annotations

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.said import chosen
from cartway.record import Fact
from cartway.times import Instant

REOPENED = "reopened"


class Closed(msgspec.Struct, frozen=True):
    """A course that goes no further. `how`: a choice of ``course_closed``, or ``died``. `why` in words or empty."""

    how: str
    label: str
    at: Instant
    why: str
    fact: Fact


def closed(course: Course) -> Closed | None:
    """How and when a course ended; None while it goes on, or goes on again."""
    death = course.last("death")
    if death is not None:
        return Closed("died", "Died", death.at, str(death.detail.get("text", "")), death)
    last = _last(course)
    if last is None or last.choice == REOPENED:
        return None
    return Closed(last.choice, chosen(last), last.at, str(last.detail.get("text", "")), last)


def reopened(course: Course) -> Fact | None:
    """The fact that opened a closed course again, while that is the last word."""
    last = _last(course)
    return last if last is not None and last.choice == REOPENED else None


def _last(course: Course) -> Fact | None:
    """The last word. At equal times the course is open: whoever is seen is not forgotten."""
    found = course.all("course_closed")
    return max(found, key=lambda fact: (fact.at, fact.choice == REOPENED), default=None)
