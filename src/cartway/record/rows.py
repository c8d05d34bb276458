"""The rows that a batch adds to a store, and the facts that rows are read back into.

Column by column as in `schema.py`. Texts that recur (variables, choices, units, sources, authors) are stored once, as
numbered words; word 0 is the empty text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isnan
from typing import Any, NamedTuple

import msgspec

from cartway.record import chain
from cartway.record.content import NEVER, Prepared
from cartway.record.fact import Fact

CORRECTED, SIMULATED = 1, 2
NAN = float("nan")

Row = tuple[Any, ...]


class CourseState(NamedTuple):
    id: int
    head: bytes
    length: int


class BatchState(NamedTuple):
    """The last batch: its number, the position of its last fact, the head of the store, and when it was recorded."""

    number: int
    last: int
    head: bytes
    recorded_at: int


EMPTY = BatchState(0, 0, chain.START, -NEVER)


class CourseRow(NamedTuple):
    id: int
    name: str
    head: bytes
    length: int


class Summary(NamedTuple):
    """A course, how many facts were recorded of it, and the last time that any of them speaks of."""

    course: str
    facts: int
    last: int


class BatchRow(NamedTuple):
    number: int
    first: int
    last: int
    recorded_at: int
    author: int
    head: bytes


class AuditRow(NamedTuple):
    """A fact as `read_fact` reads it, and what binds it. `seq` is None where the fact has no entry."""

    fact: Row
    position: int
    seq: int | None
    key_hash: int
    hash: bytes


class Rows(msgspec.Struct):
    """All that one batch writes. `heads` replaces the state of the courses that it touches."""

    words: list[Row] = []
    courses: list[Row] = []
    heads: list[Row] = []
    facts: list[Row] = []
    entries: list[Row] = []
    details: list[Row] = []
    amendments: list[Row] = []
    batches: list[Row] = []


FACT_COLUMNS = ("course", "at", "position", "until", "what", "value", "choice", "unit")
ENTRY_COLUMNS = (
    "position", "course", "seq", "at", "source", "batch", "key_hash", "key", "about", "event", "said", "amends",
    "reason", "flags", "source_recorded_at", "hash",
)  # fmt: skip


def fact_row(prepared: Prepared, course: int, position: int, words: Mapping[str, int]) -> Row:
    stated = prepared.content
    until = NEVER if stated.until is None else stated.until
    value = NAN if stated.value is None else stated.value
    return (course, stated.at, position, until, words[stated.what], value, words[stated.choice], words[stated.unit])


def entry_row(
    prepared: Prepared, course: CourseState, position: int, batch: int, words: Mapping[str, int], link: bytes
) -> Row:
    stated = prepared.content
    flags = CORRECTED * stated.corrected + SIMULATED * stated.simulated
    return (
        position, course.id, course.length + 1, stated.at, words[stated.source], batch,
        prepared.key_hash, stated.key, stated.about, stated.event, stated.said, stated.amends, stated.reason, flags,
        stated.source_recorded_at, link,
    )  # fmt: skip


# What a fact is read back from, in this order; both drivers and the cold queries select it so.
READ_ENTRY = (
    "position", "at", "source", "key", "about", "event", "said", "amends", "reason", "flags",
    "source_recorded_at",
)  # fmt: skip
READ_FACT = ("until", "what", "value", "choice", "unit")


def read_fact(row: Sequence[Any], words: Mapping[int, str]) -> Fact:
    """A fact from (READ_ENTRY..., READ_FACT..., course name, detail JSON or None, recorded_at, author's word)."""
    (
        position, at, source, key, about, event, said, amends, reason, flags, source_recorded_at,
        until, what, value, choice, unit, course, detail, recorded_at, author,
    ) = row  # fmt: skip
    return Fact(
        course, at, words[what], None if value is None or isnan(value) else value, words[unit], words[choice],
        None if until == NEVER else until, about, event, msgspec.json.decode(detail) if detail else {}, words[source],
        key, said, amends, reason, bool(flags & CORRECTED), bool(flags & SIMULATED), source_recorded_at, recorded_at,
        words[author], position,
    )  # fmt: skip
