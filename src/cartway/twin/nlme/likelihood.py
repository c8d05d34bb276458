"""-2 log-likelihood of the values by importance sampling: what SAEM itself never works out.

Each subject's parameters are drawn from a t distribution (5 degrees of freedom) about their conditional mean, with
their conditional covariance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import gammaln, logsumexp

from cartway.twin.nlme.design import Design, Estimate
from cartway.twin.nlme.information import Known

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array

FREEDOM = 5.0
AT_ONCE = 100


class Likelihood(NamedTuple):
    """`minus_twice` log-likelihood with its Monte Carlo `error` (standard deviation); `effective`: the smallest
    effective sample size of a subject.
    """

    minus_twice: float
    error: float
    effective: float


def likelihood(design: Design, estimate: Estimate, known: Known, draws: int, random: np.random.Generator) -> Likelihood:
    """The likelihood at an estimate, with `draws` for each subject."""
    root = np.linalg.cholesky(known.covariance * 1.2 + 1e-6 * np.diag(np.diag(estimate.omega)))
    rounds = [_weights(design, estimate, known.mean, np.asarray(root), random) for _ in range(-(-draws // AT_ONCE))]
    weights = np.concatenate(rounds)
    total = logsumexp(weights, axis=0)
    share = np.exp(weights - total)
    effective = 1 / np.sum(share * share, axis=0)
    variance = np.sum(np.maximum(1 / effective - 1 / len(weights), 0.0))
    minus_twice = -2 * float(np.sum(total - np.log(len(weights))))
    return Likelihood(minus_twice, 2 * float(np.sqrt(variance)), float(effective.min()))


def _weights(design: Design, estimate: Estimate, mean: Array, root: Array, random: np.random.Generator) -> Array:
    """Log of density over proposal, float64[AT_ONCE, n]."""
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
    return np.asarray(design.log_likelihood(phi, typical, estimate.sigma) + prior - proposal)
