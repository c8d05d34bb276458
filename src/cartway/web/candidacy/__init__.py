"""Candidacy in the browser: the products side by side for one patient."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
