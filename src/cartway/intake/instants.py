"""Reading ISO 8601 text, and saying what is wrong with it."""

from __future__ import annotations

import re
from datetime import datetime

from cartway.problem import Problem
from cartway.times import Instant, from_datetime

EARLIEST, LATEST = 1900, 2249  # beyond them only a slip of the year, or a stand-in for no time, is left
DATE_ONLY = 10  # characters: 2026-01-10
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def read_time(text: str) -> Instant | Problem:
    """An instant of ISO 8601 text. A date alone is refused, since a course is graded by the hour.

    Problems: ``no_time``, ``date_without_time``, ``no_offset``, ``malformed_time``.
    """
    if not text:
        return Problem("no_time", "It says no time.", "Give the time at which it was true, with its offset from UTC.")
    if _DATE.fullmatch(text):
        reason = "It gives a date without the time of day."
        return Problem("date_without_time", reason, "Give the time of day with its offset from UTC.")
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Problem("malformed_time", "Its time cannot be read.", "Write it as 2026-01-10T06:00:00+01:00.")
    return of_moment(moment)


def of_moment(moment: datetime) -> Instant | Problem:
    """The instant of a datetime. Problems: ``no_offset``, ``implausible_time`` (before 1900 or after 2249)."""
    if moment.tzinfo is None:
        return Problem("no_offset", "Its time has no offset from UTC.", "Add the offset, for example +01:00 or Z.")
    if not EARLIEST <= moment.year <= LATEST:
        return implausible_time()
    return from_datetime(moment)


def implausible_time() -> Problem:
    """A year that no course can have."""
    reason = f"Its time lies outside the years {EARLIEST} to {LATEST}."
    return Problem("implausible_time", reason, "Check the year.")
