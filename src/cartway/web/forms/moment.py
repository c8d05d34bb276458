"""When it was, as it is typed at a bedside: so many minutes ago, a time of day, or date and time, in the ward's zone.

Times are typed as text, by the clock of 24 hours: a browser's own field follows the machine's country, and 12:30 AM is
read wrong at night.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from cartway.problem import Problem
from cartway.times import DAY, HOUR, MINUTE, Instant, from_datetime, to_datetime
from cartway.web.forms.chart import Chart, unknown_choice
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries

TAKEN, AGO = "taken", "ago"
AGOES = (10, 20, 30, 60)  # minutes
AHEAD = 5 * MINUTE  # two clocks may differ by so much
OLD, LONG = DAY, 6 * HOUR
YEARS = range(1900, 2250)
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)
_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d\d)", re.ASCII)
MALFORMED = Problem("malformed_time", "This time cannot be read.", "Type it as 14:05, or as 2026-01-10 14:05.")


def read_taken(entries: Entries, chart: Chart) -> tuple[Instant, Draft]:
    """When it was taken, and what is wrong or odd about that; with a problem the time is that of the form.

    `chart.now` is when the form came in. A time up to 5 minutes ahead of it is another clock's now, and is taken so.
    """
    text, ago = entries[TAKEN], entries[AGO]
    if ago:
        return _ago(ago, text, chart)
    if not text:
        return chart.now, Draft()
    at = read_time(text, chart.zone, latest=chart.now + AHEAD)
    if isinstance(at, Problem):
        return chart.now, flawed(TAKEN, at)
    if at > chart.now + AHEAD:
        return chart.now, flawed(TAKEN, _ahead())
    return min(at, chart.now), _odd(at, text, chart)


def _ago(ago: str, text: str, chart: Chart) -> tuple[Instant, Draft]:
    if ago not in map(str, AGOES):
        return chart.now, flawed(AGO, unknown_choice("The time"))
    if text:
        reason = "Two times are given."
        return chart.now, flawed(TAKEN, Problem("contradiction", reason, "Clear this one, or choose 'now' above."))
    return chart.now - int(ago) * MINUTE, Draft()


def read_time(text: str, zone: tzinfo, *, latest: Instant | None = None, after: Instant = 0) -> Instant | Problem:
    """A local time of `zone`. A time of day is the last one up to `latest`, or without it the first one after `after`.

    In the hour that comes twice when summer time ends, the later one is meant, unless that is past `latest`.
    Problem: ``malformed_time``, ``no_such_time``.
    """
    clock = _CLOCK.fullmatch(text)
    moment = _parse(text) if clock is None else _of_day(int(clock[1]), int(clock[2]), zone, latest, after)
    if moment is None:
        return MALFORMED
    later, earlier = (from_datetime(moment.replace(tzinfo=zone, fold=fold)) for fold in (1, 0))
    at = earlier if latest is not None and later > latest else later
    if to_datetime(at).astimezone(zone).replace(tzinfo=None) != moment:
        reason = "There is no such time: the clock was set forward."
        return Problem("no_such_time", reason, "Give the time by the new clock.")
    return at


def local_text(at: Instant, zone: tzinfo) -> str:
    """An instant as it stands in a field: ``2026-01-10 14:05``."""
    return to_datetime(at).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def _parse(text: str) -> datetime | None:
    if _LOCAL.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


def _of_day(hour: int, minute: int, zone: tzinfo, latest: Instant | None, after: Instant) -> datetime | None:
    """A time of day on the day that is meant."""
    if hour > 23 or minute > 59:
        return None
    near = to_datetime(after if latest is None else latest).astimezone(zone).replace(tzinfo=None)
    moment = near.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if latest is None:
        return moment if moment > near else moment + timedelta(days=1)
    return moment if moment <= near else moment - timedelta(days=1)


def _odd(at: Instant, text: str, chart: Chart) -> Draft:
    if at < chart.begins:
        return doubted(TAKEN, text, "This is before anything was known of this course. Is the time right?")
    if chart.now - at > OLD:
        return doubted(TAKEN, text, "This is more than 24 hours ago. Is the time right?")
    if chart.now - at > LONG and _CLOCK.fullmatch(text):
        hours = (chart.now - at) // HOUR
        return doubted(TAKEN, text, f"That is {_day(at, chart.zone)}, {hours} hours ago. Is the time right?")
    return Draft()


def _day(at: Instant, zone: tzinfo) -> str:
    return to_datetime(at).astimezone(zone).strftime("%A, %H:%M")


def _ahead() -> Problem:
    return Problem(
        "time_ahead", "This time is still to come.", "Give the time at which it was; leave it empty for now."
    )
