"""What a center may set a number to: a range that keeps slips out, and the text that says exactly what was set."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, exact, load_policies, policies_of
from cartway.problem import Problem
from cartway.record import Fact

NUMBERS = sorted(name for name, each in load_policies().policies.items() if not each.choices)


@pytest.mark.parametrize("name", NUMBERS)
def test_what_is_shipped_is_within_its_range(name: str) -> None:
    least, most = load_policies().policies[name].range
    assert least < load_policies().number(name) < most
    for each in (least, most):
        assert isinstance(load_policies().with_value(name, each), PathwayPolicies)


@pytest.mark.parametrize("value", [-5.0, 1e9, math.nan, math.inf, -math.inf])
def test_no_number_of_the_center_is_absurd(value: float) -> None:
    """An escalation after 999,999,999 minutes tells nobody; a negative time is none."""
    for name in NUMBERS:
        refused = load_policies().with_value(name, value)
        assert isinstance(refused, Problem), name
        assert refused.code == "policy_out_of_range"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("critical_saturation_percent", 101), ("critical_pressure_mmhg", 10), ("low_temperature_celsius", 20),
        ("handover_first_hour", 24), ("protocol_fever_celsius", 45), ("escalation_high_minutes", 61),
    ],
)  # fmt: skip
def test_a_measured_limit_stays_where_patients_are(name: str, value: float) -> None:
    assert isinstance(load_policies().with_value(name, value), Problem)


def test_a_number_out_of_range_that_was_recorded_before_is_left_at_the_default() -> None:
    told = Fact("center", 1, "center_policy", -5.0, "1", about="alert_joins_hours")
    assert policies_of(Course([told], 2)).number("alert_joins_hours") == load_policies().number("alert_joins_hours")


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_a_number_reads_back_as_just_that_number(number: float) -> None:
    assert float(exact(number)) == number


@pytest.mark.parametrize(("number", "words"), [(90.0, "90"), (0.35, "0.35"), (999999999.0, "999999999")])
def test_the_text_of_a_number_is_as_people_write_it(number: float, words: str) -> None:
    assert exact(number) == words
