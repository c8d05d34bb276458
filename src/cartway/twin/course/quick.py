"""Outcomes straight from a run's arrays, for calibration and forecasts; never reported: grades come from facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.course.run import Run
from cartway.twin.model import load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]
    Grades = NDArray[np.int8]


def crs_grade(run: Run) -> Grades:
    """Bedside grade of CRS at each look, int8[n, k]; 0 after death."""
    return _alive(run, run.judged["crs"])


def icans_grade(run: Run) -> Grades:
    """Bedside grade of ICANS at each look, int8[n, k]; 0 after death."""
    return _alive(run, run.judged["icans"])


def _alive(run: Run, grades: Grades) -> Grades:
    return np.where(run.days > run.died_day[:, None], 0, grades).astype(np.int8)


def first_day(grades: Grades, days: Array, at_least: int = 1) -> Array:
    """The first day at this grade, float64[n]; not a number where it never came."""
    up = grades >= at_least
    return np.where(up.any(axis=1), days[up.argmax(axis=1)], np.nan)


def duration(grades: Grades, days: Array, at_least: int = 1) -> Array:
    """Days from first to last look at this grade, both counted, float64[n]; not a number where it never came."""
    up = grades >= at_least
    last = days[up.shape[1] - 1 - up[:, ::-1].argmax(axis=1)]
    return np.asarray(np.floor(last) - np.floor(first_day(grades, days, at_least)) + 1)


class Expansion(NamedTuple):
    """Peak, its day, and area under the curve to day 28, float64[n] each."""

    cmax: Array
    tmax: Array
    auc28: Array


def expansion(run: Run, reading: str = "cart_cells") -> Expansion:
    """Kinetics of `cart_cells` (/uL) or `cart_copies` (/ug) as read after the infusion."""
    after = run.days >= 0
    days, values = run.days[after], np.nan_to_num(run.seen[reading][:, after].astype(float))
    month = days <= 28
    area = np.trapezoid(values[:, month], days[month], axis=1)
    return Expansion(values.max(axis=1), days[values.argmax(axis=1)], area)


def tumor(run: Run) -> Array:
    """Tumor cells with and without the antigen at each look, float64[n, k]."""
    return load_model().total(run.states)


def at_day(run: Run, values: NDArray[np.float32] | Array, day: float) -> Array:
    """The column nearest to a day, float64[n]."""
    return np.asarray(values[:, int(np.argmin(np.abs(run.days - day)))], np.float64)


def got(run: Run, drug: str) -> NDArray[np.bool_]:
    """Who ever got a drug, bool[n]."""
    who = np.zeros(len(run.died_day), bool)
    who[run.acts.patient[run.acts.drug == drug]] = True
    return who
