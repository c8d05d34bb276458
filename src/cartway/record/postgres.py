"""The record in PostgreSQL, in the first schema of the connection's search path."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

from cartway.record import statements
from cartway.record.driver import RawColumns
from cartway.record.postgres_link import connect, engine, place_of, sqlalchemy_errors, translated
from cartway.record.rows import EMPTY, BatchState, CourseState, Row, Rows

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

_THESE = "= ANY(%s)"
_NAME = "SELECT 'cartway_' || coalesce(current_schema(), 'public')"
_TYPES = {
    "entry": ("int8", "int4", "int8", "int8", "int4", "int8", "int8", *("text",) * 6, "int2", "int8", "bytea"),
    "fact": ("int4", "int8", "int8", "int8", "int4", "float8", "int4", "int4"),
}
_COLUMNS = """
    SELECT array_agg(f.at), array_agg(f.position), array_agg(f.until), array_agg(f.what), array_agg(f.value),
           array_agg(f.choice), array_agg(f.unit),
           (SELECT array_agg(a.amended) FROM amendment a WHERE a.course = c.id),
           (SELECT array_agg(d.position) FROM detail d WHERE d.course = c.id),
           (SELECT array_agg(d.json) FROM detail d WHERE d.course = c.id)
    FROM course c JOIN fact f ON f.course = c.id WHERE c.name = %s GROUP BY c.id"""


class _Bytes(Loader):
    """An array as the server sends it: NumPy reads it without a Python object for each element."""

    format = Format.BINARY

    def load(self, data: Buffer) -> bytes:
        return bytes(data)


class PostgreSQL:
    """One connection, and further ones for cold queries and for waiting."""

    def __init__(self, url: str) -> None:
        self.url, self.place = url, place_of(url)
        self._connection, self._is_writing = self._connect(), False
        with translated(self.place):
            self.name = self._value(_NAME)

    @property
    def connection(self) -> psycopg.Connection[Row]:
        """The connection, opened anew where the server dropped it; never within a transaction."""
        if self._connection.broken and not self._is_writing:
            self._connection = self._connect()
        return self._connection

    @contextmanager
    def writing(self) -> Iterator[None]:
        with translated(self.place), self.connection.transaction():
            self._is_writing = True
            try:
                self.lock()
                yield
            finally:
                self._is_writing = False

    def lock(self) -> None:
        """One appender at a time. A transaction's changes are visible before it lets go of this lock."""
        self.connection.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self.name,))

    def version(self) -> str | None:
        with translated(self.place):
            if self._value("SELECT to_regclass('alembic_version')") is None:
                return None
            return str(self._value(statements.VERSION))

    def kind(self) -> str:
        with translated(self.place):
            return str(self._value(statements.KIND))

    def last_batch(self) -> BatchState:
        rows = self._all(statements.LAST_BATCH)
        return BatchState(*rows[0]) if rows else EMPTY

    def words(self, first: int) -> list[Row]:
        return self._all(statements.WORDS.format(value="%s"), first)

    def courses(self, names: Iterable[str]) -> tuple[dict[str, CourseState], int]:
        known = self._all(statements.COURSES.format(these=_THESE), list(names))
        with translated(self.place):
            count = int(self._value(statements.COURSE_COUNT))
        return {name: CourseState(*state) for name, *state in known}, count

    def keyed(self, hashes: Iterable[int]) -> list[Row]:
        return self._all(statements.KEYED.format(these=_THESE), list(hashes))

    def named(self, courses: Iterable[str], keys: Iterable[str]) -> list[Row]:
        return self._all(statements.NAMED.format(these=_THESE), list(courses), list(keys))

    def tips(self, positions: Iterable[int]) -> dict[int, int]:
        return dict(self._all(statements.TIPS.format(these=_THESE), list(positions)))

    def write(self, rows: Rows) -> None:
        with translated(self.place), self.connection.cursor() as cursor:
            for name, (table, columns) in statements.TABLES.items():
                if parts := getattr(rows, name):
                    _copy(cursor, table, columns, parts, _TYPES.get(table))
            cursor.executemany(statements.HEADS.format(value="%s"), rows.heads)
            cursor.execute("SELECT pg_notify(%s, '')", (self.name,))

    def columns(self, course: str) -> RawColumns | None:
        import numpy as np

        with translated(self.place), self.connection.cursor(binary=True) as cursor:
            for kind in ("int8", "int4", "float8"):
                cursor.adapters.register_loader(psycopg.postgres.types[kind].array_oid, _Bytes)
            found = cursor.execute(_COLUMNS, (course,)).fetchone()
        if found is None:
            return None
        *facts, amended, detailed, details = found
        at, position, until = (_array(data, np.int64) for data in facts[:3])
        what, value, choice, unit = map(_array, facts[3:], (np.int32, np.float64, np.int32, np.int32))
        superseded = _array(amended, np.int64).tolist() if amended else ()
        stated = zip(_array(detailed, np.int64).tolist(), details, strict=True) if detailed else ()
        return RawColumns(at, position, until, what, value, choice, unit, superseded, list(stated))

    def wait(self, position: int, timeout_s: float) -> int:
        deadline = time.monotonic() + timeout_s
        with translated(self.place), closing(self._connect()) as listener:
            # It listens before it looks, so that no commit slips by between.
            listener.execute(psycopg.sql.SQL("LISTEN {}").format(psycopg.sql.Identifier(self.name)))
            while True:
                row = listener.execute(statements.LAST_BATCH.encode()).fetchone()
                last, left = row[1] if row else 0, deadline - time.monotonic()
                if last > position or left <= 0:
                    return int(last)
                for _ in listener.notifies(timeout=left, stop_after=1):
                    pass

    @contextmanager
    def cold(self) -> Iterator[Connection]:
        with sqlalchemy_errors(self.place), self._engine.connect() as connection:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    def upgrade(self, revision: str = "head", kind: str | None = None) -> None:
        """Migrate in one transaction; a new store gets its kind. Nothing is done where another process was quicker."""
        from cartway.record.migrate import migrate

        with sqlalchemy_errors(self.place), self._engine.begin() as connection:
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (self.name,))
            is_new = connection.exec_driver_sql("SELECT to_regclass('alembic_version')").scalar() is None
            migrate(connection, revision)
            if is_new and kind:
                connection.exec_driver_sql("INSERT INTO store VALUES ('kind', %s)", (kind,))

    def close(self) -> None:
        self._connection.close()
        opened = self.__dict__.pop("_engine", None)
        if opened is not None:
            opened.dispose()

    @cached_property
    def _engine(self) -> Engine:
        return engine(self._connect)

    def _connect(self) -> psycopg.Connection[Row]:
        return connect(self.url, self.place)

    def _value(self, statement: str) -> Any:
        row = self.connection.execute(statement.encode()).fetchone()
        return None if row is None else row[0]

    def _all(self, statement: str, *values: object) -> list[Row]:
        with translated(self.place):
            return self.connection.execute(statement.encode(), values).fetchall()


def _copy(
    cursor: psycopg.Cursor[Row], table: str, columns: Sequence[str], rows: Sequence[Row], types: Sequence[str] | None
) -> None:
    form = "(FORMAT binary)" if types else ""
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN {form}".encode()) as copy:
        if types:
            copy.set_types(types)
        for row in rows:
            copy.write_row(row)


def _array(data: bytes, kind: Any) -> Any:
    """A one-dimensional array without NULLs in the binary format: 20 bytes of header, then length and value of each."""
    import numpy as np

    width = np.dtype(kind)
    stored = np.dtype([("length", ">i4"), ("value", width.newbyteorder(">"))])
    return np.frombuffer(data, stored, offset=20)["value"].astype(width)
