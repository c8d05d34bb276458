"""A small OpenID provider on loopback. It does its part right; a test makes one thing of it wrong."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "cartway", "the secret of the board"
_KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})


class OpenIdProvider:
    """`claims` go into the ID token over those that are right; `sign` makes the token of them; `now` is its clock."""

    def __init__(self, address: str, now: Callable[[], int]) -> None:
        self.issuer, self.now = address, now
        self.claims: dict[str, Any] = {"sub": "s-1", "preferred_username": "ward.doctor", "name": "Ward Doctor"}
        self.key = _KEY
        self.sign: Callable[[dict[str, Any]], str] = lambda claims: signed(claims, self.key)
        self.metadata: dict[str, Any] = {}
        self.codes: dict[str, dict[str, str]] = {}
        self.problems: list[str] = []
        self.fails = False

    def discovery(self) -> dict[str, Any]:
        names = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "jwks_uri": "/keys"}
        return {"issuer": self.issuer, **{name: self.issuer + path for name, path in names.items()}, **self.metadata}

    def authorize(self, asked: dict[str, str]) -> str:
        """Everybody is signed in at once; the address that they are sent back to."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = secrets.token_urlsafe(8)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, asked: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The tokens for a code; None where one thing is not right. A code counts once."""
        began = self.codes.pop(asked.get("code", ""), None)
        expected = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(asked["code_verifier"].encode()).digest()).rstrip(b"=")
        if (
            began is None
            or authorization.removeprefix("Basic ") not in {expected, plain}
            or began["code_challenge"] != challenge.decode()
            or began["redirect_uri"] != asked["redirect_uri"]
        ):
            self.problems.append("refused a code")
            return None
        seconds = self.now() // 1_000_000
        right = {"iss": self.issuer, "aud": CLIENT, "iat": seconds, "exp": seconds + 300, "nonce": began["nonce"]}
        claims = {name: value for name, value in {**right, **self.claims}.items() if value is not None}
        return {"access_token": "a", "token_type": "Bearer", "expires_in": 300, "id_token": self.sign(claims)}


def signed(claims: dict[str, Any], key: RSAKey, **header: str) -> str:
    return jwt.encode({"alg": "RS256", "kid": str(key.kid), **header}, claims, key)


@contextmanager
def open_id_provider(now: Callable[[], int]) -> Iterator[OpenIdProvider]:
    """One that answers on a port of its own."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    provider = server.provider = OpenIdProvider(f"http://127.0.0.1:{server.server_port}", now)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        provider: OpenIdProvider = self.server.provider  # type: ignore[attr-defined]
        parts = urlsplit(self.path)
        match parts.path:
            case "/.well-known/openid-configuration" if not provider.fails:
                self._answer(200, provider.discovery())
            case "/keys":
                self._answer(200, {"keys": [provider.key.as_dict(private=False)]})
            case "/authorize":
                back = provider.authorize({name: values[0] for name, values in parse_qs(parts.query).items()})
                self._answer(302, {}, Location=back)
            case _:
                self._answer(500, {})

    def do_POST(self) -> None:
        provider: OpenIdProvider = self.server.provider  # type: ignore[attr-defined]
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        asked = {name: values[0] for name, values in parse_qs(body).items()}
        tokens = provider.token(asked, self.headers.get("Authorization", ""))
        self._answer(200 if tokens else 400, tokens or {"error": "invalid_grant"})

    def _answer(self, status: int, said: dict[str, Any], **headers: str) -> None:
        body = json.dumps(said).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the tests look at answers."""
