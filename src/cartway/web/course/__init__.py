"""One course: its readings on one time axis, its timeline, and why its grades are what they are."""

from __future__ import annotations

from cartway.web.course.pages import ROUTES

__all__ = ["ROUTES"]
