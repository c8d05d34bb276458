"""The registry's windows: as they are written, and as dates counted from one day."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import msgspec

from cartway.aftercare.dates import days_after, years_after
from cartway.aftercare.questions import data
from cartway.pathway.answer import Source


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One report of the first year, in days: its target and its window, ends included. `doubt`: what was not seen."""

    key: str
    what: str
    target: int
    first: int
    last: int
    doubt: str = ""


class Registration(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Within how many days an infusion is registered."""

    what: str
    days: int
    source: Source


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the registry."""

    last_year: int
    yearly_days: int
    source: Source
    elsewhere: Source
    yearly_source: Source
    registration: Registration
    times: tuple[Time, ...]


class Window(msgspec.Struct, frozen=True, eq=False):
    """One report of one course, in dates; `counts_from` is the infusion or the later transplant. Found by identity."""

    key: str
    what: str
    target: date
    first: date
    last: date
    counts_from: date
    source: Source


@cache
def load_registry() -> Schedule:
    """The reports and their windows."""
    return msgspec.convert(data("registry"), Schedule)


@lru_cache(maxsize=2048)
def windows_from(start: date, cibmtr: bool) -> tuple[Window, ...]:
    """The windows counted from a day; elsewhere than in the US the times are the EBMT's, and no window is confirmed."""
    schedule = load_registry()
    early = [_early(start, each, schedule.source if cibmtr else schedule.elsewhere) for each in schedule.times]
    yearly = schedule.yearly_source if cibmtr else schedule.elsewhere
    late = [_yearly(start, year, schedule.yearly_days, yearly) for year in range(2, schedule.last_year + 1)]
    return (*early, *late)


def _early(start: date, time: Time, source: Source) -> Window:
    target, first, last = (days_after(start, days) for days in (time.target, time.first, time.last))
    doubted = Source(f"{source.text}; {time.doubt}", confirmed=False) if time.doubt else source
    return Window(time.key, time.what, target, first, last, start, doubted)


def _yearly(start: date, year: int, about: int, source: Source) -> Window:
    day, what = years_after(start, year), f"Registry report, {year} years"
    return Window(f"year_{year}", what, day, days_after(day, -about), days_after(day, about), start, source)
