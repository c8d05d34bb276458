"""The pages that patients read, in their language, open to all."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []
