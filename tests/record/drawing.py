"""Courses drawn in few words, and ways to write to a store behind its back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg

from cartway.record import Fact, Log, Receipt
from cartway.times import HOUR, MINUTE, Instant, parse

INFUSION: Instant = parse("2026-01-05T10:00:00+00:00")


def temperature(value: float, hours: float = 0, **more: Any) -> Fact:
    return drawn(**{"value": value, "at": INFUSION + round(hours * HOUR)} | more)


def drawn(**fields: Any) -> Fact:
    """A temperature, but for the fields that are given."""
    return Fact(**{"course": "c1", "at": INFUSION, "what": "body_temperature", "value": 38.0, "unit": "Cel"} | fields)


def retraction(key: str, **more: Any) -> Fact:
    return Fact(
        **{"course": "c1", "at": INFUSION, "what": "retraction", "amends": key, "reason": "wrong patient"} | more
    )


def append(log: Log, *facts: Fact, minute: int = 0, by: str = "nurse") -> Receipt:
    return log.append(facts, recorded_at=INFUSION + minute * MINUTE, recorded_by=by)


def codes(receipt: Receipt) -> list[str]:
    """The outcomes in short: accepted, known, or the code of the problem."""
    return [
        (getattr(outcome, "problem", None) and outcome.problem.code) or type(outcome).__name__.lower()
        for outcome in receipt.outcomes
    ]


def values(facts: list[Fact]) -> list[float | None]:
    return [fact.value for fact in facts]


@contextmanager
def behind_the_back(url: str) -> Iterator[Any]:
    """A bare connection to the tables, as somebody with rights to the database has. `?` marks a value."""
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
            yield connection.execute
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute("SET session_replication_role = replica")  # no foreign keys in the way
        yield lambda statement, values=(): server.execute(statement.replace("?", "%s").encode(), values)
