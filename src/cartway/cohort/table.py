"""A cohort from one Parquet facts table: graded over its columns, its reasons written from the rows that they rest
on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from cartway.cohort.plain import why_by_row, why_by_row_after
from cartway.problem import Problem
from cartway.record.fact import UNREADABLE, Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import Graded, Group, TooManyWordsError, grade_parquet
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
    """The episodes of a large facts table, course by course; None where it must be read fact by fact: it is small, is
    no sound facts table, or holds what has to be weighed or refused row by row. `say` is told how far it got.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            rows, why = file.metadata.num_rows, why_by_row(file) if file.metadata.num_rows >= SMALL else ""
        if rows < SMALL:
            return None
        say(f"grading {rows:,} rows" + (f", one by one, since {why}" if why else ""))
        return None if why else _graded(path, rules, at, say)
    except (pa.ArrowException, OSError):
        return None  # damaged, or a column of another kind: reading it fact by fact names the place


def _graded(path: Path, rules: Rules, at: Instant | None, say: Callable[[str], None]) -> Iterator[Episode] | None:
    try:
        graded = grade_parquet(path, rules, at)
    except TooManyWordsError:
        say("... again one by one, since it has too many different words")
        return None
    if why := why_by_row_after(graded):
        say(f"... again one by one, since {why}")
        return None
    if graded.refused:
        say(
            f"{graded.refused:,} rows could not be read (an unknown word or unit, an impossible value); "
            "a reading among them counts as one that arrived unreadable"
        )
    return _episodes(graded, at)


def _episodes(graded: Graded, at: Instant | None) -> Iterator[Episode]:
    starts = np.array([group.first for group in graded.groups])
    for course, scales in graded.by_course():
        if at is not None and graded.first[course] > at:
            continue  # nothing of it was there yet
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
    chosen = read_choice(variable, choice) if choice else ""
    if isinstance(read, Problem) or isinstance(chosen, Problem):
        return Fact(course, at, UNREADABLE, detail={"variable": what})
    extras = msgspec.json.decode(detail or "{}")
    return Fact(
        course, at, what, read, (variable.unit or unit) if read is not None else "", chosen, until, detail=extras
    )
