"""What falls one way or the other: both sides are searched, sampled and weighed, and no derivative crosses a limit."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest, norm

from cartway.twin.forecast.coins import Coin, space_of
from cartway.twin.forecast.likelihood import Readings
from cartway.twin.forecast.sampler import Effort, Weighted, sample

Array = NDArray[np.float64]
SHARE, SD = 0.3, 0.1
COIN = Coin(1, SHARE)


def jumping(normals: Array) -> Array:
    """A reading that is the first normal, and ten more where the second lies in the lowest share of patients."""
    return np.asarray(normals[:, :1] + 10.0 * (normals[:, 1:2] < norm.ppf(SHARE)), np.float64)


def found(value: float, coins: tuple[Coin, ...] = (COIN,), seed: int = 1, dimensions: int = 20) -> Weighted:
    readings = Readings(np.array([value]), np.array([value]), np.array([SD]))
    return sample(jumping, readings, dimensions, np.random.default_rng(seed), Effort(), coins)


def test_both_sides_weigh_by_prior_and_likelihood() -> None:
    """A reading of 5 lies as far from one side as from the other: what is left is the share of patients."""
    draws, weights, *_ = found(5.0)
    assert weights[draws[:, 1] < norm.ppf(SHARE)].sum() == pytest.approx(SHARE, abs=0.05)


def test_the_side_that_explains_the_reading_is_found() -> None:
    draws, weights, ess, *_ = found(10.0)
    assert weights[draws[:, 1] < norm.ppf(SHARE)].sum() > 0.999
    assert weights @ draws[:, 0] == pytest.approx(0.0, abs=0.02)
    assert ess >= 600


def test_within_a_side_the_prior_is_drawn() -> None:
    draws = found(10.0).draws[:, 1]
    below = draws[draws < norm.ppf(SHARE)]
    assert kstest(norm.cdf(below) / SHARE, "uniform").pvalue > 1e-4


def test_a_limit_beside_the_best_explanation_costs_no_draws() -> None:
    """The middle of the population lies just beside the limit: a difference taken across it made a wall of it, and the
    draws a slit: of 60,000 a few dozen counted.
    """
    many, rng = 12, np.random.default_rng(8)
    design = rng.standard_normal((many, 20)) / 2
    design[:, 1] = 0.0

    def expect(normals: Array) -> Array:
        return np.asarray(normals @ design.T + np.linspace(2.0, 6.0, many) * (normals[:, 1:2] < 0.02), np.float64)

    values = expect(np.append(np.full((1, 1), 0.3), np.zeros((1, 19)), axis=1))[0]
    readings = Readings(values, values.copy(), np.full(many, 0.3))
    result = sample(expect, readings, 20, np.random.default_rng(2), Effort(), (Coin(1, float(norm.cdf(0.02))),))
    assert result.ess >= 600
    assert len(result.draws) <= 7_000


def test_the_best_explanation_lies_on_its_side() -> None:
    assert found(10.0).peak[1] == pytest.approx(norm.ppf(SHARE / 2)), "the middle of the side"
    assert found(0.0).peak[1] == pytest.approx(norm.ppf((1 + SHARE) / 2))


def test_a_coin_adds_nothing_to_the_surprise() -> None:
    """The reading is explained at the middle of the population on the side: whatever its share, that is no surprise."""
    assert found(10.0).surprise == pytest.approx(0.0, abs=1e-3)


def test_two_coins_fall_four_ways() -> None:
    space = space_of(6, (Coin(0, 0.25), Coin(4, 0.5)))
    assert space.free.tolist() == [1, 2, 3, 5]
    assert sorted(np.exp([each.log for each in space.sides])) == pytest.approx([0.125, 0.125, 0.375, 0.375])


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_what_always_falls_the_same_way_is_no_coin(share: float) -> None:
    space = space_of(3, (Coin(0, share),))
    assert space.free.tolist() == [0, 1, 2]
    assert len(space.sides) == 1
