"""Calendar arithmetic. Days are counted in days, months in months, and neither is ever made of the other.

>>> months_after(date(2026, 1, 31), 1), days_after(date(2026, 1, 31), 30)
(datetime.date(2026, 2, 28), datetime.date(2026, 3, 2))
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from cartway.times import DAY, Instant, from_datetime, to_datetime

_EPOCH = date(1970, 1, 1).toordinal()
MONTHS_A_YEAR = 12
LANDMARK_DAYS = (7, 14, 28, 30, 56, 60, 85, 90, 100, 115, 120, 150, 180, 210, 270, 365, 366, 425)
LANDMARK_MONTHS = 24
LAST_YEAR = 15


def day_of(instant: Instant, zone: tzinfo = UTC) -> date:
    """The calendar day of an instant in `zone`."""
    if zone is UTC:
        return date.fromordinal(_EPOCH + instant // DAY)
    return to_datetime(instant).astimezone(zone).date()


def begins(day: date, zone: tzinfo = UTC) -> Instant:
    """When a day begins in `zone`."""
    if zone is UTC:
        return (day.toordinal() - _EPOCH) * DAY
    return from_datetime(datetime.combine(day, time(), zone))


def days_after(start: date, days: int) -> date:
    """`days` days later; before, where negative."""
    return start + timedelta(days=days)


@lru_cache(maxsize=65536)
def months_after(start: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day where it has no such day."""
    year, month = divmod(start.year * MONTHS_A_YEAR + start.month - 1 + months, MONTHS_A_YEAR)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def years_after(start: date, years: int) -> date:
    """The anniversary; of 29 February the 28th in years without one."""
    return months_after(start, years * MONTHS_A_YEAR)


def landmarks(infused: date) -> Mapping[str, date]:
    """The dates people count to, by name: ``day_30``, ``month_6``, ``year_15``. Day 0 is the infusion."""
    days = {f"day_{days}": days_after(infused, days) for days in LANDMARK_DAYS}
    months = {f"month_{months}": months_after(infused, months) for months in range(1, LANDMARK_MONTHS + 1)}
    years = {f"year_{years}": years_after(infused, years) for years in range(1, LAST_YEAR + 1)}
    return {**days, **months, **years}
