"""The hospital's identity provider: where to send who signs in, and what it vouches for (OpenID Connect Core 1.0).

Authorization code flow with PKCE. The ID token is checked for signature, issuer, audience, nonce and time before a word
of it is believed.
"""

from __future__ import annotations

import logging
from typing import Any

import httpx
import msgspec
from authlib.integrations.base_client import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.httpx_client import AsyncOAuth2Client  # type: ignore[import-untyped]
from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from cartway.problem import Problem
from cartway.times import SECOND, Instant
from cartway.web.access import Role
from cartway.web.config import Oidc
from cartway.web.guard.configured import is_safe
from cartway.web.guard.pending import Pending

# Signed with a key of its own, which we only have the public half of: no `none`, and no HMAC, where our client secret
# or the public key itself could be made to pass for the key.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
LEEWAY_S = 60
TIMEOUT_S = 10.0
SCOPE = "openid profile email"

_log = logging.getLogger("cartway.web")

SILENT = Problem(
    "provider_silent",
    "The identity provider does not answer as it should.",
    "Try again in a minute. If it goes on, tell IT; an account kept here works meanwhile.",
)
NOT_TRUSTED = Problem(
    "provider_not_trusted",
    "What came back from the identity provider could not be trusted, so nobody was signed in.",
    "Begin again with the button. If it happens twice, tell IT.",
)
REFUSED = Problem(
    "provider_refused", "The identity provider did not sign you in.", "Begin again with the button, or ask IT there."
)
NO_ROLE = Problem(
    "no_role",
    "The identity provider knows you, but gives you no role on this board.",
    "Ask who keeps your account there for one.",
)


class Metadata(msgspec.Struct, frozen=True):
    """What the provider says of itself (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Vouched(msgspec.Struct, frozen=True):
    """Whom the provider vouches for."""

    subject: str
    name: str
    display: str
    role: Role


class Provider:
    """One identity provider. What it says of itself is asked once a process; its keys again when a new one signs."""

    def __init__(self, oidc: Oidc) -> None:
        self.oidc = oidc
        self._metadata: Metadata | None = None
        self._keys: KeySet | None = None

    async def address(self, pending: Pending, back_to: str) -> str | Problem:
        """Where to send the browser."""
        try:
            said = await self._said()
            async with self._client(said, back_to) as client:
                url, _ = client.create_authorization_url(
                    said.authorization_endpoint, pending.state, pending.verifier, nonce=pending.nonce
                )
        except (httpx.HTTPError, ValueError) as trouble:
            return _told(SILENT, trouble)
        return str(url)

    async def vouched(self, code: str, pending: Pending, back_to: str, now: Instant) -> Vouched | Problem:
        """Whom the provider vouches for with this code.

        Problem: `provider_refused` where there is no code, `provider_silent`, `provider_not_trusted`, `no_role`.
        """
        if not code:
            return REFUSED
        try:
            said = await self._said()
            async with self._client(said, back_to) as client:
                tokens = await client.fetch_token(said.token_endpoint, code=code, code_verifier=pending.verifier)
            claims = await self._checked(tokens, pending, now)
        except (httpx.HTTPError, msgspec.MsgspecError) as trouble:
            return _told(SILENT, trouble)
        except (OAuthError, JoseError, ValueError, TypeError, KeyError) as trouble:
            return _told(NOT_TRUSTED, trouble)
        role = role_of(claims, self.oidc)
        return _vouched(claims, role) if role else NO_ROLE

    def _client(self, said: Metadata, back_to: str) -> AsyncOAuth2Client:
        basic = "client_secret_basic" in said.token_endpoint_auth_methods_supported
        return AsyncOAuth2Client(
            self.oidc.client_id,
            self.oidc.client_secret,
            token_endpoint_auth_method="client_secret_basic" if basic else "client_secret_post",
            scope=SCOPE,
            redirect_uri=back_to,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    async def _said(self) -> Metadata:
        if self._metadata is None:
            url = f"{self.oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
            said = msgspec.json.decode(await _fetched(url), type=Metadata)
            endpoints = (said.authorization_endpoint, said.token_endpoint, said.jwks_uri)
            if said.issuer != self.oidc.issuer or not all(map(is_safe, endpoints)):
                raise ValueError("the discovery document is another provider's, or leads off TLS")
            self._metadata = said
        return self._metadata

    async def _checked(self, tokens: dict[str, Any], pending: Pending, now: Instant) -> dict[str, Any]:
        """The claims of the ID token, all of it checked. Raises JoseError or ValueError."""
        token = await self._verified(tokens["id_token"])
        claims = CodeIDToken(
            token.claims,
            token.header,
            options={"iss": {"value": self.oidc.issuer}, "aud": {"value": self.oidc.client_id}},
            params={
                "nonce": pending.nonce,
                "client_id": self.oidc.client_id,
                "access_token": tokens.get("access_token"),
            },
        )
        claims.validate(now=now // SECOND, leeway=LEEWAY_S)
        return dict(claims)

    async def _verified(self, id_token: str) -> jwt.Token:
        """A token whose signature is right. With the keys we have; if none fits, with those of now."""
        if self._keys is not None:
            try:
                return jwt.decode(id_token, self._keys, algorithms=ALGORITHMS)
            except (JoseError, ValueError):
                self._keys = None
        said = await self._said()
        keys = KeySet.import_key_set(msgspec.json.decode(await _fetched(said.jwks_uri)))
        token = jwt.decode(id_token, keys, algorithms=ALGORITHMS)
        self._keys = keys
        return token


async def _fetched(url: str) -> bytes:
    async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
        answer = await client.get(url)
    answer.raise_for_status()
    return answer.content


def role_of(claims: dict[str, Any], oidc: Oidc) -> Role | None:
    """The first of our roles that the provider gives."""
    said = _claim(claims, oidc.role_claim)
    values = {said} if isinstance(said, str) else {each for each in said if isinstance(each, str)}
    return next((Role(role) for role, named in oidc.roles if named in values), None)


def _claim(claims: dict[str, Any], name: str) -> str | list[Any]:
    """A claim by its name, or by the path to it; empty where there is none, or it is no text and no list."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for step in name.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, str | list) else []


def _vouched(claims: dict[str, Any], role: Role) -> Vouched:
    subject = str(claims["sub"])
    name = str(claims.get("preferred_username") or claims.get("email") or subject)
    return Vouched(subject, name, str(claims.get("name") or name), role)


def _told(problem: Problem, trouble: Exception) -> Problem:
    """The problem; for IT the kind of trouble. Not its text: it may quote a token."""
    _log.warning("sign-in by the identity provider: %s, %s", problem.code, type(trouble).__name__)
    return problem
