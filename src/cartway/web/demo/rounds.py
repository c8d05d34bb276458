"""The rounds of a ward over a simulated course.

The twin looks every six or twelve hours; the ward's nurses look as often as the protocol asks: every four hours, with
CRS grade 2 every two, from grade 3 every hour. Between two looks of the twin its readings lie between; what is a step
(a device, a drip, a score) stays as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.course import Run

    Days = NDArray[np.floating[Any]]

STEPS = frozenset({"oxygen", "vasopressors", "ice", "consciousness", "seizure"})
STRETCHES = ((-6.0, 0.0, 3), (0.0, 15.0, 6), (15.0, 30.0, 4))
"""From a day to a day so many rounds a day: every eight hours, every four, every six."""
CLOSER = ((2, 12), (3, 24))
"""From a CRS grade on so many rounds a day."""


def rounds(run: Run) -> Run:
    """The run of one patient as the ward's rounds see it. Every look of the twin is one of them.

    Raises ValueError for a run of more than one.
    """
    if len(run.died_day) != 1:
        raise ValueError("rounds are those of one patient")
    days = _days(run)
    before = np.searchsorted(run.days, days + 1e-9, side="right") - 1
    return run._replace(
        days=days,
        states=_between(run.days, run.states[0], days)[None],
        seen={name: _read(name, run.days, values[0], days, before)[None] for name, values in run.seen.items()},
        judged={name: values[:, before] for name, values in run.judged.items()},
    )


def _days(run: Run) -> Days:
    looks = [np.linspace(low, high, int((high - low) * n), endpoint=False) for low, high, n in STRETCHES]
    crs, ends = run.judged["crs"][0], np.append(run.days[1:], run.days[-1])
    for grade, a_day in CLOSER:
        for i in np.flatnonzero((crs >= grade) & (run.days < STRETCHES[-1][1])):
            looks.append(np.arange(run.days[i], ends[i], 1.0 / a_day))
    found = np.unique(np.round(np.concatenate([run.days, *looks]), 6))
    return np.asarray(found[(found >= run.days[0]) & (found <= run.days[-1])])


def _read(
    name: str, at: Days, values: NDArray[np.float32], days: Days, before: NDArray[np.int64]
) -> NDArray[np.float32]:
    if name in STEPS:
        return values[before]
    return _between(at, values[:, None], days)[:, 0]


def _between(at: Days, values: NDArray[np.float32], days: Days) -> NDArray[np.float32]:
    """Values [k, m] at other days; a look of the twin keeps its own, and next to one that is none there is none."""
    after = np.minimum(np.searchsorted(at, days - 1e-9), len(at) - 1)
    before = np.maximum(np.searchsorted(at, days + 1e-9, side="right") - 1, 0)
    width = np.where(after > before, at[after] - at[before], 1.0)
    share = (np.where(after > before, days - at[before], 0.0) / width)[:, None]
    return np.where(share == 0.0, values[before], (1 - share) * values[before] + share * values[after]).astype(
        np.float32
    )
