"""Life after in the browser: calendar, immune recovery, vaccines, late effects, support, the care plan."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []
