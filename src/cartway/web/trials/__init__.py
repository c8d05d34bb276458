"""Clinical trials for one patient, and the centers."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
