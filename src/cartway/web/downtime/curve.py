"""The temperatures of three days as a picture with an axis, for a page that has no script to draw with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta, tzinfo

import msgspec

from cartway.times import HOUR, Instant, from_datetime, to_datetime
from cartway.toxicity import Rules
from cartway.web.ward.spark import HIGHEST, KEPT, LOWEST, Point, gap_of, runs, thinned

WIDTH, HEIGHT = 960, 150
LEFT, RIGHT, TOP, BOTTOM = 34, 6, 8, 24  # what the words of the axes take
DEGREES = (36, 37, 38, 39, 40)
STEP_H = 12


class Curve(msgspec.Struct, frozen=True):
    """The picture as its template draws it: places in its own units. `degrees` and `hours`: the lines of the axes, each
    with its word; `path` breaks where nothing holds; `dots` are readings.
    """

    words: str
    degrees: Sequence[tuple[float, int]]
    hours: Sequence[tuple[float, str]]
    fever: float
    path: str
    dots: Sequence[tuple[float, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def curve(points: Sequence[Point], now: Instant, rules: Rules, zone: tzinfo) -> Curve | None:
    """The picture up to `now`; None where nothing was read in these days."""
    start = now - KEPT
    shown = [(at, value) for at, value in points if at >= start]
    values = [value for _, value in shown if value is not None]
    if not values:
        return None
    drawn = [[(_x(at, start), _y(value)) for at, value in run] for run in runs(thinned(shown), gap_of(rules))]
    return Curve(
        words=f"Temperature of three days: {min(values):.1f} to {max(values):.1f}, last {values[-1]:.1f} °C",
        degrees=[(_y(degrees), degrees) for degrees in DEGREES],
        hours=list(_hours(start, now, zone)),
        fever=_y(rules.number("fever_celsius")),
        path="".join("M" + "L".join(f"{x} {y}" for x, y in run) for run in drawn),
        dots=[place for run in drawn for place in run],
    )


def _hours(start: Instant, now: Instant, zone: tzinfo) -> Iterator[tuple[float, str]]:
    """Midnights and noons of `zone`, as far as their words fit in."""
    day = to_datetime(start).astimezone(zone).date()
    for number in range(2 * (KEPT // (24 * HOUR) + 2)):
        naive = datetime.combine(day, time(), zone) + timedelta(hours=STEP_H * number)  # wall clock: midnight, noon
        at = from_datetime(naive)
        if start + 2 * HOUR < at < now - 2 * HOUR:
            yield _x(at, start), f"{naive:%-d %b}" if naive.hour == 0 else f"{naive:%H:%M}"


def _x(at: Instant, start: Instant) -> float:
    return round(LEFT + (at - start) / KEPT * (WIDTH - LEFT - RIGHT), 1)


def _y(value: float) -> float:
    share = (min(HIGHEST, max(LOWEST, value)) - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM), 1)
