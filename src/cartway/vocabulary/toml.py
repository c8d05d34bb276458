"""Reading the TOML that ships beside this room."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")


def load_toml(name: str) -> dict[str, Any]:
    """The package data file ``data/NAME.toml``."""
    return tomllib.loads((DATA / f"{name}.toml").read_text("utf-8"))
