"""Comparisons: against figures of textbooks and papers, and against slow twins."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.twin.trial.compare import effect, effect_against, share_of, summary
from cartway.twin.trial.plan import Endpoint
from cartway.twin.trial.survival import Times, at, at_risk, compare, curve_of, median_of

CR = Endpoint("complete_response")
PEAK = Endpoint("cmax_cells")
PFS = Endpoint("pfs")
CRS3 = Endpoint("crs_max", at_least=3)

# Remission in weeks of 21 + 21 children, 6-mercaptopurine against placebo: Freireich 1963, Blood 21:699.
TREATED = Times(
    np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35.0]),
    np.array([True] * 9 + [False] * 12),
)
PLACEBO = Times(np.array([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23.0]), np.ones(21, bool))


def column(name: str, *values: float) -> dict[str, np.ndarray]:
    return {name: np.array(values, float)}


def yes(hits: int, of: int) -> dict[str, np.ndarray]:
    return column("cr", *([1.0] * hits + [0.0] * (of - hits)))


def test_the_curve_of_freireich_s_trial() -> None:
    """Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, chapter 1: 0.857 at 6, 0.448 at 23."""
    curve = curve_of(TREATED)
    assert [round(at(curve, week)[0], 3) for week in (5, 6, 7, 10, 22, 23)] == [1.0, 0.857, 0.807, 0.753, 0.538, 0.448]
    assert median_of(curve) == 23
    assert at_risk(TREATED, np.array([0.0, 6, 10, 24])).tolist() == [21, 21, 15, 5]


def test_the_logrank_test_of_freireich_s_trial() -> None:
    """Chi-square 16.79 of observed 9 against expected 19.25, variance 6.257: the same book."""
    found = compare(TREATED, PLACEBO)
    assert found.p == pytest.approx(math.erfc(math.sqrt(16.793 / 2)), rel=0.01)
    assert found.ratio == pytest.approx(math.exp((9 - 19.25) / 6.257), rel=0.005)
    assert found.low < found.ratio < found.high < 1


def test_a_difference_of_shares_has_newcombe_s_interval() -> None:
    """Newcombe 1998, table II, method 10: 56/70 less 48/80 is 0.2 (0.0524 to 0.3339)."""
    found = effect(CR, yes(56, 70), yes(48, 80))
    assert (found.estimate, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)


def test_a_share_has_wilson_s_interval() -> None:
    """Newcombe 1998, Statistics in Medicine 17:857, table I, method 3: 81 of 263."""
    assert share_of(81, 263) == pytest.approx((0.3080, 0.2553, 0.3662), abs=5e-5)
    assert share_of(0, 20)[1:] == pytest.approx((0.0, 0.1611), abs=5e-5)


def test_fisher_s_tea() -> None:
    """Fisher 1935: three of four cups told right, two-sided p 34/70."""
    assert effect(CR, yes(3, 4), yes(1, 4)).p == pytest.approx(34 / 70)


def test_against_a_fixed_share_the_exact_binomial_test() -> None:
    found = effect_against(Endpoint("complete_response", against=0.5), yes(9, 10))
    assert found.p == pytest.approx(2 * (10 + 1) / 2**10)
    assert found.estimate == pytest.approx(0.4)


def test_the_chance_to_be_greater_is_counted_pair_by_pair() -> None:
    a, b = [3.0, 5.0, 5.0, 9.0], [1.0, 5.0, 6.0]
    pairs = [1.0 if x > y else 0.5 if x == y else 0.0 for x, y in itertools.product(a, b)]
    found = effect(PEAK, column("cmax_cells", *a), column("cmax_cells", *b))
    assert found.estimate == pytest.approx(sum(pairs) / len(pairs))


def test_who_could_not_be_judged_is_in_no_share_and_is_told() -> None:
    found = summary(CRS3, column("crs_max", 0, 3, 4, math.nan))
    assert (found.known, found.of, found.estimate) == (3, 4, pytest.approx(2 / 3))


def test_of_nobody_nothing_is_told() -> None:
    nobody = column("cr", math.nan, math.nan)
    assert math.isnan(effect(CR, nobody, yes(1, 2)).estimate)
    assert math.isnan(effect_against(Endpoint("complete_response", against=0.5), nobody).p)
    assert math.isnan(summary(CR, nobody).estimate)
    no_events = {"pfs_day": np.array([5.0, 6.0]), "pfs_event": np.zeros(2)}
    assert math.isnan(effect(PFS, no_events, no_events).p)


times = st.lists(st.tuples(st.integers(1, 12), st.booleans()), min_size=1, max_size=20)


@given(times)
def test_the_curve_is_the_product_of_those_who_stay(drawn: list[tuple[int, bool]]) -> None:
    """Kaplan and Meier's product, written plainly."""
    curve = curve_of(Times(np.array([day for day, _ in drawn], float), np.array([event for _, event in drawn])))
    share = 1.0
    for moment in range(1, 13):
        risk = sum(day >= moment for day, _ in drawn)
        share *= 1 - (sum(day == moment and event for day, event in drawn) / risk if risk else 0)
        assert at(curve, moment)[0] == pytest.approx(share, abs=1e-12)


@given(times, times)
def test_a_ratio_turned_about_is_its_inverse(first: list[tuple[int, bool]], second: list[tuple[int, bool]]) -> None:
    a, b = (
        Times(np.array([day for day, _ in each], float), np.array([event for _, event in each]))
        for each in (first, second)
    )
    one, other = compare(a, b), compare(b, a)
    if math.isnan(one.ratio):
        assert math.isnan(other.ratio)
    else:
        assert one.ratio * other.ratio == pytest.approx(1)
        assert one.p == pytest.approx(other.p)
