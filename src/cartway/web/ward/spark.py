"""A course's temperature as a line: of a day in a row of the board, of three days on a page of the downtime pack.

Like the band of grades its x is in minutes from where the picture begins, so that a page moves what it shows along with
time without drawing anew. A wearable's reading every two minutes is thinned: of each quarter of an hour the lowest and
the highest are kept, so that no fever is smoothed away.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from itertools import groupby

import msgspec

from cartway.record import UNREADABLE, Fact
from cartway.times import HOUR, MINUTE, Instant, to_datetime
from cartway.toxicity import Rules
from cartway.toxicity.wording import NOT_MEASURABLE

Point = tuple[Instant, float | None]  # None: somebody measured, and it could not be read

KEPT = 72 * HOUR
SHOWN = 24 * HOUR
WIDTH, HEIGHT = SHOWN // MINUTE, 26
LOWEST, HIGHEST = 35.5, 41.0  # what is beyond is drawn at the edge
BUCKET = 15 * MINUTE


class Spark(msgspec.Struct, frozen=True):
    """`path`: the line; `fever`: the height at which a fever begins; `words` for who cannot see it."""

    drawn_from: Instant
    path: str
    fever: float
    words: str


class Temperatures:
    """The temperatures of a course of late, kept up fact by fact: three days back from the newest one."""

    def __init__(self) -> None:
        self._points: list[Point] = []

    def take(self, fact: Fact) -> None:
        """A fact in force on the body temperature, in any order of time."""
        unread = fact.what == UNREADABLE or fact.detail.get("method") == NOT_MEASURABLE
        point = (fact.at, None if unread else fact.value)
        if self._points and point[0] >= self._points[-1][0]:
            self._points.append(point)
        else:
            insort(self._points, point, key=_when)
        self._points = self._points[bisect_left(self._points, self._points[-1][0] - KEPT, key=_when) :]

    def points(self) -> tuple[Point, ...]:
        return tuple(self._points)


def _when(point: Point) -> Instant:
    return point[0]


def spark(points: Sequence[Point], now: Instant, rules: Rules, zone: tzinfo) -> Spark | None:
    """The picture of a row at `now`; None where nothing was read in the last day."""
    start = now - SHOWN
    shown = points[bisect_left(points, start, key=_when) :]
    values = [value for _, value in shown if value is not None]
    if not values:
        return None
    gap = gap_of(rules)
    path = "".join(_line(each, start) for each in runs(thinned(shown), gap))
    fever = _y(rules.number("fever_celsius"))
    last = next(at for at, value in reversed(shown) if value is not None)
    words = (
        f"Temperature of 24 h: {min(values):.1f} to {max(values):.1f}, last {values[-1]:.1f} at {_clock(last, zone)}"
    )
    return Spark(start, path, fever, words)


def thinned(points: Sequence[Point]) -> list[Point]:
    """Of each quarter of an hour the lowest and the highest, in time order; what could not be read stays."""
    kept: list[Point] = []
    for _, group in groupby(points, lambda point: point[0] // BUCKET):
        several = list(group)
        if len(several) <= 2:
            kept += several
            continue
        read = [(value, at) for at, value in several if value is not None]
        ends = {min(read), max(read)} if read else set()
        kept += [(at, value) for at, value in several if value is None or (value, at) in ends]
    return kept


def gap_of(rules: Rules) -> int | None:
    """After how long without a reading the line breaks: when the last one holds no more."""
    if rules.value("observation_validity") == "until_replaced":
        return None
    return int(rules.number("temperature_valid_hours") * HOUR)


def runs(points: Sequence[Point], gap: int | None) -> Iterator[list[tuple[Instant, float]]]:
    """The stretches without a gap and without a reading that could not be read."""
    run: list[tuple[Instant, float]] = []
    for at, value in points:
        if run and (value is None or (gap is not None and at - run[-1][0] > gap)):
            yield run
            run = []
        if value is not None:
            run.append((at, value))
    if run:
        yield run


def _line(run: Sequence[tuple[Instant, float]], start: Instant) -> str:
    """A path; a reading alone is a short dash."""
    places = [f"{(at - start) // MINUTE} {_y(value):g}" for at, value in run]
    return f"M{places[0]}h8" if len(places) == 1 else f"M{places[0]}L{' '.join(places[1:])}"


def _y(value: float) -> float:
    share = (min(HIGHEST, max(LOWEST, value)) - LOWEST) / (HIGHEST - LOWEST)
    return round(HEIGHT - 1 - share * (HEIGHT - 2), 1)


def _clock(at: Instant, zone: tzinfo) -> str:
    return to_datetime(at).astimezone(zone).strftime("%H:%M")
