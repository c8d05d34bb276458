"""Manufacture, lymphodepletion and the day of infusion in the browser."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
