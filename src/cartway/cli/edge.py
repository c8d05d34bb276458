"""The outermost layer: the clock, the environment, the screen, and how a problem is told."""

from __future__ import annotations

import getpass
import os
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


def now() -> Instant:
    """The present moment. The only clock of the command line."""
    return from_datetime(datetime.now(UTC))


def stop(problem: Problem) -> NoReturn:
    """Tell a problem and stop with exit status 2."""
    typer.echo(f"cartway: {problem}", err=True)
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
        return parse(text)
    except ValueError:
        stop(Problem("no_time", f"{option} is no time with an offset.", "Write it as 2026-01-12T02:00+01:00."))


def settings(database: str = "") -> Settings:
    """The settings in force; `database` from the command line goes before the environment."""
    import platformdirs

    data, configuration = Path(platformdirs.user_data_dir("cartway")), Path(platformdirs.user_config_dir("cartway"))
    environ = {**os.environ, **({"CARTWAY_DATABASE": database, "CARTWAY_PEOPLE": ""} if database else {})}
    found = sound(from_environment(environ, data, configuration, _login()))
    if found.database.startswith(f"sqlite:///{data}"):
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
    return found


def _login() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no entry in the password data base, as in a container
        return "unknown"


def say(text: str = "") -> None:
    """Print a line that is not the result: what was not read, how far it got."""
    typer.echo(text, err=True)


def guarded(run: Callable[[], object]) -> None:
    """Run the command line; what the edge can expect to fail is told as a problem."""
    try:
        run()
    except BrokenPipeError:
        sys.stderr.close()  # whoever read our output has gone: `cartway grade ... | head`
        os._exit(141)
    except OSError as failure:
        name = Path(failure.filename).name if isinstance(failure.filename, str) else "a file"
        typer.echo(
            f"cartway: {name}: {failure.strerror or 'could not be used'}. Check the path and your rights.", err=True
        )
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as failure:
        from cartway.people import PeopleError
        from cartway.record.errors import StoreError

        if not isinstance(failure, StoreError | PeopleError):
            raise
        typer.echo(f"cartway: {failure}", err=True)
        sys.exit(2)
