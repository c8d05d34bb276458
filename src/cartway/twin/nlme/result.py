"""A fit as it is told: each number with its standard error and interval, shrinkage, likelihood."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

import msgspec
import numpy as np

from cartway.twin.nlme.conditional import Draws, Likelihood, draws, likelihood
from cartway.twin.nlme.design import Design, Estimate
from cartway.twin.nlme.information import Known, elements, known
from cartway.twin.nlme.saem import USUAL, Fitted, Say, Settings, fit
from cartway.twin.nlme.scale import own, slope

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array

WITHIN = 1.959963984540054
"""Half width of a 95 % interval, in standard errors."""


MORE = (1, 3)

Kind = Literal["typical", "effect", "variability", "correlation", "residual"]


class Row(msgspec.Struct, frozen=True):
    """One number. `se` and the 95 % interval are nan where it was fixed or the data do not tell them.

    A typical value is on the parameter's own scale; a variability is a standard deviation on the normal scale (of the
    logarithm, for a log parameter). Intervals are symmetric on the scale on which the number was estimated: the normal
    scale of a typical value, the logarithm of a standard deviation.
    """

    kind: Kind
    name: str
    value: float
    se: float = float("nan")
    low: float = float("nan")
    high: float = float("nan")
    shrinkage: float = float("nan")

    @property
    def rse(self) -> float:
        """Standard error as a share of the value."""
        return self.se / abs(self.value) if self.value else float("nan")


class Result(NamedTuple):
    """A fit with all that is said of it. `shrinkage` of the residuals; `sound`: the information could be
    inverted; where not, standard errors are of the scores alone (Delattre and Kuhn 2019, arXiv 1909.06094).

    `individual` float64[n, P]: each subject's parameters on their own scale, at the conditional mean of the normal
    scale.
    """

    design: Design
    fitted: Fitted
    known: Known
    rows: tuple[Row, ...]
    likelihood: Likelihood
    residual_shrinkage: float
    individual: Array
    sound: bool

    @property
    def estimate(self) -> Estimate:
        """The numbers as the algorithm holds them."""
        return self.fitted.estimate

    @property
    def estimated(self) -> int:
        """How many numbers were estimated."""
        return len(self.known.names)

    @property
    def settled(self) -> dict[str, bool]:
        """Whether each number stood still in the last half of the converging iterations: by less than a quarter of its
        standard deviation between subjects, or a tenth of itself for a standard deviation.
        """
        design, path = self.design, self.fitted.path
        late = path[len(path) - max(self.fitted.converging // 2, 1) :]
        moved = np.ptp(late, axis=0)
        varying = [design.model.parameters[p].name for p in design.varying]
        sd = dict(zip(varying, path[-1][len(design.names) :], strict=False))
        room = [0.25 * sd.get(design.model.parameters[p].name, 0.2) for p in design.acts_on]
        deviations = 0.1 * path[-1][len(design.names) :]
        names = [*design.names, *(f"omega:{name}" for name in sd), "sigma"]
        return {name: bool(m <= r) for name, m, r in zip(names, moved, np.concatenate([room, deviations]), strict=True)}

    @property
    def aic(self) -> float:
        """Akaike's criterion."""
        return self.likelihood.minus_twice + 2 * self.estimated

    @property
    def bic(self) -> float:
        """Schwarz's criterion, with the number of subjects."""
        return self.likelihood.minus_twice + float(np.log(len(self.design.study.ids))) * self.estimated


def result(design: Design, settings: Settings = USUAL, say: Say = lambda _: None) -> Result:
    """Fit a model to a study and say how well the data tell it."""
    fitted = fit(design, settings, say)
    random = np.random.Generator(np.random.Philox(key=settings.seed + 1_000_003))
    say("standard errors and likelihood")
    drawn, told = _told(design, fitted, settings, random)
    covariance = inverse(told.information)
    sound = bool(np.isfinite(covariance).all())
    covariance = covariance if sound else inverse(told.scores)
    individual = _individual(design, fitted.estimate, told)
    return Result(
        design, fitted, told, tuple(_rows(design, fitted.estimate, told, covariance)), likelihood(drawn),
        _residual_shrinkage(design, fitted.estimate, individual), individual, sound,
    )  # fmt: skip


