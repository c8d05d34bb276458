"""The record in a SQLite file: one writer at a time, readers beside it, durable by the write-ahead log."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cartway.record import chain, statements
from cartway.record.driver import RawColumns
from cartway.record.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreMissing,
    StoreReadOnly,
    StoreUnreachable,
    StoreUnsafe,
)
from cartway.record.rows import BatchState, CourseState, Row, Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

BUSY_SECONDS = 60.0
POLL_SECONDS = 0.02
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit is on the disk before it is acknowledged
    "foreign_keys": 1,
    "fullfsync": 1,  # where fsync alone does not reach the disk (macOS)
    "checkpoint_fullfsync": 1,
}

_THESE = "IN (SELECT value FROM json_each(?))"
_INSERTS = {
    name: f"INSERT INTO {table} ({','.join(columns)}) VALUES ({','.join('?' * len(columns))})"  # noqa: S608
    for name, (table, columns) in statements.TABLES.items()
}
_HEADS = statements.HEADS.format(value="?")
_COLUMNS = "SELECT at, position, until, what, value, choice FROM fact WHERE course = ?"


class SQLite:
    """One connection to a file that exists. `create` makes a new one."""

    def __init__(self, path: Path) -> None:
        self.path, self.place = path, str(path)
        if not path.exists():
            raise StoreMissing(self.place)
        with translated(self.place):
            _check_length(path)
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
        return BatchState(*rows[0]) if rows else BatchState(0, 0, chain.START)

    def words(self, first: int) -> list[tuple[int, str]]:
        return self._all(statements.WORDS.format(value="?"), first)

    def courses(self, names: Iterable[str]) -> tuple[dict[str, CourseState], int]:
        known = self._all(statements.COURSES.format(these=_THESE), _json(names))
        count = self._all(statements.COURSE_COUNT)[0][0]
        return {name: CourseState(*state) for name, *state in known}, count

    def keyed(self, hashes: Iterable[int]) -> list[Row]:
        return self._all(statements.KEYED.format(these=_THESE), _json(hashes))

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
        at, position, until, what, value, choice = zip(*facts, strict=True) if facts else ((),) * 6
        return RawColumns(
            np.array(at, np.int64),
            np.array(position, np.int64),
            np.array(until, np.int64),
            np.array(what, np.int32),
            np.array(value, np.float64),  # NULL becomes NaN
            np.array(choice, np.int32),
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


def connect(path: Path) -> sqlite3.Connection:
    """A connection whose settings were read back: what it acknowledges is on the disk."""
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            connection.close()
            raise StoreUnsafe(str(path), name, found, value)
    return connection


@contextmanager
def translated(place: str) -> Iterator[None]:
    """The store's own exceptions in place of SQLite's."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(place, error) from error


def store_error(place: str, error: sqlite3.Error) -> StoreError:
    """What an error of SQLite means for the record."""
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:  # the primary code, without the extension
        case sqlite3.SQLITE_FULL:
            return StoreFull(place)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return StoreBusy(place, BUSY_SECONDS)
        case sqlite3.SQLITE_READONLY:
            return StoreReadOnly(place)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB | sqlite3.SQLITE_IOERR | sqlite3.SQLITE_CONSTRAINT:
            return StoreDamaged(place, str(error))
        case sqlite3.SQLITE_ERROR | sqlite3.SQLITE_MISMATCH:
            return StoreDamaged(place, str(error))
        case _:
            return StoreUnreachable(place, str(error))


def _check_length(path: Path) -> None:
    """A file that is shorter than its own header says has lost its tail; an empty one was never ours."""
    header = path.read_bytes()[:32] if path.stat().st_size < 32 else _head(path)
    if not header:
        raise StoreDamaged(str(path), "the file is empty")
    journal = path.with_name(path.name + "-wal")
    if len(header) < 32 or (journal.exists() and journal.stat().st_size > 0):
        return  # SQLite itself says what is wrong, or has yet to bring the file up to date from its journal
    page = int.from_bytes(header[16:18], "big")
    stated = int.from_bytes(header[28:32], "big") * (65_536 if page == 1 else page)
    if path.stat().st_size < stated:
        raise StoreDamaged(str(path), f"{path.stat().st_size} bytes are left of {stated}")


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(32)


def _json(values: Iterable[object]) -> str:
    return json.dumps(list(values))


@contextmanager
def sqlalchemy_errors(place: str) -> Iterator[None]:
    """The store's own exceptions in place of those that SQLAlchemy wraps around SQLite's."""
    from sqlalchemy.exc import DBAPIError

    try:
        with translated(place):
            yield
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise store_error(place, error.orig) from error
        raise


def engine(connect: Callable[[], sqlite3.Connection]) -> Engine:
    """SQLAlchemy on connections of ours. Transactions are begun and ended by hand, so they cover the schema too."""
    from sqlalchemy import create_engine
    from sqlalchemy.pool import QueuePool

    return create_engine("sqlite://", creator=connect, poolclass=QueuePool, isolation_level="AUTOCOMMIT")


def create(path: Path, build: Callable[[Path], None]) -> None:
    """Build a new store in a file of its own, then give it its name: nobody ever sees half a store."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(draft)
    try:
        with translated(str(path)), closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode = wal")
        build(draft)
        with suppress(FileExistsError):  # another process was quicker: its store is as good
            os.link(draft, path)
    finally:
        _remove(draft)


def build_record(kind: str) -> Callable[[Path], None]:
    """What makes an empty record of this kind in a new file."""

    def build(path: Path) -> None:
        upgrade(path)
        with translated(str(path)), closing(connect(path)) as connection:
            connection.execute("INSERT INTO store VALUES ('kind', ?)", (kind,))

    return build


def upgrade(path: Path, revision: str = "head", scripts: Path | None = None) -> None:
    """Migrate the file, all or nothing."""
    from cartway.record.migrate import migrate

    pool = engine(lambda: connect(path))
    with sqlalchemy_errors(str(path)), closing(pool.connect()) as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        migrate(connection, revision, scripts)
        connection.exec_driver_sql("COMMIT")
    pool.dispose()


def _remove(draft: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        draft.with_name(draft.name + suffix).unlink(missing_ok=True)
