"""The laws of grading, on random courses. `laws.py` states each; the long versions run in the soak."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from toxicity import laws
from toxicity.courses import (
    Course,
    attributed_courses,
    courses,
    crs_sayings,
    icans_sayings,
    other_sayings,
    policies,
)
from toxicity.drawn import rules

few = settings(max_examples=200, deadline=None)
randoms = st.integers(0, 2**32).map(Random)
VALIDITY = st.sampled_from(["windows", "until_replaced"])
WORSENING = st.sampled_from(["holds", "reopens"])


@few
@given(courses(), policies())
def test_the_fold_agrees_with_its_slow_twin(facts: Course, chosen: dict[str, str]) -> None:
    laws.agrees_with_its_twin(facts, rules(**chosen))


@few
@given(courses(st.one_of(crs_sayings, other_sayings), shortest=4), policies())
def test_the_fold_agrees_with_its_slow_twin_on_crs(facts: Course, chosen: dict[str, str]) -> None:
    laws.agrees_with_its_twin(facts, rules(**chosen))


@few
@given(courses(st.one_of(icans_sayings, other_sayings), shortest=4), policies())
def test_the_fold_agrees_with_its_slow_twin_on_icans(facts: Course, chosen: dict[str, str]) -> None:
    laws.agrees_with_its_twin(facts, rules(**chosen))


@few
@given(attributed_courses(), policies())
def test_the_fold_agrees_with_its_slow_twin_on_what_is_attributed(facts: Course, chosen: dict[str, str]) -> None:
    laws.agrees_with_its_twin(facts, rules(**chosen))


@few
@given(courses(shortest=4), policies(), randoms)
def test_any_order_of_arrival_gives_the_same_grades(facts: Course, chosen: dict[str, str], random: Random) -> None:
    laws.arrival_does_not_matter(facts, random.sample(facts, len(facts)), rules(**chosen))


@few
@given(st.one_of(courses(shortest=4), attributed_courses()), VALIDITY, WORSENING, randoms)
def test_a_worse_value_never_lowers_a_grade(facts: Course, validity: str, worsening: str, random: Random) -> None:
    chosen = rules(observation_validity=validity, attribution_worsening=worsening)
    laws.a_worse_value_never_lowers_a_grade(facts, chosen, random)


@few
@given(courses(shortest=4), policies(), randoms)
def test_an_unrelated_fact_changes_nothing(facts: Course, chosen: dict[str, str], random: Random) -> None:
    laws.an_unrelated_fact_changes_nothing(facts, rules(**chosen), random)


@few
@given(courses(shortest=4), policies(), randoms)
def test_as_of_never_depends_on_what_came_later(facts: Course, chosen: dict[str, str], random: Random) -> None:
    laws.nothing_is_known_before_its_time(facts, rules(**chosen), random)


@few
@given(courses(shortest=4), policies(), randoms)
def test_a_resumed_fold_equals_a_fresh_one(facts: Course, chosen: dict[str, str], random: Random) -> None:
    laws.a_resumed_fold_equals_a_fresh_one(facts, rules(**chosen), random)


@settings(max_examples=15, deadline=None)
@given(st.lists(courses(shortest=8), min_size=8, max_size=10), policies(), randoms)
def test_a_resumed_fold_of_a_long_course_equals_a_fresh_one(
    parts: list[Course], chosen: dict[str, str], random: Random
) -> None:
    """Long enough for several checkpoints."""
    laws.a_resumed_fold_equals_a_fresh_one(Course(f for part in parts for f in part), rules(**chosen), random)


@few
@given(courses(), policies())
def test_time_alone_acts_only_when_announced(facts: Course, chosen: dict[str, str]) -> None:
    laws.time_alone_acts_only_when_announced(facts, rules(**chosen))


@few
@given(courses(), policies())
def test_episodes_are_half_open_and_whole(facts: Course, chosen: dict[str, str]) -> None:
    laws.episodes_are_whole(facts, rules(**chosen))
