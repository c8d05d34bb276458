"""CAR T cells in the blood: highest level, area, persistence. Rules as customary in the kinetics papers."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import Choices, Curve, Kinetics, kinetics
from cartway.response.kinetics import area
from response.drawn import course, day

Points = list[tuple[float, float | None]]


def copies(points: Points, limit: float = 50, what: str = "car_t_copies") -> list[Fact]:
    """Samples by day; None is below the limit of quantification."""
    unit = "/ug{DNA}" if what == "car_t_copies" else "/uL"
    return [
        Fact("a", day(number), what, limit if value is None else value, unit, detail={"below": value is None})
        for number, value in points
    ]


def curve(points: Points, **choices: Any) -> Curve:
    """The curve of copies."""
    found = kinetics(course(copies(points)), Choices(**choices))
    assert isinstance(found, Kinetics)
    return found.curves[0]


def test_the_last_samples_below_the_limit() -> None:
    found = curve([(7, 9000), (14, 30000), (28, 4000), (90, 60), (180, None)])
    assert (found.highest, found.highest_day) == (Decimal(30000), 14)
    assert (found.last, found.last_day) == (Decimal(60), 90)
    assert found.detectable_at_last is False


def test_the_first_of_two_equal_peaks() -> None:
    assert curve([(7, 100), (10, 300), (14, 300), (28, 50)]).highest_day == 10


def test_the_area_rises_linearly_and_falls_logarithmically() -> None:
    found = curve([(7, 100), (14, 400), (28, 100)])
    rising = 7 * 50 + 7 * 250
    falling = (400 - 100) / math.log(4) * 14
    assert found.area_28 is not None
    assert float(found.area_28) == pytest.approx(rising + falling)


def test_day_28_is_interpolated_and_never_extrapolated() -> None:
    between = curve([(7, 100), (14, 400), (35, 50)]).area_28  # halved every 7 days: 100 on day 28
    assert between is not None
    assert float(between) == pytest.approx(7 * 50 + 7 * 250 + 300 / math.log(4) * 14)
    assert curve([(3, 10), (7, 100), (14, 400), (27, 50)]).area_28 is None


def test_an_area_without_a_sample_of_the_first_day_says_so() -> None:
    assert curve([(7, 100), (14, 50), (28, 20)]).flags == ("area_from_nothing",)
    assert curve([(0.1, None), (7, 100), (14, 50), (28, 20)]).flags == ()


def test_three_points_are_needed() -> None:
    assert curve([(7, 100), (28, 50)]).area_28 is None
    assert curve([(7, 100), (14, 50), (28, 20)]).area_28 is not None


def test_below_the_limit_between_counts_is_for_the_center() -> None:
    points: Points = [(7, 400), (14, None), (28, 100)]
    nothing, half = curve(points), curve(points, below_quantification="half_limit")
    assert nothing.area_28 == 7 * 200 + 7 * 200 + 14 * 50
    assert half.area_28 is not None
    assert float(half.area_28) == pytest.approx(7 * 200 + 7 * 375 / math.log(16) + 14 * (25 + 100) / 2)
    assert nothing.policies == ("response_below_quantification",)


def test_below_the_limit_before_the_peak_is_nothing() -> None:
    points: Points = [(3, None), (7, 400), (28, 100)]
    assert curve(points).area_28 == curve(points, below_quantification="half_limit").area_28


def test_a_number_under_the_assays_limit_is_below_it() -> None:
    samples = [Fact("a", day(7), "car_t_copies", 900.0, detail={"lower_limit": 50}),
               Fact("a", day(90), "car_t_copies", 30.0, detail={"lower_limit": 50})]  # fmt: skip
    found = kinetics(course(samples), Choices())
    assert isinstance(found, Kinetics)
    assert (found.curves[0].last_day, found.curves[0].detectable_at_last) == (7, False)


def test_units_are_never_mixed() -> None:
    found = kinetics(course(copies([(7, 100)]), copies([(7, 30)], what="car_t_cells")), Choices())
    assert isinstance(found, Kinetics)
    assert [(each.what, each.unit, each.highest) for each in found.curves] == [
        ("car_t_copies", "/ug{DNA}", Decimal(100)),
        ("car_t_cells", "/uL", Decimal(30)),
    ]


def test_the_half_life_of_a_halving() -> None:
    found = curve([(7, 1600), (14, 800), (21, 400), (28, 200)])
    assert found.half_life_days is not None and found.half_life_fit is not None
    assert (float(found.half_life_days), float(found.half_life_fit)) == pytest.approx((7, 1))
    assert curve([(7, 1600), (14, 800), (21, 400)]).half_life_days is None


def test_what_never_rose_above_the_limit() -> None:
    found = curve([(7, None), (28, None)])
    assert (found.highest, found.area_28, found.detectable_at_last) == (None, None, False)


def test_samples_before_the_infusion_do_not_count() -> None:
    assert curve([(-1, 9999), (7, 100)]).highest == 100


def test_without_an_infusion_there_is_no_curve() -> None:
    found = kinetics(Course(copies([(7, 1)]), day(9)), Choices())
    assert isinstance(found, Problem) and found.code == "no_infusion"


def slow_area(points: list[tuple[int, float]], end: int) -> float:
    """The same area by many thin slices of the same two shapes."""
    total, steps = 0.0, 200
    for (day_one, one), (day_two, two) in pairwise(points):
        until = min(day_two, end)
        for step in range(steps if until > day_one else 0):
            share = (step + 0.5) / steps * (until - day_one) / (day_two - day_one)
            falls = one > two > 0
            level = one * (two / one) ** share if falls else one + (two - one) * share
            total += level * (until - day_one) / steps
    return total


@given(
    st.lists(st.integers(1, 60), min_size=3, max_size=8, unique=True).map(sorted),
    st.lists(st.integers(0, 100_000), min_size=8, max_size=8),
)
def test_the_area_is_that_of_its_slow_twin(days: list[int], values: list[int]) -> None:
    points = [(0, Decimal(0)), *zip(days, map(Decimal, values), strict=False)]
    found = area(points, 28)
    if found is not None:
        slow = slow_area([(number, float(value)) for number, value in points], 28)
        assert float(found) == pytest.approx(slow, rel=1e-2, abs=1e-6)
