"""The tables of access, for SQLAlchemy. Of passwords and tokens only hashes are kept."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, LargeBinary, MetaData, String, Table

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, autoincrement=False, nullable=False)


def _bytes(name: str, *, key: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, primary_key=key, nullable=False)


# The courses of an account, and those that a session broke the glass of, are one JSON text each: every request reads
# them with the session in one look, and they change seldom and whole. Who was assigned when is in the log.
account = Table(
    "account",
    metadata,
    _text("id", key=True),
    Column("name", String, nullable=False, unique=True),
    *map(_text, ("display", "role", "courses")),
    *(Column(name, Boolean, nullable=False) for name in ("disabled", "must_change")),
    *map(_text, ("password", "issuer", "subject")),
    _number("created_at"),
    Index("account_subject", "issuer", "subject"),
)
session = Table(
    "session",
    metadata,
    _bytes("token", key=True),
    *map(_text, ("id", "account", "opened")),
    Column("screen", Boolean, nullable=False),
    *map(_number, ("last_seen", "expires_at")),
    Index("session_account", "account"),
)
attempt = Table(
    "attempt",
    metadata,
    _number("number", key=True),
    *map(_bytes, ("name", "client")),
    _number("at"),
    Index("attempt_name", "name"),
    Index("attempt_client", "client"),
)
form = Table("form", metadata, _text("id", key=True), _text("account"), _number("received_at"))
seen = Table("seen", metadata, _text("account", key=True), _text("course", key=True), _number("count"))
secret = Table("secret", metadata, _text("name", key=True), _bytes("value"))
entry = Table(
    "entry",
    metadata,
    *(_number(name, key=name == "number") for name in ("number", "at")),
    *map(_text, ("account", "name", "role", "act", "course", "via", "reason", "place", "about")),
    Index("entry_account", "account", "number"),
    Index("entry_about", "about", "number"),
    Index("entry_course", "course", "number"),
)
