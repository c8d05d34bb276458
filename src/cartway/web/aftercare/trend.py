"""A small line of one marker of immune recovery, as numbers that the template draws; its table stands beside it."""

from __future__ import annotations

import math
from datetime import date

import msgspec

from cartway.aftercare.model import Marker

WIDE, HIGH, EDGE = 180, 48, 5


class Dot(msgspec.Struct, frozen=True):
    """One reading: where it stands in the picture, and whether it counts as the patient's own."""

    x: float
    y: float
    counts: bool


class Trend(msgspec.Struct, frozen=True):
    """A picture of `WIDE` by `HIGH`: readings from left to right, the threshold as a line across."""

    dots: tuple[Dot, ...]
    threshold: float

    @property
    def path(self) -> str:
        """The line through the readings, for an SVG polyline."""
        return " ".join(f"{dot.x:g},{dot.y:g}" for dot in self.dots)


def trend(marker: Marker) -> Trend | None:
    """The picture of a marker with two readings or more. The scale is of roots: low values are what matters."""
    if len(marker.readings) < 2:
        return None
    first, last = marker.readings[0].day, marker.readings[-1].day
    top = math.sqrt(max(marker.threshold, *(each.value for each in marker.readings), 1e-9))

    def height(value: float) -> float:
        return round(HIGH - EDGE - (HIGH - 2 * EDGE) * math.sqrt(max(value, 0.0)) / top, 1)

    dots = tuple(Dot(_across(each.day, first, last), height(each.value), each.counts) for each in marker.readings)
    return Trend(dots, height(marker.threshold))


def _across(day: date, first: date, last: date) -> float:
    return round(EDGE + (WIDE - 2 * EDGE) * (day - first).days / max((last - first).days, 1), 1)
