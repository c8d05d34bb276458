"""A folder to write to, made and tried before the work whose results it is for."""

from __future__ import annotations

import tempfile
from pathlib import Path

from cartway.cli.edge import stop
from cartway.problem import Problem


def made(folder: Path) -> None:
    """Make a folder where there is none, and try to write to it. Problem: ``no_folder``."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as failure:
        reason = f"'{folder}' cannot be written to: {failure.strerror or 'it is no folder'}."
        stop(Problem("no_folder", reason, "Name a folder that you may write to with -o."))
