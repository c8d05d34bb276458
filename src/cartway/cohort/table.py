"""A cohort from one Parquet facts table: graded over its columns, its reasons written from the rows that they rest
on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from cartway.problem import Problem
from cartway.record.fact import RETRACTION, UNREADABLE, Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import Graded, grade_parquet
from cartway.toxicity.episode import Episode, episodes_of
from cartway.toxicity.grade import not_infused
from cartway.toxicity.rules import Rules
from cartway.vocabulary import read_choice, read_value, vocabulary

SMALL = 200_000  # rows below which reading fact by fact is as quick, and no compiled code is loaded
_SAID = ("course", "at", "until", "what", "value", "unit", "choice", "detail")


def cohort_episodes(
    path: Path, rules: Rules, at: Instant | None, say: Callable[[str], None]
) -> Iterator[Episode] | None:
    """The episodes of a large facts table, course by course; None where the table is small, is no facts table, or holds
    corrections, which are weighed fact by fact. `say` is told how far it got and what could not be taken."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    if file.metadata.num_rows < SMALL or not _is_plain(file, path):
        return None
    say(f"grading {file.metadata.num_rows:,} rows")
    graded = grade_parquet(path, rules, at)
    if graded.refused:
        say(f"{graded.refused:,} values could not be taken (impossible, or an unknown unit); they count as unread")
    return _episodes(path, graded)


def _is_plain(file: Any, path: Path) -> bool:
    """Whether the table has the columns of facts and no amendment, correction or retraction."""
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    names = set(file.schema_arrow.names)
    if not {"course", "at", "what"} <= names:
        return False
    marks = pq.read_table(path, columns=[name for name in ("amends", "corrected") if name in names])
    if "amends" in names and marks.column("amends").null_count < marks.num_rows:
        return False
    if "corrected" in names and pc.any(marks.column("corrected")).as_py():
        return False
    what = pq.read_table(path, columns=["what"], read_dictionary=["what"]).column("what")
    return all(RETRACTION not in chunk.dictionary.to_pylist() for chunk in what.chunks)


def _episodes(path: Path, graded: Graded) -> Iterator[Episode]:
    facts = _Rows(path)
    for course, scales in graded.by_course():
        if not scales:
            yield from not_infused(course, graded.first[course])
        for scale, answers in scales:
            named = {int(answer.out[b.REASONS + 2 * pair + 1]) for answer in answers for pair in range(b.PAIRS)}
            yield from episodes_of(course, scale, answers, facts.named(named))


class _Rows:
    """The table's rows as facts, fetched by number when a reason needs them."""

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq

        names = [name for name in _SAID if name in pq.read_schema(path).names]
        self._table = pq.read_table(path, columns=names, read_dictionary=["course", "what", "unit", "choice", "detail"])
        self._columns = [(name, self._table.column(name)) for name in names]
        lengths = [len(chunk) for chunk in self._columns[0][1].chunks]
        self._starts = np.cumsum([0, *lengths])

    def named(self, rows: Iterable[int]) -> Mapping[int, Fact]:
        """The facts of some rows, by row number; what is below zero names none."""
        return {row: self._fact(row) for row in rows if row >= 0}

    def _fact(self, row: int) -> Fact:
        chunk = int(np.searchsorted(self._starts, row, side="right")) - 1
        place = row - int(self._starts[chunk])
        cells = {name: column.chunk(chunk)[place] for name, column in self._columns}
        said = {name: cell.value if name in ("at", "until") else cell.as_py() for name, cell in cells.items()}
        return fact_of(said)


def fact_of(said: Mapping[str, Any]) -> Fact:
    """One row as a fact in canonical units, or as the unreadable fact that stands for it. Times: microseconds."""
    import msgspec

    variable = vocabulary().variables[said["what"]]
    number, unit, choice = said.get("value"), said.get("unit") or "", said.get("choice") or ""
    value = read_value(variable, number, unit) if number is not None and variable.units else number
    if isinstance(value, Problem):
        return Fact(said["course"], said["at"], UNREADABLE, detail={"variable": variable.name})
    chosen = read_choice(variable, choice) if choice else ""
    detail = msgspec.json.decode(said.get("detail") or "{}")
    return Fact(
        said["course"],
        said["at"],
        variable.name,
        value,
        variable.unit or unit if value is not None else "",
        choice if isinstance(chosen, Problem) else chosen,
        said.get("until"),
        detail=detail,
    )
