"""Death and discharge: hazards used up by a draw, and home when well."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.twin.course.fate import _crossed, regrown
from cartway.twin.course.quick import duration, first_day


@given(rate=st.floats(1e-3, 1.0), draw=st.floats(0.01, 0.99))
@settings(max_examples=50, deadline=None)
def test_a_constant_hazard_ends_at_the_draws_exponential_time(rate, draw) -> None:
    days = np.arange(0.0, 8000.0)
    at = _crossed(np.full((1, len(days)), rate), np.array([draw]), days)[0]
    assert at == pytest.approx(-math.log(draw) / rate, rel=1e-6)


def test_a_hazard_that_is_not_used_up_ends_nothing() -> None:
    assert _crossed(np.zeros((1, 5)), np.array([0.5]), np.arange(5.0))[0] == math.inf


@pytest.mark.parametrize(
    ("cells", "day"),
    [
        ([1e11, 1e10, 1e6, 0, 0, 0], None),
        ([1e11, 1e10, 1e9, 2e9, 4e9, 8e9], 40.0),
        ([1e11, 1e11, 1e11, 1.6e11, 2e11, 3e11], 40.0),
        ([1e11, 1e6, 1e2, 1e5, 1e8, 6e8], 80.0),
        ([1.7e12, 1.6e12, 1.7e12, 1.85e12, 1.9e12, 1.95e12], 40.0),
        ([1.7e12, 1.6e12, 1e12, 4e11, 1e11, 1e10], None),
    ],
    ids=["gone", "regrows", "never yielded", "regrows from few", "full, never yielded", "full, and yields"],
)
def test_the_disease_grows_again_at_half_as_much_again_as_its_least(cells, day) -> None:
    days = np.array([0.0, 14.0, 28.0, 40.0, 60.0, 80.0])
    up = regrown(np.array([cells], float), days)[0]
    assert (days[up.argmax()] if up.any() else None) == day


def test_first_day_and_duration_of_a_grade() -> None:
    days = np.array([0.0, 1.0, 2.25, 3.0, 4.75, 6.0])
    grades = np.array([[0, 0, 1, 2, 1, 0], [0, 0, 0, 0, 0, 0]], np.int8)
    assert first_day(grades, days)[0] == 2.25 and np.isnan(first_day(grades, days)[1])
    assert duration(grades, days)[0] == 3.0 and np.isnan(duration(grades, days)[1])
    assert duration(grades, days, at_least=2)[0] == 1.0
