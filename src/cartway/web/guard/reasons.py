"""Why somebody opens a course that they do not belong to: chosen with one tap, or said in words, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartway.web.guard.fields import text

WHY: Mapping[str, str] = {
    "on_call": "I am on call for this patient",
    "emergency": "Emergency",
    "consultation": "I was asked for a consultation",
    "taking_over": "I take over from a colleague",
}


def reason_of(form: dict[str, Any]) -> str:
    """The reason as the access log keeps it; empty where neither was given."""
    chosen, words = WHY.get(text(form, "why"), ""), text(form, "reason").strip()
    return ": ".join(part for part in (chosen, words) if part)
