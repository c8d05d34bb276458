"""The case of a course as these pages and forms read it, and forms that need it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from cartway.pathway.conditioning import Case
from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from cartway.web.custody.elsewhere import index_of
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of

Cases = Callable[[Chart], Case]
"""The case of a chart: the course with the center's record, labels and policies around it."""
Make = Callable[[Cases], Form]
"""Makes a form that asks the case."""
Asks = Callable[[Fact, Case], Draft]
Writes = Callable[[Fact, Case], Sequence[Fact]]


def case_of(office: Office, course: Course) -> Case:
    """A course with what surrounds it."""
    center = Course(office.ward.facts(office.log, CENTER), course.now)
    return Case(course, center, jurisdiction=office.config.country, zone=office.zone, index=index_of(office))


def cases_of(office: Office) -> Cases:
    """The case of a chart, as of the form's time."""
    return lambda chart: case_of(office, Course(chart.facts, chart.now))


def asking(form: Form, cases: Cases, asks: Asks, writes: Writes) -> Form:
    """A form whose first fact is judged by the case, and written as the case says, before it is recorded."""

    def read(entries: Entries, chart: Chart, at: int) -> Draft:
        draft = form.read(entries, chart, at)
        if draft.flaws or not draft.facts:
            return draft
        case, (first, *rest) = cases(chart), draft.facts
        asked = asks(first, case)
        return msgspec.structs.replace(draft + asked, facts=(*writes(first, case), *rest))

    return msgspec.structs.replace(form, read=read)


def as_it_is(fact: Fact, _: Case) -> Sequence[Fact]:
    """The fact unchanged."""
    return [fact]


def no_case(_: Chart) -> Case:
    """For a form of which only name, path and act are read."""
    raise AssertionError("a form is drawn and read with the case of its office")


def case_handlers(make: Make) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The page of a form that asks the case, and where it is sent."""
    form = make(no_case)

    @get(form.path, opt=needs(form.act), name=form.name)
    async def shown(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        made = make(cases_of(office_of(request)))
        return await to_thread.run_sync(lambda: show(made, request, course))

    @post(form.path, opt=needs(form.act), name=f"{form.name}, sent", status_code=200)
    async def sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        entries, made = read_body(await request.body()), make(cases_of(office_of(request)))
        return answered(request, await to_thread.run_sync(lambda: send(made, request, course, entries)))

    return shown, sent
