"""The record: words, courses, batches, facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = depends_on = None

_POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def _number(name: str, kind: object = sa.BigInteger, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, kind, primary_key=key, autoincrement=False, nullable=False)  # type: ignore[arg-type]


def _text(name: str, *, key: bool = False, unique: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=key, unique=unique, nullable=False)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, nullable=False)


def upgrade() -> None:
    op.create_table("store", _text("name", key=True), _text("text"), sqlite_with_rowid=False)
    words = op.create_table("word", _number("id", sa.Integer, key=True), _text("text", unique=True))
    op.bulk_insert(words, [{"id": 0, "text": ""}])
    op.create_table(
        "course",
        _number("id", sa.Integer, key=True),
        _text("name", unique=True),
        _bytes("head"),
        _number("count"),
    )
    op.create_table(
        "batch",
        _number("number", key=True),
        _number("first"),
        _number("last"),
        _number("recorded_at"),
        sa.Column("author", sa.Integer, sa.ForeignKey("word.id"), nullable=False),
        _bytes("head"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "fact",
        _number("course", sa.Integer, key=True),
        _number("at", key=True),
        _number("position", key=True),
        _number("until"),
        _number("what", sa.Integer),
        sa.Column("value", sa.Double),
        _number("choice", sa.Integer),
        _number("unit", sa.Integer),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry",
        _number("position", _POSITION, key=True),
        _number("course", sa.Integer),
        _number("seq"),
        _number("at"),
        _number("source", sa.Integer),
        _number("batch"),
        _number("key_hash"),
        *map(_text, ("key", "about", "event", "said", "amends", "reason")),
        _number("flags", sa.SmallInteger),
        sa.Column("source_recorded_at", sa.BigInteger),
        _bytes("hash"),
    )
    op.create_index("entry_key", "entry", ["key_hash"])
    op.create_table(
        "detail",
        _number("course", sa.Integer, key=True),
        _number("position", key=True),
        _text("json"),
        sqlite_with_rowid=False,
    )
