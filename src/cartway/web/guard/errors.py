"""What a reader is told when something cannot be done. Never a value, never a trace.

A reader may be a browser going to a page, HTMX asking for a part of one, or a script: each gets what it can show.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import traceback
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from litestar import MediaType, Request, Response
from litestar.exceptions import HTTPException, NotAuthorizedException, PermissionDeniedException
from litestar.middleware.csrf import CSRF_SECRET_LENGTH, generate_csrf_hash
from litestar.response import Redirect

from cartway.people import PeopleError
from cartway.record.errors import StoreError
from cartway.web.access import Act
from cartway.web.access.errors import UnknownAccount
from cartway.web.guard.checks import Crowded
from cartway.web.guard.cookies import csrf_name, gone
from cartway.web.guard.gate import FirstPassword, NoNumber, NotYours
from cartway.web.guard.paths import OWN_SIGN_IN, SAFE, local_path
from cartway.web.guard.reasons import WHY
from cartway.web.page import office_of, page
from cartway.words.catalog import N_

AnyRequest = Request[Any, Any, Any]

_log = logging.getLogger("cartway.web")

SAID: Mapping[int, tuple[str, str]] = {
    400: (N_("That could not be read"), N_("Nothing was recorded. Go back, check the form and send it again.")),
    403: (N_("This is not open to you"), N_("Your role does not do this. If it should, ask an administrator.")),
    404: (N_("There is no such page"), N_("Check the address, or begin at the start page.")),
    405: (N_("That cannot be done here"), N_("Nothing was recorded. Begin at the start page.")),
    413: (N_("That was too much"), N_("Nothing was recorded. Shorten the notes and send the form again.")),
    415: (N_("That is no form of this board"), N_("Nothing was recorded. Open the page again and send its own form.")),
    429: (N_("Too many requests"), N_("Wait a minute, then try again. What you sent last was not recorded.")),
}
OTHERWISE = N_("That did not work"), N_("Go back and try again.")
UNREACHABLE = (
    N_("The record cannot be reached just now"),
    N_("Wait a few seconds and try again. If you sent something, look whether it is there before you send it again."),
)
AGAIN_S = 5
CROWDED = (
    N_("Too many people are signing in right now"),
    N_("Nothing was changed. Go back, wait a few seconds, and send it again. Who is signed in already is not held up."),
)
STALE = (
    N_("This page was too old to send"),
    N_(
        "Nothing was recorded. Go back, reload the page, and send the form again. If it happens again, allow cookies "
        "for this site."
    ),
)
DEFECT = N_("Something failed on our side"), N_("Look whether your entry is there before you send it again.")


def signed_out(request: AnyRequest, _: NotAuthorizedException) -> Response[Any]:
    """A page: to the sign-in page and back. A form: that nothing was recorded, and how not to lose what was typed."""
    is_safe = request.method in SAFE
    if request.headers.get("hx-request") == "true":
        lost = "" if is_safe else "&lost=1"
        return Response("", status_code=401, headers={"HX-Redirect": f"{_sign_in(_shown_path(request))}{lost}"})
    if not _is_page(request):
        return Response("", status_code=401, media_type=MediaType.TEXT)
    if is_safe:
        asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return Redirect(_sign_in(local_path(asked)), status_code=303)
    return _told(request, 401, "guard/signed_out.html")


def _sign_in(back: str) -> str:
    """The sign-in page that leads on to `back`; of a page of patients theirs."""
    to = OWN_SIGN_IN if back == "/my" or back.startswith("/my/") else "/sign-in"
    return f"{to}?next={quote(back, safe='/')}"


def _shown_path(request: AnyRequest) -> str:
    """The page that a part was asked for from, as HTMX names it."""
    shown = urlsplit(request.headers.get("hx-current-url", ""))
    return local_path(shown.path + (f"?{shown.query}" if shown.query else ""))


def _is_page(request: AnyRequest) -> bool:
    """Whether a browser goes there, rather than a script or an event stream fetching it."""
    mode, accepted = request.headers.get("sec-fetch-mode", ""), request.headers.get("accept", "*/*")
    return mode == "navigate" if mode else "text/html" in accepted or "*/*" in accepted


def first_password(request: AnyRequest, _: FirstPassword) -> Response[Any]:
    """To the page for another password."""
    if request.headers.get("hx-request") == "true":
        return Response("", status_code=403, headers={"HX-Redirect": "/password"})
    if not _is_page(request):
        return Response("", status_code=403, media_type=MediaType.TEXT)
    return Redirect("/password", status_code=303)


def no_number(request: AnyRequest, _: NoNumber) -> Response[Any]:
    """Patients' pages do not open where nobody could be called."""
    return _told(request, 503, "patient/no_number.html")


def not_yours(request: AnyRequest, problem: NotYours) -> Response[Any]:
    """Somebody else's course: who may break the glass is told how."""
    return not_yours_page(request, problem.course)


