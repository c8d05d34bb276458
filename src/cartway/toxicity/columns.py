"""One course from its columns, compiled: the bedside answer for a long course in about a millisecond.

The same answer as `grade` gives over the course's facts; what is read from the store is arrays, and only the facts that
a reason names become `Fact`s.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import ALL_THERE, Group, Source, grade_groups
from cartway.toxicity.episode import Episode, episodes_of
from cartway.toxicity.further import SCALES
from cartway.toxicity.grade import not_infused
from cartway.toxicity.passes import NO_TIME
from cartway.toxicity.rules import Rules

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.record.columns import Columns


def grade_columns(
    columns: Columns, course: str, rules: Rules, at: Instant | None = None, scales: Sequence[str] = SCALES
) -> list[Episode]:
    """Episodes of some scales for one course in the store, as `grade` gives them.

    `columns`: of one course, as `Log.columns` reads them. `at`: as for `grade`.
    """
    if not len(columns) or (at is not None and columns.at[0] > at):
        return []
    graded = grade_groups(Source(len(columns), partial(_groups, columns, course)), rules, at, scales)
    ((_, graded_scales),) = graded.by_course()
    if not _infused(columns, at):
        return not_infused(course, int(columns.at[0]), scales)
    named = {int(a.out[b.REASONS + 2 * i + 1]) for _, answers in graded_scales for a in answers for i in range(b.PAIRS)}
    facts = {row: fact_at(columns, course, row) for row in named if row >= 0}
    return [
        episode
        for scale, answers in graded_scales
        if scale in scales
        for episode in episodes_of(course, scale, answers, facts)
    ]


def _groups(columns: Columns, course: str, courses: dict[str, int]) -> Iterator[Group]:
    """The columns as a table of one row group."""
    courses[course] = 0
    yield _group(columns)


def _infused(columns: Columns, at: Instant | None) -> bool:
    infusion = next((number for number, text in columns.words.items() if text == "infusion"), -1)
    when = columns.at[columns.what == infusion]
    return bool(len(when)) and (at is None or int(when[0]) <= at)


def _group(columns: Columns) -> Group:
    """The columns as one row group of a cohort of one."""
    count = len(columns)
    parts = [_dense(numbers, columns.words) for numbers in (columns.what, columns.choice, columns.unit)]
    detail, details = _details(columns)
    until = np.where(columns.until == np.iinfo(np.int64).max, NO_TIME, columns.until)
    return Group(
        np.zeros(count, np.int32),
        np.zeros(1, np.int32),
        columns.at,
        columns.value,
        np.packbits(~np.isnan(columns.value), bitorder="little"),
        until,
        (*(numbers for numbers, _ in parts), detail),
        (ALL_THERE,) * 4,
        np.array([*(len(names) for _, names in parts), len(details)], np.int64),
        np.arange(len(details), dtype=np.int32),
        (*(names for _, names in parts), details),
        details,
        0,
    )


def _dense(numbers: NDArray[np.int32], words: Mapping[int, str]) -> tuple[NDArray[np.int32], Sequence[str]]:
    """Numbers of the store's words as numbers of the few that occur here, and how those are spelled."""
    place = np.zeros(int(numbers.max()) + 1, np.int32)
    present = np.flatnonzero(np.bincount(numbers))
    place[present] = np.arange(len(present), dtype=np.int32)
    return place[numbers], [words[int(number)] for number in present]


def _details(columns: Columns) -> tuple[NDArray[np.int32], Sequence[str]]:
    """Each row's detail as a number, and the details as JSON; the first is none."""
    numbers = np.zeros(len(columns), np.int32)
    texts = {"": 0}
    if columns.detail:
        for row in np.flatnonzero(np.isin(columns.position, list(columns.detail))).tolist():
            text = msgspec.json.encode(columns.detail[int(columns.position[row])]).decode()
            numbers[row] = texts.setdefault(text, len(texts))
    return numbers, list(texts)


def fact_at(columns: Columns, course: str, row: int) -> Fact:
    """One row of the columns as a fact, with what derivations read of it."""
    value, until = float(columns.value[row]), int(columns.until[row])
    position = int(columns.position[row])
    return Fact(
        course,
        int(columns.at[row]),
        columns.words[int(columns.what[row])],
        None if np.isnan(value) else value,
        columns.words[int(columns.unit[row])],
        columns.words[int(columns.choice[row])],
        None if until == np.iinfo(np.int64).max else until,
        detail=columns.detail.get(position, {}),
        position=position,
    )
