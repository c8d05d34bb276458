"""A PostgreSQL server: how it is connected to, and what its errors mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg

from cartway.record.errors import (
    StoreBusy,
    StoreDamaged,
    StoreError,
    StoreFull,
    StoreReadOnly,
    StoreUnreachable,
    StoreUnsafe,
)
from cartway.record.rows import Row

if TYPE_CHECKING:
    from sqlalchemy import Engine

BUSY_SECONDS = 60
SAFE = {
    "fsync": {"on"},
    "full_page_writes": {"on"},
    "synchronous_commit": {"on", "local", "remote_write", "remote_apply"},
    "server_encoding": {"UTF8"},
}


def connect(url: str, place: str) -> psycopg.Connection[Row]:
    """A connection whose settings were read back: what it acknowledges is on the disk."""
    with translated(place):
        connection = psycopg.connect(url, autocommit=True)
        connection.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'".encode())
        for name, needed in SAFE.items():
            _assert_setting(place, connection, name, needed)
        return connection


def engine(connect: Callable[[], psycopg.Connection[Row]]) -> Engine:
    """SQLAlchemy on connections of ours, in transactions."""
    from sqlalchemy import create_engine

    def transactional() -> psycopg.Connection[Row]:
        connection = connect()
        connection.autocommit = False
        return connection

    return create_engine("postgresql+psycopg://", creator=transactional, pool_pre_ping=True)


def _assert_setting(place: str, connection: psycopg.Connection[Row], name: str, needed: set[str]) -> None:
    row = connection.execute(f"SHOW {name}".encode()).fetchone()
    if row is None or row[0] not in needed:
        connection.close()
        raise StoreUnsafe(place, name, row and row[0], " or ".join(sorted(needed)))


@contextmanager
def translated(place: str) -> Iterator[None]:
    """The store's own exceptions in place of PostgreSQL's."""
    try:
        yield
    except psycopg.Error as error:
        raise store_error(place, error) from error


@contextmanager
def sqlalchemy_errors(place: str) -> Iterator[None]:
    """The store's own exceptions in place of those that SQLAlchemy wraps around PostgreSQL's."""
    from sqlalchemy.exc import DBAPIError

    try:
        with translated(place):
            yield
    except DBAPIError as error:
        if isinstance(error.orig, psycopg.Error):
            raise store_error(place, error.orig) from error
        raise


def store_error(place: str, error: psycopg.Error) -> StoreError:
    """What an error of PostgreSQL means for the record."""
    match error:
        case psycopg.errors.DiskFull():
            return StoreFull(place)
        case psycopg.errors.LockNotAvailable():
            return StoreBusy(place, BUSY_SECONDS)
        case psycopg.errors.InsufficientPrivilege() | psycopg.errors.ReadOnlySqlTransaction():
            return StoreReadOnly(place)
        case psycopg.OperationalError():
            return StoreUnreachable(place, _first_line(error))
        case _:
            return StoreDamaged(place, _first_line(error))


def _first_line(error: psycopg.Error) -> str:
    """The server's message without its DETAIL lines, which may quote a row."""
    return str(error).partition("\n")[0]


def place_of(url: str) -> str:
    """Where the store is, without the password."""
    with suppress(psycopg.Error):
        stated = psycopg.conninfo.conninfo_to_dict(url)
        return f"postgresql://{stated.get('host', 'localhost')}/{stated.get('dbname', '')}"
    return "postgresql"