def not_yours_page(request: AnyRequest, course: str, *, status: int = 403, **said: object) -> Response[Any]:
    """The page of a course that the reader does not belong to. `said`: the problem with the reason they
    gave, and what of the patient may be told to who had the identifier.
    """
    can_break = request.user is not None and request.user.may(Act.break_glass)
    minutes = office_of(request).config.limits.break_glass // 60_000_000
    nothing_said = {"problem": None, "why": "", "reason": "", "initials": "", "born": "", "mark": ""}
    told = {"course": course, "can_break": can_break, "minutes": minutes, "reasons": WHY, **nothing_said, **said}
    return _told(request, status, "not_yours.html", **told)


def refused(request: AnyRequest, problem: HTTPException) -> Response[Any]:
    """Any other refusal, by its status."""
    if isinstance(problem, PermissionDeniedException) and "CSRF" in problem.detail:
        return stale(request)
    title, remedy = SAID.get(problem.status_code, OTHERWISE)
    answer = _told(request, problem.status_code, "error.html", title=title, remedy=remedy, mark="")
    answer.headers.update(problem.headers or {})
    return answer


def crowded(request: AnyRequest, problem: Crowded) -> Response[Any]:
    """No sign-in for a few seconds: too many wait."""
    answer = _told(request, problem.status_code, "error.html", title=CROWDED[0], remedy=CROWDED[1], mark="")
    answer.headers.update(problem.headers or {})
    return answer


def stale(request: AnyRequest) -> Response[Any]:
    """A post without the token of its page. A cookie that this site did not make is taken away: else the
    next page would carry it again and never get through.
    """
    request.scope["user"] = None  # a page without a token can hold no form, and so no button to sign out
    answer = _told(request, 403, "error.html", title=STALE[0], remedy=STALE[1], mark="")
    office = office_of(request)
    csrf = request.app.state.csrf
    if not _is_ours(request.cookies.get(csrf.cookie_name, ""), csrf.secret):
        answer.set_cookie(gone(office.config, csrf_name(csrf.secret)))
    return answer


def _is_ours(token: str, secret: str) -> bool:
    drawn, signed = token[:CSRF_SECRET_LENGTH], token[CSRF_SECRET_LENGTH:]
    return hmac.compare_digest(generate_csrf_hash(drawn, secret).encode(), signed.encode("utf-8", "replace"))


def broken(request: AnyRequest, failure: Exception) -> Response[Any]:
    """A defect of ours: logged by its kind and place under a mark that the page shows.

    Not with its message: a database's may quote the values it was given.
    """
    mark = secrets.token_hex(4)
    _log.error("failure %s at %s: %s", mark, _place(request), _places(failure))
    return _told(request, 500, "error.html", title=DEFECT[0], remedy=DEFECT[1], mark=mark)


def unreachable(request: AnyRequest, failure: StoreError) -> Response[Any]:
    """A store that is busy, full or gone: no defect, and soon over or for IT to mend. No page is shown without its line
    in the access log, so one of that store is refused too.
    """
    mark = secrets.token_hex(4)
    _log.error("store failure %s at %s: %s", mark, _place(request), _places(failure))
    answer = _told(request, 503, "error.html", title=UNREACHABLE[0], remedy=UNREACHABLE[1], mark=mark)
    answer.headers["Retry-After"] = str(AGAIN_S)
    return answer


def _place(request: AnyRequest) -> str:
    return getattr(request.scope.get("route_handler"), "name", None) or "no page"


def _places(failure: BaseException) -> str:
    """The kinds of a failure and of what it came from, each with the lines it passed through."""
    frames = traceback.extract_tb(failure.__traceback__)
    came = " < ".join(
        f"{frame.name} ({frame.filename.rpartition('/')[2]}:{frame.lineno})" for frame in reversed(frames)
    )
    cause = failure.__cause__ or failure.__context__
    return f"{type(failure).__name__} in {came}" + (f"; from {_places(cause)}" if cause else "")


def _told(request: AnyRequest, status: int, template: str, **context: object) -> Response[Any]:
    """A page that says so. To HTMX it is a part that takes the place of the page's content."""
    request.scope.setdefault("user", None)  # where no page was found nobody looked who asks
    answer: Response[Any] = page(request, template, status=status, **context)
    if request.headers.get("hx-request") == "true":
        answer.headers.update({"HX-Retarget": "#main", "HX-Reswap": "innerHTML show:top"})
    return answer


HANDLERS: dict[int | type[Exception], Any] = {
    NotYours: not_yours,
    FirstPassword: first_password,
    NoNumber: no_number,
    Crowded: crowded,
    NotAuthorizedException: signed_out,
    HTTPException: refused,
    StoreError: unreachable,
    PeopleError: broken,
    UnknownAccount: broken,
    Exception: broken,
}
