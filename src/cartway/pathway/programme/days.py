"""Calendar days of the center: what is due, and for how long somebody has waited, is counted in them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cartway.times import Instant, from_datetime, to_datetime


def day_of(instant: Instant, zone: tzinfo = UTC) -> date:
    """The calendar day of an instant in `zone`."""
    return to_datetime(instant).astimezone(zone).date()


def begins(day: date, zone: tzinfo = UTC) -> Instant:
    """When a day begins in `zone`."""
    return from_datetime(datetime.combine(day, time(), zone))


def next_day(instant: Instant, zone: tzinfo = UTC) -> Instant:
    """The next midnight in `zone`: every count of days is another one then."""
    return begins(day_of(instant, zone) + timedelta(days=1), zone)


def stated_day(text: object) -> date | None:
    """The day that a detail states (ISO 8601, with or without a time); None where it states none."""
    try:
        return date.fromisoformat(str(text)[:10])
    except ValueError:
        return None


def counted(days: int) -> str:
    """``1 day``, ``12 days``."""
    return "1 day" if days == 1 else f"{days} days"
