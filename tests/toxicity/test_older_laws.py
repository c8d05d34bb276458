"""The older CRS scales against their slow twin, and the laws that every scale obeys, on random courses."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from toxicity.courses import Course
from toxicity.drawn import rules
from toxicity.older import older_courses, older_policies, told, told_by_twin

few = settings(max_examples=150, deadline=None)
randoms = st.integers(0, 2**32).map(Random)


@few
@given(older_courses(), older_policies())
def test_the_fold_agrees_with_its_slow_twin(facts: Course, chosen: dict[str, str]) -> None:
    assert told(facts, rules(**chosen)) == told_by_twin(facts, rules(**chosen))
