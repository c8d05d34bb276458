"""Calendar months clip to the month's end; days do not; neither is made of the other."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.aftercare.dates import landmarks, months_after, years_after

DAYS = st.dates(date(2017, 1, 1), date(2060, 12, 31))


def slow_months_after(start: date, months: int) -> date:
    """The obvious way: turn the calendar's pages one by one, then go back to a day that the month has."""
    year, month = start.year, start.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    for day in range(start.day, 0, -1):
        try:
            return date(year, month, day)
        except ValueError:
            continue
    raise AssertionError("every month has a first day")


@settings(deadline=None)
@given(DAYS, st.integers(0, 200))
def test_months_are_counted_by_the_calendar(start: date, months: int) -> None:
    assert months_after(start, months) == slow_months_after(start, months)


def test_a_month_after_the_31st_is_the_months_last_day() -> None:
    named = landmarks(date(2026, 1, 31))
    assert named["month_1"] == date(2026, 2, 28)
    assert named["month_6"] == date(2026, 7, 31)
    assert named["day_30"] == date(2026, 3, 2)
    assert named["day_180"] == date(2026, 7, 30)


def test_the_anniversary_of_29_february() -> None:
    assert years_after(date(2024, 2, 29), 1) == date(2025, 2, 28)
    assert years_after(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert landmarks(date(2024, 2, 29))["day_365"] == date(2025, 2, 28)
    assert landmarks(date(2024, 2, 29))["year_15"] == date(2039, 2, 28)


@settings(deadline=None)
@given(DAYS)
def test_days_are_counted_in_days(start: date) -> None:
    assert landmarks(start)["day_365"] == start + timedelta(days=365)
