"""The record in a SQLite file: one writer at a time, readers beside it, durable by the write-ahead log."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartway.record import statements
from cartway.record.driver import RawColumns
from cartway.record.errors import StoreMissing
from cartway.record.rows import EMPTY, BatchState, CourseState, Row, Rows
from cartway.record.sqlite_file import connect, engine, sqlalchemy_errors, translated

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

POLL_SECONDS = 0.02
_THESE = "IN (SELECT value FROM json_each(?))"
_INSERTS = {
    name: f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})"  # noqa: S608
    for name, (table, columns) in statements.TABLES.items()
}
_HEADS = statements.HEADS.format(value="?")
# Three words in one number: each value fetched is a Python object, and they are what a read costs.
_COLUMNS = "SELECT at, position, until, (what << 42) | (choice << 21) | unit, value FROM fact WHERE course = ?"
_WORD_BITS = 21


class SQLite:
    """One connection to a file that exists. `create` makes a new one."""

    def __init__(self, path: Path) -> None:
        self.path, self.place = path, str(path)
        if not path.exists():
            raise StoreMissing(self.place)
        with translated(self.place):
            self.connection = connect(path)

    @contextmanager
    def writing(self) -> Iterator[None]:
        with translated(self.place):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has already rolled back
                    self.connection.execute("ROLLBACK")
                raise

    def version(self) -> str | None:
        with translated(self.place):
            try:
                row = self.connection.execute(statements.VERSION).fetchone()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_ERROR:
                    raise
                return None
            return str(row[0]) if row else None

    def kind(self) -> str:
        return str(self._all(statements.KIND)[0][0])

    def last_batch(self) -> BatchState:
        rows = self._all(statements.LAST_BATCH)
        return BatchState(*rows[0]) if rows else EMPTY

    def words(self, first: int) -> list[tuple[int, str]]:
        return self._all(statements.WORDS.format(value="?"), first)

    def courses(self, names: Iterable[str]) -> tuple[dict[str, CourseState], int]:
        known = self._all(statements.COURSES.format(these=_THESE), _json(names))
        count = self._all(statements.COURSE_COUNT)[0][0]
        return {name: CourseState(*state) for name, *state in known}, count

    def keyed(self, hashes: Iterable[int]) -> list[Row]:
        return self._all(statements.KEYED.format(these=_THESE), _json(hashes))

    def named(self, courses: Iterable[str], keys: Iterable[str]) -> list[Row]:
        return self._all(statements.NAMED.format(these=_THESE), _json(courses), _json(keys))

    def tips(self, positions: Iterable[int]) -> dict[int, int]:
        return dict(self._all(statements.TIPS.format(these=_THESE), _json(positions)))

    def write(self, rows: Rows) -> None:
        for name, statement in _INSERTS.items():
            if parts := getattr(rows, name):
                self.connection.executemany(statement, parts)
        self.connection.executemany(_HEADS, rows.heads)

    def columns(self, course: str) -> RawColumns | None:
        import numpy as np

        found = self._all("SELECT id FROM course WHERE name = ?", course)
        if not found:
            return None
        with translated(self.place), self._reading():
            facts = self._rows(_COLUMNS, found[0])
            superseded = self._rows("SELECT amended FROM amendment WHERE course = ?", found[0])
            details = self._rows("SELECT position, json FROM detail WHERE course = ?", found[0])
        at, position, until, packed, value = zip(*facts, strict=True) if facts else ((),) * 5
        words = np.array(packed, np.int64)
        mask = (1 << _WORD_BITS) - 1
        return RawColumns(
            np.array(at, np.int64),
            np.array(position, np.int64),
            np.array(until, np.int64),
            (words >> 2 * _WORD_BITS).astype(np.int32),
            np.array(value, np.float64),  # NULL becomes NaN
            ((words >> _WORD_BITS) & mask).astype(np.int32),
            (words & mask).astype(np.int32),
            [amended for (amended,) in superseded],
            details,
        )

    def wait(self, position: int, timeout_s: float) -> int:
        deadline, seen = time.monotonic() + timeout_s, -1
        with translated(self.place), closing(connect(self.path)) as watcher:  # it sees commits only, never our own half
            while True:
                # The counter changes with every commit of another connection, and costs no read of the file's pages.
                version = watcher.execute("PRAGMA data_version").fetchone()[0]
                left = deadline - time.monotonic()
                if version != seen or left <= 0:
                    row = watcher.execute(statements.LAST_BATCH).fetchone()
                    last = row[1] if row else 0
                    if last > position or left <= 0:
                        return int(last)
                seen = version
                time.sleep(min(POLL_SECONDS, left))

    @contextmanager
    def cold(self) -> Iterator[Connection]:
        with sqlalchemy_errors(self.place), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN")
            yield connection
            connection.exec_driver_sql("COMMIT")

    @cached_property
    def _engine(self) -> Engine:
        return engine(lambda: connect(self.path))

    def close(self) -> None:
        self.connection.close()
        opened = self.__dict__.pop("_engine", None)
        if opened is not None:
            opened.dispose()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """One snapshot for several reads."""
        inside = self.connection.in_transaction
        if not inside:
            self.connection.execute("BEGIN")
        yield
        if not inside:
            self.connection.execute("COMMIT")

    def _all(self, statement: str, *values: object) -> list[Any]:
        with translated(self.place):
            return self._rows(statement, values)

    def _rows(self, statement: str, values: Iterable[object]) -> list[Any]:
        return self.connection.execute(statement, tuple(values)).fetchall()


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values))
