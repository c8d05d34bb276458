"""Read what is still legible of a damaged SQLite record."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

import msgspec

from cartway.record import statements
from cartway.record.errors import StoreMissing
from cartway.record.fact import Fact
from cartway.record.rows import read_fact
from cartway.record.sqlite_file import translated

STEP = 1_000
_ENDS = ("SELECT max(last) FROM batch", "SELECT max(position) FROM entry", "SELECT sum(count) FROM course")
_BETWEEN = statements.BETWEEN.format(value="?")


class Illegible(msgspec.Struct, frozen=True):
    """Positions, both ends included, of which no fact can be read any more."""

    first: int
    last: int


def salvage(path: Path) -> Iterator[Fact | Illegible]:
    """The facts of a damaged file in commit order, and in between which positions are lost. Nothing is written.

    Verify afterwards, against a checkpoint, what was salvaged into a new record: damage may also have changed facts.
    Raises StoreDamaged where not even the list of words can be read.
    """
    if not path.exists():
        raise StoreMissing(str(path))
    journal = path.with_name(f"{path.name}-wal")
    mode = "mode=ro" if journal.exists() else "mode=ro&immutable=1"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
        connection.execute("PRAGMA writable_schema = ON")  # else SQLite reads nothing of a file that lost its tail
        with translated(str(path)):
            words = dict(connection.execute(statements.WORDS.format(value="0")).fetchall())
        end = _end(connection)
        for first in range(1, end + 1, STEP):
            yield from _read(connection, words, first, min(first + STEP - 1, end))


def _end(connection: sqlite3.Connection) -> int:
    """The highest position that anything legible speaks of."""
    found = [0]
    for statement in _ENDS:
        try:
            found.append(connection.execute(statement).fetchone()[0] or 0)
        except sqlite3.DatabaseError:  # this table is among the lost
            continue
    return max(found)


def _read(
    connection: sqlite3.Connection, words: Mapping[int, str], first: int, last: int
) -> Iterator[Fact | Illegible]:
    """Halve the range until what can be read is told from what cannot."""
    try:
        facts = [read_fact(row, words) for row in connection.execute(_BETWEEN, (first, last))]
    except (sqlite3.DatabaseError, KeyError, TypeError, ValueError, msgspec.DecodeError):
        facts = []
    if len(facts) == last - first + 1:
        yield from facts
    elif first == last:
        yield Illegible(first, last)
    else:
        middle = (first + last) // 2
        yield from _joined(_read(connection, words, first, middle), _read(connection, words, middle + 1, last))


def _joined(*parts: Iterator[Fact | Illegible]) -> Iterator[Fact | Illegible]:
    """Neighboring gaps become one."""
    gap: Illegible | None = None
    for part in parts:
        for each in part:
            if isinstance(each, Illegible):
                gap = Illegible(gap.first if gap else each.first, each.last)
                continue
            if gap:
                yield gap
            gap = None
            yield each
    if gap:
        yield gap
