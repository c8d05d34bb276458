"""A sign-in at the identity provider that is under way: what the browser keeps meanwhile, signed by us.

Its `state` counts once: it is handed in at the store of access as a form is, by the first answer that brings it.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import secrets

import msgspec

from cartway.times import MINUTE, Instant

COOKIE = "cartway_oidc"
LASTS = 10 * MINUTE  # a second factor may take a while


class Pending(msgspec.Struct, frozen=True):
    """`state` ties the answer to this browser, `nonce` the ID token to this sign-in, `verifier` the code (PKCE)."""

    state: str
    nonce: str
    verifier: str
    back: str
    until: Instant


def begun(back: str, now: Instant) -> Pending:
    """A new one, drawn at random."""
    state, nonce, verifier = (secrets.token_urlsafe(length) for length in (24, 24, 48))
    return Pending(state, nonce, verifier, back, now + LASTS)


def signed(pending: Pending, key: bytes) -> str:
    """As the text of a cookie."""
    text = base64.urlsafe_b64encode(msgspec.json.encode(pending)).decode()
    return f"{text}.{_mark(text, key)}"


def read(cookie: str, key: bytes, now: Instant) -> Pending | None:
    """The one in a cookie; None where it is not ours or too old."""
    text, _, mark = cookie.partition(".")
    if not hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(text, key).encode()):
        return None
    try:
        found = msgspec.json.decode(base64.urlsafe_b64decode(text), type=Pending)
    except (binascii.Error, msgspec.DecodeError):
        return None
    return found if now < found.until else None


def _mark(text: str, key: bytes) -> str:
    return hmac.new(key, text.encode("utf-8", "replace"), "sha256").hexdigest()
