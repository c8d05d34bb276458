"""Signing in with an account kept here, signing out, and where each role begins."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.response import Redirect

from cartway.problem import Problem
from cartway.web.access import OWN, Act, Principal
from cartway.web.guard.checks import checks_of
from cartway.web.guard.cookies import COOKIE, gone, open_with
from cartway.web.guard.fields import Form, text
from cartway.web.guard.gate import OPEN, SIGNS_IN, needs
from cartway.web.guard.paths import OWN_SIGN_IN, local_path
from cartway.web.guard.rates import client_of
from cartway.web.page import WebRequest, office_of, page
from cartway.words.catalog import N_

BEGINS = ((Act.see_ward, "/board"), (Act.read_own, "/my"), (Act.manage_accounts, "/accounts"))
STATUS = {"locked_out": 429}


def begins_at(me: Principal | None) -> str:
    """Where somebody begins: the first page that their role may see."""
    if me is None:
        return "/sign-in"
    return next((path for act, path in BEGINS if me.may(act)), "/password")


@get("/", opt=OPEN, name="start")
async def start(request: WebRequest) -> Redirect:
    """On to where the reader begins."""
    return Redirect(begins_at(request.user), status_code=303)


@get("/sign-in", opt=OPEN, name="sign-in page")
async def sign_in_page(request: WebRequest) -> Response[Any]:
    """The form. Who is signed in already goes on."""
    back = local_path(request.query_params.get("next", "/"))
    if request.user is not None:
        return Redirect(back, status_code=303)
    return sign_in_form(request, back)


@get(OWN_SIGN_IN, opt=OPEN, name="patients' sign-in page")
async def own_sign_in_page(request: WebRequest) -> Response[Any]:
    """The same for patients and caregivers: in their language, made for a phone."""
    back = local_path(request.query_params.get("next", "/my"))
    if request.user is not None:
        return Redirect(back, status_code=303)
    return sign_in_form(request, back, own=True)


@post(["/sign-in", OWN_SIGN_IN], opt=SIGNS_IN, name="sign in")
async def sign_in(request: WebRequest, data: Form) -> Response[Any]:
    """A session for a name and a password, or the form again."""
    return await checks_of(request).run(lambda: _sign_in(request, data))


def _sign_in(request: WebRequest, data: Form) -> Response[Any]:
    office, name, back = office_of(request), text(data, "name"), local_path(text(data, "next"))
    screen, own, client = text(data, "screen") == "yes", request.url.path == OWN_SIGN_IN, client_of(request)
    opened = office.access.sign_in(name, text(data, "password"), client=client, now=office.now(), screen=screen)
    if isinstance(opened, Problem):
        return sign_in_form(request, back, problem=opened, status=STATUS.get(opened.code, 401), own=own)
    return open_with(request, opened, back)


@post("/sign-out", opt=OPEN, name="sign out", sync_to_thread=True)
def sign_out(request: WebRequest) -> Redirect:
    """The session ends here and in the store. Open to all: who was signed out meanwhile is signed out."""
    office, me = office_of(request), request.user
    if request.auth:
        office.access.close_session(request.auth, now=office.now())
    to = OWN_SIGN_IN if me is not None and me.account.role in OWN else "/sign-in"
    return Redirect(f"{to}?bye=1", status_code=303, cookies=[gone(office.config, COOKIE)])


def sign_in_form(
    request: WebRequest, back: str, *, problem: Problem | None = None, status: int = 200, own: bool = False
) -> Response[Any]:
    """The sign-in page, on to `back` from there, with what went wrong last. `own`: that of patients and caregivers."""
    asked = request.query_params
    return page(
        request,
        "patient/sign_in.html" if own else "guard/sign_in.html",
        status=status,
        back=back,
        problem=problem,
        oidc=office_of(request).config.oidc,
        bye="bye" in asked,
        lost="lost" in asked,
    )


@get("/password", opt=needs(Act.account), name="password page")
async def password_page(request: WebRequest) -> Response[Any]:
    """The form for another password."""
    return page(request, "guard/password.html", problem=None, changed=False)


@post("/password", opt=needs(Act.account) | {"signs_in": True}, name="change password")
async def change_password(request: WebRequest, data: Form) -> Response[Any]:
    """Another password of one's own; the other sessions of the account end."""
    return await checks_of(request).run(lambda: _change_password(request, data))


def _change_password(request: WebRequest, data: Form) -> Response[Any]:
    office, new = office_of(request), text(data, "new")
    problem = None if new == text(data, "again") else DIFFERENT
    if problem is None:
        assert request.user is not None
        problem = office.access.change_password(request.user, text(data, "old"), new, now=office.now())
    status = 422 if problem else 200
    return page(request, "guard/password.html", status=status, problem=problem, changed=problem is None)


DIFFERENT = Problem(
    "passwords_differ", N_("The new password was not the same both times."), N_("Type it again, twice.")
)

ROUTES = (start, sign_in_page, own_sign_in_page, sign_in, sign_out, password_page, change_password)
