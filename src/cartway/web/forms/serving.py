"""The handlers of a form: its page, and where it is sent."""

from __future__ import annotations

from typing import Any

from anyio import to_thread
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from cartway.pathway.course import CENTER
from cartway.web.forms.entries import read_body
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest


def handlers(form: Form) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The page of a form of a course, and where it is sent."""

    @get(form.path, opt=needs(form.act), name=form.name)
    async def shown(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        return await to_thread.run_sync(lambda: show(form, request, course))

    @post(form.path, opt=needs(form.act), name=f"{form.name}, sent", status_code=200)
    async def sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
        entries = read_body(await request.body())
        return answered(request, await to_thread.run_sync(lambda: send(form, request, course, entries)))

    return shown, sent


def center_handlers(form: Form) -> tuple[HTTPRouteHandler, HTTPRouteHandler]:
    """The same for a form of the center's own record: its path names no course."""

    @get(form.path, opt=needs(form.act), name=form.name)
    async def shown(request: WebRequest) -> Response[Any]:
        return await to_thread.run_sync(lambda: show(form, request, CENTER))

    @post(form.path, opt=needs(form.act), name=f"{form.name}, sent", status_code=200)
    async def sent(request: WebRequest) -> Response[Any]:
        entries = read_body(await request.body())
        return answered(request, await to_thread.run_sync(lambda: send(form, request, CENTER, entries)))

    return shown, sent
