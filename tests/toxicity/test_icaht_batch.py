"""A cohort's counts from a table, by the compiled pass, against the plain fold course by course."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.toxicity import Rules, bedside
from cartway.toxicity.batch import grade_parquet
from cartway.toxicity.further import ALL_SCALES
from cartway.toxicity.grade import fold_course, in_time_order
from toxicity.counts import CYTOPENIAS, SCALES, count_courses, count_policies
from toxicity.courses import Course
from toxicity.drawn import rules
from toxicity.tables import named, table

Answers = dict[tuple[str, str], list[tuple[float, ...]]]
ASKED = (*SCALES, *CYTOPENIAS)


def told_one_by_one(cohort: list[list[Fact]], chosen: Rules) -> Answers:
    """Start, then grade, missing, policies and measures of every answer of the plain fold, by course and scale."""
    told: Answers = {}
    for facts in cohort:
        course = fold_course(in_time_order(facts, None), chosen, None, ASKED)
        for scale, answers in zip(ALL_SCALES, course.answers, strict=True):
            if scale in ASKED:
                told[facts[0].course, scale] = [(a.start, *a.out[: bedside.REASONS]) for a in answers]
    return told


def told_by_table(path: Path, chosen: Rules) -> Answers:
    """The same of the compiled pass."""
    return {
        (course, scale): [(a.start, *a.out[: bedside.REASONS]) for a in answers]
        for course, parts in grade_parquet(path, chosen, None, scales=ASKED).by_course()
        for scale, answers in parts
        if scale in ASKED
    }


def test_a_cohort_s_counts_from_a_table_are_those_of_its_courses(tmp_path: Path) -> None:
    @settings(max_examples=25, deadline=None)
    @given(st.lists(count_courses(), min_size=2, max_size=5), count_policies(), st.integers(0, 2**32).map(Random))
    def agree(drawn: list[Course], policies: dict[str, str], random: Random) -> None:
        cohort, chosen = named(drawn), rules(**policies)
        rows = [fact for facts in cohort for fact in facts]
        path = tmp_path / "counts.parquet"
        pq.write_table(table(random.sample(rows, len(rows))), path, row_group_size=1 + len(rows) // 3)
        expected = {key: answers for key, answers in told_one_by_one(cohort, chosen).items() if answers}
        assert {key: answers for key, answers in told_by_table(path, chosen).items() if answers} == expected

    agree()
