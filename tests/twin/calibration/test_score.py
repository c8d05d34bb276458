"""What counts as a hit, and how far off a figure is."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.twin.calibration import figure, load_targets, published, residual, scored, weight
from cartway.twin.calibration.fit import ROBUST, robust

from .test_targets import target

SHARE = target(value=0.5, n=100)


def people(share: float, n: int = 1000) -> np.ndarray:
    return (np.arange(n) < share * n).astype(float)


def test_a_simulated_share_within_the_binomial_interval_is_a_hit() -> None:
    assert scored(SHARE, people(0.55), seed=1).hit
    assert not scored(SHARE, people(0.65), seed=1).hit


def test_whoever_has_no_say_is_left_out() -> None:
    assert figure(SHARE, np.array([1.0, 0.0, np.nan, np.nan])) == 0.5


@pytest.mark.parametrize(
    ("statistic", "expected"), [("median", 2.0), ("mean", 37.0), ("geomean", (1 * 2 * 108) ** (1 / 3))]
)
def test_the_statistic_is_that_of_the_publication(statistic: str, expected: float) -> None:
    of = target(statistic=statistic, value=3.0, unit="day")
    assert figure(of, np.array([1.0, 2.0, 108.0])) == pytest.approx(expected)


def test_nobody_with_a_say_is_a_miss() -> None:
    nobody = scored(SHARE, np.full(5, np.nan), seed=1)
    assert not nobody.hit and math.isnan(nobody.simulated.value)


def test_the_published_figure_itself_is_not_off() -> None:
    for t in load_targets():
        if t.use != "none":
            assert residual(t, t.value) == pytest.approx(0.0, abs=1e-9)


@given(st.floats(0.02, 0.98), st.floats(0.001, 0.5))
def test_farther_away_is_farther_off(share: float, more: float) -> None:
    near, far = min(share + more / 2, 1.0), min(share + more, 1.0)
    of = target(value=share)
    assert 0 <= residual(of, near) <= residual(of, far)


@given(st.floats(-1e3, 1e3))
def test_the_robust_residual_keeps_the_sign_and_tames_what_is_far(off: float) -> None:
    tamed = robust(off)
    assert tamed * off >= 0 and abs(tamed) <= abs(off) + 1e-9
    assert tamed**2 <= 2 * ROBUST * abs(off) + 1e-9


def test_a_figure_that_nobody_read_in_its_source_weighs_half() -> None:
    assert weight(target(confirmed="no")) == 0.5 and weight(target()) == 1.0


def test_the_interval_of_a_bootstrap_is_that_of_its_seed() -> None:
    of, values = target(statistic="median", value=3.0, unit="day"), np.random.default_rng(0).gamma(3, 1, 300)
    assert scored(of, values, seed=4) == scored(of, values, seed=4)
    assert published(of).low < figure(of, values) < published(of).high
