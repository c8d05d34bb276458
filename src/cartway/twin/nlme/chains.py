"""Each subject's parameters given its values: Metropolis chains, one step of which is a few kernels for all subjects
at once.

Kernels as in Kuhn and Lavielle 2005 (doi 10.1016/j.csda.2004.07.001): the population itself, one parameter at a time,
and all parameters together; the last with the shape of what the subject's chains have seen (Haario 2001, doi
10.2307/3318737).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.nlme.design import Design, Estimate

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array

WANTED = 0.35
"""The share of steps that should be taken; step sizes follow it."""

RESTLESS = 0.3
FORGETS = 0.02
TOGETHER = 2


class Chains(NamedTuple):
    """k chains of each of n subjects over R parameters. `phi` float64[k, n, R]; `fit` float64[k, n], log-likelihoods;
    `step` float64[n, R + 1], sizes of steps, the last of all parameters together; `mean` [n, R], `spread` [n, R, R]:
    what the chains saw.
    """

    phi: Array
    fit: Array
    step: Array
    mean: Array
    spread: Array


def begin(design: Design, estimate: Estimate, chains: int, random: np.random.Generator) -> Chains:
    """Chains that start as the population is drawn."""
    typical = design.typical(estimate.coefficients)
    center = typical[:, design.varying]
    noise = random.standard_normal((chains, *center.shape)) * 0.3
    phi = center + noise @ np.linalg.cholesky(estimate.omega).T
    n, r = center.shape
    spread = np.broadcast_to(estimate.omega * 0.1, (n, r, r)).copy()
    step = np.full((n, r + 1), 0.5)
    return Chains(phi, design.log_likelihood(phi, typical, estimate.sigma), step, center.copy(), spread)


def sweep(
    chains: Chains, design: Design, estimate: Estimate, random: np.random.Generator, learn: float = 1.0
) -> Chains:
    """One step of all chains: their stationary law is that of the subjects' parameters at this estimate.

    `learn` (0 to 1): how far step sizes and shapes still follow what is seen; 0 leaves them as they are.
    """
    walk = _Walk(chains, design, estimate, random)
    walk.from_population()
    taken = [walk.one_parameter(r) for r in range(len(design.varying))]
    shape = np.linalg.cholesky(chains.spread + 1e-10 * np.diag(np.diag(estimate.omega)))
    together = [walk.all_parameters(np.asarray(shape)) for _ in range(TOGETHER)]
    rates = np.stack([*taken, np.mean(together, axis=0)], axis=1)
    step = np.clip(chains.step * np.exp(RESTLESS * learn * (rates - WANTED)), 1e-4, 1e2)
    mean, spread = _seen(chains, walk.phi, FORGETS * learn)
    return Chains(walk.phi, walk.fit, step, mean, spread)


def _seen(chains: Chains, phi: Array, share: float) -> tuple[Array, Array]:
    """Mean and covariance of each subject's parameters as its chains have seen them of late."""
    mean = chains.mean + share * (phi.mean(axis=0) - chains.mean)
    away = phi - mean
    seen = np.einsum("kni,knj->nij", away, away) / len(phi)
    return mean, chains.spread + share * (seen - chains.spread)


class _Walk:
    """The chains while they take a step."""

    def __init__(self, chains: Chains, design: Design, estimate: Estimate, random: np.random.Generator) -> None:
        self.design, self.sigma, self.random, self.step = design, estimate.sigma, random, chains.step
        self.typical = design.typical(estimate.coefficients)
        self.center = self.typical[:, design.varying]
        self.precision = np.linalg.inv(estimate.omega)
        self.root = np.linalg.cholesky(estimate.omega)
        self.phi = chains.phi
        self.fit = design.log_likelihood(chains.phi, self.typical, self.sigma)
        self.prior = self._prior(chains.phi)

    def _prior(self, phi: Array) -> Array:
        away = phi - self.center
        return np.asarray(-0.5 * np.einsum("kni,ij,knj->kn", away, self.precision, away))

    def from_population(self) -> None:
        """Whole vectors drawn from the population: for subjects of whom little is known."""
        self._offer(self.center + self.random.standard_normal(self.phi.shape) @ self.root.T, symmetric=False)

    def one_parameter(self, r: int) -> Array:
        """A step along one parameter; the share of chains that took it, float64[n]."""
        new = self.phi.copy()
        size = self.step[:, r] * np.sqrt(1 / self.precision[r, r])
        new[..., r] += size * self.random.standard_normal(self.phi.shape[:2])
        return self._offer(new)

    def all_parameters(self, shape: Array) -> Array:
        """A step of all parameters with the shape of what was seen."""
        noise = self.random.standard_normal(self.phi.shape)
        return self._offer(self.phi + self.step[:, -1, None] * np.einsum("nij,knj->kni", shape, noise))

    def _offer(self, new: Array, *, symmetric: bool = True) -> Array:
        fit, prior = self.design.log_likelihood(new, self.typical, self.sigma), self._prior(new)
        gain = fit - self.fit + (prior - self.prior if symmetric else 0.0)
        taken = np.log(self.random.random(gain.shape)) < gain
        self.phi = np.where(taken[..., None], new, self.phi)
        self.fit, self.prior = np.where(taken, fit, self.fit), np.where(taken, prior, self.prior)
        found: Array = taken.mean(axis=0)
        return found
