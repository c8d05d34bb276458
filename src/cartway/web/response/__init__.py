"""Response in the browser: the levels with their reasons, the curves, the forms of what was measured."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import handlers
from cartway.web.response.forms import FORMS
from cartway.web.response.pages import response_page

ROUTES: list[Any] = [response_page, *(handler for form in FORMS for handler in handlers(form))]

__all__ = ["ROUTES"]
