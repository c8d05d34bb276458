"""What stands before every post: the one kind of body that forms send, and the token that every form carries."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.enums import RequestEncodingType, ScopeType
from litestar.exceptions import ClientException
from litestar.middleware.csrf import CSRFMiddleware
from litestar.types import HTTPScope, Receive, Scope, Send

from cartway.web.guard.paths import SAFE

TAKES_FILES = "takes_files"
"""In the `opt` of a handler that reads a file with its form: it reads it by ``request.form()``, as the token was."""


class NoForm(ClientException):
    """A post that is not the form of a page."""

    status_code = 415


class Tokens(CSRFMiddleware):
    """Litestar's own, told what to make of a body that is no form, and of a token that is none."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse any other body before it is read: one of several parts that was read here for its token would have
        nothing left for a handler that reads the body itself, which would wait for ever.
        """
        if scope["type"] == ScopeType.HTTP and scope["method"] not in SAFE and not _is_form(scope):
            raise NoForm(detail="Only forms are read here.")
        await super().__call__(scope, receive, send)

    def _decode_csrf_token(self, token: object) -> str | None:
        """Litestar compares tokens as texts, and raises TypeError for a file, or for a character outside ASCII."""
        if not isinstance(token, str) or not token.isascii():
            return None
        return super()._decode_csrf_token(token)


def _is_form(scope: HTTPScope) -> bool:
    """Whether a post is a form, or has no body at all."""
    request: Request[Any, Any, Any] = Request(scope)
    if "content-type" in request.headers:
        kind = request.content_type[0]
        takes_files = kind == RequestEncodingType.MULTI_PART and request.scope["route_handler"].opt.get(TAKES_FILES)
        return kind == RequestEncodingType.URL_ENCODED or bool(takes_files)
    return request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers
