"""Where to go after signing in: only to a page of ours."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

# One slash, then no second and no backslash (browsers read it as one), nothing that is not printed, no space.
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})  # what changes nothing
OWN_SIGN_IN = "/my/sign-in"
"""Where patients and caregivers sign in."""

_NOT_BACK_TO = ("/sign-in", "/sign-out", "/demo/", OWN_SIGN_IN)


def local_path(asked: str) -> str:
    """`asked` where it is the path of a page here that one goes on to after signing in, else the start page."""
    return "/" if asked.startswith(_NOT_BACK_TO) else page_here(asked)


def page_here(asked: str) -> str:
    """`asked` where it is the path of a page here, else the start page."""
    if not _LOCAL.fullmatch(asked):
        return "/"
    parts = urlsplit(asked)
    return "/" if parts.scheme or parts.netloc else asked
