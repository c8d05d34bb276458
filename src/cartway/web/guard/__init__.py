"""The gate: who is asking, may they, is it theirs; and the pages for signing in and for keeping accounts."""

from __future__ import annotations

from typing import Any

from cartway.web.config import Config, Oidc


def routes(config: Config) -> list[Any]:
    """The handlers of this room; those of the identity provider only where there is one."""
    from cartway.web.guard import access_log, accounts, another, glass, languages, sign_in, teams

    rooms = (sign_in, languages, accounts, teams, access_log, another, glass)
    pages = [route for room in rooms for route in room.ROUTES]
    return [*pages, *(_of_provider(config.oidc) if config.oidc else [])]


def _of_provider(oidc: Oidc) -> list[Any]:
    """Imported only where there is one: it brings an HTTP client and all of JOSE with it."""
    from cartway.web.guard.oidc import routes as with_provider

    return with_provider(oidc)
