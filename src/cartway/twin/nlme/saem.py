"""Stochastic approximation EM: population estimates of a nonlinear mixed-effects model.

Kuhn and Lavielle 2005, doi 10.1016/j.csda.2004.07.001: draw each subject's parameters, let the sufficient statistics
follow what was drawn, maximize. First with a memory of nothing (it explores; variances may fall only slowly), then
with a memory of all (it converges). Values below the limit are drawn too (Samson 2006, doi
10.1016/j.csda.2006.05.007).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.nlme.chains import Chains, begin, sweep
from cartway.twin.nlme.design import Design, Estimate, start_of

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array

COOLING = 0.95
"""While it explores, no variance falls faster than by this factor in an iteration (simulated annealing), and
nothing is related to anything."""

APART = 0.1
"""While it explores on, no eigenvalue of the correlations falls below this."""

Say = Callable[[str], object]


class Settings(NamedTuple):
    """How long to look. `explore`, `converge`: iterations; `chains` of each subject; `sweeps` of them and weighted
    `draws` for the standard errors; `seed` of all randomness.
    """

    explore: int = 300
    converge: int = 200
    chains: int = 4
    seed: int = 1
    sweeps: int = 100
    draws: int = 3000
    warm: int = 5


USUAL = Settings()


class Fitted(NamedTuple):
    """Where the algorithm came to. `path` float64[iterations, q]: coefficients, standard deviations, sigma on the way;
    the last `converging` of them converge.
    """

    estimate: Estimate
    chains: Chains
    path: Array
    converging: int


class _Memory(NamedTuple):
    """Sufficient statistics: of each subject's parameters the mean [n, R], over all the products [R, R]; residual
    mean square.
    """

    mean: Array
    products: Array
    square: float

    def towards(self, drawn: _Memory, gain: float) -> _Memory:
        """What is remembered after statistics that were drawn."""
        return _Memory(
            self.mean + gain * (drawn.mean - self.mean),
            self.products + gain * (drawn.products - self.products),
            self.square + gain * (drawn.square - self.square),
        )


def fit(design: Design, settings: Settings = USUAL, say: Say = lambda _: None) -> Fitted:
    """Estimate the population. The same settings give the same numbers."""
    random = np.random.Generator(np.random.Philox(key=settings.seed))
    estimate = start_of(design)
    chains = begin(design, estimate, settings.chains, random)
    for _ in range(settings.warm):
        chains = sweep(chains, design, estimate, random)
    memory = _statistics(chains, design, estimate, random)
    scoring = np.eye(len(design.plain)) * 1e-6
    path = []
    for k in range(settings.explore + settings.converge):
        gain = 1.0 if k < settings.explore else 1.0 / (k - settings.explore + 1) ** 0.8
        chains = sweep(chains, design, estimate, random, learn=1.0 if k < settings.explore else 0.3)
        drawn = _statistics(chains, design, estimate, random)
        memory = memory.towards(drawn, gain)
        found = _maximize(memory, design, estimate)
        if k < settings.explore // 2:
            found = _cooled(found, estimate)
        elif k < settings.explore:
            found = found._replace(omega=_apart(found.omega, APART))
        estimate, scoring = _with_plain(found, scoring, gain, chains, design)
        path.append(_point(estimate))
        if (k + 1) % 50 == 0:
            say(f"iteration {k + 1} of {settings.explore + settings.converge}")
    return Fitted(estimate, chains, np.array(path), settings.converge)


def _point(estimate: Estimate) -> Array:
    return np.concatenate([estimate.coefficients, np.sqrt(np.diag(estimate.omega)), [estimate.sigma]])


def _statistics(chains: Chains, design: Design, estimate: Estimate, random: np.random.Generator) -> _Memory:
    phi = chains.phi
    predicted = design.predicted(phi, design.typical(estimate.coefficients))
    wrong, _ = design.error.completed(predicted, estimate.sigma, random)
    products = np.einsum("kni,knj->ij", phi, phi) / len(phi)
    return _Memory(phi.mean(axis=0), products, float(np.mean(wrong * wrong)))


def _maximize(memory: _Memory, design: Design, estimate: Estimate) -> Estimate:
    """The estimate at which the remembered statistics are likeliest: generalized least squares for the coefficients."""
    coefficients = regression(memory.mean, design, estimate)
    center = design.typical(coefficients)[:, design.varying]
    n = len(center)
    cross = memory.mean.T @ center
    omega = (memory.products - cross - cross.T + center.T @ center) / n
    if design.model.omega == "diagonal":
        omega = np.diag(np.diag(omega))
    return Estimate(coefficients, _positive(omega), float(np.sqrt(max(memory.square, 1e-12))))


def regression(mean: Array, design: Design, estimate: Estimate) -> Array:
    """The coefficients of varying parameters, of subjects' mean parameters float64[n, R]; the others as they are."""
    free, precision = design.free, np.linalg.inv(estimate.omega)
    place = np.searchsorted(design.varying, design.acts_on[free])
    known = estimate.coefficients.copy()
    known[free] = 0.0
    left = mean - design.typical(known)[:, design.varying]
    x = design.columns[:, free]
    normal = precision[np.ix_(place, place)] * (x.T @ x)
    right = np.sum(x * (left @ precision[:, place]), axis=0)
    found = estimate.coefficients.copy()
    if len(free):
        found[free] = np.linalg.solve(normal, right)
    return found


