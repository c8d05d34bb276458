"""Where the people are kept: `NAME.people.db` beside the record's file, or a schema `..._people` in PostgreSQL."""

from __future__ import annotations

from pathlib import Path

from cartway.record import beside
from cartway.record.beside import Beside, Store

KIND = Beside("people", known=("0001",), scripts=Path(__file__).parent / "migrations")
PERSONAL = ("person", "identifier", "contact")
"""The tables that an erasure empties."""


def open_store(url: str, *, create: bool) -> Store:
    """The store of the people that belong to the record at `url`."""
    return beside.open_store(url, KIND, create=create)
