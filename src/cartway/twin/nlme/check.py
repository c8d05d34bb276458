"""Visual predictive check: does the model, simulated, look like the data it was fitted to?

Holford 2005 (the 14th PAGE meeting, abstract 738); values below the limit as in Bergstrand and Karlsson 2009, doi
10.1208/s12248-009-9112-5: they count as low values for the percentiles, and their share is checked apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.nlme.design import Design, Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.nlme.study import Array

SHARES = (0.05, 0.5, 0.95)
AT_ONCE = 50
FEWEST = 8
"""Observations that a bin of time has at least."""


class Check(NamedTuple):
    """The check by bins of time. `day` float64[b], the median day of a bin; `edges` [b + 1].

    `seen` float64[3, b]: 5th, 50th and 95th percentile of the values, nan where it lies below the limit; `low`,
    `middle`, `high` [3, b]: the 2.5th, 50th and 97.5th percentile of the same in simulated studies (`low` 0 where
    below the limit). `below` [b]: share of values below the limit, nan where nothing can be; `below_low`, `below_high`
    in simulated studies. `within`: share of the percentiles seen that lie in their simulated interval.
    """

    day: Array
    edges: Array
    size: NDArray[np.int64]
    seen: Array
    low: Array
    middle: Array
    high: Array
    below: Array
    below_low: Array
    below_high: Array
    studies: int

    @property
    def within(self) -> float:
        """Share of the percentiles seen that lie within the 95 % interval of the simulated ones."""
        told = np.isfinite(self.seen)
        inside = (self.seen >= self.low) & (self.seen <= self.high)
        return float(inside[told].mean()) if told.any() else float("nan")

    def rows(self) -> list[dict[str, float]]:
        """The check as a table: a row a bin."""
        found = []
        for b, day in enumerate(self.day):
            row = {"day": float(day), "count": float(self.size[b])}
            for i, share in enumerate(SHARES):
                name = f"p{100 * share:g}"
                row |= {name: float(self.seen[i, b]), f"{name}_low": float(self.low[i, b])}
                row |= {f"{name}_middle": float(self.middle[i, b]), f"{name}_high": float(self.high[i, b])}
            below = {"below": self.below[b], "below_low": self.below_low[b], "below_high": self.below_high[b]}
            found.append(row | {name: float(value) for name, value in below.items()})
        return found


def check(design: Design, estimate: Estimate, studies: int, seed: int, bins: int = 16) -> Check:
    """Simulate the study again and again with new subjects of the same design, and compare percentiles by time."""
    study = design.study
    place, edges = _bins(study.day, bins)
    random = np.random.Generator(np.random.Philox(key=seed))
    found, shares = [], []
    for start in range(0, studies, AT_ONCE):
        values = simulate(design, estimate, min(AT_ONCE, studies - start), random)
        for value in values:
            now = _percentiles(value, place, len(edges) - 1, study.limit)
            found.append(now[0])
            shares.append(now[1])
    low, middle, high = (np.quantile(np.array(found), q, axis=0) for q in (0.025, 0.5, 0.975))
    below_low, below_high = (np.quantile(np.array(shares), q, axis=0) for q in (0.025, 0.975))
    seen, below = _percentiles(np.where(study.below, 0.0, study.value), place, len(edges) - 1, study.limit)
    b = range(len(edges) - 1)
    return Check(
        np.array([np.median(study.day[place == i]) for i in b]), edges, np.array([np.sum(place == i) for i in b]),
        np.where(seen > 0, seen, np.nan) if study.below.any() else seen, low, middle, high,
        below, below_low, below_high, studies,
    )  # fmt: skip


def simulate(design: Design, estimate: Estimate, studies: int, random: np.random.Generator) -> Array:
    """Values of new subjects on the study's own days, float64[studies, N]; 0 where below the study's limit."""
    typical = design.typical(estimate.coefficients)
    center = typical[:, design.varying]
    root = np.linalg.cholesky(estimate.omega)
    phi = center + random.standard_normal((studies, *center.shape)) @ root.T
    value = design.error.draw(design.predicted(phi, typical), estimate.sigma, random)
    limit = design.study.limit
    return np.where(value < limit, 0.0, value) if np.isfinite(limit) else value


def _bins(day: Array, bins: int) -> tuple[NDArray[np.int64], Array]:
    """The bin of each observation: days that lie together are one, else there are `bins` of about equal number."""
    starts = _visits(day)
    if len(starts) > bins:
        starts = np.unique(np.quantile(day, np.arange(bins) / bins, method="inverted_cdf"))
    place = np.searchsorted(starts, day, side="right") - 1
    return place.astype(np.int64), np.append(starts, day.max())


def _visits(day: Array) -> Array:
    """Where groups of days begin: a day that lies half a day and a tenth of its time behind a group's first begins
    another, if the group has enough observations.
    """
    days, counts = np.unique(day, return_counts=True)
    starts, size = [days[0]], 0
    for each, count in zip(days, counts, strict=True):
        if each > starts[-1] + max(0.5, 0.1 * starts[-1]) and size >= FEWEST:
            starts.append(each)
            size = 0
        size += int(count)
    return np.array(starts if size >= FEWEST or len(starts) == 1 else starts[:-1])


def _percentiles(value: Array, place: NDArray[np.int64], bins: int, limit: float) -> tuple[Array, Array]:
    """The percentiles [3, b] and the share below the limit [b] of values, 0 standing for one below the limit."""
    found, shares = np.empty((len(SHARES), bins)), np.full(bins, np.nan)
    for b in range(bins):
        here = value[place == b]
        found[:, b] = np.quantile(here, SHARES, method="inverted_cdf")
        if np.isfinite(limit):
            shares[b] = np.mean(here < limit)
    return found, shares
