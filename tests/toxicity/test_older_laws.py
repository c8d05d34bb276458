"""The older CRS scales against their slow twin, and the laws that every scale obeys, on random courses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import Rules
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import grade_parquet
from cartway.toxicity.coding import code, words
from cartway.toxicity.fold import Answer, Fold, fold
from cartway.toxicity.further import ALL_SCALES
from cartway.toxicity.grade import end_of_record, in_time_order
from toxicity.courses import Course
from toxicity.drawn import hour_of, rules
from toxicity.older import older_courses, older_policies, told, told_by_twin
from toxicity.slow_older import OLDER
from toxicity.tables import named, table

few = settings(max_examples=100, deadline=None)
randoms = st.integers(0, 2**32).map(Random)


@few
@given(older_courses(), older_policies())
def test_the_fold_agrees_with_its_slow_twin(facts: Course, chosen: dict[str, str]) -> None:
    assert told(facts, rules(**chosen)) == told_by_twin(facts, rules(**chosen))


@few
@given(older_courses(), older_policies(), randoms)
def test_any_order_of_arrival_gives_the_same_grades(facts: Course, chosen: dict[str, str], random: Random) -> None:
    assert told(random.sample(facts, len(facts)), rules(**chosen)) == told(facts, rules(**chosen))


@few
@given(older_courses(), older_policies(), randoms)
def test_a_resumed_fold_equals_a_fresh_one(facts: Course, chosen: dict[str, str], random: Random) -> None:
    """Facts that come one by one, late ones among them."""
    ordered = in_time_order(facts, None)
    known = words()
    rows = [row for place, fact in enumerate(ordered) if (row := code(fact, place, known)) is not None]
    vector = rules(**chosen).vector(OLDER)
    resumed = Fold(vector)
    for row in random.sample(rows, len(rows)):
        resumed.push([row])
    horizon = end_of_record(ordered, rows)
    resumed.close(horizon)
    fresh = fold(rows, vector, horizon)
    assert [_kept(answers) for answers in resumed.answers] == [_kept(answers) for answers in fresh.answers]


def _kept(answers: Sequence[Answer]) -> list[tuple[float, list[float]]]:
    return [(answer.start, answer.out[: b.REASONS]) for answer in answers]


@few
@given(older_courses(), older_policies())
def test_as_of_never_depends_on_what_came_later(facts: Course, chosen: dict[str, str]) -> None:
    whole = told(facts, rules(**chosen))
    infused = min(fact.at for fact in facts if fact.what == "infusion")
    for fact in [each for each in facts if each.at >= infused][:4]:
        as_of = told(facts, rules(**chosen), fact.at)
        for scale in OLDER:
            assert as_of[scale] == [span for span in whole[scale] if span.hour <= hour_of(fact.at)]


def test_a_cohort_from_a_table_is_graded_as_its_courses_one_by_one(tmp_path: Path) -> None:
    @settings(max_examples=10, deadline=None)
    @given(st.lists(older_courses(), min_size=2, max_size=10), older_policies(), randoms)
    def agree(cohort: list[Course], chosen: dict[str, str], random: Random) -> None:
        by_name = {facts[0].course: facts for facts in named(cohort) if any(f.what == "infusion" for f in facts)}
        rows = [fact for facts in by_name.values() for fact in facts]
        pq.write_table(table(random.sample(rows, len(rows))), tmp_path / "t.parquet", row_group_size=1 + len(rows) // 3)
        graded = grade_parquet(tmp_path / "t.parquet", rules(**chosen), scales=OLDER)
        for course, scales in graded.by_course():
            alone = plain(by_name[course], rules(**chosen))
            for scale, answers in scales:
                assert _kept(answers) == alone[scale], (course, scale)

    agree()


def plain(facts: Sequence[Fact], chosen: Rules) -> dict[str, list[tuple[float, list[float]]]]:
    """The plain fold's answers of one course, by scale."""
    ordered = in_time_order(facts, None)
    known = words()
    rows = [row for place, fact in enumerate(ordered) if (row := code(fact, place, known)) is not None]
    course = fold(rows, chosen.vector(OLDER), end_of_record(ordered, rows))
    return {scale: _kept(answers) for scale, answers in zip(ALL_SCALES, course.answers, strict=True)}
