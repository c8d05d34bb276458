"""A plan as a picture: one row a course or a resource, days across; the table beside it says the same in words.

A step is told by its letter and shape, never by color. Color is for state: new, moved, does not hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from cartway.pathway.slots import Horizon, Planned
from cartway.pathway.slots.calendars import BED, CHAIR, KINDS, SLOT, STAFF, Calendars
from cartway.pathway.slots.days import Day, in_words, is_weekend, weekday
from cartway.pathway.slots.plan import STEP_WORDS, TAKES

WIDTH, LABEL, ROW, TOP = 1000, 216, 26, 34
BAR = 16
SHORT = {CHAIR: "chair", SLOT: "slot", BED: "bed", STAFF: "staff"}
LETTERS = {
    "collection": "C",
    "manufacture": "M",
    "making": "",
    "lymphodepletion": "L",
    "infusion": "I",
    "second_infusion": "I",
    "bed": "",
}


class Mark(msgspec.Struct, frozen=True):
    """One bar: where, which step, its letter, its state, and what it says."""

    x: float
    y: float
    width: float
    kind: str
    letter: str
    state: str
    words: str


class GanttRow(msgspec.Struct, frozen=True):
    """One row: its label (and a smaller one), where it leads, its bars."""

    label: str
    more: str
    href: str
    y: float
    marks: tuple[Mark, ...]


class Line(msgspec.Struct, frozen=True):
    """A vertical line or stripe: a week's first day, a weekend, a day closed, today."""

    x: float
    width: float
    kind: str
    words: str = ""


class Gantt(msgspec.Struct, frozen=True):
    """The whole picture; lengths in its own units."""

    width: float
    height: float
    rows: tuple[GanttRow, ...]
    lines: tuple[Line, ...]
    label: float = LABEL
    row: float = ROW
    bar: float = BAR
    top: float = TOP


class Scale:
    """From days to places."""

    def __init__(self, first: Day, last: Day) -> None:
        self.first, self.last = first, last
        self.day = (WIDTH - LABEL) / max(1, last - first + 1)

    def x(self, day: Day) -> float:
        """Where a day begins."""
        return round(LABEL + (day - self.first) * self.day, 1)

    def clipped(self, first: Day, last: Day) -> tuple[Day, Day] | None:
        """The part of a span that is shown."""
        begin, end = max(first, self.first), min(last, self.last)
        return (begin, end) if begin <= end else None


def by_course(
    lines: Sequence[Planned], states: Mapping[str, str], horizon: Horizon, calendars: Calendars, today: Day,
    label: Callable[[Planned], tuple[str, str, str]],
) -> Gantt:  # fmt: skip
    """One row a course, by the day of infusion. `label`: its name, a smaller word, where it leads."""
    scale = Scale(horizon.first, max([horizon.last, *(line.days.bed[1] for line in lines)]))
    ordered = sorted(lines, key=lambda line: (line.days.infusion, line.course))
    rows = []
    for number, line in enumerate(ordered):
        y = TOP + number * ROW
        name, more, href = label(line)
        marks = tuple(_marks(line, states.get(line.course, ""), scale, y))
        rows.append(GanttRow(name, more, href, y, marks))
    return _gantt(rows, scale, horizon, calendars, today)


def by_resource(
    lines: Sequence[Planned], states: Mapping[str, str], horizon: Horizon, calendars: Calendars, today: Day,
    label: Callable[[Planned], tuple[str, str, str]],
) -> Gantt:  # fmt: skip
    """One row a chair, slot or bed: who is on it, when."""
    scale = Scale(horizon.first, max([horizon.last, *(line.days.bed[1] for line in lines)]))
    named = [(one.kind, one.name) for one in calendars.resources if one.kind in TAKES.values()]
    uses = {(TAKES[step], place) for line in lines for step, place in line.places.items()}
    names = [*named, *sorted(uses - set(named))]
    rows = []
    for number, (kind, name) in enumerate(sorted(names, key=lambda each: (KINDS.index(each[0]), _natural(each[1])))):
        y = TOP + number * ROW
        marks = tuple(mark for line in lines for mark in _uses(line, states, kind, name, scale, y, label(line)[0]))
        rows.append(GanttRow(name, SHORT[kind], "", y, marks))
    return _gantt(
        [row for row in rows if row.marks or row.more != SHORT[STAFF]],
        scale,
        horizon,
        calendars,
        today,
    )


