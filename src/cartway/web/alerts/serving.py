"""The handlers of the forms of alerts, of a course and of the center. Each form is made for its request."""

from __future__ import annotations

from typing import Any, Protocol

from anyio import to_thread
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from cartway.pathway.course import CENTER
from cartway.web.access import Act
from cartway.web.forms.entries import read_body
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest


class Makes(Protocol):
    """A form for a request: of a course, or of the center's own record."""

    def __call__(self, request: WebRequest, *, center: bool = False) -> Form: ...


def course_handlers(make: Makes, path: str, name: str) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The page of a form of a course, and where it is sent."""

    @get(f"/courses/{{course:str}}/{path}", opt=needs(Act.answer), name=name)
    async def shown(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        return await to_thread.run_sync(lambda: show(make(request), request, course))

    @post(f"/courses/{{course:str}}/{path}", opt=needs(Act.answer), name=f"{name}, sent", status_code=200)
    async def sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        entries = read_body(await request.body())
        return answered(request, await to_thread.run_sync(lambda: send(make(request), request, course, entries)))

    return shown, sent


def ward_handlers(
    make: Makes, path: str, name: str, act: Act = Act.answer
) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The same for what is about the center and no patient."""

    @get(f"/alerts/{path}", opt=needs(act), name=name)
    async def shown(request: WebRequest) -> Response[Any]:
        return await to_thread.run_sync(lambda: show(make(request, center=True), request, CENTER))

    @post(f"/alerts/{path}", opt=needs(act), name=f"{name}, sent", status_code=200)
    async def sent(request: WebRequest) -> Response[Any]:
        entries = read_body(await request.body())
        form = make(request, center=True)
        return answered(request, await to_thread.run_sync(lambda: send(form, request, CENTER, entries)))

    return shown, sent
