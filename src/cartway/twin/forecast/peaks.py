"""Where readings are best explained: Gauss and Newton's method from several starts at once, damped as by Levenberg
and Marquardt, with derivatives by finite differences; on each side of what falls one way or the other by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.forecast.coins import Space
from cartway.twin.forecast.likelihood import Readings, log_likelihood, slope_and_weight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

Expect = Callable[["Array"], "Array"]
"""From normals float64[n, d] to what m readings are expected to be, float64[n, m]."""

STEP = 0.05  # of finite differences, in standard deviations of the prior
LONGEST = 4.0  # a step of the climb, likewise
TOLD = 0.2  # information, of the prior's, from which on a direction is one that the readings speak of
FARTHEST = 12.0  # below the best explanation, in logarithms of probability, a peak counts no more


class Peak(NamedTuple):
    """A best explanation: free normals `at` float64[f], on which side, its log posterior and information [f, f]."""

    at: Array
    side: int
    log: float
    information: Array


class Search(NamedTuple):
    """What is searched: what is expected of normals, the readings, and the space of the normals."""

    expect: Expect
    readings: Readings
    space: Space

    def look(self, at: Array, side: Places) -> tuple[Array, Array]:
        """What is expected at free points float64[k, f], float64[k, m], and their log posteriors float64[k]."""
        values = self.expect(self.space.held(at, side))
        prior = np.array([each.log for each in self.space.sides])[side] - 0.5 * (at**2).sum(axis=1)
        return values, log_likelihood(values, self.readings) + prior

    def jacobians(self, at: Array, side: Places, values: Array) -> Array:
        """Derivatives of what is expected at k points, float64[k, m, f], by forward differences."""
        k, f = at.shape
        moved = (at[:, None, :] + STEP * np.eye(f)[None]).reshape(k * f, f)
        change = self.expect(self.space.held(moved, np.repeat(side, f))).reshape(k, f, -1) - values[:, None, :]
        return np.nan_to_num(change / STEP).transpose(0, 2, 1)


def find_peaks(search: Search, rng: np.random.Generator, pilots: int, starts: int, climbs: int) -> list[Peak]:
    """The best explanations found, best first, those that are the same told once: from the middle of the population
    and the best of `pilots` draws on each side.
    """
    sides, f = len(search.space.sides), len(search.space.free)
    at = np.concatenate([np.zeros((sides, f)), rng.standard_normal((pilots, f))])
    side = np.arange(len(at)) % sides
    _, scores = search.look(at, side)
    best = np.argsort(-scores, kind="stable")
    chosen = [best[(side[best] == each) & (best >= sides)][:starts] for each in range(sides)]
    begin = np.concatenate([*chosen, np.arange(sides)])
    return _apart(_climb(search, at[begin], side[begin], climbs))


def _climb(search: Search, at: Array, side: Places, climbs: int) -> list[Peak]:
    """Steps from all starts at once."""
    damp = np.ones(len(at))
    values, scores = search.look(at, side)
    slopes = search.jacobians(at, side, values)
    for _ in range(climbs):
        step = _steps(slopes, values, search.readings, at, damp)
        tried_values, tried = search.look(at + step, side)
        better = tried > scores
        at = np.where(better[:, None], at + step, at)
        gain = np.where(better, tried - scores, 0.0)
        damp = np.where(better, damp / 5, damp * 6)
        values, scores = np.where(better[:, None], tried_values, values), np.where(better, tried, scores)
        if gain.max() < 1e-2 and (damp > 1e-3).all():
            break
        if better.any():
            slopes[better] = search.jacobians(at[better], side[better], values[better])
    _, weight = slope_and_weight(values, search.readings)
    information = np.einsum("kmd,km,kme->kde", slopes, weight, slopes)
    order = np.argsort(-scores, kind="stable")
    return [Peak(at[k], int(side[k]), float(scores[k]), information[k]) for k in order]


def _steps(slopes: Array, values: Array, readings: Readings, at: Array, damp: Array) -> Array:
    slope, weight = slope_and_weight(np.nan_to_num(values), readings)
    uphill = np.einsum("kmd,km->kd", slopes, slope) - at
    bent = np.einsum("kmd,km,kme->kde", slopes, weight, slopes)
    bent = bent + (1 + damp)[:, None, None] * np.eye(at.shape[1])
    step = np.linalg.solve(bent, uphill[..., None])[..., 0]
    length = np.linalg.norm(step, axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, LONGEST / np.maximum(length, 1e-12)), np.float64)


def _apart(peaks: list[Peak]) -> list[Peak]:
    """Those that are no other's neighbor on their side, and explain nearly as well as the best."""
    kept: list[Peak] = []
    for peak in peaks:
        near = any(peak.side == other.side and np.linalg.norm(peak.at - other.at) < 1.0 for other in kept)
        if not near and (not kept or peak.log > kept[0].log - FARTHEST):
            kept.append(peak)
    return kept


def told_directions(peaks: list[Peak]) -> Array:
    """The directions among the free normals of which the readings tell (Cui 2014, doi 10.1088/0266-5611/30/11/114015),
    as columns by falling information, which all peaks share: float64[f, r].
    """
    information = sum(peak.information for peak in peaks) / len(peaks)
    amount, vectors = np.linalg.eigh(information)
    told = amount > TOLD
    told[-1] = True
    return np.asarray(vectors[:, told][:, ::-1], np.float64)
