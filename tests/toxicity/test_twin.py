"""The fast fold against the slow twin: grade, missing and policies at every instant, on random courses."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import grade
from toxicity.compare import episodes_told, told_by_twin
from toxicity.courses import courses, crs_sayings, icans_sayings, other_sayings, policies
from toxicity.drawn import rules

EXAMPLES = 120


def agree(facts: list[Fact], chosen: dict[str, str]) -> None:
    """The fold's episodes are the twin's."""
    assert episodes_told(grade(facts, rules(**chosen))) == told_by_twin(facts, rules(**chosen))


@settings(max_examples=EXAMPLES, deadline=None)
@given(courses(), policies())
def test_the_fold_agrees_with_its_slow_twin(facts: list[Fact], chosen: dict[str, str]) -> None:
    agree(facts, chosen)


@settings(max_examples=EXAMPLES, deadline=None)
@given(courses(st.one_of(crs_sayings, other_sayings)), policies())
def test_on_crs(facts: list[Fact], chosen: dict[str, str]) -> None:
    agree(facts, chosen)


@settings(max_examples=EXAMPLES, deadline=None)
@given(courses(st.one_of(icans_sayings, other_sayings)), policies())
def test_on_icans(facts: list[Fact], chosen: dict[str, str]) -> None:
    agree(facts, chosen)
