"""Made-up courses as facts, for what is measured one course or one batch at a time."""

from __future__ import annotations

import json

import numpy as np

from benchmarks.cohort import SEED, course_name
from benchmarks.draw import CONTINUOUS, DETAILS, NO_TIME, WORDS, Rows, draw
from cartway.record import Fact

DRAWN = 40
PACE = 1.9  # of vital signs, so that a course has more than 5,000 facts


def busy_course(facts: int) -> list[Fact]:
    """The first `facts` facts, by time, of that of forty courses which had most drugs: the hardest to grade."""
    rows = draw(np.random.default_rng(SEED), 0, DRAWN, PACE)
    drugs = np.bincount(rows.course[rows.what == WORDS.index("drug")], minlength=DRAWN)
    found = _facts(rows, int(drugs.argmax()))[:facts]
    assert len(found) == facts, f"the course has {len(found)} facts"
    return found


def some_courses(facts: int) -> list[Fact]:
    """At least `facts` facts of several courses, course by course, each with a key of its own."""
    found: list[Fact] = []
    rows = draw(np.random.default_rng(SEED), 0, DRAWN)
    for number in range(DRAWN):
        found += _facts(rows, number)
        if len(found) >= facts:
            break
    return found


def _facts(rows: Rows, number: int) -> list[Fact]:
    """One course's facts by time."""
    chosen = np.flatnonzero(rows.course == number)
    chosen = chosen[np.argsort(rows.at[chosen], kind="stable")]
    return [_fact(Rows._make(column[place] for column in rows), key) for key, place in enumerate(chosen)]


def _fact(row: Rows, key: int) -> Fact:
    value = float(row.value)
    return Fact(
        course_name(int(row.course)),
        int(row.at),
        _word(int(row.what)),
        None if np.isnan(value) else value,
        _word(int(row.unit)),
        _word(int(row.choice)),
        until=None if row.until == NO_TIME else int(row.until),
        detail=json.loads(DETAILS[int(row.detail)]) if row.detail >= CONTINUOUS else {},
        source="charting",
        key=str(key),
    )


def _word(number: int) -> str:
    return WORDS[number] if number >= 0 else ""
