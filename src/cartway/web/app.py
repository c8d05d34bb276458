"""The application of one worker: routes, gate, stores, live ward."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import Any

from anyio import to_thread
from litestar import Litestar, Request, Router
from litestar.config.compression import CompressionConfig
from litestar.config.csrf import CSRFConfig
from litestar.datastructures import MutableScopeHeaders, State
from litestar.exceptions import NotFoundException
from litestar.middleware import DefineMiddleware
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.static_files import create_static_files_router
from litestar.template import TemplateConfig
from litestar.types import Message, Scope

from cartway.record.errors import StoreError
from cartway.web import (
    aftercare,
    alerts,
    board,
    candidacy,
    course,
    custody,
    demo,
    due,
    forecast,
    forms,
    guard,
    infections,
    infusion,
    patient,
    plan,
    programme,
    protocol,
    reading,
    response,
    triage,
    trials,
)
from cartway.web.config import Config
from cartway.web.draw import static_url
from cartway.web.guard.checks import Checks
from cartway.web.guard.cookies import cookie_name, csrf_name
from cartway.web.guard.errors import HANDLERS
from cartway.web.guard.gate import OPEN, Sessions, authorize
from cartway.web.guard.languages import languages
from cartway.web.guard.rates import Rates
from cartway.web.guard.tokens import Tokens
from cartway.web.live import live
from cartway.web.office import Office, following, open_office

LARGEST_POST = 256 * 1024  # bytes: the longest form is an ICE with its notes
STATIC = Path(str(resources.files("cartway.web") / "static"))
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "object-src 'none'; img-src 'self' data:",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
# Static files only: a page carries its token beside text that others wrote, and its length must not tell of the token.
COMPRESSED = CompressionConfig(backend="gzip", minimum_size=1024, exclude_opt_key="uncompressed")
PATHWAY = (
    *programme.ROUTES, *candidacy.ROUTES, *trials.ROUTES, *plan.ROUTES, *custody.ROUTES, *infusion.ROUTES,
)  # fmt: skip
WATCH = (*alerts.ROUTES, *due.ROUTES, *protocol.ROUTES, *infections.ROUTES, *forecast.ROUTES)
AFTER = (*response.ROUTES, *aftercare.ROUTES, *triage.ROUTES, *reading.ROUTES)
SWEEP_S = 3600
_FILE = re.compile(r"/static/[A-Za-z0-9._/-]{1,120}", re.ASCII)


def create_app(config: Config) -> Litestar:
    """The web of one worker. Its stores are opened when it starts, and closed when it stops."""
    stores = ExitStack()
    office = stores.enter_context(open_office(config))
    csrf = _csrf(config, office)
    rooms = (*board.ROUTES, *course.ROUTES, *forms.ROUTES, *patient.ROUTES, *PATHWAY, *WATCH, *AFTER)
    routes = [live, *rooms, *guard.routes(config), *demo.routes(office)]

    @asynccontextmanager
    async def lifespan(_: Litestar) -> AsyncIterator[None]:
        try:
            sweeping = asyncio.create_task(_sweep(office))
            with following(office, asyncio.get_running_loop()):
                yield
        finally:
            sweeping.cancel()
            office.hub.close()
            stores.close()

    # One router of all: Litestar 2.25 sets a handler up again when another of its path is registered with the
    # application after it, and a sync handler that was set up twice answers with nothing.
    opt = {**OPEN, "exclude_from_auth": True}
    static = create_static_files_router("/static", [STATIC], opt=opt, before_request=_refuse_strange_names)
    return Litestar(
        [Router("/", route_handlers=routes, opt={"uncompressed": True}), static],
        lifespan=[lifespan],
        guards=[authorize],
        middleware=[DefineMiddleware(Sessions, rates=Rates()), languages, DefineMiddleware(Tokens, config=csrf)],
        compression_config=COMPRESSED,
        template_config=TemplateConfig(instance=JinjaTemplateEngine.from_environment(office.pages)),
        before_send=[_add_headers(config)],
        exception_handlers=HANDLERS,
        request_max_body_size=LARGEST_POST,
        openapi_config=None,
        state=State({"office": office, "stores": stores, "csrf": csrf, "checks": Checks()}),
    )


async def _sweep(office: Office) -> None:
    """Throw away, now and then, sessions that ended and attempts that lock nobody any more."""
    while True:
        with suppress(StoreError):  # a store that is busy is swept another time
            await to_thread.run_sync(lambda: office.access.sweep(now=office.now()))
        await asyncio.sleep(SWEEP_S)


def _csrf(config: Config, office: Office) -> CSRFConfig:
    secret = office.access.secret("csrf").hex()
    return CSRFConfig(
        secret=secret,
        cookie_name=cookie_name(config, csrf_name(secret)),
        cookie_secure=config.secure,
        cookie_httponly=True,
        cookie_samesite="lax",
    )


async def _refuse_strange_names(request: Request[Any, Any, Any]) -> None:
    """What no file of ours is called: the file system would fail at some of it, such as NUL."""
    if not _FILE.fullmatch(request.scope["path"]):
        raise NotFoundException


def _addresses() -> frozenset[str]:
    """The address of each static file with the mark of its content."""
    files = (file.relative_to(STATIC).as_posix() for file in STATIC.rglob("*") if file.is_file())
    return frozenset(static_url(name) for name in files)


def _add_headers(config: Config) -> Any:
    fixed, addresses = dict(HEADERS), _addresses()
    if config.secure:
        fixed["Strict-Transport-Security"] = "max-age=31536000"

    async def add(message: Message, scope: Scope) -> None:
        if message["type"] != "http.response.start":
            return
        headers = MutableScopeHeaders.from_message(message)
        for name, value in fixed.items():
            headers[name] = value
        # Another mark is of another version: kept under it, this one would stay after the next.
        kept = f"{scope['path']}?{scope['query_string'].decode('latin-1')}" in addresses
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"

    return add
