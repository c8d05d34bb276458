"""`cartway respond`."""

from __future__ import annotations

from pathlib import Path

from cartway.cli.edge import stop
from cartway.problem import Problem

__all__ = ["Path"]


def respond(inputs: list[Path], criteria: str, at: str, policy: list[str], format: str, output: Path | None) -> None:
    """Not written yet."""
    stop(Problem("not_written", "This verb is being written.", "Wait for it."))
