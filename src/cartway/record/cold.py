"""The cold queries, in SQLAlchemy Core, the same for both stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, func, select

from cartway.record import schema
from cartway.record.fact import Fact
from cartway.record.rows import READ_ENTRY, READ_FACT, read_fact
from cartway.record.schema import batch, course, detail, entry, fact, word


def course_names(connection: Connection) -> list[str]:
    return list(connection.scalars(select(course.c.name).order_by(course.c.name)))


def facts_of(connection: Connection, name: str) -> list[Fact]:
    """All facts of a course in commit order."""
    number = connection.scalar(select(course.c.id).where(course.c.name == name))
    rows = _facts().where(fact.c.course == number).order_by(None)
    return sorted(_read(connection, rows), key=lambda found: found.position)


def facts_since(connection: Connection, position: int, limit: int) -> list[Fact]:
    """At most `limit` facts of all courses after a position, in commit order."""
    return list(_read(connection, _facts().where(entry.c.position > position).order_by(entry.c.position).limit(limit)))


def read_words(connection: Connection) -> Mapping[int, str]:
    return dict(connection.execute(select(word.c.id, word.c.text)).tuples().all())


def count(connection: Connection, table: str) -> int:
    return connection.scalar(select(func.count()).select_from(schema.metadata.tables[table])) or 0


def _facts() -> Select[Any]:
    columns = [*(entry.c[name] for name in READ_ENTRY), *(fact.c[name] for name in READ_FACT)]
    same = (fact.c.course == entry.c.course) & (fact.c.at == entry.c.at) & (fact.c.position == entry.c.position)
    return (
        select(*columns, course.c.name, detail.c.json, batch.c.recorded_at, batch.c.author)
        .select_from(fact)
        .join(entry, same)
        .join(course, course.c.id == entry.c.course)
        .join(batch, batch.c.number == entry.c.batch)
        .outerjoin(detail, (detail.c.course == entry.c.course) & (detail.c.position == entry.c.position))
    )


def _read(connection: Connection, query: Select[Any]) -> Iterator[Fact]:
    words = read_words(connection)
    return (read_fact(row, words) for row in connection.execute(query))
