"""What is charted at the bedside: one form a kind of entry, each a plain form post."""

from __future__ import annotations

from cartway.web.forms.pages import ROUTES

__all__ = ["ROUTES"]
