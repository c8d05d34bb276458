"""Free text is split into inclusion and exclusion and never read; no word of it is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.pathway.trials.freetext import split

BULLETS = """Inclusion Criteria:

* Adults
* Measurable disease,
  by PET

Exclusion Criteria:

* Pregnant
"""
LINES = """Inclusion Criteria:

Aged between 18 and 70;
Expected survival of 90 days or
more;

Exclusion Criteria:

Infection;
"""
WRAPPED = """
        Inclusion Criteria:

          -  Women of 18 years or older, who
             agree

          -  ECOG 0 or 1

        Exclusion Criteria:

          -  HIV
""".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("text", "inclusion", "exclusion"),
    [
        (BULLETS, ("Adults", "Measurable disease, by PET"), ("Pregnant",)),
        (LINES, ("Aged between 18 and 70;", "Expected survival of 90 days or more;"), ("Infection;",)),
        (WRAPPED, ("Women of 18 years or older, who agree", "ECOG 0 or 1"), ("HIV",)),
        ("Key Inclusion Criteria: Adults.\nKey exclusion criteria:\n1. HIV\n2) HBV", ("Adults.",), ("HIV", "HBV")),
    ],
)
def test_each_shape_that_registries_write_is_split_into_its_items(
    text: str, inclusion: tuple[str, ...], exclusion: tuple[str, ...]
) -> None:
    found = split(text)
    assert (found.inclusion, found.exclusion, found.other) == (inclusion, exclusion, ())


def test_a_heading_that_says_for_whom_is_kept() -> None:
    assert split("Inclusion criteria for part B:\n* Adults").inclusion == ("Inclusion criteria for part B:", "Adults")


def test_text_under_neither_heading_is_shown_as_such() -> None:
    assert split("DISEASE CHARACTERISTICS:\n* Any stage").other == ("DISEASE CHARACTERISTICS:", "Any stage")


def test_a_sentence_about_exclusion_is_no_heading() -> None:
    found = split("Inclusion Criteria:\n* Does not meet exclusion criteria\n* Meets the inclusion criteria of part A")
    assert found.inclusion == ("Does not meet exclusion criteria", "Meets the inclusion criteria of part A")


LINE = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=40)
TEXT = st.lists(LINE | st.sampled_from(["Inclusion Criteria:", "Exclusion Criteria:", "* A", "1. B", ""]), max_size=20)


@given(TEXT)
def test_no_word_is_lost(lines: list[str]) -> None:
    """Every word of the text is in some item, in order, but for headings and the marks of bullets."""
    text = "\n".join(lines)
    found = split(text)
    shown = " ".join((*found.other, *found.inclusion, *found.exclusion))
    headings = {"inclusion", "exclusion", "criteria", "criterion", "key", "main", "major", "general", "the"}
    words = [word for word in re.findall(r"[^\W\d_]{2,}", text) if word.casefold() not in headings]
    assert all(word in shown for word in words)
