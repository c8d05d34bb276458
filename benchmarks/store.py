"""The record: durable appends in batches of 1,000 with chain and key check, and the hot read of one course."""

from __future__ import annotations

import itertools
import os
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import sqlalchemy as sa
from tests.record.postgres_server import postgres_server

from benchmarks.cohort import folder
from benchmarks.courses import busy_course, some_courses
from benchmarks.line import Line, Part
from benchmarks.measure import measured
from cartway.record import Accepted, Fact, open_log

BATCH, FACTS, READ = 1_000, 40_000, 5_000
RATE = "facts/s"
LEFT_OUT = "chain, keys, amendments, checks of what comes in, outcomes; one table with texts in every row"
_FIELDS = ("course", "at", "until", "what", "value", "unit", "choice", "source", "key", "recorded_at", "recorded_by")
_NUMBERS = {"value": sa.Double, "at": sa.BigInteger, "until": sa.BigInteger, "recorded_at": sa.BigInteger}
_TABLE = sa.Table("plain_fact", sa.MetaData(), *(sa.Column(name, _NUMBERS.get(name, sa.Text)) for name in _FIELDS))
_INSERT = f"INSERT INTO plain_fact ({', '.join(_FIELDS)}) VALUES "  # noqa: S608 - constants

Say = Callable[[str], None]
Batches = Sequence[Sequence[Fact]]
Append = Callable[[Batches, str], float]
New = Callable[[], str]


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Wall time, since what is durable waits for the disk; every repeat into an empty store."""
    facts = some_courses(FACTS)[:FACTS]
    batches = [facts[first : first + BATCH] for first in range(0, FACTS, BATCH)]
    numbers = itertools.count()
    with tempfile.TemporaryDirectory(dir=folder()) as place, postgres_server() as url:
        remark = (
            f"one fsync takes {_fsync_seconds(Path(place)) * 1e3:.2f} ms here (wall time, {FACTS:,} facts a repeat)"
        )
        lines = _store(
            "SQLite", 40_000, batches, repeats, lambda: f"sqlite:///{place}/{next(numbers)}.db",
            {"sqlite3 executemany, synchronous=FULL": by_sqlite3, "SQLAlchemy Core insert": by_sqlalchemy}, say,
        ) + _store(
            "PostgreSQL", 30_000, batches, repeats, lambda: _schema(url, next(numbers)),
            {"psycopg executemany": by_psycopg, "SQLAlchemy Core insert": by_sqlalchemy}, say,
        )  # fmt: skip
    return Part(title="The record", lines=lines, remarks=[remark])


def _store(
    name: str, target: float, batches: Batches, repeats: int, new: New, peers: dict[str, Append], say: Say
) -> list[Line]:
    """Ours and the peers on one kind of store, then the read."""
    seconds: dict[str, float] = {}
    for who, append in {"ours": ours, **peers}.items():
        say(f"{name}: {who}")
        seconds[who] = statistics.median(append(batches, new()) for _ in range(repeats))
    what, rate = f"{name}: append in batches of {BATCH:,}", FACTS / seconds["ours"]
    return [
        Line(what=what, ours=rate, unit=RATE, target=target),
        *(
            Line(what=what, ours=rate, unit=RATE, peer=peer, theirs=FACTS / seconds[peer], leaves_out=LEFT_OUT)
            for peer in peers
        ),
        Line(what=f"{name}: read the columns of {READ:,} facts", ours=_read_seconds(new()), unit="s", target=0.006),
    ]


def ours(batches: Batches, url: str) -> float:
    """Append with chain and key check; seconds. Each batch is durable when its append returns."""
    with open_log(url) as log:
        started = time.perf_counter()
        for batch in batches:
            receipt = log.append(batch, recorded_at=batch[-1].at, recorded_by="benchmark")
            assert all(type(outcome) is Accepted for outcome in receipt.outcomes)
        seconds = time.perf_counter() - started
        assert log.position() == FACTS
    return seconds


def by_sqlite3(batches: Batches, url: str) -> float:
    """The same rows by Python's own driver."""
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"CREATE TABLE plain_fact ({', '.join(_FIELDS)})")
        insert = f"{_INSERT}({', '.join('?' * len(_FIELDS))})"
        started = time.perf_counter()
        for batch in batches:
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(insert, [_row(fact) for fact in batch])
            connection.execute("COMMIT")
        return time.perf_counter() - started


def by_psycopg(batches: Batches, url: str) -> float:
    """The same rows by psycopg, pipelined."""
    by_sqlalchemy([], url)  # makes the table
    with psycopg.connect(url) as connection:
        insert = f"{_INSERT}({', '.join(['%s'] * len(_FIELDS))})".encode()
        started = time.perf_counter()
        for batch in batches:
            with connection.transaction(), connection.cursor() as cursor:
                cursor.executemany(insert, [_row(fact) for fact in batch])
        return time.perf_counter() - started


def by_sqlalchemy(batches: Batches, url: str) -> float:
    """The same rows by SQLAlchemy Core, as its guide inserts many."""
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _durable)
    _TABLE.create(engine)
    started = time.perf_counter()
    for batch in batches:
        with engine.begin() as connection:
            connection.execute(_TABLE.insert(), [dict(zip(_FIELDS, _row(fact), strict=True)) for fact in batch])
    seconds = time.perf_counter() - started
    engine.dispose()
    return seconds


def _durable(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA journal_mode = wal")
    connection.execute("PRAGMA synchronous = FULL")


def _row(fact: Fact) -> tuple[Any, ...]:
    said = (fact.course, fact.at, fact.until, fact.what, fact.value, fact.unit, fact.choice, fact.source, fact.key)
    return (*said, fact.at, "benchmark")


def _read_seconds(url: str) -> float:
    """Seconds to read the columns of one course, among twenty others, from a store that is open."""
    busy = busy_course(READ)
    others = [fact for fact in some_courses(FACTS)[:FACTS] if fact.course != busy[0].course]
    with open_log(url) as log:
        for facts in (busy, others):
            for first in range(0, len(facts), BATCH):
                log.append(facts[first : first + BATCH], recorded_at=busy[-1].at, recorded_by="benchmark")
        read = measured(lambda: log.columns(busy[0].course), 50, time.perf_counter)
        assert len(read.result) == READ
    return read.median


def _schema(url: str, number: int) -> str:
    """An empty schema of its own, as a URL."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA bench_{number}".encode())
    return f"{url}&options=-csearch_path%3Dbench_{number}"


def _fsync_seconds(place: Path) -> float:
    def write() -> None:
        with (place / "fsync").open("wb") as file:
            file.write(bytes(200_000))
            file.flush()
            os.fsync(file.fileno())

    return measured(write, 50, time.perf_counter).median
