"""HL7 time stamps (DTM, TS) as instants: ``YYYYMMDDHHMM[SS[.S[S[S[S]]]]][+/-ZZZZ]``, chapter 2.A.22.

The offset from UTC is the stamp's own, else that of MSH-7 (which the standard makes the default of the message), else
that of the center's time zone. Where none of these is known, or the local clock showed the time twice or never, the
stamp is a Problem: an hour decides which grade was highest, so it is never guessed. A day without a time of day is
not an instant either.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from cartway.intake.instants import EARLIEST, LATEST, implausible_time, of_moment
from cartway.problem import Problem
from cartway.times import Instant

_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:\.(\d{1,6}))?)?([+-]\d{4})?", re.ASCII)
_DATE = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d))?)?(?![^\d+-])", re.ASCII)
_DAY = re.compile(r"\d{4,10}([+-]\d{4})?", re.ASCII)
DAY_ONLY = re.compile(r"\d{8}([+-]\d{4})?", re.ASCII)
_OFFSET = re.compile(r"[+-]\d{4}$", re.ASCII)


def read_time(stamp: str, default_offset: str = "", zone: ZoneInfo | None = None) -> Instant | Problem:
    """The instant of a stamp. Problems: malformed_time, date_without_time, no_offset, ambiguous_time,
    implausible_time.
    """
    found = _STAMP.fullmatch(stamp.strip())
    if found is None:
        return _no_time_of_day() if _DAY.fullmatch(stamp.strip()) else _not_a_time()
    *parts, second, fraction, own = found.groups()
    micros = int((fraction or "0").ljust(6, "0"))
    year, month, day, hour, minute = (int(part) for part in parts)
    try:
        local = datetime(year, month, day, hour, minute, int(second or 0), micros)  # noqa: DTZ001
        return _instant(local, own or default_offset, zone) if EARLIEST <= year <= LATEST else implausible_time()
    except (ValueError, OverflowError):
        return _not_a_time()


def offset_of(stamp: str) -> str:
    """The offset that a stamp carries (``+0100``), or ""."""
    found = _OFFSET.search(stamp.strip())
    return found.group() if found else ""


def read_day(stamp: str) -> str:
    """The date part as ISO text, as precise as it was sent: ``1961``, ``1961-06``; "" where there is none."""
    found = _DATE.match(stamp.strip())
    parts = [part for part in found.groups() if part] if found else []
    year, month, day = ([int(part) for part in parts] + [1, 1, 1])[:3] if parts else (0, 0, 0)
    try:
        date(year, month, day)
    except ValueError:
        return ""
    return "-".join(parts)


def _instant(local: datetime, offset: str, zone: ZoneInfo | None) -> Instant | Problem:
    if offset:
        return of_moment(local.replace(tzinfo=_fixed(offset)))
    if zone is None:
        return _no_offset()
    first, second = local.replace(tzinfo=zone, fold=0), local.replace(tzinfo=zone, fold=1)
    return of_moment(first) if first.utcoffset() == second.utcoffset() else _ambiguous()


def _fixed(offset: str) -> tzinfo:
    minutes = int(offset[1:3]) * 60 + int(offset[3:5])
    if int(offset[3:5]) > 59 or minutes > 14 * 60:
        raise ValueError("no such offset")
    return timezone(timedelta(minutes=-minutes if offset[0] == "-" else minutes))


def _not_a_time() -> Problem:
    return Problem("malformed_time", "The time stamp cannot be read.", "Send YYYYMMDDHHMM[SS][+/-ZZZZ].")


def _no_time_of_day() -> Problem:
    return Problem("date_without_time", "There is a day but no time of day.", "Send hours and minutes too.")


def _no_offset() -> Problem:
    return Problem(
        "no_offset",
        "Neither the time stamp nor MSH-7 says its offset from UTC.",
        "Have the sender add it, or state the center's time zone.",
    )


def _ambiguous() -> Problem:
    return Problem(
        "ambiguous_time",
        "The clocks changed: this local time came twice or never.",
        "Have the sender add the offset from UTC to the time stamp.",
    )
