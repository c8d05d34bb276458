"""The calendars as they stand: what there is, and the days closed."""

from __future__ import annotations

from litestar import get
from litestar.response import Template

from cartway.pathway.slots.calendars import FOREVER, KIND_WORDS, KINDS, calendars
from cartway.pathway.slots.days import WEEKDAYS
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.plan.pages import Shown
from cartway.web.road import center_of


@get("/plan/calendar", opt=needs(Act.see_programme), name="calendar", sync_to_thread=True)
def calendar_page(request: WebRequest) -> Template:
    """Resources by kind, and closures that are not over."""
    office, shown = office_of(request), Shown(request)
    office.access.note(person(request), Act.see_programme, "", via="", place="calendar", now=office.now())
    found = calendars(center_of(request), office.zone)
    return page(
        request,
        "plan/calendar.html",
        kinds=[(kind, KIND_WORDS[kind], [one for one in found.resources if one.kind == kind]) for kind in KINDS],
        closures=[one for one in found.closures if one.last >= shown.today],
        weekdays=lambda days: ", ".join(name for number, name in enumerate(WEEKDAYS) if number in days),
        forever=FOREVER,
        entered=bool(request.query_params.get("entered")),
        **shown.context(),
    )
