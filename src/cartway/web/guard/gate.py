"""Every request passes here: the session behind it, the act it needs, the course it is about. One place, one log.

A handler says what it is in its `opt`: ``needs(Act.chart)``, or ``OPEN``. A handler that says nothing is closed to all.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import anyio
from anyio import to_thread
from litestar.connection import ASGIConnection
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException, TooManyRequestsException
from litestar.handlers import BaseRouteHandler
from litestar.middleware import AbstractAuthenticationMiddleware, AuthenticationResult
from litestar.types import ASGIApp

from cartway.pathway.course import CENTER
from cartway.web.access import BY_ITSELF, EVERY, Act, Principal
from cartway.web.guard.cookies import COOKIE, cookie_name
from cartway.web.guard.rates import PAGES, SEARCHES, SIGN_INS, Rates, client_of
from cartway.words.telephone import dialed

if TYPE_CHECKING:
    from cartway.web.office import Office

__all__ = [
    "COOKIE",
    "OPEN",
    "SEEKS",
    "SIGNS_IN",
    "FirstPassword",
    "NoNumber",
    "NotYours",
    "Sessions",
    "authorize",
    "needs",
]

UNTOLD = (
    "A request came with X-Forwarded-For from an address that is no proxy we were told of: the header is not believed. "
    "If a proxy stands before this server, start it with --behind-proxy and the proxy's address."
)
_log = logging.getLogger("cartway.web")

WATCH = "x-cartway-watch"
LONGEST_COURSE = 200
OF_PATIENTS = frozenset({Act.read_own, Act.write_own})
OPEN = {"open": True}
SIGNS_IN = {"open": True, "signs_in": True}
SEEKS = {"seeks": True}  # somebody by an identifier: at a rate that trying them all does not get far with

Connection = ASGIConnection[Any, Principal | None, str, Any]


def needs(act: Act, *, stranger: bool = False) -> dict[str, object]:
    """The `opt` of a handler that needs `act`; where its path has a ``{course}``, for that course.

    `stranger`: also for a course that the reader does not belong to. Only what opens one says so.
    """
    return {"act": act, "stranger": stranger}


class NotYours(PermissionDeniedException):
    """A course that the reader does not belong to, or that does not exist: the answer is the same."""

    def __init__(self, course: str) -> None:
        super().__init__(detail="You do not belong to this course.")
        self.course = course


class NoNumber(PermissionDeniedException):
    """A page of patients where the center has set no number to call at any hour: it would leave them alone with it."""


class FirstPassword(PermissionDeniedException):
    """A session opened with a password that somebody else chose: it lets in to choose another, and to nothing else."""


class Sessions(AbstractAuthenticationMiddleware):
    """Puts the principal behind the session's cookie into ``connection.user``, None where there is none; and turns away
    who asks too often: by session, and by address who has none.
    """

    def __init__(self, app: ASGIApp, rates: Rates) -> None:
        super().__init__(app, exclude_http_methods=())  # OPTIONS too: a guard looks at every request
        self.rates, self.warned = rates, False

    async def authenticate_request(self, connection: ASGIConnection[Any, Any, Any, Any]) -> AuthenticationResult:
        office: Office = connection.app.state.office
        token = connection.cookies.get(cookie_name(office.config), "")
        principal = None
        if token:
            look = office.access.peek if is_watching(connection) else office.access.principal
            principal = await to_thread.run_sync(lambda: look(token, now=office.now()))
        self._turn_away_the_hasty(connection, principal)
        self._warn_of_a_proxy(connection)
        return AuthenticationResult(user=principal, auth=token if principal else "")

    def _warn_of_a_proxy(self, connection: Connection) -> None:
        """Once: all who come through a proxy that we were not told of are one client, with one rate and one lock.

        Where a proxy is believed, uvicorn has put an address of the header in the place of the proxy's.
        """
        named = connection.headers.get("x-forwarded-for", "")
        if named and not self.warned and connection.client and connection.client.host not in named:
            self.warned = True
            _log.warning(UNTOLD)

    def _turn_away_the_hasty(self, connection: Connection, principal: Principal | None) -> None:
        """By the clock of the machine: the clock of the pages may be a demo's, which runs fast or stands still."""
        who, now_s = principal.session if principal else client_of(connection), anyio.current_time()
        wait = self.rates.wait_s(who, PAGES, now_s)
        if connection.route_handler.opt.get("signs_in"):
            wait = wait or self.rates.wait_s(f"sign-in {client_of(connection)}", SIGN_INS, now_s)
        if principal and connection.route_handler.opt.get("seeks"):
            wait = wait or self.rates.wait_s(f"search {principal.account.id}", SEARCHES, now_s)
        if wait:
            raise TooManyRequestsException(headers={"Retry-After": str(wait)})


async def authorize(connection: Connection, handler: BaseRouteHandler) -> None:
    """Let through who may. Every read of a course, and every refusal, is a line of the access log."""
    if handler.opt.get("open"):
        return
    office: Office = connection.app.state.office
    principal, act, place = connection.user, handler.opt.get("act"), handler.name or "unnamed"
    if principal is None:
        raise NotAuthorizedException
    course = str(connection.path_params.get("course", ""))
    named = course if is_course(course) else ""  # the log only grows: what is typed there as an address is not kept
    now, how = office.now(), BY_ITSELF if is_watching(connection) else ""

    async def note(via: str) -> None:
        await to_thread.run_sync(
            lambda: office.access.note(principal, act or "none", named, via=via, place=place, now=now, reason=how)
        )

    if principal.account.must_change and act != Act.account:
        raise FirstPassword(detail="Choose a password first.")
    if act is None or not principal.may(act):
        await note("refused")
        raise PermissionDeniedException(detail="Your role does not do this.")
    if act in OF_PATIENTS and not dialed(office.config.phone):
        raise NoNumber(detail="No number to call is set.")
    via = principal.via(course, now) if course else ""
    if not course or (handler.opt.get("stranger") and not via and is_course(course)):
        return
    await note(via or "refused")
    if not via:
        raise NotYours(course)


def is_watching(connection: Connection) -> bool:
    """Whether a page fetches news of itself by script. That keeps no session alive: nobody need be before it."""
    return connection.scope.get("method") == "GET" and WATCH in connection.headers


def is_course(text: str) -> bool:
    """Whether it can be the id of a patient's course. What stands for every course is none: no glass breaks for all at
    once; nor is the center's own record.
    """
    return text not in (EVERY, CENTER) and len(text) <= LONGEST_COURSE and text.isprintable()
