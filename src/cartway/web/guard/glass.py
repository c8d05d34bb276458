"""Breaking the glass: a course that one does not belong to, opened for a while, with a reason that is kept."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from cartway.problem import Problem
from cartway.web.access import Act
from cartway.web.guard.another import whom_found
from cartway.web.guard.errors import not_yours_page
from cartway.web.guard.fields import Form, text
from cartway.web.guard.gate import needs
from cartway.web.guard.reasons import reason_of
from cartway.web.page import WebRequest, office_of, person


@post(
    "/courses/{course:str}/break-glass",
    opt=needs(Act.break_glass, stranger=True),
    name="break the glass",
    sync_to_thread=True,
)
def break_glass(request: WebRequest, course: FromPath[str], data: Form) -> Response[Any]:
    """Open the course and go there; without a reason, the form again. Who belongs to it anyway just goes there.

    Whether the course exists makes no difference: nobody finds that out by breaking glass.
    """
    office, me = office_of(request), person(request)
    if not me.belongs(course):
        until = office.access.break_glass(me, course, reason_of(data), now=office.now())
        if isinstance(until, Problem):
            said: dict[str, Any] = {"problem": until, "why": text(data, "why"), "reason": text(data, "reason")}
            return not_yours_page(request, course, **said, **whom_found(office, me, course, text(data, "mark")))
    return Redirect(f"/courses/{quote(course, safe='')}", status_code=303)


ROUTES = (break_glass,)
