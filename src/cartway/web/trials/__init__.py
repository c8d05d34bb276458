"""Clinical trials for one patient, and the centers."""

from __future__ import annotations

from typing import Any

from cartway.web.forms.serving import center_handlers, handlers
from cartway.web.trials.centers import centers_page
from cartway.web.trials.forms import OFFER, OPTION
from cartway.web.trials.pages import questions_page, trial_page, trials_page

ROUTES: list[Any] = [
    trials_page,
    trial_page,
    questions_page,
    centers_page,
    *handlers(OPTION),
    *center_handlers(OFFER),
]

__all__ = ["ROUTES"]
