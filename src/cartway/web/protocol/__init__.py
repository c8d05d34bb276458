"""What the protocol says next, in the browser, and the team's answer."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
