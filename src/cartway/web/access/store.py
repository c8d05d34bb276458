"""Where access is kept: `NAME.access.db` beside the record's file, or a schema `..._access` in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from cartway.record.beside import Beside
from cartway.web.access.errors import NoAccounts

KIND = Beside(
    "access",
    known=("0001",),
    scripts=Path(__file__).parent / "migrations",
    missing=NoAccounts,
    busy_seconds=5.0,  # every page asks it: better an answer that says so than a ward that hangs
)
