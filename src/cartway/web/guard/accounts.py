"""The administrator's page of accounts: made, given another role or a first password, disabled and enabled."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cartway.problem import Problem
from cartway.web.access import Account, Act, Role
from cartway.web.guard.checks import checks_of
from cartway.web.guard.fields import Form, text
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when it is read out or copied by hand
ROLES = tuple(Role)

OWN_ACCOUNT = Problem(
    "own_account", "This is your own account.", "Let another administrator change it, so that one always remains."
)
NO_SUCH_ROLE = Problem("no_such_role", "There is no such role.", "Choose one of the list.")


@get("/accounts", opt=needs(Act.manage_accounts), name="accounts", sync_to_thread=True)
def accounts(request: WebRequest) -> Template:
    """All accounts, and the form for a new one."""
    return _list(request)


@post("/accounts", opt=needs(Act.manage_accounts), name="new account")
async def new_account(request: WebRequest, data: Form) -> Template:
    """A new account, with a first password that is shown this once."""
    return await checks_of(request).run(lambda: _new_account(request, data))


def _new_account(request: WebRequest, data: Form) -> Template:
    office, role, first = office_of(request), text(data, "role"), first_password()
    said = {name: text(data, name) for name in ("name", "display", "role")}
    if role not in ROLES:
        return _list(request, problem=NO_SUCH_ROLE, said=said)
    made = office.access.create_account(
        said["name"],
        Role(role),
        password=first,
        must_change=True,
        display=said["display"],
        now=office.now(),
        by=person(request).account.id,
    )
    if isinstance(made, Problem):
        return _list(request, problem=made, said=said)
    return _one(request, made, first=first)


@get("/accounts/{account:str}", opt=needs(Act.manage_accounts), name="one account", sync_to_thread=True)
def one_account(request: WebRequest, account: FromPath[str]) -> Template:
    """One account, and what can be done to it."""
    return _one(request, _known(request, account))


@post("/accounts/{account:str}/password", opt=needs(Act.manage_accounts), name="first password")
async def give_password(request: WebRequest, account: FromPath[str]) -> Template:
    """Another first password, shown this once. The sessions of the account end, and so does a lock on its name."""
    return await checks_of(request).run(lambda: _give_password(request, account))


def _give_password(request: WebRequest, account: str) -> Template:
    office, known, first = office_of(request), _known(request, account), first_password()
    by = person(request).account.id
    problem = (
        OWN_ACCOUNT
        if known.id == by
        else office.access.set_password(known.id, first, must_change=True, now=office.now(), by=by)
    )
    return _one(request, known, problem=problem, first="" if problem else first)


@post("/accounts/{account:str}/role", opt=needs(Act.manage_accounts), name="set role", sync_to_thread=True)
def set_role(request: WebRequest, account: FromPath[str], data: Form) -> Response[Any]:
    """Another role. The sessions of the account end."""
    role, access = text(data, "role"), office_of(request).access
    if role not in ROLES:
        return _one(request, _known(request, account), problem=NO_SUCH_ROLE)
    return _change(request, account, lambda known, **by: access.set_role(known, Role(role), **by))


@post("/accounts/{account:str}/disable", opt=needs(Act.manage_accounts), name="disable", sync_to_thread=True)
def disable(request: WebRequest, account: FromPath[str]) -> Response[Any]:
    """Nobody signs in with it any more; its sessions end."""
    return _change(request, account, office_of(request).access.disable)


@post("/accounts/{account:str}/enable", opt=needs(Act.manage_accounts), name="enable", sync_to_thread=True)
def enable(request: WebRequest, account: FromPath[str]) -> Response[Any]:
    """It may sign in again."""
    return _change(request, account, office_of(request).access.enable)


def _change(request: WebRequest, account: str, change: Callable[..., Problem | None]) -> Response[Any]:
    """Apply one change to somebody else's account."""
    known, by = _known(request, account), person(request).account.id
    problem = OWN_ACCOUNT if known.id == by else change(known.id, now=office_of(request).now(), by=by)
    return _one(request, known, problem=problem) if problem else Redirect(f"/accounts/{known.id}", status_code=303)


def _known(request: WebRequest, account: str) -> Account:
    found = office_of(request).access.account(account)
    if found is None:
        raise NotFoundException
    return found


def _list(request: WebRequest, *, problem: Problem | None = None, said: dict[str, str] | None = None) -> Template:
    every = office_of(request).access.accounts()
    shown = {"accounts": every, "roles": ROLES, "problem": problem, "said": said or {}}
    return page(request, "guard/accounts.html", status=422 if problem else 200, here="accounts", **shown)


def _one(request: WebRequest, account: Account, *, problem: Problem | None = None, first: str = "") -> Template:
    shown = {"account": account, "roles": ROLES, "problem": problem, "first": first}
    return page(request, "guard/account.html", status=422 if problem else 200, here="accounts", **shown)


def first_password() -> str:
    """Twenty letters drawn at random in groups of five: 99 bits, and still to be typed from paper."""
    drawn = "".join(secrets.choice(LETTERS) for _ in range(20))
    return "-".join(drawn[at : at + 5] for at in range(0, 20, 5))


ROUTES = (accounts, new_account, one_account, give_password, set_role, disable, enable)
