"""What is due in the browser: the worklist by role, the hand-over sheet."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
