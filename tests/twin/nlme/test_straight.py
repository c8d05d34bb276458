"""Straight lines: the mixed model whose likelihood is known exactly. What SAEM says of it must be that."""

from __future__ import annotations

import numpy as np
import pytest

from cartway.twin.nlme.conditional import Draws, draws, likelihood
from cartway.twin.nlme.design import Design, Estimate
from cartway.twin.nlme.information import known
from cartway.twin.nlme.result import inverse
from cartway.twin.nlme.saem import Settings, fit

from .straight import Array, bend, likeliest, line_design, lines, minus_twice

WIDE = np.array([[1.0, 0.3], [0.3, 0.25]])
SETTINGS = Settings(80, 150, 8)


def theta_of(design: Design, estimate: Estimate) -> Array:
    """The numbers in the order of the exact likelihood."""
    omega = (
        estimate.omega[np.triu_indices(len(estimate.omega))]
        if design.model.omega == "full"
        else np.diag(estimate.omega)
    )
    return np.concatenate([estimate.coefficients, omega, [np.log(estimate.sigma)]])


Solved = tuple[Design, Estimate, Array, Draws]


@pytest.fixture(scope="module", params=["diagonal", "full, with a covariate", "a slope that does not vary"])
def solved(request: pytest.FixtureRequest) -> Solved:
    full, level_only = request.param.startswith("full"), request.param.startswith("a slope")
    study = lines(40, 3, np.diag([1.0, 0.0]) if level_only else WIDE, 0.05)
    design = line_design(study, full=full, age=full, slope_varies=not level_only)
    found = fit(design, SETTINGS)
    random = np.random.Generator(np.random.Philox(key=9))
    drawn = draws(design, found.estimate, found.chains, 50, 3000, random)
    return design, found.estimate, theta_of(design, found.estimate), drawn


def test_it_finds_the_likeliest_population(solved: Solved) -> None:
    """Kuhn and Lavielle 2005, theorem 1: the algorithm comes to a maximum of the likelihood."""
    design, _, theta, _ = solved
    exact = minus_twice(design)
    best = likeliest(design, theta)
    error = np.sqrt(np.diag(np.linalg.inv(bend(exact, best) / 2)))
    assert exact(theta) - exact(best) < 0.1
    assert np.all(np.abs(theta - best) < 0.15 * error)


def test_standard_errors_are_those_of_the_exact_likelihood(solved: Solved) -> None:
    design, estimate, theta, drawn = solved
    exact = np.sqrt(np.diag(np.linalg.inv(bend(minus_twice(design), theta) / 2)))
    found = np.sqrt(np.diag(np.linalg.inv(known(design, estimate, drawn).information)))
    assert found == pytest.approx(exact, rel=0.04)


def test_the_likelihood_is_the_exact_one(solved: Solved) -> None:
    design, _, theta, drawn = solved
    found = likelihood(drawn)
    assert abs(found.minus_twice - minus_twice(design)(theta)) < 4 * found.error
    assert found.error < 0.15
    assert found.effective > 1000


def test_each_subject_has_its_exact_conditional_mean_and_spread(solved: Solved) -> None:
    """The posterior of a linear model with normal parameters is normal: precision is the sum of precisions."""
    design, estimate, _, drawn = solved
    study, varying = design.study, design.varying
    typical = design.typical(estimate.coefficients)
    x = np.stack([np.ones(4), study.day[:4]], axis=1)
    precision = x[:, varying].T @ x[:, varying] / estimate.sigma**2 + np.linalg.inv(estimate.omega)
    left = study.value.reshape(-1, 4) - typical @ x.T
    mean = typical[:, varying] + np.linalg.solve(precision, x[:, varying].T @ left.T / estimate.sigma**2).T
    spread = np.linalg.inv(precision)
    assert np.abs(drawn.mean - mean).max() < 0.15 * np.sqrt(spread.max())
    assert drawn.covariance.mean(axis=0) == pytest.approx(spread, rel=0.03, abs=0.002)


def test_the_same_seed_gives_the_same_numbers() -> None:
    design = line_design(lines(12, 1, WIDE))
    one, other = (fit(design, Settings(10, 10, 2, seed=5)).estimate for _ in range(2))
    different = fit(design, Settings(10, 10, 2, seed=6)).estimate
    assert np.array_equal(one.coefficients, other.coefficients)
    assert np.array_equal(one.omega, other.omega)
    assert not np.array_equal(one.coefficients, different.coefficients)


def test_the_information_of_scores_is_about_the_same(solved: Solved) -> None:
    """Delattre and Kuhn 2019: both tend to the Fisher information; of 40 subjects the scores alone tell it roughly."""
    design, estimate, _, drawn = solved
    told = known(design, estimate, drawn)
    share = np.diag(told.scores) / np.diag(told.information)
    assert 0.4 < share.min() < share.max() < 2.5
    assert np.linalg.eigvalsh(told.scores).min() > 0


def test_an_information_that_is_not_positive_has_no_inverse() -> None:
    assert np.isnan(inverse(np.array([[1.0, 2.0], [2.0, 1.0]]))).all()
    assert inverse(np.diag([4.0, 2.0])) == pytest.approx(np.diag([0.25, 0.5]))
