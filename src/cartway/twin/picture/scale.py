"""Where a value lies on an axis, and which values are told there."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartway.twin.picture.marks import Axis, Values

ABOUT = 6  # ticks on an axis that names none
MONTH = 30.4375  # days


class Scale:
    """An axis laid over pixels from `start` (its low) to `end` (its high)."""

    def __init__(self, axis: Axis, start: float, end: float) -> None:
        """Raises ValueError for an axis without length, or a logarithmic one that reaches zero."""
        checked(axis)
        self.axis, self.start, self.end = axis, start, end
        self._low, self._high = self._flat(np.array([axis.low, axis.high]))

    def _flat(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        if not self.axis.log:
            return values
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.asarray(np.log10(values), np.float64)

    def places(self, values: Values) -> NDArray[np.float64]:
        """Pixels, NaN where the value is; what lies outside is kept within a panel's length, for the clip to cut."""
        share = (self._flat(np.asarray(values, np.float64)) - self._low) / (self._high - self._low)
        return np.asarray(self.start + np.clip(share, -1.0, 2.0) * (self.end - self.start), np.float64)

    def place(self, value: float) -> float:
        """The pixel of one value."""
        return float(self.places([value])[0])

    def shows(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        low, high = sorted((self.axis.low, self.axis.high))
        room = 0.002 * (high - low) if not self.axis.log else 0.0  # 24 months are 730.5 days
        return bool(low - room <= value <= high + room)


def checked(axis: Axis) -> Axis:
    """The axis. Raises ValueError where it has no length, or is logarithmic and reaches zero."""
    if not math.isfinite(axis.high - axis.low) or axis.low == axis.high:
        raise ValueError(f"the axis '{axis.label}' runs from {axis.low} to {axis.high}")
    if axis.log and min(axis.low, axis.high) <= 0:
        raise ValueError(f"the logarithmic axis '{axis.label}' runs from {axis.low} to {axis.high}")
    return axis


def ticks(axis: Axis) -> tuple[tuple[float, str], ...]:
    """The places of an axis that are told, with their words."""
    if checked(axis).ticks:
        return axis.ticks
    values = list(_decades(axis) if axis.log else _rounds(axis))
    return tuple((value, told(value, axis)) for value in values)


def told(value: float, axis: Axis) -> str:
    """One value as the axis tells it."""
    if axis.percent:
        return f"{100 * value:.6g}%"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.6g}"


def _rounds(axis: Axis) -> Iterator[float]:
    low, high = sorted((axis.low, axis.high))
    step = _step((high - low) / ABOUT)
    for number in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1):
        yield round(number * step, 12)


def _step(about: float) -> float:
    """The round number (1, 2, 5 and powers of ten) next above `about`."""
    power = 10.0 ** math.floor(math.log10(about))
    return next(power * each for each in (1, 2, 5, 10) if power * each >= about * (1 - 1e-9))


def _decades(axis: Axis) -> Iterator[float]:
    low, high = sorted((axis.low, axis.high))
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    between = (1, 2, 5) if last - first <= 2 else (1,)
    every = max(1, math.ceil((last - first) / 8))
    for power in range(first, last + 1, every):
        yield from (
            each * 10.0**power for each in between if low * (1 - 1e-9) <= each * 10.0**power <= high * (1 + 1e-9)
        )


def days(label: str, last: float, *, first: float = 0.0, every: float = 0.0) -> Axis:
    """An axis of days: a tick each day up to ten, each week up to six, each fortnight or more beyond, or `every`."""
    spans = ((1, 10), (2, 16), (7, 45), (14, 105), (28, math.inf))
    step = every or next(step for step, most in spans if last - first <= most)
    places = [step * number for number in range(math.ceil(first / step), math.floor(last / step) + 1)]
    return Axis(label, first, last, ticks=tuple((place, f"{place:g}") for place in places))


def months(label: str, last: float, *, first: float = 0.0) -> Axis:
    """An axis over values in days whose ticks are told in months: each, each third past 6, each sixth past 36."""
    spans = ((1, 6), (3, 36), (6, math.inf))
    step = next(step for step, most in spans if (last - first) / MONTH <= most)
    low, high = math.ceil(first / MONTH / step - 0.02), math.floor(last / MONTH / step + 0.02)
    return Axis(label, first, last, ticks=tuple((step * n * MONTH, f"{step * n}") for n in range(low, high + 1)))


def reach(*values: Any, room: float = 0.05, zero: bool = False) -> tuple[float, float]:
    """From the least to the greatest number among `values` (arrays), with `room` beyond both; `zero` takes in zero."""
    flat = np.concatenate([np.ravel(np.asarray(each, np.float64)) for each in values])
    found = flat[np.isfinite(flat)]
    if not found.size:
        return 0.0, 1.0
    low, high = float(found.min()), float(found.max())
    low, high = (min(low, 0.0), max(high, 0.0)) if zero else (low, high)
    space = room * (high - low) or max(abs(high), 1.0) * room
    return (low if zero and low == 0 else low - space), high + space
