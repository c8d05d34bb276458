"""Accounts, sessions, attempts, forms, what was seen, secrets, and the access log, which cannot be changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = depends_on = None

# A number that is not the next would let INSERT OR REPLACE take a line's place without a DELETE.
_SQLITE = (
    "CREATE TRIGGER entry_insert BEFORE INSERT ON entry "
    "WHEN NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM entry) "
    "BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END",
    *(
        f"CREATE TRIGGER entry_{verb} BEFORE {verb} ON entry "
        "BEGIN SELECT RAISE(ABORT, 'the access log only grows'); END"
        for verb in ("update", "delete")
    ),
)
_POSTGRES = (
    "CREATE FUNCTION entry_stays() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the access log only grows'; END $$",
    "CREATE TRIGGER entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION entry_stays()",
)


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, autoincrement=False, nullable=False)


def _bytes(name: str, *, key: bool = False) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary, primary_key=key, nullable=False)


def upgrade() -> None:
    op.create_table(
        "account",
        _text("id", key=True),
        sa.Column("name", sa.String, nullable=False, unique=True),
        *map(_text, ("display", "role", "courses")),
        *(sa.Column(name, sa.Boolean, nullable=False) for name in ("disabled", "must_change")),
        *map(_text, ("password", "issuer", "subject")),
        _number("created_at"),
    )
    op.create_table(
        "session",
        _bytes("token", key=True),
        *map(_text, ("id", "account", "opened")),
        sa.Column("screen", sa.Boolean, nullable=False),
        *map(_number, ("last_seen", "expires_at")),
        sqlite_with_rowid=False,
    )
    op.create_table("attempt", _number("number", key=True), *map(_bytes, ("name", "client")), _number("at"))
    op.create_table("form", _text("id", key=True), _text("account"), _number("received_at"), sqlite_with_rowid=False)
    op.create_table(
        "seen", _text("account", key=True), _text("course", key=True), _number("count"), sqlite_with_rowid=False
    )
    op.create_table("secret", _text("name", key=True), _bytes("value"))
    op.create_table(
        "entry",
        _number("number", key=True),
        _number("at"),
        *map(_text, ("account", "name", "role", "act", "course", "via", "reason", "place", "about")),
    )
    op.create_index("account_subject", "account", ["issuer", "subject"])
    op.create_index("session_account", "session", ["account"])
    for column in ("name", "client"):
        op.create_index(f"attempt_{column}", "attempt", [column])
    for column in ("account", "about", "course"):
        op.create_index(f"entry_{column}", "entry", [column, "number"])
    for statement in _SQLITE if op.get_bind().dialect.name == "sqlite" else _POSTGRES:
        op.execute(statement)
