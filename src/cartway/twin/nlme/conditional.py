"""Each subject's parameters given its values, at the estimate: weighted draws, from which all that is told afterwards
comes.

Chains give a first mean and covariance; a t distribution (5 degrees of freedom) about them is drawn from, and each
draw weighs as much as the subject's own density has over it. Draws are independent, so that what is averaged over them
does not depend on how well a chain moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import gammaln, logsumexp

from cartway.twin.nlme.chains import Chains, sweep
from cartway.twin.nlme.design import Design, Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.nlme.study import Array

FREEDOM = 5.0
WIDER = 1.2
AT_ONCE = 100
FIRST = 500
HARD, AGAIN, CENTERS, NARROWER = 0.2, 2, 20, 0.4
"""A subject whose draws are worth less than this share of them is drawn again, about some of its own heavier draws."""
DEFENSE = 0.2
"""This share is drawn from the population: no draw then weighs more than five times its likelihood (Hesterberg 1995,
doi 10.1080/00401706.1995.10484303).
"""


class _Proposal(NamedTuple):
    """Where draws come from: about one of `centers` [j, n, R], with the shape of `root` [n, R, R]."""

    centers: Array
    root: Array


class Draws(NamedTuple):
    """m weighted draws of n subjects: `phi` float64[m, n, R]; `weight` [m, n], adding to 1 for each subject; `height`
    [n], the logarithm of each subject's likelihood; `effective` [n], effective sample sizes.
    """

    phi: Array
    weight: Array
    height: Array
    effective: Array

    @property
    def mean(self) -> Array:
        """Each subject's conditional mean, [n, R]."""
        return np.asarray(np.einsum("mn,mnr->nr", self.weight, self.phi))

    @property
    def covariance(self) -> Array:
        """Each subject's conditional covariance, [n, R, R]."""
        away = self.phi - self.mean
        return np.asarray(np.einsum("mn,mni,mnj->nij", self.weight, away, away))


class Likelihood(NamedTuple):
    """`minus_twice` log-likelihood with its Monte Carlo `error` (standard deviation); `effective`: the smallest
    effective sample size of a subject.
    """

    minus_twice: float
    error: float
    effective: float


def draws(
    design: Design, estimate: Estimate, chains: Chains, sweeps: int, number: int, random: np.random.Generator
) -> Draws:
    """Weighted draws at an estimate: after `sweeps` of the chains a first few draws, then `number` about what those
    found.
    """
    mean, covariance = _of_chains(design, estimate, chains, sweeps, random)
    first = weighted(design, estimate, _about(estimate, mean, covariance), FIRST, random)
    sound = (first.effective > 10 * mean.shape[1])[:, None]
    mean = np.where(sound, first.mean, mean)
    covariance = np.where(sound[..., None], first.covariance, covariance)
    found = weighted(design, estimate, _about(estimate, mean, covariance), number, random)
    for _ in range(AGAIN):
        hard = found.effective < HARD * number
        if not hard.any():
            break
        again = weighted(design, estimate, _between(estimate, found, random), number, random)
        found = _better(found, again, hard & (again.effective > found.effective))
    return found


def _better(found: Draws, again: Draws, where: NDArray[np.bool_]) -> Draws:
    return Draws(
        np.where(where[:, None], again.phi, found.phi),
        np.where(where, again.weight, found.weight),
        np.where(where, again.height, found.height),
        np.where(where, again.effective, found.effective),
    )


def _about(estimate: Estimate, mean: Array, covariance: Array) -> _Proposal:
    floor = 1e-6 * np.diag(np.diag(estimate.omega))
    return _Proposal(mean[None], np.asarray(np.linalg.cholesky(WIDER * covariance + floor)))


def _between(estimate: Estimate, found: Draws, random: np.random.Generator) -> _Proposal:
    """About draws that weigh much, each narrower than the whole: what has two peaks or a long tail is met so."""
    heavy = np.cumsum(found.weight, axis=0)
    places = np.array([np.searchsorted(column, random.random(CENTERS) * column[-1]) for column in heavy.T])
    centers = found.phi[places.T, np.arange(len(places))]
    floor = 1e-6 * np.diag(np.diag(estimate.omega))
    return _Proposal(centers, np.asarray(np.linalg.cholesky(NARROWER * found.covariance + floor)))


