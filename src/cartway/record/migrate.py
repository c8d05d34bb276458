"""Bring a store to the schema of this code. Alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Connection

HEAD = "0002"
KNOWN = ("0001", "0002")


def migrate(connection: Connection, revision: str = "head", scripts: Path | None = None) -> None:
    """Upgrade the store behind `connection`, inside its transaction, to a revision."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(scripts or Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
