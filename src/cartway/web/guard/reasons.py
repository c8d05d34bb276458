"""Why somebody opens a course that they do not belong to: chosen with one tap, or said in words, or both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from cartway.web.guard.fields import text
from cartway.words.catalog import N_

WHY: Mapping[str, str] = {
    "on_call": N_("I am on call for this patient"),
    "emergency": N_("Emergency"),
    "consultation": N_("I was asked for a consultation"),
    "taking_over": N_("I take over from a colleague"),
}


def reason_of(form: dict[str, Any]) -> str:
    """The reason as the access log keeps it; empty where neither was given."""
    chosen, words = WHY.get(text(form, "why"), ""), text(form, "reason").strip()
    return ": ".join(part for part in (chosen, words) if part)
