"""How well the data tell the population: observed Fisher information, by Louis 1982.

doi 10.1111/j.2517-6161.1982.tb01203.x. The information is that of the complete data less what the missing parameters
take away: minus the mean of the Hessian and the covariance of the score, over each subject's draws at the estimate.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.nlme.conditional import AT_ONCE, Draws
from cartway.twin.nlme.design import Design, Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.twin.nlme.study import Array

WIDE = 1e-3
"""Step of finite differences along coefficients of what does not vary, and log sigma."""


class Known(NamedTuple):
    """What the draws tell. `information` float64[q, q] over `names`: estimated coefficients, elements of omega
    (variances and covariances), log sigma. `scores`: the information by each subject's score alone, which
    is always positive. `typical` and `mean` [n, R]: each subject's expected parameters, and those
    given its values.
    """

    names: tuple[str, ...]
    information: Array
    scores: Array
    typical: Array
    mean: Array


def elements(design: Design) -> list[tuple[int, int]]:
    """The elements of omega that are estimated, as places among the parameters that vary."""
    r = range(len(design.varying))
    return [(i, i) for i in r] if design.model.omega == "diagonal" else list(combinations_with_replacement(r, 2))


def known(design: Design, estimate: Estimate, found: Draws) -> Known:
    """The information of weighted draws."""
    total = _Total(design, estimate)
    for start in range(0, len(found.phi), AT_ONCE):
        total.add(found.phi[start : start + AT_ONCE], found.weight[start : start + AT_ONCE])
    return total.known()


class _Total:
    """Weighted sums over draws, of each subject."""

    def __init__(self, design: Design, estimate: Estimate) -> None:
        self.design, self.estimate = design, estimate
        self.center = design.typical(estimate.coefficients)[:, design.varying]
        self.precision = np.linalg.inv(estimate.omega)
        self.elements = elements(design)
        n, r = self.center.shape
        self.away, self.products = np.zeros((n, r)), np.zeros((r, r))
        q = len(design.free) + len(design.plain) + len(self.elements) + 1
        self.score, self.outer, self.bend = np.zeros((n, q)), np.zeros((q, q)), np.zeros((q, q))

    def add(self, phi: Array, weight: Array) -> None:
        away = phi - self.center
        slope, bend = self._of_values(phi, weight)
        score = np.concatenate([self._of_population(away @ self.precision), slope], axis=-1)
        order = self._order()
        score = score[..., order]
        self.score += np.einsum("kn,kna->na", weight, score)
        self.outer += np.einsum("kna,knb->ab", weight[..., None] * score, score, optimize=True)
        late = np.r_[self._plain_places(), len(order) - 1]
        self.bend[np.ix_(late, late)] += bend
        self.away += np.einsum("kn,kni->ni", weight, away)
        self.products += np.einsum("kn,kni,knj->ij", weight, away, away, optimize=True)

    def _plain_places(self) -> NDArray[np.int64]:
        return np.arange(len(self.design.free), len(self.design.free) + len(self.design.plain), dtype=np.int64)

    def _order(self) -> NDArray[np.int64]:
        """From (free, omega, plain, sigma) to (free, plain, omega, sigma)."""
        f, o, p = len(self.design.free), len(self.elements), len(self.design.plain)
        return np.array([*range(f), *range(f + o, f + o + p), *range(f, f + o), f + o + p], np.int64)

    def _of_population(self, pull: Array) -> Array:
        """Scores of the coefficients of what varies and of omega, of pull = (phi - center) / omega: [k, n, those]."""
        design = self.design
        place = np.searchsorted(design.varying, design.acts_on[design.free])
        coefficients = design.columns[:, design.free] * pull[..., place]
        omega = [
            (pull[..., i] * pull[..., j] - self.precision[i, j]) * (0.5 if i == j else 1.0) for i, j in self.elements
        ]
        return np.concatenate([coefficients, np.stack(omega, axis=-1)], axis=-1)

    def _of_values(self, phi: Array, weight: Array) -> tuple[Array, Array]:
        """Score [k, n, plain + 1] and summed Hessian of the values' log-likelihood, by central differences."""
        m = len(self.design.plain) + 1
        unit = np.eye(m) * WIDE
        at = self._log_likelihoods(phi)
        middle, up, down = at(np.zeros(m)), [at(u) for u in unit], [at(-u) for u in unit]
        slope = np.stack([(a - b) / (2 * WIDE) for a, b in zip(up, down, strict=True)], axis=-1)
        bend = np.diag([float(np.sum(weight * (a + b - 2 * middle))) for a, b in zip(up, down, strict=True)])
        for a in range(m):
            for b in range(a):
                corner = at(unit[a] + unit[b]) - at(unit[a] - unit[b]) - at(unit[b] - unit[a]) + at(-unit[a] - unit[b])
                bend[a, b] = bend[b, a] = float(np.sum(weight * corner)) / 4
        return slope, bend / WIDE**2

    def _log_likelihoods(self, phi: Array) -> Callable[[Array], Array]:
        predictions: dict[bytes, Array] = {}

        def at(step: Array) -> Array:
            key = step[:-1].tobytes()
            if key not in predictions:
                moved = self.estimate.coefficients.copy()
                moved[self.design.plain] += step[:-1]
                predictions[key] = self.design.predicted(phi, self.design.typical(moved))
            return self.design.error.log_likelihood(predictions[key], self.estimate.sigma * float(np.exp(step[-1])))

        return at

    def known(self) -> Known:
        information = self.score.T @ self.score - self.bend - self.outer - self._population_bend()
        return Known(self._names(), information, self.score.T @ self.score, self.center, self.center + self.away)

    def _names(self) -> tuple[str, ...]:
        design = self.design
        names = [design.model.parameters[p].name for p in design.varying]
        omegas = [f"omega:{names[i]}" if i == j else f"omega:{names[i]}:{names[j]}" for i, j in self.elements]
        return (*(design.names[c] for c in (*design.free, *design.plain)), *omegas, "sigma")

    def _population_bend(self) -> Array:
        """The mean Hessian of the log-density of the subjects' parameters, summed over subjects, [q, q]."""
        design, precision = self.design, self.precision
        pulls = self.away @ precision
        squares = precision @ self.products @ precision
        f = len(design.free)
        place = np.searchsorted(design.varying, design.acts_on[design.free])
        x = design.columns[:, design.free]
        found = np.zeros_like(self.outer)
        found[:f, :f] = -precision[np.ix_(place, place)] * (x.T @ x)
        start = f + len(design.plain)
        ways = [_way(i, j, len(precision)) for i, j in self.elements]
        for a, way in enumerate(ways):
            across = -np.einsum("nc,cr,nr->c", x, (precision @ way)[place], pulls)
            found[:f, start + a] = found[start + a, :f] = across
            for b, other in enumerate(ways[: a + 1]):
                turn = way @ precision @ other
                bend = len(x) * 0.5 * np.trace(precision @ turn) - np.trace(turn @ squares)
                found[start + a, start + b] = found[start + b, start + a] = bend
        return found


def _way(i: int, j: int, size: int) -> Array:
    way = np.zeros((size, size))
    way[i, j] = way[j, i] = 1.0
    return way
