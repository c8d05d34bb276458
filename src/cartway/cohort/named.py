"""The facts that reasons name, from the rows of the table that they rest on.

Grading keeps no row. Those that an answer names are few, so one more pass over the table, before the first answer is
written, gathers them all.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cartway.problem import Problem
from cartway.record.fact import UNREADABLE, Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.batch import Group, row_groups
from cartway.toxicity.passes import A_OUT, NO_TIME
from cartway.vocabulary import read_choice, read_value, vocabulary

if TYPE_CHECKING:
    from numpy.typing import NDArray


class NamedFacts:
    """The facts of a table that answers name, by their rows."""

    def __init__(self, path: Path, answers: NDArray[np.float64]) -> None:
        rows = _named(answers)
        self._parts = [_part(group, rows) for group in row_groups(path, {})]
        self._firsts = [part.first for part in self._parts]

    def fact(self, course: str, row: int) -> Fact:
        """The fact of one row of the table."""
        part = self._parts[bisect_right(self._firsts, row) - 1]
        place = int(np.searchsorted(part.rows, row))
        until = int(part.until[place]) if len(part.until) else NO_TIME
        value = float(part.value[place]) if part.has_value[place] else None
        what, choice, unit, detail = (
            names[int(numbers[place])] for numbers, names in zip(part.words, part.spelled, strict=True)
        )
        end = None if until == NO_TIME else until
        return fact_of(course, int(part.at[place]), end, what, value, unit, choice, detail)


class _Part(NamedTuple):
    """The named rows of the row group that starts at row `first`. `words` are numbers of the words `spelled`."""

    first: int
    rows: NDArray[np.int64]
    at: NDArray[np.int64]
    until: NDArray[np.int64]
    value: NDArray[np.float64]
    has_value: NDArray[np.bool_]
    words: Sequence[NDArray[np.signedinteger[Any]]]
    spelled: Sequence[Sequence[str]]


def _named(answers: NDArray[np.float64]) -> NDArray[np.int64]:
    """The rows that answers name, each once, in their order."""
    first = A_OUT + b.REASONS + 1
    rows = np.unique(answers[:, first : first + 2 * b.PAIRS : 2])
    return rows[rows >= 0.0].astype(np.int64)


def _part(group: Group, rows: NDArray[np.int64]) -> _Part:
    """Those of the rows that lie in the group."""
    low, high = np.searchsorted(rows, [group.first, group.first + len(group.at)])
    places = rows[low:high] - group.first
    until = group.until[places] if len(group.until) else group.until
    words, details = _words(group, places), group.details
    used, detail = np.unique(words[3], return_inverse=True)
    return _Part(
        group.first,
        rows[low:high],
        group.at[places],
        until,
        group.value[places],
        _there(group.has_value, places),
        (*words[:3], detail),
        (*group.spelled[:3], [details[int(number)] for number in used]),
    )


def _words(group: Group, places: NDArray[np.int64]) -> list[NDArray[np.int32]]:
    """The numbers of the words at some places; one that is not there is "", the last of its kind."""
    lasts = (*(len(names) - 1 for names in group.spelled[:3]), len(group.details) - 1)
    return [
        np.where(_there(bits, places), numbers[places], last)
        for numbers, bits, last in zip(group.words, group.bits, lasts, strict=True)
    ]


def _there(bits: NDArray[np.uint8], places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether the entries at some places are there; no bits at all say that all are."""
    if not len(bits):
        return np.ones(len(places), np.bool_)
    there: NDArray[np.bool_] = (bits[places >> 3] >> (places & 7)) & 1 == 1
    return there


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
