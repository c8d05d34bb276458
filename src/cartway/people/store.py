"""Where the people are kept: a SQLite file beside the record, or a schema beside the record's in PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cartway.people.errors import ErasureIncomplete
from cartway.record.errors import StoreMissing, StoreNewer, StoreUnsafe, UnknownStore

if TYPE_CHECKING:
    import psycopg
    from sqlalchemy import Connection, Engine

HEAD = "0001"
KNOWN = ("0001",)
SCRIPTS = Path(__file__).parent / "migrations"


class Store(Protocol):
    place: str

    def transaction(self) -> AbstractContextManager[Connection]:
        """One transaction of the only writer."""

    def scrub(self) -> None:
        """Write the files anew, so that nothing deleted is left in them."""

    def close(self) -> None: ...


def open_store(url: str, *, create: bool) -> Store:
    match url.partition(":")[0]:
        case "sqlite" if url.startswith("sqlite:///"):
            return _sqlite(people_beside(Path(url.removeprefix("sqlite:///"))), create)
        case "postgresql" | "postgres":
            return _postgres(url, create)
    raise UnknownStore(url)


def people_beside(path: Path) -> Path:
    """The file of the people that belongs to a record's file: `NAME.people.db` for `NAME.db`, itself if it is one."""
    if path.name.endswith(".people.db"):
        return path
    return path.with_name(f"{path.name.removesuffix('.db')}.people.db")


class SQLiteStore:
    def __init__(self, path: Path) -> None:
        self.path, self.place = path, str(path)

    @cached_property
    def _engine(self) -> Engine:
        from cartway.record import sqlite_file

        return sqlite_file.engine(lambda: _connect(self.path))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        from cartway.record import sqlite_file

        with sqlite_file.sqlalchemy_errors(self.place), self._engine.connect() as connection:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            connection.exec_driver_sql("COMMIT")

    def scrub(self) -> None:
        from cartway.record import sqlite_file

        with sqlite_file.translated(self.place), closing(_connect(self.path)) as connection:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                row = connection.execute(statement).fetchone()
            if row[0]:
                raise ErasureIncomplete(self.place)

    def close(self) -> None:
        self._engine.dispose()


class PostgresStore:
    def __init__(self, url: str) -> None:
        from cartway.record import postgres_link

        self.url, self.place = url, postgres_link.place_of(url)
        with postgres_link.translated(self.place), postgres_link.connect(url, self.place) as connection:
            row = connection.execute("SELECT coalesce(current_schema(), 'public') || '_people'").fetchone()
        assert row is not None
        self.schema: str = row[0]

    @cached_property
    def _engine(self) -> Engine:
        from cartway.record import postgres_link

        return postgres_link.engine(self._connect)

    def _connect(self) -> psycopg.Connection[tuple[object, ...]]:
        import psycopg

        from cartway.record import postgres_link

        connection = postgres_link.connect(self.url, self.place)
        connection.execute(psycopg.sql.SQL("SET search_path TO {}").format(psycopg.sql.Identifier(self.schema)))
        return connection

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        from cartway.record import postgres_link

        with postgres_link.sqlalchemy_errors(self.place), self._engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self.schema,))
            yield connection

    def scrub(self) -> None:
        from cartway.record import postgres_link

        with postgres_link.translated(self.place), self._connect() as connection:
            connection.execute("VACUUM FULL person, identifier, contact")

    def close(self) -> None:
        self._engine.dispose()


def _connect(path: Path) -> sqlite3.Connection:
    """A connection that overwrites what it deletes."""
    from cartway.record import sqlite_file

    connection = sqlite_file.connect(path)
    connection.execute("PRAGMA secure_delete = 1")
    found = connection.execute("PRAGMA secure_delete").fetchone()[0]
    if found != 1:
        raise StoreUnsafe(str(path), "secure_delete", found, 1)
    return connection


def _sqlite(path: Path, create: bool) -> Store:
    from cartway.record import sqlite_file

    if not path.exists():
        if not create:
            raise StoreMissing(str(path))
        sqlite_file.create(path, lambda draft: sqlite_file.upgrade(draft, scripts=SCRIPTS))
    store = SQLiteStore(path)
    with sqlite_file.translated(store.place), closing(_connect(path)) as connection:
        version = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    if _is_outdated(version[0] if version else "", store.place):
        sqlite_file.upgrade(path, scripts=SCRIPTS)
    return store


def _postgres(url: str, create: bool) -> Store:
    from cartway.record.migrate import migrate

    store = PostgresStore(url)
    with store.transaction() as connection:
        is_new = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None
        if is_new and not create:
            raise StoreMissing(store.place)
        version = "" if is_new else str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar())
        if is_new or _is_outdated(version, store.place):
            connection.exec_driver_sql(f'CREATE SCHEMA IF NOT EXISTS "{store.schema}"')
            migrate(connection, scripts=SCRIPTS)
    return store


def _is_outdated(found: str, place: str) -> bool:
    if found not in KNOWN:
        raise StoreNewer(place, found)
    return found != HEAD
