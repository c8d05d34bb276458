"""What is due in the browser: the worklist by role, one course's tasks, their answers, the hand-over sheet."""

from __future__ import annotations

from typing import Any

from cartway.web.due.answer import ANSWER
from cartway.web.due.pages import course_due, worklist
from cartway.web.due.sheet import handover
from cartway.web.forms.serving import handlers

ROUTES: list[Any] = [worklist, course_due, handover, *handlers(ANSWER)]

__all__ = ["ROUTES"]
