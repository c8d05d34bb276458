"""A SQLite file: how it is connected to, what its errors mean, how it is made and migrated."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from cartway.record.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
    StoreUnsafe,
    StoreUnwritable,
)

if TYPE_CHECKING:
    from sqlalchemy import Engine

BUSY_SECONDS = 60.0
PRAGMAS = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: a commit is on the disk before it is acknowledged
    "foreign_keys": 1,
    "fullfsync": 1,  # where fsync alone does not reach the disk (macOS)
    "checkpoint_fullfsync": 1,
}
_NOT_WRITTEN = {
    sqlite3.SQLITE_IOERR_WRITE,
    sqlite3.SQLITE_IOERR_FSYNC,
    sqlite3.SQLITE_IOERR_DIR_FSYNC,
    sqlite3.SQLITE_IOERR_TRUNCATE,
    sqlite3.SQLITE_IOERR_SHMSIZE,
}


def connect(path: Path, busy_seconds: float | None = None) -> sqlite3.Connection:
    """A connection whose settings were read back: what it acknowledges is on the disk.

    Where nothing can be written, as on the medium of a backup, it reads only. A file that lost its tail is found out by
    SQLite. Nobody else may open a record's file, not even to look: a process that opens and closes it drops every lock
    that SQLite holds on it there (POSIX locks; https://sqlite.org/howtocorrupt.html, 2.2), and the next process to end
    takes the journal away from under it.
    """
    if not _is_writable(path):
        return _reader(path)
    if path.stat().st_size == 0:
        raise StoreDamaged(str(path), "the file is empty")  # SQLite would make a store of it
    waits = BUSY_SECONDS if busy_seconds is None else busy_seconds
    connection = sqlite3.connect(path, timeout=waits, isolation_level=None, check_same_thread=False)
    try:
        _set(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def _set(connection: sqlite3.Connection, path: Path) -> None:
    for name, value in PRAGMAS.items():
        connection.execute(f"PRAGMA {name} = {value}")
        found = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if found != value:
            raise StoreUnsafe(str(path), name, found, value)


def _is_writable(path: Path) -> bool:
    return all(os.access(place, os.W_OK) for place in (path, path.parent))


def _reader(path: Path) -> sqlite3.Connection:
    """Without a journal the file is all there is, and SQLite need not make one beside it to read."""
    mode = "mode=ro" if path.with_name(f"{path.name}-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}",
        uri=True,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )


@contextmanager
def translated(place: str) -> Iterator[None]:
    """The store's own exceptions in place of SQLite's."""
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(place, error) from error


def store_error(place: str, error: sqlite3.Error) -> StoreError:
    """What an error of SQLite means for the record."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code in _NOT_WRITTEN:
        return StoreUnwritable(place, str(error))
    match code & 0xFF:  # the primary code, without the extension
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
    """Build a new store in a file of its own, then give it its name: nobody ever sees half a store.

    Only its owner may read it, whatever the umask; SQLite gives its journals the same rights.
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    path.parent.mkdir(parents=True, exist_ok=True)
    _remove(draft)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL, 0o600))
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
