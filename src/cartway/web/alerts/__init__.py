"""Alerts in the browser: the ward's list, a course's episodes, acknowledgement and outcome."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
