"""The likelihood of numbers and of intervals against the normal distribution itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from cartway.twin.forecast.likelihood import Readings, log_likelihood, slope_and_weight

NEAR = st.floats(-4, 4)
SPREAD = st.floats(0.1, 3.0)


def one(low: float, high: float, sd: float) -> Readings:
    return Readings(np.array([low]), np.array([high]), np.array([sd]))


def log_of(expected: float, readings: Readings) -> float:
    return float(log_likelihood(np.array([[expected]]), readings)[0])


@given(NEAR, NEAR, SPREAD)
def test_a_number_weighs_by_the_normal_density(value: float, expected: float, sd: float) -> None:
    assert log_of(expected, one(value, value, sd)) == pytest.approx(norm.logpdf(value, expected, sd))


@given(NEAR, NEAR, SPREAD)
def test_a_value_below_the_limit_weighs_by_the_share_below_it(limit: float, expected: float, sd: float) -> None:
    assert log_of(expected, one(-np.inf, limit, sd)) == pytest.approx(norm.logcdf(limit, expected, sd), rel=1e-9)


@given(NEAR, NEAR, SPREAD)
def test_a_value_above_the_limit_weighs_by_the_share_above_it(limit: float, expected: float, sd: float) -> None:
    assert log_of(expected, one(limit, np.inf, sd)) == pytest.approx(norm.logsf(limit, expected, sd), rel=1e-9)


@given(NEAR, st.floats(0.5, 3), NEAR, SPREAD)
def test_an_interval_weighs_by_the_share_inside(low: float, wide: float, expected: float, sd: float) -> None:
    inside = norm.cdf(low + wide, expected, sd) - norm.cdf(low, expected, sd)
    if inside > 1e-10:  # below, the slow twin loses its digits, not the fast one
        assert log_of(expected, one(low, low + wide, sd)) == pytest.approx(np.log(inside), rel=1e-5, abs=1e-9)


def test_far_in_the_tail_an_interval_loses_no_digits() -> None:
    assert log_of(0.0, one(30.0, 31.0, 1.0)) == pytest.approx(norm.logsf(30.0), rel=1e-6)


@given(NEAR, st.floats(0.5, 3), NEAR, SPREAD)
def test_the_slope_of_an_interval_is_that_of_its_likelihood(
    low: float, wide: float, expected: float, sd: float
) -> None:
    readings, h = one(low, low + wide, sd), 1e-5
    slope = slope_and_weight(np.array([[expected]]), readings)[0][0, 0]
    risen = (log_of(expected + h, readings) - log_of(expected - h, readings)) / (2 * h)
    assert slope == pytest.approx(risen, rel=1e-3, abs=1e-4)


def test_what_could_not_be_solved_is_impossible() -> None:
    assert log_of(np.nan, one(1.0, 1.0, 1.0)) == -np.inf
