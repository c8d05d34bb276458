"""Courses drawn in a few lines: a time as `day.hour`, a fact as `(time, what, choice or value, about, detail)`."""

from __future__ import annotations

from typing import Any

from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant, parse
from cartway.vocabulary import vocabulary

START = parse("2026-11-02T00:00Z")  # a Monday: day 0 of the drawings


def at(day: float, hour: float = 0.0) -> Instant:
    """An instant of the drawing: day and hour, UTC."""
    return START + int(day * DAY) + int(hour * HOUR)


def fact(
    day: float, what: str, said: str | float | None = None, about: str = "", *, course: str = "p", until: float = 0,
    **detail: Any,
) -> Fact:  # fmt: skip
    """One fact at noon of a day, or at the fraction of one. A number is its value, a word its choice."""
    variable = vocabulary().variables[what]
    number = float(said) if isinstance(said, int | float) else None
    moment = at(day, 12.0 if float(day).is_integer() else 0.0)
    return Fact(
        course, moment, what, number, variable.unit if number is not None else "",
        said if isinstance(said, str) else "", at(until) if until else None, about, detail=detail,
    )  # fmt: skip


def course(*facts: Fact, now: float = 60.0) -> Course:
    """The course of these facts at a day."""
    return Course(facts, at(now))


def center(*facts: Fact, now: float = 60.0) -> Course:
    """The center's record of these facts, whatever course they were drawn of."""
    import msgspec

    return Course([msgspec.structs.replace(each, course=CENTER) for each in facts], at(now))
