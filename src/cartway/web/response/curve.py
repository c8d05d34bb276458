"""A line over the days since the infusion as a picture: places in its own units, drawn by the server.

All pictures of a page share the axis of days, so that what happened together stands above each other. The first month
takes a third of the width: what CAR T cells do happens there, and the year after it would press it to a line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from math import ceil, floor, log10

import msgspec

from cartway.web.response.series import Reading, Series, known

WIDTH, HEIGHT = 560, 212
LEFT, RIGHT, TOP, BOTTOM = 52, 14, 32, 26
FIRST_MONTH, BEFORE_SHARE, MONTH_SHARE = 30, 0.08, 0.34
DAYS = (0, 7, 14, 30, 60, 90, 180, 270, 365, 545, 730, 1095, 1460, 1825, 2555, 3650, 5475)
ROOM = 26  # the least distance of two words below the axis
LINES = 4  # about as many lines across
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
SMALLEST = 1e-9  # below it no test tells anything from none
SHORTEST = 35  # days the axis has at least


class Span(msgspec.Struct, frozen=True):
    """The days that every picture of a page shows: from the baseline (at most 0) to the last reading."""

    first: int
    last: int

    def x(self, day: float) -> float:
        """The place of a day, piece by piece in proportion: before, the first month, after it."""
        before = BEFORE_SHARE if self.first < 0 else 0.0
        if day <= 0:
            share = before * (1 - day / self.first) if self.first < 0 else 0.0
        elif day <= FIRST_MONTH:
            share = before + (MONTH_SHARE - before) * day / FIRST_MONTH
        else:
            share = MONTH_SHARE + (1 - MONTH_SHARE) * (day - FIRST_MONTH) / max(1, self.last - FIRST_MONTH)
        return round(LEFT + min(1.0, max(0.0, share)) * (WIDTH - LEFT - RIGHT), 1)


def span_of(several: Sequence[Series]) -> Span:
    """The days that hold all of these readings."""
    days = [reading.day for reading in known(several)]
    return Span(min([0, *days]), max([SHORTEST, *days]))


class Dot(msgspec.Struct, frozen=True):
    """One reading in the picture. `open`: it lies below this place."""

    x: float
    y: float
    words: str
    open: bool


class Drawn(msgspec.Struct, frozen=True):
    """One line of the picture: its path, its readings, the place of its name."""

    path: str
    dots: tuple[Dot, ...]
    name: str
    name_y: float


class Curve(msgspec.Struct, frozen=True):
    """A picture and what its table says. `across`: lines of the scale with their words; `guides`: thresholds with
    theirs; `days`: the words below; `marks`: what happened on a day.
    """

    key: str
    title: str
    unit: str
    words: str
    lines: tuple[Drawn, ...]
    across: tuple[tuple[float, str], ...]
    guides: tuple[tuple[float, str], ...]
    days: tuple[tuple[float, str], ...]
    marks: tuple[tuple[float, str], ...]
    series: tuple[Series, ...]
    infusion: float
    note: str = ""
    logarithmic: bool = False
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


class Scale(msgspec.Struct, frozen=True):
    """From a value to a height. Logarithmic scales have no zero: what is none lies on the floor."""

    low: float
    high: float
    logarithmic: bool

    def y(self, value: Decimal | float) -> float:
        """The place of a value; beyond the ends it is drawn at the edge."""
        at = log10(max(float(value), 10**self.low)) if self.logarithmic else float(value)
        share = (min(self.high, max(self.low, at)) - self.low) / (self.high - self.low)
        return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)

    def across(self) -> Iterator[tuple[float, str]]:
        """A few lines of the scale with their words."""
        if self.logarithmic:
            step = max(1, ceil((self.high - self.low) / LINES))
            for power in range(round(self.low), round(self.high) + 1, step):
                yield self.y(10.0**power), said(10.0**power)
            return
        step_of = _nice(self.high / LINES)
        for number in range(round(self.high / step_of) + 1):
            yield self.y(number * step_of), said(number * step_of)


def said(value: float) -> str:
    """A number on an axis."""
    if value >= 10_000:
        return f"{value / 1000:g}k"
    return f"{value:g}" if value == 0 or value >= 0.01 else f"10{str(round(log10(value))).translate(RAISED)}"


def scale_of(values: Sequence[float], logarithmic: bool) -> Scale:
    """A scale that holds these values, its ends on whole steps or powers of ten."""
    if logarithmic:
        above = [max(value, SMALLEST) for value in values if value > 0] or [1.0]
        low, high = floor(log10(min(above))), ceil(log10(max(above)))
        return Scale(low - (low == high), high, True)
    top = max([*values, 0.0])
    step = _nice(top / LINES) if top > SMALLEST else 0.25
    return Scale(0.0, step * max(1, ceil(top / step)), False)


def _nice(rough: float) -> float:
    """The next of 1, 2, 2.5, 5 and 10 times a power of ten."""
    power = 10.0 ** floor(log10(rough))
    return next(power * each for each in (1.0, 2.0, 2.5, 5.0, 10.0) if rough <= power * each * (1 + 1e-9))


def curve(
    key: str, title: str, unit: str, several: Sequence[Series], span: Span, *, logarithmic: bool = False,
    guides: Mapping[str, Decimal] | None = None, marks: Mapping[str, int] | None = None, note: str = "",
) -> Curve | None:  # fmt: skip
    """The picture of some series on the days of `span`; None where nothing of them can be drawn."""
    drawable = [each for each in several if any(reading.value is not None for reading in each.readings)]
    if not drawable:
        return None
    thresholds = guides or {}
    values = [float(reading.value) for reading in known(drawable) if reading.value is not None]
    scale = scale_of([*values, *map(float, thresholds.values())], logarithmic)
    return Curve(
        key=key,
        title=title,
        unit=unit,
        words=_words(title, unit, drawable),
        lines=tuple(_line(each, scale, span) for each in drawable),
        across=tuple(scale.across()),
        guides=tuple((scale.y(value), words) for words, value in thresholds.items()),
        days=tuple(_days(span)),
        marks=tuple((span.x(day), words) for words, day in (marks or {}).items()),
        series=tuple(each for each in several if each.readings),
        infusion=span.x(0),
        note=note,
        logarithmic=logarithmic,
    )


def _line(found: Series, scale: Scale, span: Span) -> Drawn:
    runs: list[list[Dot]] = [[]]
    for reading in found.readings:
        if reading.value is None:
            runs.append([])
        else:
            runs[-1].append(_dot(reading, reading.value, scale, span))
    dots = tuple(dot for run in runs for dot in run)
    path = "".join("M" + "L".join(f"{dot.x} {dot.y}" for dot in run) for run in runs if len(run) > 1)
    return Drawn(path, dots, found.name, dots[-1].y)


def _dot(reading: Reading, value: Decimal, scale: Scale, span: Span) -> Dot:
    return Dot(
        span.x(reading.day),
        scale.y(value),
        f"day {reading.day}: {reading.words}{', ' * bool(reading.by)}{reading.by}",
        reading.below,
    )


def _days(span: Span) -> Iterator[tuple[float, str]]:
    last = float(-ROOM)
    for day in DAYS:
        place = span.x(day)
        if day <= span.last and place - last >= ROOM:
            yield place, f"{day}"
            last = place


def _words(title: str, unit: str, several: Sequence[Series]) -> str:
    """The picture for who cannot see it: first and last reading of each line. The table below it says all."""
    parts = []
    for each in several:
        drawn = [reading for reading in each.readings if reading.value is not None]
        ends = f"{drawn[0].words} on day {drawn[0].day}, {drawn[-1].words} on day {drawn[-1].day}"
        parts.append(f"{each.name} {ends}".strip())
    return f"{title}: {'; '.join(parts)}. The table below says all of it."
