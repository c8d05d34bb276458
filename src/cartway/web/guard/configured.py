"""The identity provider as the environment names it. Outermost layer: it reads a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from cartway.problem import Problem
from cartway.web.access import Role
from cartway.web.config import Oidc

ISSUER, CLIENT, SECRET_FILE, ROLES, CLAIM = (
    "CARTWAY_OIDC_ISSUER",
    "CARTWAY_OIDC_CLIENT_ID",
    "CARTWAY_OIDC_CLIENT_SECRET_FILE",
    "CARTWAY_OIDC_ROLES",
    "CARTWAY_OIDC_ROLE_CLAIM",
)
_HERE = {"127.0.0.1", "::1", "localhost"}


def oidc_from_environment(environ: Mapping[str, str]) -> Oidc | Problem | None:
    """The provider; None where none is named.

    Problem: `oidc_incomplete`, `oidc_not_safe`, `oidc_secret`, `oidc_roles`.
    """
    said = {name: environ.get(name, "").strip() for name in (ISSUER, CLIENT, SECRET_FILE, ROLES)}
    if not any(said.values()):
        return None
    if missing := [name for name, value in said.items() if not value]:
        return _incomplete(missing)
    if not is_safe(said[ISSUER]):
        return NOT_SAFE
    roles, secret = roles_of(said[ROLES]), _secret(Path(said[SECRET_FILE]))
    if isinstance(roles, Problem):
        return roles
    if isinstance(secret, Problem):
        return secret
    return Oidc(said[ISSUER], said[CLIENT], secret, environ.get(CLAIM, "").strip() or "roles", roles)


def is_safe(address: str) -> bool:
    """Whether nobody on the way can read or change what goes there: TLS, or this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)


def roles_of(text: str) -> tuple[tuple[str, str], ...] | Problem:
    """``physician=ward-doctor,nurse=ward-nurse`` as pairs, in this order."""
    pairs = [tuple(part.strip() for part in pair.partition("=")[::2]) for pair in text.split(",") if pair.strip()]
    wrong = [role for role, named in pairs if role not in set(Role) or not named]
    return _unknown_roles(wrong) if wrong or not pairs else tuple((role, named) for role, named in pairs)


def _secret(path: Path) -> str | Problem:
    try:
        secret = path.read_text().strip()
    except (OSError, UnicodeDecodeError):
        return NO_SECRET
    return secret or NO_SECRET


NOT_SAFE = Problem(
    "oidc_not_safe",
    "CARTWAY_OIDC_ISSUER is no https:// address.",
    "Who signs in is told over TLS only: give the https:// address of the identity provider.",
)
NO_SECRET = Problem(
    "oidc_secret",
    "The file that CARTWAY_OIDC_CLIENT_SECRET_FILE names cannot be read, or is empty.",
    "Put the secret that the identity provider gave into it, readable for the account that runs the board.",
)


def _incomplete(missing: list[str]) -> Problem:
    return Problem(
        "oidc_incomplete",
        f"For sign-in by an identity provider {', '.join(missing)} is still missing.",
        "Set it, or none of them.",
    )


def _unknown_roles(wrong: list[str]) -> Problem:
    return Problem(
        "oidc_roles",
        f"CARTWAY_OIDC_ROLES cannot be read at {', '.join(wrong) or 'its start'}.",
        f"Write ROLE=VALUE, with commas between; roles are {', '.join(Role)}.",
    )
