"""What draws are proposed from: a mixture of Student's t, each part on one side of what falls one way or the other,
fitted anew to weighted draws (Cappe 2008, doi 10.1007/s11222-008-9059-x).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.forecast.peaks import Peak

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

TAIL = 7.0  # degrees of freedom of the t that draws are proposed from
WIDER = 1.15
LEAST_SHARE = 1e-3


class Part(NamedTuple):
    """One t of the mixture: its share and side, center float64[r], and the lower root of its spread, float64[r, r]."""

    share: float
    side: int
    center: Array
    root: Array


def parts_of(peaks: list[Peak], basis: Array) -> list[Part]:
    """A part for each peak, as wide as the information there says."""
    best = peaks[0].log
    shares = np.array([max(np.exp(max(peak.log - best, -3.0)), 0.05) for peak in peaks])
    spreads = [np.linalg.inv(basis.T @ peak.information @ basis + np.eye(basis.shape[1])) for peak in peaks]
    return [
        Part(float(share), peak.side, basis.T @ peak.at, _root(np.asarray(spread, np.float64)))
        for share, spread, peak in zip(shares / shares.sum(), spreads, peaks, strict=True)
    ]


def _root(spread: Array) -> Array:
    """The lower root of a covariance, which is made positive where rounding left it otherwise."""
    amount, vectors = np.linalg.eigh((spread + spread.T) / 2)
    return np.asarray(np.linalg.cholesky((vectors * np.maximum(amount, 1e-10)) @ vectors.T * WIDER), np.float64)


def propose(parts: list[Part], size: int, rng: np.random.Generator) -> tuple[Array, Places]:
    """Draws float64[size, r] from the mixture, and their sides int64[size]."""
    which = rng.choice(len(parts), size, p=[part.share for part in parts])
    normal = rng.standard_normal((size, len(parts[0].center)))
    stretch = np.sqrt(TAIL / rng.chisquare(TAIL, size))
    out = np.empty_like(normal)
    for k, part in enumerate(parts):
        mine = which == k
        out[mine] = part.center + (normal[mine] @ part.root.T) * stretch[mine, None]
    return out, np.array([part.side for part in parts], np.int64)[which]


def log_density(told: Array, side: Places, parts: list[Part]) -> Array:
    """log of the mixture's density, but for what is the same for all mixtures of the same number of directions."""
    return np.asarray(np.logaddexp.reduce(_log_parts(told, side, parts), axis=0), np.float64)


def _log_parts(told: Array, side: Places, parts: list[Part]) -> Array:
    """Of each part, float64[parts, n]; nothing of it lies on another side."""
    each = np.full((len(parts), len(told)), -np.inf)
    for k, part in enumerate(parts):
        mine = side == part.side
        each[k, mine] = np.log(part.share) + _log_t(told[mine], part)
    return each


def _log_t(told: Array, part: Part) -> Array:
    from scipy.linalg import solve_triangular

    scaled = solve_triangular(part.root, (told - part.center).T, lower=True)
    distance = (scaled**2).sum(axis=0)
    return np.asarray(
        -np.log(np.diag(part.root)).sum() - 0.5 * (TAIL + told.shape[1]) * np.log1p(distance / TAIL), np.float64
    )


def refit(told: Array, side: Places, weights: Array, parts: list[Part]) -> list[Part]:
    """The mixture fitted to weighted draws: one step of expectation and maximization, with weights leveled until they
    stand for enough draws.
    """
    level = _leveled(weights, 3.0 * told.shape[1])
    logs = _log_parts(told, side, parts)
    owner = np.exp(logs - np.logaddexp.reduce(logs, axis=0))
    return _shares([_refitted(told, level * owner[k], part) for k, part in enumerate(parts)])


def _refitted(told: Array, weights: Array, part: Part) -> Part:
    share = float(weights.sum())
    if share < LEAST_SHARE:
        return part._replace(share=LEAST_SHARE)
    own = weights / share
    trust = 1 / (own**2).sum()
    trust = trust / (trust + 2 * told.shape[1])
    center = own @ told
    apart = told - center
    spread = trust * (apart.T * own) @ apart + (1 - trust) * part.root @ part.root.T / WIDER
    return part._replace(share=share, center=trust * center + (1 - trust) * part.center, root=_root(spread))


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
