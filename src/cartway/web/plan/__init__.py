"""Slots: the plan for all who wait, and the calendars it rests on."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
