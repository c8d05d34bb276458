"""The web as processes: one server, several workers on one store. The outermost layer: it reads the environment."""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import time
from collections.abc import Callable, Mapping
from datetime import UTC
from ipaddress import ip_network
from pathlib import Path
from types import FrameType
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import platformdirs
import uvicorn
from litestar import Litestar

from cartway.problem import Problem
from cartway.settings import PREFIX, Settings, from_environment
from cartway.times import Instant
from cartway.web.access import Limits
from cartway.web.app import create_app
from cartway.web.config import Config, Oidc
from cartway.web.guard.configured import oidc_from_environment

FACTORY = "cartway.web.serve:from_settings"
SECURE, DEMO = f"{PREFIX}WEB_SECURE", f"{PREFIX}WEB_DEMO"  # how a server tells its workers; no settings of a site
GRACE_S = 2  # an open stream never ends by itself: a stopping worker waits this long for requests in flight


class Address(msgspec.Struct, frozen=True):
    """Where to listen. `certificate` and `key` for TLS here; `proxy`: the addresses of a proxy that ends TLS before us,
    whose X-Forwarded headers are believed.
    """

    host: str = "127.0.0.1"
    port: int = 8765
    certificate: Path | None = None
    key: Path | None = None
    proxy: str = ""

    @property
    def is_secure(self) -> bool:
        return self.certificate is not None or bool(self.proxy)


def refuse(address: Address) -> Problem | None:
    """Patients' data go over a network by TLS only."""
    if address.proxy and not _is_network(address.proxy):
        return Problem(
            "wrong_proxy",
            "--behind-proxy names no address: whoever connects would be believed.",
            "Give the proxy's IP address, or its network, such as 10.0.0.5 or 10.0.0.0/28.",
        )
    if address.is_secure or address.host in {"127.0.0.1", "::1", "localhost"}:
        return None
    return Problem(
        "no_tls",
        f"Listening on {address.host} without TLS would send patients' data in clear.",
        "Give --tls-certificate and --tls-key, or --behind-proxy with the proxy's address; or listen on 127.0.0.1.",
    )


def _is_network(text: str) -> bool:
    try:
        return ip_network(text, strict=False).prefixlen > 0
    except ValueError:
        return False


def serve(address: Address, workers: int, environ: Mapping[str, str] | None = None) -> None:
    """Serve until told to stop. `environ` is added to the environment that the workers read their settings from.

    A worker that dies is replaced; open pages move to another one and fetch what they missed.
    """
    _open_as_many_files_as_may_be()
    os.environ.update({**(environ or {}), SECURE: "1" if address.is_secure else ""})
    uvicorn.run(
        FACTORY,
        factory=True,
        host=address.host,
        port=address.port,
        workers=workers,
        ssl_certfile=address.certificate,
        ssl_keyfile=address.key,
        proxy_headers=bool(address.proxy),
        forwarded_allow_ips=address.proxy or None,
        access_log=False,  # the access log of courses is our own
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_worker_healthcheck=10,  # while one dead worker is waited for, another is not noticed
    )


def _open_as_many_files_as_may_be() -> None:
    """Every open page holds a connection, and a service is often started with no more than 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and soft < hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def from_settings() -> Litestar:
    """The application of one worker, as the environment has it."""
    data, configuration = Path(platformdirs.user_data_dir("cartway")), Path(platformdirs.user_config_dir("cartway"))
    settings = from_environment(os.environ, data, configuration, "web")
    if isinstance(settings, Problem):
        raise SystemExit(f"cartway: {settings}")
    oidc = oidc_from_environment(os.environ)
    if isinstance(oidc, Problem):
        raise SystemExit(f"cartway: {oidc}")
    app = create_app(config_of(settings, bool(os.environ.get(SECURE)), os.environ.get(DEMO, ""), oidc))
    app.on_startup.append(end_streams_when_told_to_stop)
    return app


async def end_streams_when_told_to_stop(app: Litestar) -> None:
    """A stream has no end of its own, and the server waits for requests in flight: so a signal to stop ends the streams
    first, then goes to the server's handler.
    """
    loop, hub = asyncio.get_running_loop(), app.state.office.hub
    for number in (signal.SIGINT, signal.SIGTERM):
        stop = signal.getsignal(number)

        def handle(caught: int, frame: FrameType | None, stop: Any = stop) -> None:
            loop.call_soon_threadsafe(hub.close)
            if callable(stop):
                stop(caught, frame)

        signal.signal(number, handle)


def config_of(settings: Settings, secure: bool, demo: str, oidc: Oidc | None = None) -> Config:
    """The configuration of a worker. `demo`: the demo clock's file, or "" for the world's clock."""
    return Config(
        database=settings.database,
        people=settings.people,
        clock=_demo_clock(demo) if demo else _clock,
        zone=ZoneInfo(settings.timezone) if settings.timezone else UTC,
        site=settings.site,
        phone=settings.phone,
        secure=secure,
        limits=_demo_limits() if demo else Limits(),
        oidc=None if demo else oidc,
        country=settings.country,
        trials=_demo_trials() if demo else settings.trials,
        downtime=None if demo else settings.downtime,
        demo=demo,
    )


def _clock() -> Instant:
    return time.time_ns() // 1000


def _demo_limits() -> Limits:
    from cartway.web.demo.stage import LIMITS

    return LIMITS


def _demo_trials() -> Path:
    from cartway.web.demo.examples import trial_folder

    return trial_folder()


def _demo_clock(path: str) -> Callable[[], Instant]:
    from cartway.web.demo.clock import DemoClock

    return DemoClock(Path(path))
