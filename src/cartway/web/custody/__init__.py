"""Chain of identity and custody in the browser: scans, signatures, labels."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
