"""The time points of the calendar: as they are written, and as days for everybody infused on one day."""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache

import msgspec

from cartway.aftercare.dates import MONTHS_A_YEAR, days_after, months_after
from cartway.aftercare.questions import data
from cartway.pathway.answer import Source

MONTHS_TO_YEAR_5 = "aftercare_visit_months"
YEARLY_WINDOW = "aftercare_window_yearly_days"
WINDOWS = ("aftercare_window_early_days", "aftercare_window_days", YEARLY_WINDOW)
TO_YEAR = 5
LATER, YEARLY = "later", "yearly"


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time point as it is written: `days` or `months` after the infusion; `kind` says which tasks belong to it."""

    key: str
    what: str
    plain: str
    window: str
    days: int = 0
    months: int = 0
    from_day: int = 0
    kind: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """A task as it is written. One of `by` answers it, each of them where `all`; `with_visit`: the visit does."""

    key: str
    what: str
    plain: str
    at: tuple[str, ...]
    source: Source
    by: tuple[str, ...] = ()
    all: bool = False
    diseases: tuple[str, ...] = ()
    disease: bool = False
    optional: bool = False
    with_visit: bool = False


class Repeat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What repeats every so many days until its markers are back."""

    key: str
    what: str
    plain: str
    days: int
    markers: tuple[str, ...]
    source: Source


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the calendar."""

    last_year: int
    visits_source: Source
    visits: tuple[Point, ...]
    tasks: tuple[Part, ...]
    repeated: tuple[Repeat, ...]


@cache
def load_calendar() -> Calendar:
    """The visits, tasks and repetitions."""
    return msgspec.convert(data("calendar"), Calendar)


class Span(msgspec.Struct, frozen=True, eq=False):
    """A time point in days: its own, its window's, and when the next one opens. One object each, found by identity."""

    point: Point
    day: date
    first: date
    last: date
    after: date


@lru_cache(maxsize=1024)
def spans_of(zero: date, months: int, *windows: int) -> tuple[Span, ...]:
    """The time points of everybody infused on that day."""
    width = dict(zip(WINDOWS, windows, strict=True))
    dated = [(point, _day(zero, point)) for point in _points(months)]
    opens = [_opens(zero, point, day, width[point.window]) for point, day in dated]
    return tuple(
        Span(point, day, first, days_after(day, width[point.window]), after)
        for (point, day), first, after in zip(dated, opens, [*opens[1:], date.max], strict=True)
    )


@cache
def _points(months: int) -> tuple[Point, ...]:
    """The written visits, those to year 5 every so many months, those to year 15 every year."""
    written = load_calendar()
    early = tuple(msgspec.structs.replace(point, kind=point.key) for point in written.visits)
    to_five = range(MONTHS_A_YEAR + months, TO_YEAR * MONTHS_A_YEAR + 1, months)
    later = [_later(count, LATER) for count in to_five]
    return (
        *early,
        *later,
        *(_later(year * MONTHS_A_YEAR, YEARLY) for year in range(TO_YEAR + 1, written.last_year + 1)),
    )


def _later(months: int, kind: str) -> Point:
    years, rest = divmod(months, MONTHS_A_YEAR)
    name = f"month {months}" if rest else f"year {years}"
    said = f"{months} months" if rest else f"{years} years"
    return Point(
        name.replace(" ", "_"),
        f"Visit of {name}",
        f"your check-up after {said}",
        YEARLY_WINDOW,
        months=months,
        kind=kind,
    )


def _day(zero: date, point: Point) -> date:
    return months_after(zero, point.months) if point.months else days_after(zero, point.days)


def _opens(zero: date, point: Point, day: date, window: int) -> date:
    return days_after(zero, point.from_day) if point.from_day else days_after(day, -window)


@cache
def parts_of(kind: str, disease: str, followed: bool) -> tuple[Part, ...]:
    """The tasks of a kind of visit; those of the disease only while it is `followed` here."""
    here = [part for part in load_calendar().tasks if kind in part.at and (followed or not part.disease)]
    return tuple(part for part in here if not part.diseases or disease in part.diseases)
