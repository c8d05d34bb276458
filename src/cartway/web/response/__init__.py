"""Response in the browser: the levels with their reasons, the curves, the forms of what was measured."""

from __future__ import annotations

from typing import Any

from cartway.web.response.pages import response_page

ROUTES: list[Any] = [response_page]

__all__ = ["ROUTES"]
