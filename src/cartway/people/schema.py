"""The tables of people, for SQLAlchemy. Everything that names a person is in `person`, `identifier` and `contact`."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, MetaData, String, Table

metadata = MetaData()


def _text(name: str, *, key: bool = False) -> Column[str]:
    return Column(name, String, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> Column[int]:
    return Column(name, BigInteger, primary_key=key, autoincrement=False, nullable=False)


person = Table(
    "person",
    metadata,
    _text("id", key=True),
    *map(_text, ("name", "birth_date", "sex", "merged_into")),
    Column("erased_at", BigInteger),
)
identifier = Table(
    "identifier", metadata, _text("authority", key=True), _text("value", key=True), _text("person"), _text("came_from")
)
course = Table("course", metadata, _text("id", key=True), _text("person"), _number("enrolled_at"), _text("merged_into"))
contact = Table(
    "contact", metadata, _text("person", key=True), _number("number", key=True), _text("kind"), _text("text")
)
access = Table(
    "access",
    metadata,
    _number("number", key=True),
    _number("at"),
    *map(_text, ("by", "act", "person", "course", "reason")),
    _number("found"),
)
