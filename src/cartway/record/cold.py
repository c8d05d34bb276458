"""The cold queries, in SQLAlchemy Core, the same for both stores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, select

from cartway.record import chain
from cartway.record.fact import Fact
from cartway.record.rows import READ_ENTRY, READ_FACT, AuditRow, BatchRow, CourseRow, Summary, read_fact
from cartway.record.schema import amendment, batch, course, detail, entry, fact, store, word

_BATCHES = select(batch.c.number, batch.c.first, batch.c.last, batch.c.recorded_at, batch.c.author, batch.c.head)


def course_names(connection: Connection) -> list[str]:
    return list(connection.scalars(select(course.c.name).order_by(course.c.name)))


def summaries(connection: Connection) -> list[Summary]:
    """Every course in the order of names, without reading its facts: the newest one's time is an end of the index."""
    last = select(func.max(fact.c.at)).where(fact.c.course == course.c.id).scalar_subquery()
    return [Summary(*row) for row in connection.execute(select(course.c.name, course.c.count, last).order_by("name"))]


def facts_of(connection: Connection, name: str) -> list[Fact]:
    """All facts of a course in commit order."""
    number = connection.scalar(select(course.c.id).where(course.c.name == name))
    rows = _facts().where(fact.c.course == number).order_by(None)
    return sorted(_read(connection, rows), key=lambda found: found.position)


def facts_since(connection: Connection, position: int, limit: int) -> list[Fact]:
    """At most `limit` facts of all courses after a position, in commit order."""
    return list(_read(connection, _facts().where(entry.c.position > position).order_by(entry.c.position).limit(limit)))


def kind_of(connection: Connection) -> str:
    return connection.scalar(select(store.c.text).where(store.c.name == "kind")) or ""


def read_words(connection: Connection) -> Mapping[int, str]:
    return dict(connection.execute(select(word.c.id, word.c.text)).all())


def read_courses(connection: Connection) -> list[CourseRow]:
    columns = (course.c.id, course.c.name, course.c.head, course.c.count)
    return [CourseRow(*row) for row in connection.execute(select(*columns).order_by(course.c.name))]


def read_batches(connection: Connection) -> Iterator[BatchRow]:
    return (BatchRow._make(row) for row in _stream(connection, _BATCHES.order_by(batch.c.number)))


def last_batch(connection: Connection) -> BatchRow:
    """The last batch; in an empty record one of number 0."""
    newest = _stream(connection, _BATCHES.order_by(batch.c.number.desc()).limit(1))
    return next((BatchRow._make(row) for row in newest), BatchRow(0, 0, 0, 0, 0, chain.START))


def read_links(connection: Connection) -> Iterator[Sequence[Any]]:
    """Batch, position and hash of every fact, in the order of positions."""
    columns = select(entry.c.batch, entry.c.position, entry.c.hash).order_by(entry.c.position)
    return _stream(connection, columns)


def read_amendments(connection: Connection, number: int) -> dict[int, int]:
    """Of one course: from each amended position to the one that superseded it."""
    columns = select(amendment.c.amended, amendment.c.amender).where(amendment.c.course == number)
    return dict(connection.execute(columns).all())


def last_position(connection: Connection) -> int:
    """The last position that any table knows."""
    return max(connection.scalar(select(func.max(table.c.position))) or 0 for table in (entry, fact))


def audit_rows(connection: Connection, number: int) -> Iterator[AuditRow]:
    """All that the hot table says of a course, in the order of positions, with whatever belongs to it."""
    bound = (fact.c.position, entry.c.seq, entry.c.key_hash, entry.c.hash)
    query = _facts(*bound, whole=False).where(fact.c.course == number).order_by(fact.c.position)
    return (AuditRow(tuple(row[: -len(bound)]), *row[-len(bound) :]) for row in connection.execute(query))


def strays(connection: Connection) -> Iterator[tuple[str, int]]:
    """Table and first position of rows that belong to no fact."""
    places = {
        "entry": (entry, fact, (entry.c.course, entry.c.at, entry.c.position)),
        "fact": (fact, entry, (fact.c.course, fact.c.at, fact.c.position)),
        "detail": (detail, entry, (detail.c.course, detail.c.position)),
    }
    for name, (table, owner, key) in places.items():
        same = and_(*(owner.c[column.name] == column for column in key))
        position = table.c.position
        first = connection.scalar(
            select(func.min(position)).select_from(table.outerjoin(owner, same)).where(owner.c.position.is_(None))
        )
        if first is not None:
            yield name, first


def _facts(*more: ColumnElement[Any], whole: bool = True) -> Select[Any]:
    """What `read_fact` reads; `whole`: only facts of which nothing is missing."""
    columns = [*(entry.c[name] for name in READ_ENTRY), *(fact.c[name] for name in READ_FACT)]
    same = (fact.c.course == entry.c.course) & (fact.c.at == entry.c.at) & (fact.c.position == entry.c.position)
    return (
        select(*columns, course.c.name, detail.c.json, batch.c.recorded_at, batch.c.author, *more)
        .select_from(fact)
        .join(entry, same, isouter=not whole)
        .join(course, course.c.id == fact.c.course, isouter=not whole)
        .join(batch, batch.c.number == entry.c.batch, isouter=not whole)
        .outerjoin(detail, (detail.c.course == entry.c.course) & (detail.c.position == entry.c.position))
    )


def _read(connection: Connection, query: Select[Any]) -> Iterator[Fact]:
    words = read_words(connection)
    return (read_fact(row, words) for row in connection.execute(query))


def _stream(connection: Connection, query: Select[Any]) -> Iterator[Row[Any]]:
    yield from connection.execute(query, execution_options={"yield_per": 10_000})
