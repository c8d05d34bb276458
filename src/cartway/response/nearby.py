"""Blood counts that belong to a visit: drawn with it, or within some days of it."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response.measured import Assessment, exact
from cartway.response.model import Choices
from cartway.times import DAY, Instant


class Window(msgspec.Struct, frozen=True):
    """How far from a visit a count may lie, and whether it was taken before `not_after` (a baseline's, its therapy)."""

    reach: Instant
    not_after: Instant | None = None


def window_of(choices: Choices) -> Window:
    """The window that a center set."""
    return Window(int(choices.counts_window_days * DAY))


def fact_at(found: Assessment, course: Course, what: str, window: Window) -> Fact | None:
    """The visit's own fact of a variable, else the nearest within the window: the earlier of two equally near."""
    own = found.fact(what)
    if own is not None:
        return own
    near = [fact for fact in course.all(what) if abs(fact.at - found.at) <= window.reach]
    if window.not_after is not None:
        near = [fact for fact in near if fact.at <= window.not_after]
    return min(near, key=lambda fact: abs(fact.at - found.at), default=None)


def number_at(found: Assessment, course: Course, what: str, window: Window) -> Decimal | None:
    """The number of a variable at a visit; None where nothing was taken near enough."""
    return exact(fact_at(found, course, what, window))


def choice_at(found: Assessment, course: Course, what: str, window: Window) -> str:
    """The choice of a variable at a visit, empty where there is none."""
    fact = fact_at(found, course, what, window)
    return "" if fact is None else fact.choice
