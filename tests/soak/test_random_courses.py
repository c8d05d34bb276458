"""Toxicity on many random courses: the long versions of `tests/toxicity/test_laws.py` and `test_batch.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
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
from toxicity.tables import cohorts_agree

pytestmark = pytest.mark.soak
randoms = st.integers(0, 2**32).map(Random)
VALIDITY = st.sampled_from(["windows", "until_replaced"])
COURSES = {
    "anything": courses(shortest=4, longest=24),
    "crs": courses(st.one_of(crs_sayings, other_sayings), shortest=5, longest=20),
    "icans": courses(st.one_of(icans_sayings, other_sayings), shortest=5, longest=20),
    "attributed": attributed_courses(),
}


def many(examples: int) -> settings:
    return settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", COURSES)
def test_the_fold_agrees_with_its_slow_twin(kind: str) -> None:
    @many(3000)
    @given(COURSES[kind], policies())
    def agree(facts: Course, chosen: dict[str, str]) -> None:
        laws.agrees_with_its_twin(facts, rules(**chosen))

    agree()


@pytest.mark.parametrize(
    "law",
    [
        laws.an_unrelated_fact_changes_nothing,
        laws.nothing_is_known_before_its_time,
        laws.a_resumed_fold_equals_a_fresh_one,
    ],
)
def test_laws_with_chance(law: Callable[[Course, laws.Rules, Random], None]) -> None:
    @many(2500)
    @given(COURSES["anything"], policies(), randoms)
    def holds(facts: Course, chosen: dict[str, str], random: Random) -> None:
        law(facts, rules(**chosen), random)

    holds()


@pytest.mark.parametrize("kind", COURSES)
def test_a_worse_value_never_lowers_a_grade(kind: str) -> None:
    @many(4000)
    @given(COURSES[kind], VALIDITY, randoms)
    def holds(facts: Course, validity: str, random: Random) -> None:
        laws.a_worse_value_never_lowers_a_grade(facts, rules(observation_validity=validity), random)

    holds()


@many(2500)
@given(COURSES["anything"], policies(), randoms)
def test_any_order_of_arrival_gives_the_same_grades(facts: Course, chosen: dict[str, str], random: Random) -> None:
    laws.arrival_does_not_matter(facts, random.sample(facts, len(facts)), rules(**chosen))


@many(300)
@given(st.lists(courses(shortest=8), min_size=8, max_size=12), policies(), randoms)
def test_a_resumed_fold_of_a_long_course_equals_a_fresh_one(
    parts: list[Course], chosen: dict[str, str], random: Random
) -> None:
    laws.a_resumed_fold_equals_a_fresh_one(Course(f for part in parts for f in part), rules(**chosen), random)


@many(2500)
@given(COURSES["anything"], policies())
def test_episodes_are_half_open_and_whole(facts: Course, chosen: dict[str, str]) -> None:
    laws.episodes_are_whole(facts, rules(**chosen))


@many(1500)
@given(COURSES["anything"], policies())
def test_time_alone_acts_only_when_announced(facts: Course, chosen: dict[str, str]) -> None:
    laws.time_alone_acts_only_when_announced(facts, rules(**chosen))


def test_a_cohort_from_a_table_is_graded_as_its_courses_one_by_one(tmp_path: Path) -> None:
    @many(200)
    @given(st.lists(courses(shortest=4, longest=24), min_size=10, max_size=30), policies(), randoms)
    def agree(cohort: list[Course], chosen: dict[str, str], random: Random) -> None:
        cohorts_agree(tmp_path, cohort, rules(**chosen), random)

    agree()
