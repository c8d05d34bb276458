"""Draws from what is likely after the readings: adaptive importance sampling where the prior is standard normal.

1. Where readings are best explained is searched from several starts by Gauss and Newton's method, with the derivatives
   by finite differences: a few hundred courses on the fast solver.
2. The directions in which the readings say anything (Cui 2014, doi 10.1088/0266-5611/30/11/114015) are
   sampled from a fitted mixture of Student's t; across all others the prior is drawn as it is, which costs no weight.
3. Rounds of draws are weighted against the mixture of all rounds (Cornuet 2012, doi 10.1111/j.1467-9469.2011.00756.x),
   and the mixture is fitted to them anew, until the effective sample size is reached or the draws are spent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.forecast.likelihood import Readings, log_likelihood, slope_and_weight

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Expect = Callable[["Array"], "Array"]
"""From normals float64[n, d] to what m readings are expected to be, float64[n, m]."""

STREAM = 0xF04ECA57
"""Keeps the randomness of forecasts apart from what made and reads patients."""
TAIL = 7.0  # degrees of freedom of the t that draws are proposed from
TOLD = 0.2  # information, of the prior's, from which on a direction is one that the readings speak of
WIDER = 1.15
STEP = 0.05  # of finite differences, in standard deviations of the prior


class Effort(NamedTuple):
    """How much may be spent. `enough`: effective sample size aimed at; `most`: draws; `first`: draws of round one."""

    enough: float = 600.0
    most: int = 60_000
    first: int = 1_000
    pilots: int = 400
    starts: int = 3
    climbs: int = 12


class Weighted(NamedTuple):
    """Draws float64[n, d] with weights float64[n] (sum 1). `ess`: effective sample size, 1 / sum of squared weights;
    `peak`: the best explanation found, float64[d]; `surprise`: its squared distance from prior and numbers together,
    chi-squared with `numbers` degrees of freedom where the model is right and nearly linear.
    """

    draws: Array
    weights: Array
    ess: float
    peak: Array
    surprise: float
    numbers: int


class Peak(NamedTuple):
    at: Array
    log: float
    information: Array


class Part(NamedTuple):
    """One t of the mixture: its share, center float64[r], and the root of its spread, float64[r, r] (lower)."""

    share: float
    center: Array
    root: Array


def sample(expect: Expect, readings: Readings, dimensions: int, rng: np.random.Generator, effort: Effort) -> Weighted:
    """Weighted draws from the distribution after the readings; those of the prior itself where there are none."""
    if not len(readings.low):
        draws = rng.standard_normal((max(int(effort.enough), 1), dimensions))
        return Weighted(draws, np.full(len(draws), 1 / len(draws)), float(len(draws)), np.zeros(dimensions), 0.0, 0)
    peaks = find_peaks(expect, readings, dimensions, rng, effort)
    basis = told_directions(peaks)
    found = _rounds(expect, readings, basis, _parts(peaks, basis), rng, effort)
    best = peaks[0].at
    return Weighted(*found, best, _surprise(expect, readings, best), int(readings.exact.sum()))


def _surprise(expect: Expect, readings: Readings, at: Array) -> float:
    """Squared misfit of the numbers at a point, and its squared distance from the middle of the prior."""
    expected, exact = expect(at[None])[0], readings.exact
    number = readings.take(exact)
    return float((((number.low - expected[exact]) / number.sd) ** 2).sum() + at @ at)


# Where the readings are best explained


def find_peaks(
    expect: Expect, readings: Readings, dimensions: int, rng: np.random.Generator, effort: Effort
) -> list[Peak]:
    """The best explanations found, best first, those that are the same told once."""
    pilots = np.concatenate([np.zeros((1, dimensions)), rng.standard_normal((effort.pilots, dimensions))])
    scores = log_likelihood(expect(pilots), readings) - 0.5 * (pilots**2).sum(axis=1)
    starts = pilots[np.argsort(-scores, kind="stable")[: effort.starts]]
    at = np.concatenate([starts, np.zeros((1, dimensions))])
    return _apart(_climb(expect, readings, at, effort.climbs))


def _climb(expect: Expect, readings: Readings, at: Array, climbs: int) -> list[Peak]:
    """Levenberg and Marquardt's steps from all starts at once."""
    damp = np.ones(len(at))
    values, scores = _look(expect, readings, at)
    slopes = _jacobians(expect, at, values)
    for _ in range(climbs):
        step = _steps(slopes, values, readings, at, damp)
        tried_values, tried = _look(expect, readings, at + step)
        better = tried > scores
        at = np.where(better[:, None], at + step, at)
        gain = np.where(better, tried - scores, 0.0)
        damp = np.where(better, damp / 5, damp * 6)
        values, scores = np.where(better[:, None], tried_values, values), np.where(better, tried, scores)
        if gain.max() < 1e-2 and (damp > 1e-3).all():
            break
        if better.any():
            slopes[better] = _jacobians(expect, at[better], values[better])
    _, weight = slope_and_weight(values, readings)
    information = np.einsum("kmd,km,kme->kde", slopes, weight, slopes)
    return [Peak(at[k], float(scores[k]), information[k]) for k in np.argsort(-scores, kind="stable")]


