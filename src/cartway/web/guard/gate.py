"""Every request passes here: the session behind it, the act it needs, the course it is about. One place, one log.

A handler says what it is in its `opt`: ``needs(Act.chart)``, or ``OPEN``. A handler that says nothing is closed to all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from anyio import to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult

from cartway.web.access import Act, Principal

if TYPE_CHECKING:
    from cartway.web.office import Office

COOKIE = "cartway_session"
OPEN = {"open": True}

Connection = ASGIConnection[Any, Principal | None, str, Any]


def needs(act: Act) -> dict[str, Act]:
    """The `opt` of a handler that needs `act`; where its path has a ``{course}``, for that course."""
    return {"act": act}


class NotYours(PermissionDeniedException):
    """A course that the reader does not belong to, or that does not exist: the answer is the same."""

    def __init__(self, course: str) -> None:
        super().__init__(detail="You do not belong to this course.")
        self.course = course


class Sessions(AbstractAuthenticationMiddleware):
    """Puts the principal behind the session's cookie into ``connection.user``; None where there is none."""

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        office: Office = connection.app.state.office
        token = connection.cookies.get(COOKIE, "")
        if not token:
            return AuthenticationResult(user=None, auth="")
        principal = await to_thread.run_sync(lambda: office.access.principal(token, now=office.now()))
        return AuthenticationResult(user=principal, auth=token)


async def authorize(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let through who may. Every read of a course, and every refusal, is a line of the access log."""
    if handler.opt.get("open"):
        return
    office: Office = connection.app.state.office
    principal, act, place = connection.user, handler.opt.get("act"), handler.name or handler.handler_name
    if principal is None:
        raise NotAuthorizedException
    course = str(connection.path_params.get("course", ""))
    now = office.now()

    async def note(via: str) -> None:
        await to_thread.run_sync(
            lambda: office.access.note(principal, act or Act.account, course, via=via, place=place, now=now)
        )

    if act is None or not principal.may(act):
        await note("refused")
        raise PermissionDeniedException(detail="Your role does not do this.")
    via = principal.via(course, now) if course else ""
    if course and not via:
        await note("refused")
        raise NotYours(course)
    if course:
        await note(via)
