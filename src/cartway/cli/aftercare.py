"""`cartway aftercare`."""

from __future__ import annotations

from pathlib import Path

from cartway.cli.edge import stop
from cartway.problem import Problem

__all__ = ["Path"]


def aftercare(course: str, at: str, known_at: str, policy: list[str], format: str, database: str) -> None:
    """Not written yet."""
    stop(Problem("not_written", "This verb is being written.", "Wait for it."))
