"""The programme board, a course's road with its forms, and the referral in."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import center_handlers, handlers
from cartway.web.programme.board import board
from cartway.web.programme.forms import CONSENT_VERSION, FORMS
from cartway.web.programme.referral import referral_form, referral_sent
from cartway.web.programme.road import road_page

ROUTES: list[Any] = [
    board,
    road_page,
    referral_form,
    referral_sent,
    *(handler for form in FORMS for handler in handlers(form)),
    *center_handlers(CONSENT_VERSION),
]
