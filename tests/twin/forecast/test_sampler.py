"""The sampler on problems whose answer is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import chi2, kstest

from cartway.twin.forecast.likelihood import Readings
from cartway.twin.forecast.sampler import Effort, Weighted, sample

Array = NDArray[np.float64]
EFFORT = Effort(enough=2000.0)


class Linear:
    """Readings that are sums of the normals: the distribution after them is normal, with mean and covariance known."""

    def __init__(self, seed: int, dimensions: int = 30, numbers: int = 12, sd: float = 0.3) -> None:
        self.rng = np.random.default_rng(seed)
        self.design = self.rng.standard_normal((numbers, dimensions)) / 2
        self.truth = self.rng.standard_normal(dimensions)
        value = self.design @ self.truth + sd * self.rng.standard_normal(numbers)
        self.readings = Readings(value, value.copy(), np.full(numbers, sd))
        precision = np.eye(dimensions) + self.design.T @ self.design / sd**2
        self.covariance = np.linalg.inv(precision)
        self.mean = self.covariance @ self.design.T @ value / sd**2

    def expect(self, normals: Array) -> Array:
        return normals @ self.design.T

    def found(self, effort: Effort = EFFORT) -> Weighted:
        return sample(self.expect, self.readings, len(self.truth), self.rng, effort)


def test_mean_and_variance_are_those_of_the_closed_form() -> None:
    problem = Linear(1)
    found = problem.found()
    mean = found.weights @ found.draws
    variance = found.weights @ (found.draws - mean) ** 2
    spread = np.sqrt(np.diag(problem.covariance))
    assert np.abs((mean - problem.mean) / spread).max() < 4.5 / np.sqrt(found.ess)
    assert variance / spread**2 == pytest.approx(np.ones(30), abs=6.0 / np.sqrt(found.ess))


def test_the_effective_sample_size_is_reached_and_told() -> None:
    found = Linear(2).found()
    assert found.ess >= EFFORT.enough
    assert found.ess == pytest.approx(1 / (found.weights**2).sum())
    assert found.weights.sum() == pytest.approx(1.0)


def test_it_stops_where_the_draws_are_spent() -> None:
    found = Linear(3).found(Effort(enough=1e9, most=3_000))
    assert len(found.draws) == 3_000


def test_of_directions_that_no_reading_tells_of_the_prior_is_drawn() -> None:
    problem = Linear(4)
    found = problem.found()
    _, _, directions = np.linalg.svd(problem.design)
    untold = found.draws @ directions[-1]
    assert kstest(untold, "norm").pvalue > 1e-4


def test_two_explanations_are_both_found() -> None:
    rng, value = np.random.default_rng(5), np.array([1.0])
    found = sample(lambda z: z[:, :1] ** 2, Readings(value, value, np.array([0.05])), 6, rng, EFFORT)
    right = found.weights[found.draws[:, 0] > 0].sum()
    assert right == pytest.approx(0.5, abs=0.1)
    assert np.abs(np.abs(found.draws[np.argmax(found.weights), 0]) - 1.0) < 0.2


def test_without_readings_the_prior_itself() -> None:
    none = np.empty(0)
    found = sample(lambda z: z[:, :0], Readings(none, none, none), 4, np.random.default_rng(6), EFFORT)
    assert found.ess == len(found.draws) >= EFFORT.enough
    assert kstest(found.draws[:, 2], "norm").pvalue > 1e-4


def test_a_censored_reading_pulls_only_to_its_side() -> None:
    readings = Readings(np.array([-np.inf]), np.array([-2.0]), np.array([0.1]))
    found = sample(lambda z: z[:, :1], readings, 3, np.random.default_rng(7), EFFORT)
    drawn = found.weights @ found.draws[:, 0]
    # the mean of a standard normal plus noise of 0.1 known to lie below -2
    scale = np.sqrt(1.01)
    from scipy.stats import norm

    assert drawn == pytest.approx(-norm.pdf(-2 / scale) / norm.cdf(-2 / scale) / scale, abs=0.03)


def test_the_surprise_is_chi_squared_where_the_model_is_right() -> None:
    short = Effort(enough=1.0, first=50, pilots=20, starts=1)
    told = [Linear(seed, 8, 6).found(short) for seed in range(100, 220)]
    assert {each.numbers for each in told} == {6}
    assert kstest([chi2.sf(each.surprise, 6) for each in told], "uniform").pvalue > 1e-3


def test_the_same_seed_gives_the_same_draws() -> None:
    assert np.array_equal(Linear(9).found().draws, Linear(9).found().draws)
