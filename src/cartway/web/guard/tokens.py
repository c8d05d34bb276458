"""The token that every form carries: Litestar's own, told what to make of a token that is none."""

from __future__ import annotations

from litestar.middleware.csrf import CSRFMiddleware


class Tokens(CSRFMiddleware):
    """Litestar compares tokens as texts, and raises TypeError for a file, or for a character outside ASCII."""

    def _decode_csrf_token(self, token: object) -> str | None:
        if not isinstance(token, str) or not token.isascii():
            return None
        return super()._decode_csrf_token(token)
