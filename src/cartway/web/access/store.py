"""Where access is kept: `NAME.access.db` beside the record's file, or a schema `..._access` in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from cartway.record.beside import Beside
from cartway.web.access.errors import NoAccounts

KIND = Beside("access", known=("0001",), scripts=Path(__file__).parent / "migrations", missing=NoAccounts)
