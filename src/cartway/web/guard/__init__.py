"""The gate: who is asking, may they, is it theirs; and the pages for signing in and for keeping accounts."""

from __future__ import annotations

from typing import Any

from cartway.web.config import Config


def routes(config: Config) -> list[Any]:
    """The handlers of this room; those of the identity provider only where there is one."""
    from cartway.web.guard import sign_in

    return [*sign_in.ROUTES]
