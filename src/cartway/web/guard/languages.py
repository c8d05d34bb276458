"""Which language a request is answered in: what the reader chose, else what their browser asks for, else English.

Only pages of patients and caregivers, and those that everybody may open, are translated: a clinician whose browser is
Spanish must not read half a ward in it.
"""

from __future__ import annotations

from typing import Any

from litestar import post
from litestar.connection import ASGIConnection
from litestar.enums import ScopeType
from litestar.response import Redirect
from litestar.types import ASGIApp, Receive, Scope, Send

from cartway.times import SECOND, YEAR
from cartway.web.access import OWN
from cartway.web.guard.cookies import cookie_name, kept
from cartway.web.guard.fields import Form, text
from cartway.web.guard.gate import OPEN
from cartway.web.guard.paths import page_here
from cartway.web.page import WebRequest, office_of
from cartway.web.speech import LANGUAGE, preferred
from cartway.words.catalog import SOURCE, SPOKEN

COOKIE = "cartway_language"
_OPEN_TO_ALL = ("/my", "/urgent", "/read")


def languages(app: ASGIApp) -> ASGIApp:
    """Sets the language of each request, after the gate has said who asks."""

    async def speak(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            LANGUAGE.set(_asked(ASGIConnection(scope)))
        await app(scope, receive, send)

    return speak


def _asked(connection: ASGIConnection[Any, Any, Any, Any]) -> str:
    if not _is_translated(connection):
        return SOURCE
    chosen = connection.cookies.get(cookie_name(connection.app.state.office.config, COOKIE), "")
    return chosen if chosen in SPOKEN else preferred(connection.headers.get("accept-language", ""))


def _is_translated(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    path, me = connection.scope["path"], connection.scope.get("user")
    if me is not None:
        return me.account.role in OWN or path.startswith(("/urgent", "/read"))
    return any(path == start or path.startswith(f"{start}/") for start in _OPEN_TO_ALL)


@post("/language", opt=OPEN, name="choose language")
async def choose(request: WebRequest, data: Form) -> Redirect:
    """Keep the language chosen, and back to the page it was chosen on. One that is not spoken changes nothing."""
    chosen, back = text(data, "language"), page_here(text(data, "next"))
    config = office_of(request).config
    cookies = [kept(config, COOKIE, chosen, max_age=YEAR // SECOND)] if chosen in SPOKEN else []
    return Redirect(back, status_code=303, cookies=cookies)


ROUTES = (choose,)
