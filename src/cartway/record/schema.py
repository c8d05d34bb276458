"""The tables of the record, for SQLAlchemy: what the migrations build and the cold queries read.

`fact` is the hot table: clustered by course and time, and only the columns that derivations read. `entry` holds the
rest of each fact. `amendment` is derived: who superseded whom. Texts that recur are numbered words.

No row of the two large tables is checked against another by the database: on PostgreSQL that alone took a tenth of an
append. The append plan asserts it before it writes, and `verify` reads it back.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
)

metadata = MetaData()

store = Table(
    "store",
    metadata,
    Column("name", String, primary_key=True),
    Column("text", String, nullable=False),
    sqlite_with_rowid=False,
)
word = Table(
    "word",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("text", String, nullable=False, unique=True),
)
course = Table(
    "course",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("name", String, nullable=False, unique=True),
    Column("head", LargeBinary, nullable=False),
    Column("count", BigInteger, nullable=False),
)
batch = Table(
    "batch",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("first", BigInteger, nullable=False),
    Column("last", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("author", Integer, ForeignKey("word.id"), nullable=False),
    Column("head", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
fact = Table(
    "fact",
    metadata,
    Column("course", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("until", BigInteger, nullable=False),
    Column("what", Integer, nullable=False),
    Column("value", Double),
    Column("choice", Integer, nullable=False),
    Column("unit", Integer, nullable=False),
    sqlite_with_rowid=False,
)
entry = Table(
    "entry",
    metadata,
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("course", Integer, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("source", Integer, nullable=False),
    Column("batch", BigInteger, nullable=False),
    Column("key_hash", BigInteger, nullable=False),
    Column("key", String, nullable=False),
    Column("about", String, nullable=False),
    Column("event", String, nullable=False),
    Column("said", String, nullable=False),
    Column("amends", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("flags", SmallInteger, nullable=False),
    Column("source_recorded_at", BigInteger),
    Column("hash", LargeBinary, nullable=False),
    Index("entry_key", "key_hash"),
)
detail = Table(
    "detail",
    metadata,
    Column("course", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("json", String, nullable=False),
    sqlite_with_rowid=False,
)
amendment = Table(
    "amendment",
    metadata,
    Column("course", Integer, ForeignKey("course.id"), primary_key=True, autoincrement=False),
    Column("amended", BigInteger, primary_key=True, autoincrement=False),
    Column("amender", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)