def _positive(omega: Array) -> Array:
    values, vectors = np.linalg.eigh(omega)
    found: Array = (vectors * np.maximum(values, 1e-8)) @ vectors.T
    return found


def _cooled(found: Estimate, before: Estimate) -> Estimate:
    least = COOLING * np.diag(before.omega)
    up = np.sqrt(np.maximum(np.diag(found.omega), least) / np.diag(found.omega))
    sigma = max(found.sigma, before.sigma * np.sqrt(COOLING))
    return Estimate(found.coefficients, np.diag(np.diag(found.omega) * up * up), float(sigma))


def _apart(omega: Array, least: float) -> Array:
    """Omega with no eigenvalue of its correlations below `least`: chains do not leave a plane once they lie in it."""
    sds = np.sqrt(np.diag(omega))
    values, vectors = np.linalg.eigh(omega / np.outer(sds, sds))
    found = (vectors * np.maximum(values, least)) @ vectors.T
    ones = np.sqrt(np.diag(found))
    return np.asarray(found * np.outer(sds / ones, sds / ones))


def _with_plain(
    estimate: Estimate, scoring: Array, gain: float, chains: Chains, design: Design
) -> tuple[Estimate, Array]:
    """One step of Fisher scoring for the parameters that do not vary: no sufficient statistic tells of them."""
    if not len(design.plain):
        return estimate, scoring
    slopes = plain_slopes(design, estimate, chains.phi).mean(axis=0)
    scoring = scoring + gain * (slopes.T @ slopes - scoring)
    step = np.linalg.solve(scoring + 1e-9 * np.eye(len(scoring)), slopes.sum(axis=0))
    moved = estimate.coefficients.copy()
    moved[design.plain] += gain * np.clip(step, -0.3, 0.3)
    return estimate._replace(coefficients=moved), scoring


def plain_slopes(design: Design, estimate: Estimate, phi: Array, wide: float = 1e-4) -> Array:
    """Slope of each subject's log-likelihood along the coefficients that do not vary, float64[k, n, those]."""
    slopes = []
    for c in design.plain:
        sides = []
        for side in (wide, -wide):
            moved = estimate.coefficients.copy()
            moved[c] += side
            sides.append(design.log_likelihood(phi, design.typical(moved), estimate.sigma))
        slopes.append((sides[0] - sides[1]) / (2 * wide))
    return np.stack(slopes, axis=-1)
