"""`cartway demo`: a living ward in the browser, made anew each time; without a terminal, or when asked, a report."""

from __future__ import annotations

import signal
import socket
import sys
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from cartway.cli.edge import say

if TYPE_CHECKING:
    import uvicorn

    from cartway.web.demo.clock import DemoClock
    from cartway.web.demo.replay import Stories
    from cartway.web.demo.stage import Stage

HOST, USUAL_PORT = "127.0.0.1", 8765
LOOK_S = 0.2
GRACE_S = 1  # an open stream never ends by itself

WHAT_TO_SEE = """\
A night passes in two minutes. From the first sign-in on, at 23:00:
  after 13 s   a fever comes in, CRS 1; at 17 s another one, mistyped, which a correction takes back at 25 s
  after 48 s   norepinephrine is started: CRS 3
  after 62 s   a patient cannot be woken: ICANS 4
Pause, slow down or hurry on in the strip on top of each page; "Switch role" makes you somebody else. To try:
  the nurse        opens a course, asks why the grade is what it is, charts vital signs or an ICE
  the physicians   one attributes a fever to another cause; the other belongs to three courses and breaks the glass
  the patient      is at home, and comes back with a fever
"""


WHAT_LIVES = """\
Virtual patients out of the twin: some before their infusion, some in the close watch, some at home. The clock starts
with the first sign-in, and patients come as long as it runs. Everything is simulated, for research and teaching, and
says nothing of anybody's own course; another `--seed` makes other patients. Pause, slow down or hurry on in the strip
on top of each page; "Switch role" makes you somebody else.
"""
TOLD_EACH = 10  # patients


class Ward(NamedTuple):
    """A ward of the twin: how many courses, how many seconds a second, and the seed of its patients."""

    courses: int
    speed: int
    seed: int


class Show(NamedTuple):
    """What is played: its title, what to look at, and how its stage is built in an empty folder."""

    title: str
    to_see: str
    build: Callable[[Path], tuple[Stage, Stories]]


def run(serve: bool | None, port: int | None, open_browser: bool, ward: Ward | None = None) -> None:
    """Play in the browser, or print the report. `serve`: None serves where somebody sits at a terminal.

    `ward`: of the twin, instead of the stories; it is always played.
    """
    if ward is not None:
        play(port, open_browser, twin(ward))
    elif serve if serve is not None else _at_terminal():
        play(port, open_browser)
    else:
        from cartway.cli import demo_report

        demo_report.run()


def stories() -> Show:
    """The twelve told stories."""

    def build(folder: Path) -> tuple[Stage, Stories]:
        from cartway.web.demo.stage import build, replay

        told = replay()
        return build(folder, told), told

    return Show("a living ward of twelve invented patients", WHAT_TO_SEE, build)


def twin(ward: Ward) -> Show:
    """A ward of virtual patients."""

    def build(folder: Path) -> tuple[Stage, Stories]:
        from cartway.web.demo.arrivals import Supply
        from cartway.web.demo.opening import build_ward

        def told(come: int) -> None:
            if come % TOLD_EACH == 0 or come == ward.courses:
                say(f"{come} of {ward.courses} patients simulated")

        return build_ward(folder, Supply(ward.seed, ward.courses), ward.speed, told)

    return Show(f"a living ward of {ward.courses} virtual patients, seed {ward.seed}", WHAT_LIVES, build)


def play(port: int | None, open_browser: bool, show: Show | None = None) -> None:
    """Serve the living ward until Ctrl-C. `port`: None takes the usual one, or a free one where that is in use."""
    show = show or stories()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    found = _free(port)
    address = f"http://{HOST}:{found}"
    typer.echo(f"Cartway demo: {show.title}. Nobody in here exists.\n")
    try:
        wanted = True
        while wanted:
            with _stage(show) as (server, clock):
                threading.Thread(target=_watch, args=(server, clock), daemon=True).start()
                listener = _listener(found)
                listener.listen()  # whoever is quicker than the server waits for it
                _tell(address, open_browser, show)
                server.run(sockets=[listener])
                wanted = clock.shown().again
            open_browser = False
    except KeyboardInterrupt:
        say("\nStopped. Everything in it is gone.")


@contextmanager
def _stage(show: Show) -> Iterator[tuple[uvicorn.Server, DemoClock]]:
    """A server on a fresh stage with its stories being told; all of it is thrown away at the end."""
    import uvicorn

    from cartway.web.app import create_app
    from cartway.web.demo.clock import DemoClock
    from cartway.web.demo.replay import Teller
    from cartway.web.demo.stage import open_stage

    with tempfile.TemporaryDirectory(prefix="cartway-demo-", ignore_cleanup_errors=True) as folder:
        stage, told = show.build(Path(folder))
        clock = DemoClock(stage.clock)
        app = create_app(stage.config(clock))
        with open_stage(stage) as log:
            teller = Teller(told, log, clock)
            teller.start()
            try:
                yield (
                    uvicorn.Server(
                        uvicorn.Config(
                            app,
                            access_log=False,
                            log_level="warning",
                            server_header=False,
                            timeout_graceful_shutdown=GRACE_S,
                        )
                    ),
                    clock,
                )
            finally:
                teller.stop()


def _watch(server: uvicorn.Server, clock: DemoClock) -> None:
    """Stop the server when somebody wants to start over."""
    stopped = threading.Event()
    while not stopped.wait(LOOK_S):
        try:
            if clock.shown().again:
                server.should_exit = True
        except FileNotFoundError:  # the stage is gone
            return


def _tell(address: str, open_browser: bool, show: Show) -> None:
    typer.echo(f"  {address}\n\nOpen it and choose who to be. {show.to_see}")
    typer.echo("Ctrl-C stops. `cartway demo --report` prints the ward and one grade explained, without a browser.")
    if open_browser:
        webbrowser.open(address)


def _at_terminal() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _free(port: int | None) -> int:
    """The port to use. Raises OSError where the one asked for is in use."""
    for wanted in [port] if port is not None else [USUAL_PORT, 0]:
        try:
            with _listener(wanted) as listener:
                return int(listener.getsockname()[1])
        except OSError:
            if wanted in {port, 0}:
                raise
    raise AssertionError("a free port is always found, or OSError raised")


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, port))
    return listener
