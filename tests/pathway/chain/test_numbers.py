"""Donation numbers, the Single European Code, and what a scanner types."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.chain import Din, Kind, Scan, Sec, check_character, check_value, read_din, read_sec, scan
from cartway.pathway.chain.iso7064 import ALPHABET
from cartway.problem import Problem

VECTORS = {  # donation number: check value, check character, flags of type 3
    "G123498654321": (17, "H", "77"),  # the worked example of the UK guidelines, annex 2
    "W000026123456": (36, "*", "96"),
    "W000026123465": (34, "Y", "94"),
    "W000026213456": (4, "4", "64"),
    "A999926000001": (8, "8", "68"),
    "V000126000123": (16, "G", "76"),
}
numbers = st.from_regex(r"[A-Z0-9]{5}[0-9]{8}", fullmatch=True).filter(str.isascii)


@pytest.mark.parametrize(("number", "value", "character"), [(n, v, c) for n, (v, c, _) in VECTORS.items()])
def test_the_check_of_iso_7064_mod_37_2(number: str, value: int, character: str) -> None:
    assert (check_value(number), check_character(number)) == (value, character)


def test_the_check_as_the_standard_defines_it() -> None:
    """The weighted sum: weight 2^n at the n-th place from the right, the check the complement to 1 of it mod 37."""
    for number, (value, _, _) in VECTORS.items():
        total = sum(ALPHABET.index(each) * 2**n for n, each in enumerate(reversed(number), start=1))
        assert (38 - total % 37) % 37 == value


@given(numbers, st.integers(0, 12), st.sampled_from(ALPHABET[:36]))
def test_every_single_wrong_character_shows(number: str, place: int, other: str) -> None:
    wrong = number[:place] + other + number[place + 1 :]
    assert (check_value(wrong) == check_value(number)) is (wrong == number)


@given(numbers, st.integers(0, 11))
def test_every_swap_of_neighbors_shows(number: str, place: int) -> None:
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert (check_value(swapped) == check_value(number)) is (swapped == number)


@pytest.mark.parametrize("text", ["w000026123456", "W0000-26", "W00002612345*"])
def test_what_is_no_upper_case_letter_or_digit_has_no_check(text: str) -> None:
    assert check_value(text) is None
    assert check_character(text) == ""


@pytest.mark.parametrize(
    ("written", "checked"),
    [
        ("G123498654321", False),
        ("=G12349865432100", False),
        ("=G12349865432177", True),
        ("G1234 98 654321 H", True),
        ("g1234 98 654321 00 h", True),
    ],
)
def test_one_donation_number_however_it_is_written(written: str, checked: bool) -> None:
    assert read_din(written) == Din("G123498654321", read_din_flags(written), "H", checked)


def read_din_flags(written: str) -> str:
    return "77" if "77" in written else "00" if "00" in written else ""


def test_the_parts_of_a_donation_number() -> None:
    din = read_din("W000026123456")
    assert isinstance(din, Din)
    assert (din.facility, din.year, din.printed) == ("W0000", "26", "W0000 26 123456 *")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("W000026123465*", "din_check_wrong"),  # two neighbors swapped, with the check of the true number
        ("=W00002612346596", "din_check_wrong"),
        ("W0000 26 123456 Y", "din_check_wrong"),
        ("W00002612345", "din_malformed"),
        ("W00002612345X", "din_malformed"),
        ("=W000026123456-1X99", "din_malformed"),
        ("W000026123456?", "din_malformed"),
        ("", "din_malformed"),
    ],
)
def test_what_is_no_sound_donation_number(written: str, code: str) -> None:
    problem = read_din(written)
    assert isinstance(problem, Problem)
    assert problem.code == code


@given(numbers)
def test_a_number_with_its_own_check_is_sound(number: str) -> None:
    din = read_din(number + check_character(number))
    assert isinstance(din, Din)
    assert din == read_din(f"={number}{60 + (check_value(number) or 0)}"[:1] + number + check_character(number))
    assert isinstance(read_din(f"={number}{60 + (check_value(number) or 0)}"), Din)


def test_a_single_european_code() -> None:
    code = "ES000123W000026123456AS1234000120280131"
    code = "ES000123" + "W000026123456" + "A" + "S123400" + "0B1" + "20280131"
    sec = read_sec(code)
    assert sec == Sec("ES", "000123", "W000026123456", "A", "S123400", "0B1", "2028-01-31")
    assert isinstance(sec, Sec)
    assert sec.donation_sequence == code[:21]
    assert read_sec(code[:21]) == Sec("ES", "000123", "W000026123456")


@pytest.mark.parametrize("code", ["ES000123W000026123456", "ES000123W000026123456AS1234000B100000000"])
def test_a_code_may_state_no_expiry(code: str) -> None:
    sec = read_sec(code)
    assert isinstance(sec, Sec)
    assert sec.expires == ""


@pytest.mark.parametrize(
    "code",
    [
        "ES000123W000026123456AS1234000B12028013",  # 39 characters
        "ES000123W000026123456AS1234000B120281301",  # month 13
        "11000123W000026123456AS1234000B120280131",  # no country
    ],
)
def test_what_is_no_single_european_code(code: str) -> None:
    problem = read_sec(code)
    assert isinstance(problem, Problem)
    assert problem.code == "sec_malformed"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("=W00002612345696", Scan(Kind.donation, "W000026123456")),
        ("]C0=W00002612345600\r", Scan(Kind.donation, "W000026123456")),
        ("=<S1234V01", Scan(Kind.product, "S1234V01", division="01")),
        ("&>0263321430", Scan(Kind.expiry, "2026-11-28T14:30")),
        ("=>026332", Scan(Kind.expiry, "2026-11-28")),
        ("AX-1041", Scan(Kind.text, "AX-1041")),
        ("COI 7K2M\n", Scan(Kind.text, "COI 7K2M")),
        (
            "ES000123W000026123456AS1234000B120280131",
            Scan(Kind.sec, "ES000123W000026123456AS1234000B120280131"),
        ),
    ],
)
def test_what_a_scanner_types(typed: str, read: Scan) -> None:
    assert scan(typed) == read


def test_several_in_one_symbol() -> None:
    both = scan("]d1=+02000=W00002612345696=<S1234V02")
    assert isinstance(both, Scan)
    assert (both.of(Kind.donation), both.of(Kind.product)) == ("W000026123456", "S1234V02")
    assert both.of(Kind.expiry) == ""


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "scan_empty"),
        ("\r\n\x1d", "scan_empty"),
        ("x" * 201, "scan_too_long"),
        ("=W00002612346596", "din_check_wrong"),
        ("&>0264001430", "scan_unknown"),  # day 400
        ("&>0263322530", "scan_unknown"),  # 25 o'clock
        ("=%6200", "scan_unknown"),
        ("=+02000=W000026123456961", "scan_unknown"),
        ("=+02000", "scan_unknown"),
        ("&(00345", "scan_unknown"),
    ],
)
def test_what_cannot_be_read_is_told(typed: str, code: str) -> None:
    problem = scan(typed)
    assert isinstance(problem, Problem)
    assert problem.code == code
    assert problem.remedy


@given(st.text())
def test_whatever_is_typed_is_read_or_told(typed: str) -> None:
    assert isinstance(scan(typed), Scan | Problem)
    assert isinstance(read_sec(typed), Sec | Problem)
    assert isinstance(read_din(typed), Din | Problem)
