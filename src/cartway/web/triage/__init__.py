"""Is this urgent?: the triage of symptoms on the phone, also offline, and the diary that reaches the ward."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []
