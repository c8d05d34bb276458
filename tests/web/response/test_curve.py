"""Curves: where readings lie, what breaks a line, what the axis says."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.web.response.curve import LEFT, RIGHT, WIDTH, Curve, Span, curve, said, scale_of, span_of
from cartway.web.response.series import Reading, Series, one_in, plainly


def line(*points: tuple[int, float | None], below: bool = False) -> Series:
    """Readings by day."""
    return Series(
        tuple(Reading(day, day, "read", None if value is None else Decimal(str(value)), below) for day, value in points)
    )


def drawn(*points: tuple[int, float | None], logarithmic: bool = False) -> Curve:
    found = curve("k", "Tumor", "cm²", [line(*points)], span_of([line(*points)]), logarithmic=logarithmic)
    assert found is not None
    return found


def test_the_first_month_takes_a_third_of_the_width() -> None:
    span = Span(-6, 365)
    assert span.x(-6) == LEFT
    assert span.x(365) == WIDTH - RIGHT
    assert (span.x(30) - LEFT) / (WIDTH - LEFT - RIGHT) == pytest.approx(0.34, abs=0.001)


@given(st.integers(-60, 0), st.integers(35, 5475), st.lists(st.integers(-60, 5475), min_size=2))
def test_a_later_day_never_lies_left_of_an_earlier_one(first: int, last: int, days: list[int]) -> None:
    span = Span(first, last)
    places = [span.x(day) for day in sorted(days)]
    assert places == sorted(places)
    assert all(LEFT <= place <= WIDTH - RIGHT for place in places)


def test_a_reading_that_cannot_be_drawn_breaks_the_line() -> None:
    found = drawn((0, 3), (30, 2), (60, None), (90, 1), (120, 1))
    assert found.lines[0].path.count("M") == 2
    assert len(found.lines[0].dots) == 4
    assert len(found.series[0].readings) == 5, "the table tells of it all the same"


def test_nothing_to_draw_is_no_picture() -> None:
    assert curve("k", "Tumor", "cm²", [line((0, None))], Span(0, 35)) is None


def test_higher_is_up_and_zero_is_the_floor() -> None:
    found = drawn((0, 10), (30, 0))
    top, floor = found.lines[0].dots
    assert top.y < floor.y
    assert floor.y == found.bottom


def test_a_decade_is_a_step_on_the_scale_of_powers() -> None:
    dots = drawn((0, 10), (1, 100), (2, 1000), logarithmic=True).lines[0].dots
    assert dots[0].y - dots[1].y == pytest.approx(dots[1].y - dots[2].y, abs=0.2)


def test_none_lies_on_the_floor_of_a_scale_of_powers() -> None:
    found = drawn((0, 1000), (30, 0), logarithmic=True)
    assert found.lines[0].dots[1].y == found.bottom


@given(st.lists(st.floats(0, 1e6), min_size=1), st.booleans())
def test_the_scale_holds_every_value_in_few_lines(values: list[float], logarithmic: bool) -> None:
    scale = scale_of(values, logarithmic)
    lines = list(scale.across())
    assert 2 <= len(lines) <= 6
    assert logarithmic or scale.high >= max(values)


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (20.0, "20"), (100_000.0, "100k"), (0.01, "0.01"), (0.0001, "10⁻⁴")]
)
def test_numbers_on_an_axis(value: float, words: str) -> None:
    assert said(value) == words


@pytest.mark.parametrize(("share", "words"), [("0.0001", "1 in 10,000"), ("0.0031", "1 in 323"), ("0", "0")])
def test_a_share_as_people_say_it(share: str, words: str) -> None:
    assert one_in(Decimal(share)) == words


@pytest.mark.parametrize(("value", "words"), [("140.0", "140"), ("0.50", "0.5"), ("1E+2", "100"), ("0", "0")])
def test_a_number_without_the_zeros_of_a_float(value: str, words: str) -> None:
    assert plainly(Decimal(value)) == words


def test_words_below_the_axis_do_not_touch() -> None:
    places = [place for place, _ in drawn((-6, 1), (5000, 1)).days]
    assert all(later - earlier >= 26 for earlier, later in pairwise(places))
