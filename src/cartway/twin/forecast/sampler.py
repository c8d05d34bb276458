"""Draws from what is likely after the readings: adaptive importance sampling where the prior is standard normal.

1. Where readings are best explained is searched (`peaks`), on each side of what falls one way or the other (`coins`).
2. The directions in which the readings say anything are sampled from a fitted mixture (`mixture`); across all others
   the prior is drawn as it is, which costs no weight.
3. Rounds of draws are weighted against the mixture of all rounds (Cornuet 2012, doi 10.1111/j.1467-9469.2011.00756.x),
   and the mixture is fitted to them anew, until the effective sample size is reached or the draws are spent.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.forecast.coins import Coin, space_of
from cartway.twin.forecast.likelihood import Readings, log_likelihood
from cartway.twin.forecast.mixture import Part, log_density, parts_of, propose, refit
from cartway.twin.forecast.peaks import Expect, Search, find_peaks, told_directions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

STREAM = 0xF04ECA57
"""Keeps the randomness of forecasts apart from what made and reads patients."""


class Effort(NamedTuple):
    """How much may be spent. `enough`: effective sample size aimed at; `most`: draws; `first`: draws of round one.

    `pilots`, `starts`, `climbs`: draws among which the search's starts are chosen, how many on each side, and steps.
    """

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


def sample(
    expect: Expect,
    readings: Readings,
    dimensions: int,
    rng: np.random.Generator,
    effort: Effort,
    coins: Sequence[Coin] = (),
) -> Weighted:
    """Weighted draws from the distribution after the readings; those of the prior itself where there are none."""
    if not len(readings.low):
        draws = rng.standard_normal((max(int(effort.enough), 1), dimensions))
        return Weighted(draws, np.full(len(draws), 1 / len(draws)), float(len(draws)), np.zeros(dimensions), 0.0, 0)
    search = Search(expect, readings, space_of(dimensions, coins))
    peaks = find_peaks(search, rng, effort.pilots, effort.starts, effort.climbs)
    basis = told_directions(peaks)
    rounds = Rounds(search, basis)
    best = peaks[0]
    surprise = _surprise(search, best.at, best.side)
    whole = search.space.held(best.at[None], np.array([best.side]))[0]
    weights, ess = rounds.go(parts_of(peaks, basis), rng, effort)
    return Weighted(rounds.draws, weights, ess, whole, surprise, int(readings.exact.sum()))


def _surprise(search: Search, at: Array, side: int) -> float:
    """Squared misfit of the numbers at a point, and its squared distance from the middle of the prior."""
    expected, exact = search.expect(search.space.held(at[None], np.array([side])))[0], search.readings.exact
    number = search.readings.take(exact)
    return float((((number.low - expected[exact]) / number.sd) ** 2).sum() + at @ at)


class Rounds:
    """The draws of all rounds so far: whole ones float64[n, d], along the told directions float64[n, r], their sides
    int64[n], log posteriors and log densities of all that was proposed, float64[n].
    """

    def __init__(self, search: Search, basis: Array) -> None:
        self.search, self.basis = search, basis
        self.draws, self.told = np.empty((0, search.space.dimensions)), np.empty((0, basis.shape[1]))
        self.side, self.posterior, self.proposed = np.empty(0, np.int64), np.empty(0), np.empty(0)
        self.before: list[tuple[int, list[Part]]] = []

    def go(self, parts: list[Part], rng: np.random.Generator, effort: Effort) -> tuple[Array, float]:
        """Rounds until the effort is spent or there are enough: the weights, and how many draws they are worth."""
        size = effort.first
        while True:
            self.add(parts, size, rng)
            weights, ess = self.weights()
            if ess >= effort.enough or len(self.draws) >= effort.most:
                return weights, ess
            parts = refit(self.told, self.side, weights, parts)
            size = min(2 * size, effort.most - len(self.draws), 8 * effort.first)

    def add(self, parts: list[Part], size: int, rng: np.random.Generator) -> None:
        """One round of draws from a mixture."""
        told, side = propose(parts, size, rng)
        whole = self._whole(told, side, rng)
        posterior = log_likelihood(self.search.expect(whole), self.search.readings) - 0.5 * (told**2).sum(axis=1)
        self.before.append((size, parts))
        self.proposed = np.logaddexp(self.proposed, np.log(size) + self._density(self.told, self.side, parts))
        fresh = [np.log(size) + self._density(told, side, parts) for size, parts in self.before]
        self.proposed = np.concatenate([self.proposed, np.logaddexp.reduce(np.stack(fresh), axis=0)])
        self.draws, self.told = np.concatenate([self.draws, whole]), np.concatenate([self.told, told])
        self.side, self.posterior = np.concatenate([self.side, side]), np.concatenate([self.posterior, posterior])

    def _whole(self, told: Array, side: Places, rng: np.random.Generator) -> Array:
        """Across the told directions, and within its side for each coin, the prior as it is."""
        space, n = self.search.space, len(told)
        whole, rest = np.empty((n, space.dimensions)), rng.standard_normal((n, len(space.free)))
        whole[:, space.free] = told @ self.basis.T + rest - (rest @ self.basis) @ self.basis.T
        for k, each in enumerate(space.sides):
            rows = np.flatnonzero(side == k)
            whole[np.ix_(rows, space.coins)] = each.thrown(len(rows), rng)
        return whole

    def _density(self, told: Array, side: Places, parts: list[Part]) -> Array:
        """log of a mixture's density against the prior of what is drawn as it is: coins within their side."""
        logs = np.array([each.log for each in self.search.space.sides])
        return np.asarray(log_density(told, side, parts) - logs[side], np.float64)

    def weights(self) -> tuple[Array, float]:
        """Weights against the mixture of all rounds, and the effective size. Where none is likely all weigh alike."""
        logs = self.posterior - self.proposed
        top = logs.max()
        weights = np.exp(logs - top) if np.isfinite(top) else np.ones_like(logs)
        weights /= weights.sum()
        return weights, float(1 / (weights**2).sum())
