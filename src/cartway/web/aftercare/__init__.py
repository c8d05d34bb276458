"""Life after in the browser: calendar, immune recovery, vaccines, late effects, support, the care plan."""

from __future__ import annotations

from typing import Any

from cartway.web.aftercare.forms import CENTER_FORMS, FORMS
from cartway.web.aftercare.pages import aftercare_page, clinic
from cartway.web.aftercare.plans import care_plan_page, care_plan_paper, my_card, my_paper, my_plan
from cartway.web.forms.serving import center_handlers, handlers

ROUTES: list[Any] = [
    aftercare_page,
    clinic,
    care_plan_page,
    care_plan_paper,
    my_plan,
    my_paper,
    my_card,
    *(handler for form in FORMS for handler in handlers(form)),
    *(handler for form in CENTER_FORMS for handler in center_handlers(form)),
]

__all__ = ["ROUTES"]
