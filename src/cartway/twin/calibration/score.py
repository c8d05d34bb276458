"""Simulated beside published: what a cohort says of a target, whether that is a hit, and how far off it is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.calibration.targets import HALF_NORMAL, Interval, Target, is_share, published, wilson
from cartway.twin.seeds import chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

RESAMPLES = 200
FLOOR = {"share": 0.3, "location": 0.2, "correlation": 0.15}
"""How well a model of this kind can be held to any one figure, beside the figure's own error: in logits, in logarithms,
in Fisher's z. It keeps one precise figure from bending all the others."""
UNCONFIRMED = 0.5
"""Weight of a target whose figure nobody has yet read in its source."""


class Simulated(NamedTuple):
    """A figure of a simulated cohort with its 95 % Monte Carlo interval; `n` patients had a say."""

    value: float
    low: float
    high: float
    n: int


class Scored(NamedTuple):
    """One target laid beside its simulation. `off`: in standard errors of model and figure together."""

    target: Target
    simulated: Simulated
    published: Interval
    hit: bool
    off: float


def figure(target: Target, values: Array) -> float:
    """A sample summed up as the target's statistic says; not a number where nobody has a say."""
    if target.statistic == "correlation":
        return _rank_correlation(values)
    said = values[~np.isnan(values)]
    if not len(said):
        return math.nan
    if is_share(target) or target.statistic == "mean":
        return float(said.mean())
    if target.statistic == "log sd":
        return float(np.log(np.maximum(said, 1e-9)).std())
    if target.statistic == "geomean":
        return float(np.exp(np.log(np.maximum(said, 1e-9)).mean()))
    return float(np.median(said))


def _rank_correlation(pairs: Array) -> float:
    from scipy.stats import spearmanr

    return float(spearmanr(pairs[:, 0], pairs[:, 1]).statistic)


def simulated(target: Target, values: Array, *, seed: int) -> Simulated:
    """The figure of a sample, with a binomial interval for a share, else one of the bootstrap (Efron 1979)."""
    value, said = figure(target, values), values[~np.isnan(values)] if values.ndim == 1 else values
    if is_share(target) and len(said):
        return Simulated(value, *wilson(value, len(said)), len(said))
    if not len(said):
        return Simulated(math.nan, math.nan, math.nan, 0)
    drawn = chance(seed)
    again = [figure(target, said[drawn.integers(0, len(said), len(said))]) for _ in range(RESAMPLES)]
    return Simulated(value, float(np.quantile(again, 0.025)), float(np.quantile(again, 0.975)), len(said))


def _logit(share: float, n: int) -> float:
    """Logit of a share of n, half a patient added to both sides."""
    return math.log((share * n + 0.5) / ((1 - share) * n + 0.5))


def residual(target: Target, value: float) -> float:
    """How far a simulated figure is off, in standard errors, the floor counted in. 3 where nothing was simulated."""
    if math.isnan(value):
        return 3.0
    around = published(target)
    if is_share(target):
        share = min(max(value, 0.0), 1.0)
        sd = math.sqrt(1 / (target.n * target.value + 0.5) + 1 / (target.n * (1 - target.value) + 0.5))
        return (_logit(share, target.n) - _logit(target.value, target.n)) / math.hypot(sd, FLOOR["share"])
    if target.statistic == "correlation" or target.value <= 0:
        return (value - target.value) / math.hypot((around.high - around.low) / 2 / HALF_NORMAL, FLOOR["correlation"])
    high = around.high if math.isfinite(around.high) else target.value**2 / around.low
    sd = math.log(high / max(around.low, 1e-9)) / 2 / HALF_NORMAL
    return math.log(min(max(value, 1e-9), 1e9) / target.value) / math.hypot(sd, FLOOR["location"])


def weight(target: Target) -> float:
    """What a target's squared error counts in the fit."""
    return UNCONFIRMED if target.confirmed == "no" else 1.0


def scored(target: Target, values: Array, *, seed: int) -> Scored:
    """A target beside the sample of its measure: a hit where the simulated figure is within the published interval."""
    found, around = simulated(target, values, seed=seed), published(target)
    hit = bool(around.low <= found.value <= around.high)
    return Scored(target, found, around, hit, residual(target, found.value))
