"""What a reader is told when something cannot be done. Never a value, never a trace."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from litestar import Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException
from litestar.response import Redirect

from cartway.web.access import Act
from cartway.web.guard.gate import NotYours
from cartway.web.page import page

_log = logging.getLogger("cartway.web")

SAID: Mapping[int, tuple[str, str]] = {
    403: ("This is not open to you", "Your role does not do this. If it should, ask an administrator."),
    404: ("There is no such page", "Check the address, or start from the board."),
    405: ("That cannot be done here", "Start from the board."),
    413: ("That was too much", "The form held more than it can take. Shorten its notes and send it again."),
    429: ("Too many requests", "Wait a minute, then try again."),
}


def signed_out(request: Request[Any, Any, Any], _: NotAuthorizedException) -> Response[Any]:
    """To the sign-in page, and back from there."""
    target = f"/sign-in?next={quote(request.url.path)}"
    if request.headers.get("hx-request") == "true":
        return Response("", status_code=401, headers={"HX-Redirect": target})
    return Redirect(target, status_code=303)


def not_yours(request: Request[Any, Any, Any], problem: NotYours) -> Response[Any]:
    """Somebody else's course: who may break the glass is told how."""
    can_break = request.user is not None and request.user.may(Act.break_glass)
    return page(request, "not_yours.html", status=403, course=problem.course, can_break=can_break)  # type: ignore[return-value]


def refused(request: Request[Any, Any, Any], problem: HTTPException) -> Response[Any]:
    """Any other refusal, by its status."""
    title, remedy = SAID.get(problem.status_code, ("That did not work", "Go back and try again."))
    return page(request, "error.html", status=problem.status_code, title=title, remedy=remedy, mark="")  # type: ignore[return-value]


def broken(request: Request[Any, Any, Any], failure: Exception) -> Response[Any]:
    """A defect of ours: logged by its kind and place under a mark that the page shows."""
    mark = secrets.token_hex(4)
    _log.error("failure %s at %s: %s", mark, request.route_handler.name or "", type(failure).__name__, exc_info=failure)
    title, remedy = "Something failed on our side", "Nothing you sent was half recorded. Try again, or tell IT the mark."
    return page(request, "error.html", status=500, title=title, remedy=remedy, mark=mark)  # type: ignore[return-value]


HANDLERS: dict[int | type[Exception], Any] = {
    NotYours: not_yours,
    NotAuthorizedException: signed_out,
    HTTPException: refused,
    Exception: broken,
}
