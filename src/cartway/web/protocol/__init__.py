"""What the protocol says next, in the browser, and the team's answer."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import center_handlers, handlers
from cartway.web.protocol import answering
from cartway.web.protocol.forms import CENTER_FORMS, FORMS
from cartway.web.protocol.pages import protocol_page

ROUTES: list[Any] = [
    protocol_page,
    *answering.ROUTES,
    *(handler for form in FORMS for handler in handlers(form)),
    *(handler for form in CENTER_FORMS for handler in center_handlers(form)),
]

__all__ = ["ROUTES"]
