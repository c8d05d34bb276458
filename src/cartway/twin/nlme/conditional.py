"""Each subject's parameters given its values, at the estimate: weighted draws, from which all that is told afterwards comes.

Chains give a first mean and covariance; a t distribution (5 degrees of freedom) about them is drawn from, and each draw
weighs as much as the subject's own density has over it. Draws are independent, so that what is averaged over them does not
depend on how well a chain moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import gammaln, logsumexp

from cartway.twin.nlme.chains import Chains, sweep
from cartway.twin.nlme.design import Design, Estimate

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array

FREEDOM = 5.0
WIDER = 1.2
AT_ONCE = 100
FIRST = 500


class Draws(NamedTuple):
    """m weighted draws of n subjects: `phi` float64[m, n, R]; `weight` [m, n], adding to 1 for each subject; `height` [n],
    the logarithm of each subject's likelihood; `effective` [n], effective sample sizes.
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
    """`minus_twice` log-likelihood with its Monte Carlo `error` (standard deviation); `effective`: the smallest effective
    sample size of a subject.
    """

    minus_twice: float
    error: float
    effective: float


def draws(
    design: Design, estimate: Estimate, chains: Chains, sweeps: int, number: int, random: np.random.Generator
) -> Draws:
    """Weighted draws at an estimate: after `sweeps` of the chains a first few draws, then `number` about what those found."""
    mean, covariance = _of_chains(design, estimate, chains, sweeps, random)
    first = weighted(design, estimate, mean, covariance, FIRST, random)
    sound = (first.effective > 10 * mean.shape[1])[:, None]
    mean = np.where(sound, first.mean, mean)
    covariance = np.where(sound[..., None], first.covariance, covariance)
    return weighted(design, estimate, mean, covariance, number, random)


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
    design: Design, estimate: Estimate, mean: Array, covariance: Array, number: int, random: np.random.Generator
) -> Draws:
    """Draws about means [n, R] with covariances [n, R, R], weighed by the subjects' own density."""
    floor = 1e-6 * np.diag(np.diag(estimate.omega))
    root = np.asarray(np.linalg.cholesky(WIDER * covariance + floor))
    rounds = [_round(design, estimate, mean, root, random) for _ in range(-(-number // AT_ONCE))]
    phi = np.concatenate([each[0] for each in rounds])
    logs = np.concatenate([each[1] for each in rounds])
    height = logsumexp(logs, axis=0)
    weight = np.exp(logs - height)
    return Draws(phi, weight, height - np.log(len(phi)), 1 / np.sum(weight * weight, axis=0))


def _round(
    design: Design, estimate: Estimate, mean: Array, root: Array, random: np.random.Generator
) -> tuple[Array, Array]:
    """Draws [AT_ONCE, n, R], and the logarithm of density over proposal [AT_ONCE, n]."""
    n, r = mean.shape
    noise = random.standard_normal((AT_ONCE, n, r)) / np.sqrt(random.chisquare(FREEDOM, (AT_ONCE, n, 1)) / FREEDOM)
    phi = mean + np.einsum("nij,knj->kni", root, noise)
    log_root = np.log(np.diagonal(root, axis1=1, axis2=2)).sum(axis=1)
    constant = gammaln((FREEDOM + r) / 2) - gammaln(FREEDOM / 2) - 0.5 * r * np.log(FREEDOM * np.pi)
    square = np.sum(noise * noise, axis=-1)
    proposal = constant - log_root - 0.5 * (FREEDOM + r) * np.log1p(square / FREEDOM)
    typical = design.typical(estimate.coefficients)
    away = phi - typical[:, design.varying]
    prior = -0.5 * np.einsum("kni,ij,knj->kn", away, np.linalg.inv(estimate.omega), away)
    prior -= 0.5 * (np.linalg.slogdet(estimate.omega)[1] + r * np.log(2 * np.pi))
    return phi, design.log_likelihood(phi, typical, estimate.sigma) + prior - proposal
