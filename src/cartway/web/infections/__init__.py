"""Infections with their prophylaxis, what else is charted of toxicity, and the risk scores of one course."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import handlers
from cartway.web.infections.forms import FORMS
from cartway.web.infections.pages import infections_page, scores_page

ROUTES: list[Any] = [infections_page, scores_page, *(handler for form in FORMS for handler in handlers(form))]

__all__ = ["ROUTES"]
