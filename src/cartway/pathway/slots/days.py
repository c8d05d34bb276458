"""Whole days as numbers, for planning: the proleptic ordinal, in which a difference is a count of days."""

from __future__ import annotations

from datetime import date, datetime, tzinfo

from cartway.times import Instant, from_datetime, to_datetime

Day = int  # date.toordinal()

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WORKDAYS = frozenset(range(5))
ALL_DAYS = frozenset(range(7))


def weekday(day: Day) -> int:
    """0 is Monday."""
    return (day + 6) % 7


def is_weekend(day: Day) -> bool:
    """Saturday or Sunday."""
    return weekday(day) >= 5


def day_of(instant: Instant, zone: tzinfo) -> Day:
    """The day of an instant at the center."""
    return to_datetime(instant).astimezone(zone).date().toordinal()


def instant_of(day: Day, zone: tzinfo, hour: int = 0) -> Instant:
    """The instant at which an hour of a day begins at the center."""
    on = date.fromordinal(day)
    return from_datetime(datetime(on.year, on.month, on.day, hour, tzinfo=zone))


def read_day(text: object) -> Day | None:
    """A day from ISO 8601 text (a time after it is left out), None where it is none."""
    try:
        return date.fromisoformat(str(text)[:10]).toordinal()
    except ValueError:
        return None


def iso(day: Day) -> str:
    """``2026-11-24``."""
    return date.fromordinal(day).isoformat()


def in_words(day: Day) -> str:
    """``Tue Nov 24``, as a coordinator says it; the year where it is not needed is left to the page."""
    on = date.fromordinal(day)
    return f"{on:%a %b} {on.day}"


def counted(least: int, most: int) -> str:
    """``2 to 7 days``, ``3 days``."""
    return f"{most} day{'' if most == 1 else 's'}" if least == most else f"{least} to {most} days"