def likelihood(found: Draws) -> Likelihood:
    """-2 log-likelihood of the values: what SAEM itself never works out."""
    variance = float(np.sum(np.maximum(1 / found.effective - 1 / len(found.phi), 0.0)))
    return Likelihood(-2 * float(found.height.sum()), 2 * variance**0.5, float(found.effective.min()))


def _of_chains(
    design: Design, estimate: Estimate, chains: Chains, sweeps: int, random: np.random.Generator
) -> tuple[Array, Array]:
    total, products = np.zeros_like(chains.mean), np.zeros_like(chains.spread)
    center = chains.phi.mean(axis=0)
    for _ in range(sweeps):
        chains = sweep(chains, design, estimate, random, learn=0.0)
        away = chains.phi - center
        total += away.mean(axis=0)
        products += np.einsum("kni,knj->nij", away, away) / len(away)
    mean = total / sweeps
    return center + mean, products / sweeps - np.einsum("ni,nj->nij", mean, mean)


def weighted(
    design: Design, estimate: Estimate, proposal: _Proposal, number: int, random: np.random.Generator
) -> Draws:
    """Draws of a proposal, weighed by the subjects' own density."""
    rounds = [_round(design, estimate, proposal, random) for _ in range(-(-number // AT_ONCE))]
    phi = np.concatenate([each[0] for each in rounds])
    logs = np.concatenate([each[1] for each in rounds])
    height = logsumexp(logs, axis=0)
    weight = np.exp(logs - height)
    return Draws(phi, weight, height - np.log(len(phi)), 1 / np.sum(weight * weight, axis=0))


def _round(design: Design, estimate: Estimate, proposal: _Proposal, random: np.random.Generator) -> tuple[Array, Array]:
    """Draws [AT_ONCE, n, R], and the logarithm of density over proposal [AT_ONCE, n]."""
    typical = design.typical(estimate.coefficients)
    center, wide = typical[:, design.varying], np.asarray(np.linalg.cholesky(estimate.omega))
    centers, root = proposal
    n, r = center.shape
    noise = random.standard_normal((AT_ONCE, n, r))
    near = noise / np.sqrt(random.chisquare(FREEDOM, (AT_ONCE, n, 1)) / FREEDOM)
    chosen = centers[random.integers(0, len(centers), (AT_ONCE, n)), np.arange(n)]
    population = random.random((AT_ONCE, n, 1)) < DEFENSE
    phi = np.where(population, center + noise @ wide.T, chosen + np.einsum("nij,knj->kni", root, near))
    prior = _log_normal(_whitened(phi - center, np.broadcast_to(wide, root.shape)), wide)
    heights = [_log_student(_whitened(phi - each, root), root) for each in centers]
    share = np.log((1 - DEFENSE) / len(centers))
    offered = np.logaddexp.reduce([np.log(DEFENSE) + prior, *(share + height for height in heights)])
    return phi, design.log_likelihood(phi, typical, estimate.sigma) + prior - offered


def _whitened(away: Array, root: Array) -> Array:
    """Squared lengths [k, n] of away [k, n, R] in units of the roots [n, R, R]."""
    scaled = np.linalg.solve(root, np.moveaxis(away, 0, -1))
    return np.asarray(np.sum(scaled * scaled, axis=1).T)


def _log_root(root: Array) -> Array:
    return np.asarray(np.log(np.diagonal(root, axis1=-2, axis2=-1)).sum(axis=-1))


def _log_normal(square: Array, root: Array) -> Array:
    return np.asarray(-0.5 * square - _log_root(root) - 0.5 * root.shape[-1] * np.log(2 * np.pi))


def _log_student(square: Array, root: Array) -> Array:
    r = root.shape[-1]
    constant = gammaln((FREEDOM + r) / 2) - gammaln(FREEDOM / 2) - 0.5 * r * np.log(FREEDOM * np.pi)
    return np.asarray(constant - _log_root(root) - 0.5 * (FREEDOM + r) * np.log1p(square / FREEDOM))
