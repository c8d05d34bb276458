"""When it was: the time typed into a form, in the ward's zone; nothing typed means when the form came in."""

from __future__ import annotations

import re
from datetime import datetime, tzinfo

from cartway.problem import Problem
from cartway.times import DAY, MINUTE, Instant, from_datetime, to_datetime
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries

TAKEN = "taken"
AHEAD = 5 * MINUTE  # two clocks may differ by so much
OLD = DAY
YEARS = range(1900, 2250)
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?", re.ASCII)


def read_taken(entries: Entries, chart: Chart) -> tuple[Instant, Draft]:
    """When it was taken, and what is wrong or odd about that; with a problem the time is that of the form.

    `chart.now` is when the form came in. A time up to 5 minutes ahead of it is another clock's now, and is taken so.
    """
    text = entries[TAKEN]
    if not text:
        return chart.now, Draft()
    at = read_local(text, chart.zone, latest=chart.now + AHEAD)
    if isinstance(at, Problem):
        return chart.now, flawed(TAKEN, at)
    if at > chart.now + AHEAD:
        return chart.now, flawed(TAKEN, _ahead())
    return min(at, chart.now), _odd(at, text, chart)


def read_local(text: str, zone: tzinfo, *, latest: Instant | None = None) -> Instant | Problem:
    """A local time of `zone`, as a browser's field for date and time gives it.

    In the hour that comes twice when summer time ends, the later one is meant, unless that is after `latest`.
    Problem: ``malformed_time``, ``no_such_time``.
    """
    moment = _parse(text)
    if moment is None:
        return Problem("malformed_time", "This time cannot be read.", "Give date and time, as 2026-01-10T06:00.")
    later, earlier = (from_datetime(moment.replace(tzinfo=zone, fold=fold)) for fold in (1, 0))
    at = earlier if latest is not None and later > latest else later
    if to_datetime(at).astimezone(zone).replace(tzinfo=None) != moment:
        reason = "There is no such time: the clock was set forward."
        return Problem("no_such_time", reason, "Give the time by the new clock.")
    return at


def local_text(at: Instant, zone: tzinfo) -> str:
    """An instant as the field for date and time takes it."""
    return to_datetime(at).astimezone(zone).strftime("%Y-%m-%dT%H:%M")


def _parse(text: str) -> datetime | None:
    if _LOCAL.fullmatch(text) is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.year in YEARS else None


def _odd(at: Instant, text: str, chart: Chart) -> Draft:
    if at < chart.begins:
        return doubted(TAKEN, text, "This is before anything was known of this course. Is the time right?")
    if chart.now - at > OLD:
        return doubted(TAKEN, text, "This is more than 24 hours ago. Is the time right?")
    return Draft()


def _ahead() -> Problem:
    return Problem(
        "time_ahead", "This time is still to come.", "Give the time at which it was; leave it empty for now."
    )
