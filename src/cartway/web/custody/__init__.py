"""Chain of identity and custody in the browser: the chain, the scan station, the forms, the labels."""

from __future__ import annotations

from typing import Any

from cartway.web.custody import aside, labels, receive, scan
from cartway.web.custody.aside import QUARANTINE
from cartway.web.custody.labels import PRINT
from cartway.web.custody.pages import FORMS, chain_page
from cartway.web.forms.serving import handlers

ROUTES: list[Any] = [
    chain_page,
    *scan.ROUTES,
    *receive.ROUTES,
    *labels.ROUTES,
    *aside.ROUTES,
    *(handler for form in (*FORMS, PRINT) if form is not QUARANTINE for handler in handlers(form)),
]

__all__ = ["ROUTES"]
