"""One endpoint in two arms, or in one arm against a fixed share: the estimate with its interval, and the test.

Shares: difference with Newcombe's interval (Newcombe 1998, Statistics in Medicine 17:873, method 10) and Fisher's
exact test; against a fixed share the exact binomial test. Numbers: Mann and Whitney's test and the chance that a
treated patient has the greater value. Times: hazard ratio and logrank test. All tests are two-sided.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.trial import survival
from cartway.twin.trial.plan import Endpoint, kind_of, measure_of
from cartway.twin.trial.survival import Times

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Columns = Mapping[str, "Array"]
Z = 1.959964


class Summary(NamedTuple):
    """One arm: `known` of its patients could be judged; `estimate` is a share, a median or, of times, the median day,
    with an interval: 95% of a share, quartiles of a number, 95% of the median's curve left out for a time (NaN).
    """

    known: int
    of: int
    estimate: float
    low: float
    high: float


class Effect(NamedTuple):
    """The difference of shares, the hazard ratio, or the chance to have the greater number, with its 95% interval."""

    estimate: float
    low: float
    high: float
    p: float


def values_of(endpoint: Endpoint, columns: Columns) -> Array:
    """The endpoint's numbers of each patient, NaN where it could not be judged; shares are 0 and 1."""
    values = columns[measure_of(endpoint).column]
    if endpoint.at_least is None:
        return values
    return np.where(np.isnan(values), np.nan, values >= endpoint.at_least)


def times_of(endpoint: Endpoint, columns: Columns) -> Times:
    """The days of a time to an event."""
    measure = measure_of(endpoint)
    return Times(columns[measure.column], columns[measure.event] == 1)


def summary(endpoint: Endpoint, columns: Columns) -> Summary:
    """What one arm shows."""
    values = values_of(endpoint, columns)
    sound = values[np.isfinite(values)]
    known, of = len(sound), len(values)
    match kind_of(endpoint):
        case "share":
            return Summary(known, of, *share_of(int(sound.sum()), known))
        case "number":
            told = np.quantile(sound, (0.5, 0.25, 0.75)).tolist() if known else [math.nan] * 3
            return Summary(known, of, *told)
        case "time":
            curve = survival.curve_of(times_of(endpoint, columns))
            return Summary(known, of, survival.median_of(curve), math.nan, math.nan)


def share_of(hits: int, of: int) -> tuple[float, float, float]:
    """A share with Wilson's 95% interval; NaN of nobody."""
    if not of:
        return math.nan, math.nan, math.nan
    p = hits / of
    middle, half = (p + Z**2 / (2 * of)), Z * math.sqrt(p * (1 - p) / of + Z**2 / (4 * of**2))
    return p, max(0.0, (middle - half) / (1 + Z**2 / of)), min(1.0, (middle + half) / (1 + Z**2 / of))


def effect(endpoint: Endpoint, treated: Columns, control: Columns) -> Effect:
    """How the treated differ from the control."""
    match kind_of(endpoint):
        case "share":
            return _shares(values_of(endpoint, treated), values_of(endpoint, control))
        case "number":
            return _numbers(values_of(endpoint, treated), values_of(endpoint, control))
        case "time":
            return Effect(*survival.compare(times_of(endpoint, treated), times_of(endpoint, control)))


def effect_against(endpoint: Endpoint, arm: Columns) -> Effect:
    """How far a share lies from the fixed one, and the exact binomial test of it. NaN where nobody could be judged."""
    from scipy import stats

    values = values_of(endpoint, arm)
    sound = values[np.isfinite(values)]
    fixed = endpoint.against or 0.0
    if not len(sound):
        return Effect(math.nan, math.nan, math.nan, math.nan)
    share, low, high = share_of(int(sound.sum()), len(sound))
    p = float(stats.binomtest(int(sound.sum()), len(sound), fixed).pvalue)
    return Effect(share - fixed, low - fixed, high - fixed, p)


def _shares(treated: Array, control: Array) -> Effect:
    from scipy import stats

    a, b = treated[np.isfinite(treated)], control[np.isfinite(control)]
    if not len(a) or not len(b):
        return Effect(math.nan, math.nan, math.nan, math.nan)
    (p, p_low, p_high), (q, q_low, q_high) = share_of(int(a.sum()), len(a)), share_of(int(b.sum()), len(b))
    table = [[int(a.sum()), len(a) - int(a.sum())], [int(b.sum()), len(b) - int(b.sum())]]
    low, high = math.hypot(p - p_low, q_high - q), math.hypot(p_high - p, q - q_low)
    return Effect(p - q, p - q - low, p - q + high, float(stats.fisher_exact(table).pvalue))


def _numbers(treated: Array, control: Array) -> Effect:
    """The chance that a treated patient has the greater number (ties count half), its interval by Hanley and McNeil
    1982, doi 10.1148/radiology.143.1.7063747.
    """
    from scipy import stats

    a, b = treated[np.isfinite(treated)], control[np.isfinite(control)]
    if not len(a) or not len(b):
        return Effect(math.nan, math.nan, math.nan, math.nan)
    found = stats.mannwhitneyu(a, b)
    chance = float(found.statistic) / (len(a) * len(b))
    first, second = chance / (2 - chance), 2 * chance**2 / (1 + chance)
    spread = chance * (1 - chance) + (len(a) - 1) * (first - chance**2) + (len(b) - 1) * (second - chance**2)
    half = Z * math.sqrt(max(0.0, spread) / (len(a) * len(b)))
    return Effect(chance, max(0.0, chance - half), min(1.0, chance + half), float(found.pvalue))
