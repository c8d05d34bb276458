"""Who superseded whom, as a table of its own: reading a course no longer looks through every key.

The table is derived, so it is filled from what is recorded: in commit order, a fact supersedes whatever stands at the
tip of the statement that its key or its `amends` names.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels = depends_on = None

_ENTRIES = "SELECT course, position, source, key, amends FROM entry ORDER BY course, position"


def upgrade() -> None:
    table = op.create_table(
        "amendment",
        sa.Column("course", sa.Integer, sa.ForeignKey("course.id"), primary_key=True, autoincrement=False),
        sa.Column("amended", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("amender", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.bulk_insert(table, [dict(zip(("course", "amended", "amender"), row, strict=True)) for row in _amendments()])


def _amendments() -> Iterator[tuple[int, int, int]]:
    reading: int | None = None
    latest: dict[str, dict[int, int]] = {}  # key -> source -> position
    tips: dict[int, int] = {}
    for course, position, source, key, amends in op.get_bind().execute(sa.text(_ENTRIES)):
        if course != reading:
            reading, latest, tips = course, {}, {}
        for named in (_named(latest, source, key, only_own=True), _named(latest, source, amends, only_own=False)):
            superseded = _tip(tips, named)
            if superseded not in {None, position}:
                tips[superseded] = position
                yield course, superseded, position
        latest.setdefault(key, {})[source] = position


def _tip(tips: dict[int, int], position: int | None) -> int | None:
    while position is not None and position in tips:
        position = tips[position]
    return position


def _named(latest: dict[str, dict[int, int]], source: int, key: str, *, only_own: bool) -> int | None:
    by_source = latest.get(key, {}) if key else {}
    if source in by_source or only_own:
        return by_source.get(source)
    return next(iter(by_source.values()), None)
