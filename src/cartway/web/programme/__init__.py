"""The programme board: every course from referral to infusion, and each course's road."""

from __future__ import annotations

from typing import Any

ROUTES: list[Any] = []

__all__ = ["ROUTES"]
