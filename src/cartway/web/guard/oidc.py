"""Signing in at the identity provider: there, and back."""

from __future__ import annotations

import hmac
import secrets
from typing import Any

from anyio import to_thread
from litestar import Response, get
from litestar.response import Redirect

from cartway.problem import Problem
from cartway.web.access import Session
from cartway.web.config import Oidc
from cartway.web.guard import pending
from cartway.web.guard.cookies import cookie_name, gone, kept, open_with
from cartway.web.guard.gate import SIGNS_IN
from cartway.web.guard.paths import local_path
from cartway.web.guard.pending import Pending
from cartway.web.guard.provider import NOT_TRUSTED, Provider, Vouched
from cartway.web.guard.sign_in import sign_in_form
from cartway.web.page import WebRequest, office_of

BACK = "/sign-in/oidc/back"
STATUS = {"provider_silent": 502, "no_role": 403, "account_disabled": 403}


def routes(oidc: Oidc) -> list[Any]:
    """The two handlers, for this provider."""
    provider = Provider(oidc)

    @get("/sign-in/oidc", opt=SIGNS_IN, name="identity provider")
    async def there(request: WebRequest) -> Response[Any]:
        """On to the provider."""
        office = office_of(request)
        begun = pending.begun(local_path(request.query_params.get("next", "/")), office.now())
        address = await provider.address(begun, _back_to(request))
        if isinstance(address, Problem):
            return _refused(request, begun.back, address)
        cookie = pending.signed(begun, office.access.secret("oidc"))
        keeps = kept(office.config, pending.COOKIE, cookie, max_age=pending.LASTS // 1_000_000)
        return Redirect(address, status_code=303, cookies=[keeps])

    @get(BACK, opt=SIGNS_IN, name="back from the identity provider")
    async def back(request: WebRequest) -> Response[Any]:
        """A session for whom the provider vouches for, or the sign-in page with what is wrong."""
        begun = await _begun(request, oidc)
        if begun is None:
            return _refused(request, "/", NOT_TRUSTED)
        code = request.query_params.get("code", "")
        found = await provider.vouched(code, begun, _back_to(request), office_of(request).now())
        opened = found if isinstance(found, Problem) else await _open(request, oidc, found)
        if isinstance(opened, Problem):
            return _refused(request, begun.back, opened)
        answer = await to_thread.run_sync(lambda: open_with(request, opened, begun.back))
        answer.set_cookie(gone(office_of(request).config, pending.COOKIE))
        return answer

    return [there, back]


async def _begun(request: WebRequest, oidc: Oidc) -> Pending | None:
    """The sign-in that this browser began and that this answer belongs to; None for any other, or a second answer."""
    office, asked = office_of(request), request.query_params
    cookie = request.cookies.get(cookie_name(office.config, pending.COOKIE), "")
    found = pending.read(cookie, office.access.secret("oidc"), office.now())
    state, issuer = asked.get("state", ""), asked.get("iss", oidc.issuer)  # RFC 9207: whose answer it is
    if found is None or issuer != oidc.issuer or not hmac.compare_digest(state.encode(), found.state.encode()):
        return None
    first = await to_thread.run_sync(
        lambda: office.access.received(found.state, secrets.token_hex(8), now=office.now())
    )
    return None if isinstance(first, Problem) else found


async def _open(request: WebRequest, oidc: Oidc, who: Vouched) -> Session | Problem:
    office = office_of(request)
    return await to_thread.run_sync(
        lambda: office.access.sign_in_external(
            oidc.issuer, who.subject, name=who.name, display=who.display, role=who.role, now=office.now()
        )
    )


def _refused(request: WebRequest, back: str, problem: Problem) -> Response[Any]:
    answer = sign_in_form(request, back, problem=problem, status=STATUS.get(problem.code, 400))
    answer.set_cookie(gone(office_of(request).config, pending.COOKIE))
    return answer


def _back_to(request: WebRequest) -> str:
    """The address that the provider sends the browser back to. It answers only those registered with it."""
    base = request.base_url
    scheme = "https" if office_of(request).config.secure else base.scheme
    return f"{scheme}://{base.netloc}{BACK}"