def _natural(name: str) -> tuple[str, int, str]:
    digits = name[len(name.rstrip("0123456789")) :]
    return name.removesuffix(digits), int(digits or 0), name


def _gantt(rows: Sequence[GanttRow], scale: Scale, horizon: Horizon, calendars: Calendars, today: Day) -> Gantt:
    rows = [msgspec.structs.replace(row, y=TOP + n * ROW, marks=tuple(
        msgspec.structs.replace(mark, y=mark.y - row.y + TOP + n * ROW) for mark in row.marks
    )) for n, row in enumerate(rows)]  # fmt: skip
    return Gantt(WIDTH, TOP + len(rows) * ROW + 6, tuple(rows), tuple(_lines(scale, calendars, today)))


def _lines(scale: Scale, calendars: Calendars, today: Day) -> Sequence[Line]:
    found: list[Line] = []
    for day in range(scale.first, scale.last + 1):
        if calendars.closed(day):
            found.append(Line(scale.x(day), round(scale.day, 1), "closed"))
        elif is_weekend(day):
            found.append(Line(scale.x(day), round(scale.day, 1), "weekend"))
        if weekday(day) == 0:
            fits = scale.day * 7 > 40 and scale.x(day) < WIDTH - 40
            words = in_words(day).removeprefix("Mon ") if fits else ""
            found.append(Line(scale.x(day), 0, "week", words))
    if scale.first <= today <= scale.last:
        found.append(Line(scale.x(today), 0, "today", "today"))
    return found


def _marks(line: Planned, state: str, scale: Scale, y: float) -> Sequence[Mark]:
    days, found = line.days, []
    if days.manufacture is not None and days.arrival is not None:
        words = f"being made until {in_words(days.arrival)}"
        found += _mark(scale, y, "making", days.manufacture, days.arrival - 1, state, words)
    spans = {step: (first, last) for step, first, last in days.spans()}
    for step in ("bed", "collection", "manufacture", "lymphodepletion", "infusion", "second_infusion"):
        if step in spans:
            first, last = spans[step]
            until = f" to {in_words(last)}" if last > first else ""
            place = f", {line.places[step]}" if line.places.get(step) else ""
            found += _mark(scale, y, step, first, last, state, f"{STEP_WORDS[step]} {in_words(first)}{until}{place}")
    return found


def _uses(
    line: Planned, states: Mapping[str, str], kind: str, name: str, scale: Scale, y: float, who: str
) -> Sequence[Mark]:
    found: list[Mark] = []
    for step, first, last in line.days.spans():
        if TAKES.get(step) == kind and line.places.get(step) == name:
            words = f"{who}: {STEP_WORDS[step]} {in_words(first)}"
            marks = _mark(scale, y, step, first, last, states.get(line.course, ""), words)
            inside = who[: int(marks[0].width // 7)] if marks and step == "bed" else LETTERS[step]
            found += [msgspec.structs.replace(mark, letter=inside) for mark in marks]
    return found


def _mark(scale: Scale, y: float, kind: str, first: Day, last: Day, state: str, words: str) -> list[Mark]:
    shown = scale.clipped(first, last)
    if shown is None:
        return []
    x, end = scale.x(shown[0]), scale.x(shown[1] + 1)
    width = round(max(end - x - 0.6, 7.0), 1)
    return [Mark(x, y + (ROW - BAR) / 2, width, kind, LETTERS[kind], state, words)]
