"""The cookie that a session is known by."""

from __future__ import annotations

import hashlib
from typing import Any

from litestar import Request
from litestar.datastructures import Cookie
from litestar.response import Redirect

from cartway.times import SECOND
from cartway.web.access import OWN, Session
from cartway.web.config import Config
from cartway.web.page import office_of

COOKIE = "cartway_session"  # where it is not secure


def cookie_name(config: Config, name: str = COOKIE) -> str:
    """With ``__Host-`` in front where cookies are secure: then a browser takes it from this very host only."""
    return f"__Host-{name}" if config.secure else name


def csrf_name(secret: str) -> str:
    """The cookie of the forms' token is named by the secret that signs it: one signed with another, of a store that was
    restored or of a demo begun anew, would never be replaced, and no form would go through.
    """
    return f"cartway_csrf_{hashlib.sha256(secret.encode()).hexdigest()[:8]}"


def kept(config: Config, name: str, value: str, *, max_age: int | None = None) -> Cookie:
    """A cookie that no script reads.

    Lax, not strict: on the way back from an identity provider, and from a link in another system, it has to be there.
    No post comes with it from elsewhere, and each post has its own token besides.
    """
    return Cookie(
        cookie_name(config, name),
        value=value,
        path="/",
        max_age=max_age,
        secure=config.secure,
        httponly=True,
        samesite="lax",
    )


def gone(config: Config, name: str) -> Cookie:
    """What takes a cookie away."""
    return kept(config, name, "", max_age=0)


def open_with(request: Request[Any, Any, Any], session: Session, to: str) -> Redirect:
    """On to `to` with a session just opened. One that was open before in this browser ends."""
    office = office_of(request)
    if request.auth:
        office.access.close_session(request.auth, now=office.now())
    mine = session.principal
    # A ward screen is switched off and on, and a phone closes its browser when it likes.
    stays = mine.screen or mine.account.role in OWN
    lasts = (mine.expires_at - office.now()) // SECOND if stays else None
    return Redirect(to, status_code=303, cookies=[kept(office.config, COOKIE, session.token, max_age=lasts)])
