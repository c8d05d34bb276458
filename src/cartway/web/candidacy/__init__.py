"""Candidacy in the browser: the products side by side for one patient, and the forms that decide it."""

from __future__ import annotations

from typing import Any

from cartway.web.candidacy.forms import FORMS, WASHOUT_RULE
from cartway.web.candidacy.page import candidacy_page
from cartway.web.forms.serving import center_handlers, handlers

ROUTES: list[Any] = [
    candidacy_page,
    *(handler for form in FORMS for handler in handlers(form)),
    *center_handlers(WASHOUT_RULE),
]

__all__ = ["ROUTES"]
