"""A study: what was measured in each subject, when, and what was known of them before."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from cartway.problem import Problem
from cartway.twin.solver import Event

Array: TypeAlias = NDArray[np.float64]


def wrong_limit(limit: float) -> Problem | None:
    """None for a limit of quantification above 0, or nan where none is given. Problem: ``wrong_limit``."""
    if math.isnan(limit) or 0 < limit < math.inf:
        return None
    return Problem("wrong_limit", "A limit of quantification is a number above 0.", "Correct it.", "--lloq")


class Dose(NamedTuple):
    """Cells given to a subject: `amount` in the data's own unit, nan where it is not known."""

    day: float
    amount: float


class Study(NamedTuple):
    """n subjects with N observations, subject after subject.

    `subject` int64[N], place of the subject in `ids`; `day` float64[N], from the subject's first infusion; `value`
    float64[N]; `below` bool[N]: the true value lies below `value`, the limit of quantification. `doses`: for each
    subject, in time order. `events`: of each
    subject, what else was done to it, as the twin knows it. `covariates`: float64[n], nan where not known.
    """

    ids: tuple[str, ...]
    subject: NDArray[np.int64]
    day: Array
    value: Array
    below: NDArray[np.bool_]
    doses: tuple[tuple[Dose, ...], ...] = ()
    covariates: Mapping[str, Array] = {}
    what: str = ""
    unit: str = ""
    events: tuple[tuple[Event, ...], ...] = ()

    @property
    def first(self) -> NDArray[np.int64]:
        """Where each subject's observations begin, int64[n]."""
        return np.searchsorted(self.subject, np.arange(len(self.ids))).astype(np.int64)

    @property
    def limit(self) -> float:
        """The highest limit of quantification among the observations, nan where none lies below one."""
        return float(np.max(self.value[self.below])) if self.below.any() else float("nan")

    def with_values(self, value: Array, below: NDArray[np.bool_]) -> Study:
        """The same design with other values."""
        return self._replace(value=value, below=below)
