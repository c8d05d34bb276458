"""A cohort from one Parquet facts table: graded over its columns, its reasons written from the rows that they rest
on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from cartway.problem import Problem
from cartway.record.fact import RETRACTION, UNREADABLE, Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import Graded, Group, grade_parquet
from cartway.toxicity.episode import Episode, episodes_of
from cartway.toxicity.grade import not_infused
from cartway.toxicity.passes import NO_TIME, is_there
from cartway.toxicity.rules import Rules
from cartway.vocabulary import read_choice, read_value, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray

SMALL = 200_000  # rows below which reading fact by fact is as quick, and no compiled code is loaded


def cohort_episodes(
    path: Path, rules: Rules, at: Instant | None, say: Callable[[str], None]
) -> Iterator[Episode] | None:
    """The episodes of a large facts table, course by course; None where the table is small, is no facts table, or holds
    corrections, which are weighed fact by fact. `say` is told how far it got and what could not be taken.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    if file.metadata.num_rows < SMALL or not _is_plain(file):
        return None
    say(f"grading {file.metadata.num_rows:,} rows")
    graded = grade_parquet(path, rules, at)
    if any(RETRACTION in group.spelled[0] for group in graded.groups):
        return None
    if graded.refused:
        say(f"{graded.refused:,} values could not be taken (impossible, or an unknown unit); they count as unread")
    return _episodes(graded)


def _is_plain(file: Any) -> bool:
    """Whether the table has the columns of facts and no amendment or correction, by what the file says of its
    columns.
    """
    names = file.schema_arrow.names
    if not {"course", "at", "what"} <= set(names):
        return False
    places = [names.index(name) for name in ("amends", "corrected") if name in names]
    groups = [file.metadata.row_group(number) for number in range(file.metadata.num_row_groups)]
    return all(_is_empty(group.column(place)) for group in groups for place in places)


def _is_empty(column: Any) -> bool:
    stated = column.statistics
    return stated is not None and (
        stated.null_count == column.num_values or (stated.has_min_max and stated.max is False)
    )


def _episodes(graded: Graded) -> Iterator[Episode]:
    starts = np.array([group.first for group in graded.groups])
    for course, scales in graded.by_course():
        if not scales:
            yield from not_infused(course, graded.first[course])
        for scale, answers in scales:
            named = {int(answer.out[b.REASONS + 2 * pair + 1]) for answer in answers for pair in range(b.PAIRS)}
            facts = {row: _fact(graded, starts, course, row) for row in named if row >= 0}
            yield from episodes_of(course, scale, answers, facts)


def _fact(graded: Graded, starts: NDArray[np.int64], course: str, row: int) -> Fact:
    """The fact of one row of the table."""
    group = graded.groups[int(np.searchsorted(starts, row, side="right")) - 1]
    place = row - group.first
    until = int(group.until[place]) if len(group.until) else NO_TIME
    value = float(group.value[place]) if is_there(group.has_value, place) else None
    words = (group.spelled[0], group.spelled[1], group.spelled[2], group.details)
    what, choice, unit, detail = (_word(group, number, names, place) for number, names in enumerate(words))
    return fact_of(course, int(group.at[place]), None if until == NO_TIME else until, what, value, unit, choice, detail)


def _word(group: Group, number: int, names: Sequence[str], place: int) -> str:
    return names[int(group.words[number][place])] if is_there(group.bits[number], place) else ""


def fact_of(
    course: str, at: Instant, until: Instant | None, what: str, value: float | None, unit: str, choice: str, detail: str
) -> Fact:
    """One row as a fact in canonical units, or as the unreadable fact that stands for it."""
    variable = vocabulary().variables[what]
    read = read_value(variable, value, unit) if value is not None and variable.units else value
    if isinstance(read, Problem):
        return Fact(course, at, UNREADABLE, detail={"variable": what})
    chosen = read_choice(variable, choice) if choice else ""
    named = "" if isinstance(chosen, Problem) else chosen
    extras = msgspec.json.decode(detail or "{}")
    return Fact(
        course, at, what, read, (variable.unit or unit) if read is not None else "", named, until, detail=extras
    )
