"""The programme board, a course's road with its forms, and the referral in."""

from __future__ import annotations

from typing import Any

from cartway.web.programme.board import board
from cartway.web.programme.road import road_page

ROUTES: list[Any] = [board, road_page]
