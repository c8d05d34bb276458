"""The ward board."""

from __future__ import annotations

from cartway.web.board.pages import board, rows

ROUTES = (board, rows)
