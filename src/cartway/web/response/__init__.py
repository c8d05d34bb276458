"""Response in the browser: the levels with their reasons, the curves, the forms of what was measured."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []
