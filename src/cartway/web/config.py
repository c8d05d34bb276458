"""What one web worker is told at its start. Frozen; read from the settings by `serve`, written by hand in tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, tzinfo
from pathlib import Path

import msgspec

from cartway.times import Instant
from cartway.web.access import Limits


class Oidc(msgspec.Struct, frozen=True):
    """Sign-in by the hospital's identity provider (OpenID Connect).

    `roles` are pairs of a role of ours and what the provider calls it in `role_claim`; the first that fits counts, and
    who has none of them is refused.
    """

    issuer: str
    client_id: str
    client_secret: str
    role_claim: str
    roles: tuple[tuple[str, str], ...]
    name: str = "the hospital's sign-in"

    def __repr__(self) -> str:
        """Without the secret: a configuration may end up in a log."""
        return f"Oidc(issuer={self.issuer!r}, client_id={self.client_id!r})"


class Config(msgspec.Struct, frozen=True):
    """`clock` is the only clock of the web. `database` and `people` are URLs. `secure` cookies go over TLS only.

    `site` names the center on every page, `phone` is what patients call at any hour. `demo`: one-click sign-in by role,
    and a clock that the demo sets.
    """

    database: str
    people: str
    clock: Callable[[], Instant]
    zone: tzinfo = UTC
    site: str = "Cartway"
    phone: str = ""
    secure: bool = True
    limits: Limits = Limits()
    oidc: Oidc | None = None
    country: str = "US"  # whose labels count
    trials: Path | None = None  # the folder with trial records
    downtime: Path | None = None  # the folder of the downtime pack that is kept beside the server
    demo: str = ""  # the demo clock's file; empty outside the demo
