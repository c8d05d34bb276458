"""`cartway care-plan`."""

from __future__ import annotations

from pathlib import Path

from cartway.cli.edge import stop
from cartway.problem import Problem

__all__ = ["Path"]


def care_plan(course: str, output: Path, reader: str, language: str, at: str, policy: list[str], database: str) -> None:
    """Not written yet."""
    stop(Problem("not_written", "This verb is being written.", "Wait for it."))
