"""Values below the limit of quantification: their chance is their likelihood (M3), and nothing is made up for them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.polynomial.hermite_e import hermegauss
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm, truncnorm

from cartway.twin.nlme.conditional import draws, likelihood
from cartway.twin.nlme.design import Design, Estimate, bound
from cartway.twin.nlme.model import Model, Parameter, Residual
from cartway.twin.nlme.residual import Error
from cartway.twin.nlme.saem import Settings, fit
from cartway.twin.nlme.structure import ClosedForm
from cartway.twin.nlme.study import Study

FLAT = ClosedForm(("level",), lambda day, level: level + 0 * day)


def one(value: float, *, below: bool) -> Study:
    return Study(("a",), np.zeros(1, np.int64), np.ones(1), np.array([value]), np.array([below]))


@pytest.mark.parametrize("kind", ["log_normal", "proportional", "additive"])
@given(predicted=st.floats(0.5, 200), sigma=st.floats(0.1, 1.5), limit=st.floats(1, 50))
def test_what_is_seen_and_what_is_not_add_to_one(kind: Residual, predicted: float, sigma: float, limit: float) -> None:
    """The density above the limit and the chance of a value below it are the whole of what may happen."""
    at = np.array([[predicted]])

    def density(value: float) -> float:
        return float(np.exp(Error.of(kind, one(value, below=False)).log_likelihood(at, sigma)[0, 0]))

    below = float(np.exp(Error.of(kind, one(limit, below=True)).log_likelihood(at, sigma)[0, 0]))
    if kind == "log_normal":  # over the logarithm of the value, where it is smooth
        low, high = np.log(limit), max(np.log(limit), np.log(predicted)) + 12 * sigma
        above = quad(
            lambda u: density(np.exp(u)) * np.exp(u),
            low,
            high,
            limit=200,
            points=[np.clip(np.log(predicted), low, high)],
        )[0]
    else:
        sd = sigma * (predicted if kind == "proportional" else 1)
        above = quad(density, limit, max(limit, predicted) + 12 * sd, limit=200, points=[max(limit, predicted)])[0]
    assert above + below == pytest.approx(1, abs=2e-6)


def test_what_is_drawn_in_place_of_a_value_below_the_limit_lies_below_it() -> None:
    """Samson 2006: a normal cut at the limit, also where it lies far in the tail."""
    for predicted in (3.0, 50.0, 900.0):
        error = Error.of("log_normal", one(20.0, below=True))
        drawn, _ = error.completed(np.full((4000, 1), predicted), 0.5, np.random.Generator(np.random.Philox(key=1)))
        cut = (np.log(20) - np.log(predicted)) / 0.5
        assert drawn.max() <= 0.5 * cut
        assert drawn.mean() == pytest.approx(0.5 * truncnorm.mean(-np.inf, cut), abs=0.03)


def flat_design(n: int = 80, limit: float = 8.5) -> Design:
    """Three values each about a level of 10 with deviation 2 and error 1; a third lies below the limit."""
    random = np.random.default_rng(4)
    level = random.normal(10, 2, n)
    value = np.repeat(level, 3) + random.normal(0, 1, 3 * n)
    below = value < limit
    subject = np.repeat(np.arange(n), 3)
    study = Study(tuple(map(str, range(n))), subject, np.tile([1.0, 2, 3], n), np.where(below, limit, value), below)
    design = bound(Model("flat", (Parameter("level", 5.0, 1.0, "normal"),), error="additive", sigma=2.0), study, FLAT)
    assert isinstance(design, Design)
    return design


def by_quadrature(design: Design, theta: np.ndarray) -> float:
    """-2 log-likelihood with the level integrated out over 60 points: the slow twin."""
    mean, sd, sigma = theta[0], np.exp(theta[1]), np.exp(theta[2])
    points, weights = hermegauss(60)
    total = np.zeros(len(design.study.ids))
    logs = []
    for point in points:
        predicted = mean + sd * point
        z = (design.study.value - predicted) / sigma
        each = np.where(design.study.below, norm.logcdf(z), norm.logpdf(z) - np.log(sigma))
        logs.append(each.reshape(-1, 3).sum(axis=1))
    total = np.log(np.tensordot(weights / weights.sum(), np.exp(np.array(logs)), axes=1))
    return -2 * float(total.sum())


def test_the_likelihood_with_values_below_the_limit_is_that_of_quadrature() -> None:
    design = flat_design()
    estimate = Estimate(np.array([10.0]), np.array([[4.0]]), 1.0)
    chains = fit(design, Settings(20, 10, 4)).chains
    found = likelihood(draws(design, estimate, chains, 50, 4000, np.random.Generator(np.random.Philox(key=3))))
    exact = by_quadrature(design, np.array([10.0, np.log(2.0), 0.0]))
    assert design.study.below.mean() > 0.2
    assert abs(found.minus_twice - exact) < 4 * found.error + 0.01


def test_the_likeliest_population_with_values_below_the_limit_is_that_of_quadrature() -> None:
    design = flat_design()
    found = fit(design, Settings(80, 150, 6)).estimate
    best = minimize(lambda theta: by_quadrature(design, theta), [10.0, 0.7, 0.0], method="Nelder-Mead").x
    assert found.coefficients[0] == pytest.approx(best[0], abs=0.04)
    assert np.sqrt(found.omega[0, 0]) == pytest.approx(np.exp(best[1]), rel=0.03)
    assert found.sigma == pytest.approx(np.exp(best[2]), rel=0.03)


def test_leaving_them_out_would_put_the_level_too_high() -> None:
    design = flat_design()
    kept = ~design.study.below
    ids, place = np.unique(design.study.subject[kept], return_inverse=True)
    seen = Study(
        tuple(map(str, ids)),
        place.astype(np.int64),
        design.study.day[kept],
        design.study.value[kept],
        np.zeros(kept.sum(), bool),
    )
    without = bound(design.model, seen, FLAT)
    assert isinstance(without, Design)
    with_them = fit(design, Settings(60, 60, 4)).estimate.coefficients[0]
    assert fit(without, Settings(60, 60, 4)).estimate.coefficients[0] > with_them + 0.3
