"""The sheet: rows in any order become a table by course and time."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.times import DAY, HOUR, SECOND
from cartway.twin.chart.drips import spells
from cartway.twin.chart.sheet import EARLIEST, MOST_COURSES, Course, Pick, Sheet, in_order

ROWS = st.lists(st.tuples(st.integers(0, 40), st.integers(EARLIEST // SECOND, 800 * 86_400)), max_size=60)


@given(ROWS)
def test_packed_order_is_the_order_by_course_then_second_then_place(rows: list[tuple[int, int]]) -> None:
    who = np.array([w for w, _ in rows], np.int64)
    at = np.array([s for _, s in rows], np.int64) * SECOND
    assert in_order(who, at).tolist() == sorted(range(len(rows)), key=lambda i: (who[i], at[i], i))


def test_more_courses_than_can_be_packed_are_refused() -> None:
    with pytest.raises(ValueError, match="too many courses"):
        in_order(np.array([MOST_COURSES]), np.array([0]))


@given(st.lists(st.lists(st.booleans(), min_size=5, max_size=5), min_size=1, max_size=6))
def test_spells_are_the_unbroken_stretches_of_each_row(rows: list[list[bool]]) -> None:
    def slowly() -> list[tuple[int, int, int]]:
        found = []
        for who, row in enumerate(rows):
            start = None
            for i, on in enumerate([*row, False]):
                if on and start is None:
                    start = i
                if not on and start is not None:
                    found.append((who, start, i))
                    start = None
        return found

    assert list(zip(*(part.tolist() for part in spells(np.array(rows))), strict=True)) == slowly()


def test_a_table_has_instants_words_and_nulls() -> None:
    sheet = Sheet()
    sheet.add(np.array([1, 0]), np.array([DAY, HOUR]), "body_temperature", np.array([38.2, np.nan]), "Cel")
    sheet.add(np.array([0]), 0, "drug", choice=Pick(("x", "tocilizumab"), np.array([1])), until=np.array([HOUR]))
    table = sheet.table(Course(["a", "b"], np.array([1000 * DAY, 2000 * DAY])), "twin", recorded=False)
    assert table.column("course").to_pylist() == ["a", "a", "b"]
    assert table.column("what").to_pylist() == ["drug", "body_temperature", "body_temperature"]
    assert table.column("value").to_pylist() == [None, None, 38.2]
    assert table.column("choice").to_pylist() == ["tocilizumab", None, None]
    assert table.column("at").cast("int64").to_pylist() == [1000 * DAY, 1000 * DAY + HOUR, 2001 * DAY]
    assert table.column("until").cast("int64").to_pylist() == [1000 * DAY + HOUR, None, None]
    assert table.column("recorded_at").null_count == 3
    assert table.column("simulated").to_pylist() == [True] * 3
