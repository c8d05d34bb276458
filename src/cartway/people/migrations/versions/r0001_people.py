"""People, their identifiers, courses and contacts, and who looked at them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels = depends_on = None

# PostgreSQL samples columns into its statistics, where an erasure would not reach them.
_PERSONAL = {
    "person": ("name", "birth_date", "sex"),
    "identifier": ("authority", "value"),
    "contact": ("kind", "text"),
}


def _text(name: str, *, key: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=key, nullable=False)


def _number(name: str, *, key: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger, primary_key=key, autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "person",
        _text("id", key=True),
        *map(_text, ("name", "birth_date", "sex", "merged_into")),
        sa.Column("erased_at", sa.BigInteger),
    )
    op.create_table(
        "identifier",
        _text("authority", key=True),
        _text("value", key=True),
        _text("person"),
        _text("came_from"),
        sqlite_with_rowid=False,
    )
    op.create_table("course", _text("id", key=True), _text("person"), _number("enrolled_at"), _text("merged_into"))
    op.create_table("contact", _text("person", key=True), _number("number", key=True), _text("kind"), _text("text"))
    op.create_table(
        "access",
        _number("number", key=True),
        _number("at"),
        *map(_text, ("by", "act", "person", "course", "reason")),
        _number("found"),
        sqlite_with_rowid=False,
    )
    for table in ("identifier", "course"):
        op.create_index(f"{table}_person", table, ["person"])
    if op.get_bind().dialect.name == "postgresql":
        for table, columns in _PERSONAL.items():
            for column in columns:
                op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")
