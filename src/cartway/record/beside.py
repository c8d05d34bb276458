"""A store of its own beside the record: a SQLite file next to its file, or a schema next to its PostgreSQL schema.

The people behind the courses and the accounts of the board are each kept in one: they are backed up, erased and
migrated apart from the facts.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from cartway.record.errors import StoreError, StoreMissing, StoreNewer, StoreUnsafe, UnknownStore

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection


class Beside(NamedTuple):
    """A kind of store: the word it adds to the record's name, its migrations, and what is said where it is missing."""

    name: str
    known: Sequence[str]
    """The schema revisions that this code understands, the present one last."""
    scripts: Path
    missing: Callable[[str], StoreError] = StoreMissing
    busy_seconds: float = 60.0
    """How long a SQLite file that another process has locked is waited for."""

    def file(self, record: Path) -> Path:
        """The file that belongs to a record's file: `RECORD.NAME.db` for `RECORD.db`, itself if it is one."""
        if record.name.endswith(f".{self.name}.db"):
            return record
        return record.with_name(f"{record.name.removesuffix('.db')}.{self.name}.db")

    def is_outdated(self, found: str, place: str) -> bool:
        """Whether a store of this revision must be migrated. Raises StoreNewer for one that is not known."""
        if found not in self.known:
            raise StoreNewer(place, found)
        return found != self.known[-1]


class Store(Protocol):
    place: str

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction of the only writer."""

    def reading(self) -> AbstractContextManager[Connection]:
        """For reads that wait for no writer; each statement sees what was committed when it began."""

    def scrub(self, tables: Sequence[str]) -> bool:
        """Write the files anew, so that nothing deleted from `tables` is left; False where a reader is in the way."""

    def close(self) -> None: ...


def open_store(url: str, kind: Beside, *, create: bool) -> Store:
    """Open the store of this kind beside the record at `url`, made or migrated where needed.

    Raises what `kind.missing` builds, StoreNewer, UnknownStore, and whatever the database cannot do.
    """
    match url.partition(":")[0]:
        case "sqlite" if url.startswith("sqlite:///"):
            return _sqlite(kind.file(Path(url.removeprefix("sqlite:///"))), kind, create)
        case "postgresql" | "postgres":
            return _postgres(url, kind, create)
    raise UnknownStore(url)


class SQLiteStore:
    def __init__(self, path: Path, busy_seconds: float) -> None:
        from cartway.record import sqlite_file

        self.path, self.place = path, str(path)
        self._engine = sqlite_file.engine(lambda: _connect(path, busy_seconds))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self.reading() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.exec_driver_sql("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        from cartway.record import sqlite_file

        with sqlite_file.sqlalchemy_errors(self.place), self._engine.connect() as connection:
            yield connection

    def scrub(self, tables: Sequence[str]) -> bool:
        """The whole file, whatever the tables."""
        from cartway.record import sqlite_file

        with sqlite_file.translated(self.place), closing(_connect(self.path)) as connection:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                row = connection.execute(statement).fetchone()
            return not row[0]

    def close(self) -> None:
        self._engine.dispose()


class PostgresStore:
    def __init__(self, url: str, name: str) -> None:
        from cartway.record import postgres_link

        self.url, self.place = url, postgres_link.place_of(url)
        with postgres_link.translated(self.place), postgres_link.connect(url, self.place) as connection:
            row = connection.execute("SELECT coalesce(current_schema(), 'public')").fetchone()
        assert row is not None
        self.schema = f"{row[0]}_{name}"
        self._engine = postgres_link.engine(self._connect)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        import psycopg

        from cartway.record import postgres_link

        connection = postgres_link.connect(self.url, self.place)
        connection.execute(psycopg.sql.SQL("SET search_path TO {}").format(psycopg.sql.Identifier(self.schema)))
        return connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        with self.reading() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self.schema,))
            yield connection
            connection.commit()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        from cartway.record import postgres_link

        with postgres_link.sqlalchemy_errors(self.place), self._engine.connect() as connection:
            yield connection

    def scrub(self, tables: Sequence[str]) -> bool:
        from cartway.record import postgres_link

        with postgres_link.translated(self.place), self._connect() as connection:
            connection.execute(f"VACUUM FULL {', '.join(tables)}".encode())
        return True

    def close(self) -> None:
        self._engine.dispose()


def _connect(path: Path, busy_seconds: float | None = None) -> sqlite3.Connection:
    """A connection that overwrites what it deletes."""
    from cartway.record import sqlite_file

    connection = sqlite_file.connect(path, busy_seconds)
    connection.execute("PRAGMA secure_delete = 1")
    found = connection.execute("PRAGMA secure_delete").fetchone()[0]
    if found != 1:
        raise StoreUnsafe(str(path), "secure_delete", found, 1)
    return connection


def _sqlite(path: Path, kind: Beside, create: bool) -> Store:
    from cartway.record import sqlite_file

    if not path.exists():
        if not create:
            raise kind.missing(str(path))
        sqlite_file.create(path, lambda draft: sqlite_file.upgrade(draft, scripts=kind.scripts))
    store = SQLiteStore(path, kind.busy_seconds)
    with sqlite_file.translated(store.place), closing(_connect(path)) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if kind.is_outdated(version[0] if version else "", store.place):
        sqlite_file.upgrade(path, scripts=kind.scripts)
    return store


def _postgres(url: str, kind: Beside, create: bool) -> Store:
    from cartway.record.migrate import migrate

    store = PostgresStore(url, kind.name)
    with store.transaction() as connection:
        is_new = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None
        if is_new and not create:
            raise kind.missing(store.place)
        version = "" if is_new else str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
        if is_new or kind.is_outdated(version, store.place):
            connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{store.schema}"')
            migrate(connection, scripts=kind.scripts)
    return store
