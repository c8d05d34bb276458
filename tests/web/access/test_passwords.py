"""Which passwords are taken, and how they are kept."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.web.access.passwords import LONGEST, Passwords, weakness

from .conftest import CHEAP, RIGHT

PASSWORDS = Passwords(CHEAP)
KEPT = PASSWORDS.hash(RIGHT)
WEAK = [
    "",
    "x" * 11,
    "eleven char",
    "a" * 40,
    "abababababab",
    "password1234",
    "PassWord1234",
    "123456789012",
    "anna.miller@2026",
    "Anna.MillerAnna.Miller",
    "xk4!" * 300,
]


@pytest.mark.parametrize("given_one", WEAK)
def test_a_password_that_is_guessed_soon_is_refused(given_one: str) -> None:
    found = weakness(given_one, "anna.miller")
    assert found is not None and found.code == "weak_password"
    assert not given_one or given_one not in str(found), "it is not quoted"


@pytest.mark.parametrize(
    "given_one", [RIGHT, "xk4!Q" * 200, "天天向上好好学习读书写字", "anna.miller rides a red bicycle"]
)
def test_others_are_taken(given_one: str) -> None:
    assert weakness(given_one, "anna.miller") is None


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_password_fits_itself_and_no_other(one: str, other: str) -> None:
    import unicodedata

    kept = PASSWORDS.hash(one)
    assert PASSWORDS.fits(kept, one)
    same = unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert PASSWORDS.fits(kept, other) == same


def test_what_is_too_long_never_fits() -> None:
    """Nobody makes the server hash a whole book, and a cut one opens nothing."""
    longest = "ab12" * (LONGEST // 4)
    kept = PASSWORDS.hash(longest)
    assert PASSWORDS.fits(kept, longest)
    assert not PASSWORDS.fits(kept, longest + "x")
    assert not PASSWORDS.fits(kept, longest * 1000)


@pytest.mark.parametrize("typed", ["", "\ud800", "a\0b", RIGHT + " "])
def test_nothing_fits_where_no_password_is_kept(typed: str) -> None:
    assert not PASSWORDS.fits("", typed)
    assert not PASSWORDS.fits(KEPT, typed)
