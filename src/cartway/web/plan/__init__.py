"""Slots: the plan of all who wait, proposals, calendars."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import center_handlers
from cartway.web.plan.calendar import calendar_page
from cartway.web.plan.forms import CLOSURE, LOST, RESOURCE
from cartway.web.plan.pages import accepting, plan_page, proposal, propose

ROUTES: list[Any] = [
    plan_page,
    propose,
    proposal,
    accepting,
    calendar_page,
    *center_handlers(RESOURCE),
    *center_handlers(CLOSURE),
    *center_handlers(LOST),
]

__all__ = ["ROUTES"]
