"""Instants as whole microseconds since 1970-01-01T00:00Z, and their ISO 8601 text.

Whole numbers compare, sort, hash and travel to every store and to compiled code without loss.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

Instant = int  # microseconds, UTC

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
YEAR = 31_556_952 * SECOND  # the mean Gregorian year, 365.2425 days

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ONE = timedelta(microseconds=1)


def from_datetime(moment: datetime) -> Instant:
    """Microseconds since the epoch of an aware datetime. A naive one raises ValueError: its offset is unknown."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset from UTC")
    return (moment - _EPOCH) // _ONE


def to_datetime(instant: Instant) -> datetime:
    """The aware UTC datetime of an instant."""
    return _EPOCH + instant * _ONE


def parse(text: str) -> Instant:
    """Read ISO 8601 text with an offset. Raises ValueError where it is not a time or has no offset."""
    return from_datetime(datetime.fromisoformat(text))


def text(instant: Instant) -> str:
    """ISO 8601 in UTC, seconds where they suffice: ``2026-01-10T06:00:00+00:00``."""
    return to_datetime(instant).isoformat()


def with_offset(moment: datetime, minutes: int) -> datetime:
    """Give a naive local time the offset that its message declared."""
    return moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
