"""When the bedside looks: days from the first infusion, the same for every course, cut at `until`."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

FIRST_DAY = -6.0
MONTHS = (
    120.0,
    150.0,
    180.0,
    210.0,
    240.0,
    270.0,
    300.0,
    330.0,
    365.0,
    395.0,
    425.0,
    456.0,
    486.0,
    517.0,
    547.0,
    578.0,
)
MONTHS_2 = (608.0, 638.0, 669.0, 699.0, 730.0)


@cache
def grid() -> NDArray[np.float64]:
    """Daily before the infusion, every 6 h to day 15, every 12 h to day 30, weekly to day 90, monthly to day 730."""
    close = np.arange(0.0, 15.0, 0.25)
    half = np.arange(15.0, 30.0, 0.5)
    weeks = np.array([30.0, *np.arange(35.0, 90.0, 7.0), 90.0])
    days = np.concatenate([np.arange(FIRST_DAY, 0.0), close, half, weeks, MONTHS, MONTHS_2])
    days.flags.writeable = False
    return days


def looks(until: float) -> NDArray[np.float64]:
    """The days of `grid` up to and with `until`."""
    return grid()[grid() <= until + 1e-9]
