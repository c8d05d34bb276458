"""What every room's tests may ask for: a PostgreSQL server, and an empty store of either kind."""

from __future__ import annotations

import gc
import itertools
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from record.postgres_server import postgres_server

_NUMBERS = itertools.count(1)


def pytest_collection_finish() -> None:
    """What was imported stays for good, and an application is a web of rings: looking through all of it again and again
    took as long as the tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server of this test process; started when the first test asks for it."""
    with postgres_server() as url:
        yield url


@pytest.fixture
def postgres_store(postgres_url: str) -> str:
    """The URL of an empty PostgreSQL store, in a schema of its own."""
    schema = f"store_{next(_NUMBERS)}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{postgres_url}&options=-csearch_path%3D{schema}"


@pytest.fixture
def sqlite_store(tmp_path: Path) -> str:
    """The URL of a SQLite store that does not exist yet."""
    return f"sqlite:///{tmp_path / 'record.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty store: the test runs on SQLite and on PostgreSQL."""
    fixture = {"sqlite": "sqlite_store", "postgresql": "postgres_store"}[request.param]
    return str(request.getfixturevalue(fixture))