def _look(expect: Expect, readings: Readings, at: Array) -> tuple[Array, Array]:
    values = expect(at)
    return values, log_likelihood(values, readings) - 0.5 * (at**2).sum(axis=1)


def _jacobians(expect: Expect, at: Array, values: Array) -> Array:
    """Derivatives of what is expected at k points, float64[k, m, d], by forward differences."""
    k, d = at.shape
    moved = (at[:, None, :] + STEP * np.eye(d)[None]).reshape(k * d, d)
    change = (expect(moved).reshape(k, d, -1) - values[:, None, :]) / STEP
    return np.nan_to_num(change).transpose(0, 2, 1)


def _steps(slopes: Array, values: Array, readings: Readings, at: Array, damp: Array) -> Array:
    slope, weight = slope_and_weight(np.nan_to_num(values), readings)
    uphill = np.einsum("kmd,km->kd", slopes, slope) - at
    bent = np.einsum("kmd,km,kme->kde", slopes, weight, slopes)
    bent = bent + (1 + damp)[:, None, None] * np.eye(at.shape[1])
    step = np.linalg.solve(bent, uphill[..., None])[..., 0]
    length = np.linalg.norm(step, axis=1, keepdims=True)
    return np.asarray(step * np.minimum(1.0, 4.0 / np.maximum(length, 1e-12)), np.float64)


def _apart(peaks: list[Peak]) -> list[Peak]:
    """Those that are no other's neighbor, and explain nearly as well as the best."""
    kept: list[Peak] = []
    for peak in peaks:
        near = any(np.linalg.norm(peak.at - other.at) < 1.0 for other in kept)
        if not near and (not kept or peak.log > kept[0].log - 12.0):
            kept.append(peak)
    return kept


def told_directions(peaks: list[Peak]) -> Array:
    """The directions of which the readings tell, as columns, and all others after them: float64[d, d], and how many.

    Directions stand by falling information, which the last peaks share.
    """
    information = sum(peak.information for peak in peaks) / len(peaks)
    amount, vectors = np.linalg.eigh(information)
    told = amount > TOLD
    told[-1] = True
    return np.asarray(vectors[:, told][:, ::-1], np.float64)


# Rounds of draws


def _parts(peaks: list[Peak], basis: Array) -> list[Part]:
    best = peaks[0].log
    shares = np.array([max(np.exp(max(peak.log - best, -3.0)), 0.05) for peak in peaks])
    spreads = [np.linalg.inv(basis.T @ peak.information @ basis + np.eye(basis.shape[1])) for peak in peaks]
    return [
        Part(float(share), basis.T @ peak.at, _root(np.asarray(spread, np.float64)))
        for share, spread, peak in zip(shares / shares.sum(), spreads, peaks, strict=True)
    ]


def _root(spread: Array) -> Array:
    """The lower root of a covariance, which is made positive where rounding left it otherwise."""
    amount, vectors = np.linalg.eigh((spread + spread.T) / 2)
    return np.asarray(np.linalg.cholesky((vectors * np.maximum(amount, 1e-10)) @ vectors.T * WIDER), np.float64)


