"""A number to call is dialed as it is meant, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartway.problem import Problem
from cartway.settings import from_environment
from cartway.words.telephone import dialed


@pytest.mark.parametrize(
    ("phone", "dial"),
    [
        ("+1 555 010 0142", "+15550100142"),
        ("555 010 0142 (day and night)", "5550100142"),
        ("555 010 0142, ask for the ward", "5550100142"),
        ("555-0142x7", "5550142"),
        ("555-0142 extension 7", "5550142"),
        (" 911 ", "911"),
        ("116 123", "116123"),
        ("024", "024"),
        ("24 hours: 555 010 0142", ""),
        ("365 days 555 010 0142", ""),
        ("(24 h) 555 010 0142", ""),
        ("1-800-CARTNOW", ""),
        ("1-800-555-CART", ""),
        ("555 010 0142/43", ""),
        ("030/5550142", ""),
        ("555 010 0142 555 010 0143", ""),
        ("24", ""),
        ("call us", ""),
        ("+", ""),
        ("   ", ""),
    ],
)
def test_a_number_is_dialed_as_it_is_meant_or_not_at_all(phone: str, dial: str) -> None:
    assert dialed(phone) == dial


@pytest.mark.parametrize("phone", ["24 hours: 555 010 0142", "1-800-CARTNOW", "555 010 0142/43", "call us"])
def test_the_settings_take_no_number_that_cannot_be_dialed(phone: str) -> None:
    found = from_environment({"CARTWAY_PHONE": phone}, Path(), Path(), "ada")
    assert isinstance(found, Problem)
    assert found.code == "phone_not_dialable"
    assert phone not in str(found)


@pytest.mark.parametrize("phone", ["", "   ", "+1 555 010 0142", "555-0142 ext. 7"])
def test_the_settings_take_none_and_what_can_be_dialed(phone: str) -> None:
    found = from_environment({"CARTWAY_PHONE": phone}, Path(), Path(), "ada")
    assert not isinstance(found, Problem)
    assert found.phone == phone.strip()
