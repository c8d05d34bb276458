"""The outermost layer: the clock, the environment, the screen, and how a problem is told."""

from __future__ import annotations

import errno
import getpass
import os
import socket
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn, TypeVar

import typer

from cartway.problem import Problem
from cartway.settings import Settings, from_environment
from cartway.times import Instant, from_datetime, parse

T = TypeVar("T")

EARLIEST, LATEST = parse("1970-01-01T00:00Z"), parse("2250-01-01T00:00Z")
# What a terminal would obey in place of showing: controls (ESC, C1) and marks that turn the direction of writing.
_OBEYED = (*range(0x0A), *range(0x0B, 0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F))
_VISIBLE = {
    **{number: f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}" for number in _OBEYED},
    **{number: f"\\u{number:04x}" for number in (0x200E, 0x200F, *range(0x2066, 0x206A))},
}
_ADDRESS_ERRORS = frozenset({errno.EADDRINUSE, errno.EADDRNOTAVAIL})


def safe(text: str) -> str:
    """Text from outside for the screen: what a terminal would obey is shown (``\\x1b``); line ends stay."""
    return text.translate(_VISIBLE)


def on_one_line(text: str) -> str:
    """As `safe`, with its line ends shown too: a name from outside makes no line of its own."""
    return safe(text).replace("\n", "\\n")


def now() -> Instant:
    """The present moment. The only clock of the command line."""
    return from_datetime(datetime.now(UTC))


def stop(problem: Problem) -> NoReturn:
    """Tell a problem and stop with exit status 2."""
    typer.echo(safe(f"cartway: {problem}"), err=True)
    raise typer.Exit(2)


def sound(value: T | Problem) -> T:
    """The value, or stop where it is a problem."""
    if isinstance(value, Problem):
        stop(value)
    return value


def moment(text: str, option: str) -> Instant | None:
    """The time an option gives, None where it was not given."""
    if not text:
        return None
    try:
        instant = parse(text)
    except (ValueError, OverflowError):
        stop(Problem("no_time", f"{option} is no time with an offset.", "Write it as 2026-01-12T02:00+01:00."))
    if not EARLIEST <= instant < LATEST:
        stop(Problem("implausible_time", f"{option} lies outside the years 1970 to 2249.", "Check the year."))
    return instant


def settings(database: str = "", *, prepare: bool = True) -> Settings:
    """The settings in force; `database` from the command line goes before the environment."""
    import platformdirs

    data, configuration = Path(platformdirs.user_data_dir("cartway")), Path(platformdirs.user_config_dir("cartway"))
    environ = {**os.environ, **({"CARTWAY_DATABASE": database, "CARTWAY_PEOPLE": ""} if database else {})}
    found = sound(from_environment(environ, data, configuration, _login()))
    if prepare and found.database.startswith(f"sqlite:///{data}"):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password data base, as in a container
        return "unknown"


def say(text: str = "") -> None:
    """Print a line that is not the result: what was not read, how far it got."""
    typer.echo(safe(text), err=True)


def guarded(run: Callable[[], object]) -> None:
    """Run the command line; what the edge can expect to fail is told as a problem."""
    try:
        run()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone: `cartway grade ... | head`
        os._exit(141)
    except OSError as failure:
        say(f"cartway: {_told(failure)}")
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as failure:
        from cartway.people import PeopleError
        from cartway.record.errors import StoreError

        if not isinstance(failure, StoreError | PeopleError):
            raise
        say(f"cartway: {failure}")
        sys.exit(2)


def _told(failure: OSError) -> str:
    """What the operating system refused, and what to look at: an address, a file, or whatever it says itself."""
    reason = failure.strerror or "it could not be used"
    if isinstance(failure, socket.gaierror) or failure.errno in _ADDRESS_ERRORS:
        return f"{reason}. Check the host and the port."
    if isinstance(failure.filename, str):
        return f"{Path(failure.filename).name}: {reason}. Check the path and your rights."
    return f"{reason}."
