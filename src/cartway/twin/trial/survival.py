"""Times to an event that some have not met: Kaplan and Meier's curve, the logrank test, the hazard ratio of Peto.

Curve and test are scipy's. Kaplan and Meier 1958, doi 10.1080/01621459.1958.10501452; Peto and Pike in Yusuf 1985,
doi 10.1016/S0033-0620(85)80003-7.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Times(NamedTuple):
    """Days float64[n] and whether each is an event bool[n]; else the patient was last seen free of it then."""

    days: Array
    event: NDArray[np.bool_]

    def known(self) -> Times:
        """Those whose day is known."""
        there = np.isfinite(self.days)
        return Times(self.days[there], self.event[there])


class Curve(NamedTuple):
    """A survival curve: from each of `days` on it has the value `share`, with its 95% interval (log-log)."""

    days: Array
    share: Array
    low: Array
    high: Array


class Ratio(NamedTuple):
    """A hazard ratio with its 95% interval, and the two-sided p of the logrank test; NaN where nobody met the event."""

    ratio: float
    low: float
    high: float
    p: float


def curve_of(times: Times) -> Curve:
    """Kaplan and Meier's curve from day 0, where all are free of the event."""
    from scipy import stats

    sound = times.known()
    if not len(sound.days):
        return Curve(np.zeros(1), np.ones(1), np.ones(1), np.ones(1))
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)  # the interval of a curve that is 1 or 0 has no logarithm
        found = stats.ecdf(_censored(sound)).sf
        within = found.confidence_interval(method="log-log")
    days, share = np.asarray(found.quantiles, float), np.asarray(found.probabilities, float)
    low, high = (_bounded(each.probabilities, share) for each in (within.low, within.high))
    return Curve(
        *(np.concatenate([[first], each]) for first, each in ((0.0, days), (1.0, share), (1.0, low), (1.0, high)))
    )


def _bounded(bound: Any, share: Array) -> Array:
    """The bound, or the curve itself where it has none: nobody has met the event yet, or nobody is left."""
    found = np.asarray(bound, float)
    return np.where(np.isfinite(found), found, share)


def at(curve: Curve, day: float) -> tuple[float, float, float]:
    """The curve and its interval at a day."""
    i = int(np.searchsorted(curve.days, day, "right")) - 1
    return float(curve.share[i]), float(curve.low[i]), float(curve.high[i])


def median_of(curve: Curve) -> float:
    """The first day at which half or fewer are free of the event; NaN where more are to the end."""
    below = np.flatnonzero(curve.share <= 0.5)
    return float(curve.days[below[0]]) if below.size else math.nan


def at_risk(times: Times, days: Array) -> NDArray[np.int64]:
    """How many are still watched and free of the event just before each of `days`."""
    sound = times.known()
    return np.array([int((sound.days >= day).sum()) for day in days], np.int64)


def compare(treated: Times, control: Times) -> Ratio:
    """The logrank test, and Peto's hazard ratio of the treated: exp((O - E) / V), below 1 where they fare better."""
    from scipy import stats

    a, b = treated.known(), control.known()
    observed, expected, variance = _differences(a, b)
    if variance <= 0:
        return Ratio(math.nan, math.nan, math.nan, math.nan)
    p = float(stats.logrank(_censored(a), _censored(b)).pvalue)
    middle, half = (observed - expected) / variance, 1.959964 / math.sqrt(variance)
    return Ratio(math.exp(middle), math.exp(middle - half), math.exp(middle + half), p)


def _differences(a: Times, b: Times) -> tuple[float, float, float]:
    """Events among `a`: observed, expected under equal hazards, and the hypergeometric variance."""
    days = np.unique(np.concatenate([a.days[a.event], b.days[b.event]]))
    risk_a, risk_b = (_remaining(each.days, days) for each in (a, b))
    hit_a, hit_b = (_hits(each.days[each.event], days) for each in (a, b))
    risk, hits = risk_a + risk_b, hit_a + hit_b
    several = risk > 1
    variance = np.zeros(len(days))
    variance[several] = (hits * risk_a * risk_b * (risk - hits))[several] / (risk**2 * (risk - 1.0))[several]
    return float(hit_a.sum()), float((hits * risk_a / np.maximum(risk, 1)).sum()), float(variance.sum())


def _remaining(days: Array, moments: Array) -> Array:
    return np.asarray(len(days) - np.searchsorted(np.sort(days), moments, "left"), np.float64)


def _hits(days: Array, moments: Array) -> Array:
    ordered = np.sort(days)
    return np.asarray(
        np.searchsorted(ordered, moments, "right") - np.searchsorted(ordered, moments, "left"), np.float64
    )


def _censored(times: Times) -> Any:
    from scipy import stats

    return stats.CensoredData(uncensored=times.days[times.event], right=times.days[~times.event])
