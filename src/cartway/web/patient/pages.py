"""The patient's own page: small, in plain words. No grades: they are the team's tool, and would only frighten."""

from __future__ import annotations

from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cartway.web.access import EVERY, Act, Role
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.patient.own import own


@get("/my", opt=needs(Act.read_own), name="my courses", sync_to_thread=True)
def my(request: WebRequest) -> Response[Any]:
    """On to the course; who has none or several chooses."""
    courses = sorted(person(request).account.courses - {EVERY})
    if len(courses) == 1:
        return Redirect(f"/my/{courses[0]}", status_code=303)
    office = office_of(request)
    return _page(request, "patient/mine.html", own=[own(office, course) for course in courses])


@get("/my/{course:str}", opt=needs(Act.read_own), name="my course", sync_to_thread=True)
def my_course(request: WebRequest, course: FromPath[str]) -> Template:
    """How far the treatment is, and what was measured last."""
    caring = person(request).account.role is Role.caregiver
    return _page(request, "patient/my.html", own=own(office_of(request), course), caring=caring)


def _page(request: WebRequest, template: str, **context: Any) -> Template:
    return page(request, template, here="my", **context)
