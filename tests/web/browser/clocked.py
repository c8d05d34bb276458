"""The board and the listener as processes of their own, on a clock that the test sets: a file with one number.

python -m web.browser.clocked serve PORT WORKERS
python -m web.browser.clocked listen FOLDER PORT
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import uvicorn
from litestar import Litestar

from cartway.cli.intake import new_course_id
from cartway.intake.hl7_edge import open_receiver
from cartway.intake.mllp import Address, listen
from cartway.times import HOUR, Instant
from cartway.web.access import Limits
from cartway.web.app import create_app
from cartway.web.config import Config
from cartway.web.serve import GRACE_S

LIMITS = Limits(idle=12 * HOUR)  # on this clock hours pass between two clicks
DATABASE, PEOPLE, CLOCK = "CARTWAY_DATABASE", "CARTWAY_PEOPLE", "CARTWAY_TEST_CLOCK"


def now() -> Instant:
    """What the file says. It is replaced as a whole, so that nobody reads half a time."""
    return int(Path(os.environ[CLOCK]).read_text())


def set_clock(path: Path, instant: Instant) -> None:
    """Let every process on this clock be at `instant`."""
    following = path.with_suffix(".next")
    following.write_text(str(instant))
    following.replace(path)


def application() -> Litestar:
    """The application of one worker."""
    stated = Config(os.environ[DATABASE], os.environ[PEOPLE], now, site="Test ward", secure=False, limits=LIMITS)
    return create_app(stated)


def serve(port: str, workers: str) -> None:
    uvicorn.run(
        f"{__spec__.name}:application",
        factory=True,
        port=int(port),
        workers=int(workers),
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=GRACE_S,
    )


def hear(folder: str, port: str) -> None:
    receiver = open_receiver(
        os.environ[DATABASE], os.environ[PEOPLE], Path(folder), by="listener", new_id=new_course_id
    )
    listen(receiver, Address(port=int(port)), clock=now)


if __name__ == "__main__":
    {"serve": serve, "listen": hear}[sys.argv[1]](*sys.argv[2:])