def _told(design: Design, fitted: Fitted, settings: Settings, random: np.random.Generator) -> tuple[Draws, Known]:
    """Draws and their information: with more of them where the information is not positive definite, since it is a
    difference of two that are known only as well as there are draws.
    """
    for times in MORE:
        drawn = draws(design, fitted.estimate, fitted.chains, settings.sweeps, times * settings.draws, random)
        told = known(design, fitted.estimate, drawn)
        if np.isfinite(inverse(told.information)).all():
            break
    return drawn, told


def inverse(information: Array) -> Array:
    """The covariance of the estimates; nan where the information is not positive definite."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return np.full_like(information, np.nan)
    return np.asarray(np.linalg.inv(information))


def _rows(design: Design, estimate: Estimate, told: Known, covariance: Array) -> Iterator[Row]:
    errors = dict(zip(told.names, np.sqrt(np.diag(covariance)), strict=True))
    for c, name in enumerate(design.names):
        yield _coefficient(design, estimate.coefficients[c], c, errors.get(name, float("nan")))
    shrunk = _shrinkage(estimate, told)
    sds = np.sqrt(np.diag(estimate.omega))
    for r, place in enumerate(design.varying):
        name = design.model.parameters[place].name
        yield _positive("variability", name, sds[r], errors[f"omega:{name}"] / (2 * sds[r]), shrunk[r])
    yield from _correlations(design, estimate, told, covariance)
    yield _positive("residual", design.model.error, estimate.sigma, errors["sigma"] * estimate.sigma)


def _coefficient(design: Design, value: float, c: int, se: float) -> Row:
    parameter = design.model.parameters[design.acts_on[c]]
    name, low, high = design.names[c], value - WITHIN * se, value + WITHIN * se
    if name != parameter.name:
        return Row("effect", name, value, se, low, high)
    typical, lowest, highest = own(np.array([value, low, high]), parameter)
    return Row("typical", name, float(typical), slope(value, parameter) * se, float(lowest), float(highest))


def _positive(kind: Kind, name: str, value: float, se: float, shrinkage: float = float("nan")) -> Row:
    wide = float(np.exp(min(WITHIN * se / value, 300.0)))
    return Row(kind, name, float(value), float(se), float(value / wide), float(value * wide), float(shrinkage))


def _correlations(design: Design, estimate: Estimate, told: Known, covariance: Array) -> Iterator[Row]:
    """Correlations between parameters, with errors by the delta method and intervals on Fisher's z."""
    names = [design.model.parameters[p].name for p in design.varying]
    start = told.names.index(f"omega:{names[0]}")
    listed = elements(design)
    at = {element: start + e for e, element in enumerate(listed)}
    omega = estimate.omega
    for i, j in (element for element in listed if element[0] != element[1]):
        rho = omega[i, j] / np.sqrt(omega[i, i] * omega[j, j])
        places = [at[i, j], at[i, i], at[j, j]]
        lean = np.array([1 / np.sqrt(omega[i, i] * omega[j, j]), -rho / (2 * omega[i, i]), -rho / (2 * omega[j, j])])
        se = float(np.sqrt(lean @ covariance[np.ix_(places, places)] @ lean))
        z, wide = np.arctanh(np.clip(rho, -0.999999, 0.999999)), WITHIN * se / max(1 - rho**2, 1e-6)
        low, high = float(np.tanh(z - wide)), float(np.tanh(z + wide))
        yield Row("correlation", f"{names[i]}:{names[j]}", float(rho), se, low, high)


def _shrinkage(estimate: Estimate, told: Known) -> Array:
    """How far subjects' conditional means are drawn to the population: 1 - their standard deviation / omega."""
    center = told.mean - told.typical
    return np.asarray(1 - center.std(axis=0) / np.sqrt(np.diag(estimate.omega)))


def _individual(design: Design, estimate: Estimate, told: Known) -> Array:
    phi = design.typical(estimate.coefficients)
    phi[:, design.varying] = told.mean
    return np.stack([own(phi[:, p], each) for p, each in enumerate(design.model.parameters)], axis=1)


def _residual_shrinkage(design: Design, estimate: Estimate, individual: Array) -> float:
    """1 - the standard deviation of residuals at the subjects' own parameters, in sigmas; of values above the limit."""
    wrong, _ = design.error.standard(design.predict(individual[None]))
    seen = wrong[0][~design.study.below] / estimate.sigma
    return float(1 - np.sqrt(np.mean(seen * seen)))
