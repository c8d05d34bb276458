"""The table twin of the chart: one row a time point, one column a reading. What a screen reader reads."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter, neg

import msgspec

from cartway.record import UNREADABLE, Fact
from cartway.times import Instant
from cartway.toxicity.wording import NOT_MEASURABLE
from cartway.web.course.drugs import drug_label
from cartway.web.course.given import before, done
from cartway.web.course.view import View, is_unmeasurable
from cartway.web.course.why import Spell, scale_name, spells

PAGE = 50


class Column(msgspec.Struct, frozen=True):
    """A column: its variable, what stands above it, its unit, and whether it holds numbers."""

    what: str
    label: str
    unit: str = ""
    number: bool = True


COLUMNS = (
    Column("body_temperature", "Temperature", "°C"),
    Column("systolic_pressure", "Systolic", "mmHg"),
    Column("diastolic_pressure", "Diastolic", "mmHg"),
    Column("mean_arterial_pressure", "Mean", "mmHg"),
    Column("heart_rate", "Heart rate", "/min"),
    Column("respiratory_rate", "Breaths", "/min"),
    Column("oxygen_saturation", "Saturation", "%"),
    Column("oxygen_device", "Oxygen", number=False),
    Column("oxygen_flow", "Flow", "L/min"),
    Column("inspired_oxygen", "Inspired", "%"),
    Column("ice_score", "ICE"),
    Column("capd_score", "CAPD"),
    Column("consciousness", "Consciousness", number=False),
    Column("drug", "Drugs", number=False),
)
_CURSOR = re.compile(r"[0-9]{1,18}\Z")
_by_time = attrgetter("at")


class Line(msgspec.Struct, frozen=True):
    """One time point: the cells in the order of the table's columns, then the grades at that time, scale by scale."""

    at: Instant
    cells: tuple[str, ...]
    grades: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """A page of the table, newest first. Columns of which the course has no reading are left out.

    `older`, `newer`: the cursors of the pages beside it, "" for the first page, None where there is none.
    """

    columns: tuple[Column, ...]
    scales: tuple[str, ...]
    lines: tuple[Line, ...]
    older: str | None
    newer: str | None
    total: int


def readings(view: View, *, before: str = "", columns: Sequence[Column] = COLUMNS, size: int = PAGE) -> Table:
    """A page of the table twin, from the time `before` (microseconds; a cursor) back, of at most `size` times."""
    columns = tuple(column for column in columns if column.what in view.by_what)
    charted = view.of(*(column.what for column in columns))
    times = sorted({fact.at for fact in charted}, reverse=True)
    start = bisect_right(times, -int(before), key=neg) if _CURSOR.match(before) else 0
    page = times[start : start + size]
    lines = _lines(charted, view.drugs, page, columns, [spells(history) for history in view.history.values()])
    return Table(
        columns,
        tuple(map(scale_name, view.history)),
        tuple(lines),
        older=str(page[-1]) if page and start + size < len(times) else None,
        newer=None if not start else str(times[start - size - 1]) if start > size else "",
        total=len(times),
    )


def _what(fact: Fact) -> str:
    """The column of a fact; an unreadable value stands in that of its variable."""
    return str(fact.detail.get("variable", "")) if fact.what == UNREADABLE else fact.what


def _lines(
    charted: Sequence[Fact],
    drugs: Sequence[Fact],
    page: Sequence[Instant],
    columns: Sequence[Column],
    grades: Sequence[Sequence[Spell]],
) -> Iterable[Line]:
    if not page:
        return
    wanted = charted[_place(charted, page[-1]) : _place(charted, page[0] + 1)]
    by_time = {at: list(facts) for at, facts in groupby(wanted, _by_time)}
    starts = [[spell.start for spell in each] for each in grades]
    for at in page:
        cells = _cells(by_time[at], drugs)
        shown = tuple(_grade_at(each, start, at) for each, start in zip(grades, starts, strict=True))
        yield Line(at, tuple(", ".join(cells.get(column.what, ())) for column in columns), shown)


def _place(charted: Sequence[Fact], at: Instant) -> int:
    return bisect_right(charted, at - 1, key=_by_time)


def _cells(facts: Iterable[Fact], drugs: Sequence[Fact]) -> Mapping[str, Sequence[str]]:
    cells: dict[str, list[str]] = {}
    for fact in facts:
        cells.setdefault(_what(fact), []).append(_cell(fact, drugs))
    return cells


def _cell(fact: Fact, drugs: Sequence[Fact]) -> str:
    if fact.what == UNREADABLE:
        return "unreadable"
    if fact.what == "drug":
        return f"{drug_label(fact.choice)} {done(fact, before(fact, drugs))}"
    if fact.value is None:
        return fact.choice.replace("_", " ")
    if is_unmeasurable(fact):
        return NOT_MEASURABLE
    return f"{fact.value:.1f}" if fact.what == "body_temperature" else f"{fact.value:g}"  # decimals below each other


def _grade_at(spells_of: Sequence[Spell], starts: Sequence[Instant], at: Instant) -> str:
    """The grade at a time, as printed; nothing outside the close watch."""
    place = bisect_right(starts, at) - 1
    spell = spells_of[place] if place >= 0 else None
    return spell.shown if spell is not None and (spell.end is None or at < spell.end) else ""
