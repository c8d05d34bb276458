"""Days of a course: dates in UTC, and how long it was from one to the other."""

from __future__ import annotations

from datetime import date

from cartway.times import Instant, to_datetime

DAYS_A_WEEK = 7


def day_of(instant: Instant) -> date:
    """The day on which an instant lies, UTC."""
    return to_datetime(instant).date()


def day_in(text: object) -> date | None:
    """The ISO 8601 day that a detail states, or None where it states none."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None