def _rounds(
    expect: Expect, readings: Readings, basis: Array, parts: list[Part], rng: np.random.Generator, effort: Effort
) -> tuple[Array, Array, float]:
    told = np.empty((0, basis.shape[1]))
    draws, posterior = np.empty((0, len(basis))), np.empty(0)
    mixtures: list[list[Part]] = []
    sizes: list[int] = []
    size = effort.first
    while True:
        fresh = _propose(parts, size, rng)
        rest = rng.standard_normal((size, len(basis)))
        whole = fresh @ basis.T + rest - (rest @ basis) @ basis.T
        told, draws = np.concatenate([told, fresh]), np.concatenate([draws, whole])
        log = log_likelihood(expect(whole), readings) - 0.5 * (fresh**2).sum(axis=1)
        posterior = np.concatenate([posterior, log])
        mixtures.append(parts)
        sizes.append(size)
        weights, ess = _weigh(posterior, told, mixtures, sizes)
        if ess >= effort.enough or len(draws) >= effort.most:
            return draws, weights, ess
        parts = _refit(told, weights, parts)
        size = min(2 * size, effort.most - len(draws), 8 * effort.first)


def _propose(parts: list[Part], size: int, rng: np.random.Generator) -> Array:
    which = rng.choice(len(parts), size, p=[part.share for part in parts])
    normal = rng.standard_normal((size, len(parts[0].center)))
    stretch = np.sqrt(TAIL / rng.chisquare(TAIL, size))
    out = np.empty_like(normal)
    for k, part in enumerate(parts):
        mine = which == k
        out[mine] = part.center + (normal[mine] @ part.root.T) * stretch[mine, None]
    return out


def _log_mixture(told: Array, parts: list[Part]) -> Array:
    """log of the mixture's density, but for what is the same for all mixtures of the same number of directions."""
    each = np.stack([np.log(part.share) + _log_t(told, part) for part in parts])
    return np.asarray(np.logaddexp.reduce(each, axis=0), np.float64)


def _log_t(told: Array, part: Part) -> Array:
    from scipy.linalg import solve_triangular

    scaled = solve_triangular(part.root, (told - part.center).T, lower=True)
    distance = (scaled**2).sum(axis=0)
    return np.asarray(
        -np.log(np.diag(part.root)).sum() - 0.5 * (TAIL + told.shape[1]) * np.log1p(distance / TAIL), np.float64
    )


def _weigh(posterior: Array, told: Array, mixtures: list[list[Part]], sizes: list[int]) -> tuple[Array, float]:
    """Weights against the mixture of all rounds, and the effective sample size. All zero likelihoods weigh alike."""
    proposed = np.logaddexp.reduce(
        np.stack([np.log(size) + _log_mixture(told, parts) for size, parts in zip(sizes, mixtures, strict=True)])
    )
    logs = posterior - proposed
    top = logs.max()
    weights = np.exp(logs - top) if np.isfinite(top) else np.ones_like(logs)
    weights /= weights.sum()
    return weights, float(1 / (weights**2).sum())


def _refit(told: Array, weights: Array, parts: list[Part]) -> list[Part]:
    """The mixture fitted to weighted draws: one step of expectation and maximization (Cappe 2008,
    doi 10.1007/s11222-008-9059-x), with weights leveled until they stand for enough draws.
    """
    level = _leveled(weights, 3.0 * told.shape[1])
    logs = np.stack([np.log(part.share) + _log_t(told, part) for part in parts])
    owner = np.exp(logs - np.logaddexp.reduce(logs, axis=0))
    return _shares([_refitted(told, level * owner[k], part) for k, part in enumerate(parts)])


def _refitted(told: Array, weights: Array, part: Part) -> Part:
    share = float(weights.sum())
    if share < 1e-3:
        return Part(1e-3, part.center, part.root)
    own = weights / share
    trust = 1 / (own**2).sum()
    trust = trust / (trust + 2 * told.shape[1])
    center = own @ told
    apart = told - center
    spread = trust * (apart.T * own) @ apart + (1 - trust) * part.root @ part.root.T / WIDER
    return Part(share, trust * center + (1 - trust) * part.center, _root(spread))


def _shares(parts: list[Part]) -> list[Part]:
    total = sum(part.share for part in parts)
    return [part._replace(share=part.share / total) for part in parts]


def _leveled(weights: Array, enough: float) -> Array:
    """Weights to the greatest power up to 1 at which they stand for `enough` draws."""
    power = 1.0
    while power > 0.02:
        level = weights**power
        level /= level.sum()
        if 1 / (level**2).sum() >= min(enough, 0.5 * len(weights)):
            return level
        power *= 0.8
    return np.asarray(np.full(len(weights), 1 / len(weights)), np.float64)
