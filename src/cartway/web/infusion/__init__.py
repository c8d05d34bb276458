"""Manufacture, lymphodepletion and the day of infusion in the browser."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import center_handlers, handlers
from cartway.web.infusion import giving, making, pages, ready
from cartway.web.infusion.surroundings import case_handlers

ROUTES: list[Any] = [
    *pages.ROUTES,
    *making.ROUTES,
    *(route for form in (*making.FORMS, *ready.FORMS) for route in handlers(form)),
    *(route for make in (making.out_of_specification, *giving.MADE) for route in case_handlers(make)),
    *center_handlers(making.SPECIFICATION),
    *center_handlers(ready.TOCILIZUMAB),
]

__all__ = ["ROUTES"]
