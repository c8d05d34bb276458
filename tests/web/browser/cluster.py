"""A ward as a hospital runs it: workers of the web and a listener for HL7 v2, processes of their own on one store."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from cartway.people import open_people
from cartway.people.people import People
from cartway.record import Fact, Log, open_log
from cartway.settings import people_beside
from cartway.times import Instant
from cartway.web.access import EVERY, Access, Account, Role, open_access
from cartway.web.guard.gate import COOKIE

from . import clocked
from .processes import Process, free_port

PASSWORD = "a fine spring morning"  # noqa: S105 - of accounts that live for one test
END = b"\x1c\r"


class Cluster:
    """One store. `log`, `people` and `access` are the test's own look at it; `web` are the servers, `mllp` the feed."""

    def __init__(self, folder: Path, database: str, opened: ExitStack) -> None:
        self.folder, self.database, self.opened = folder, database, opened
        self.log: Log = opened.enter_context(open_log(database, kind="demo"))
        self.people: People = opened.enter_context(open_people(people_beside(database)))
        self.access: Access = opened.enter_context(open_access(database))
        self.clock = folder / "clock"

    def set_clock(self, instant: Instant) -> None:
        """What every process that runs `on_clock` takes for the present."""
        clocked.set_clock(self.clock, instant)

    def serve(self, workers: int = 1, *, on_clock: bool = False) -> Process:
        """``cartway serve``; on the clock that the test sets, or on the world's."""
        port = free_port()
        real = ["cartway.cli", "serve", "--port", str(port), "--workers", str(workers)]
        return self._start(["web.browser.clocked", "serve", str(port), str(workers)] if on_clock else real, port)

    def listen(self, *, on_clock: bool = False) -> Process:
        """``cartway listen``."""
        port, place = free_port(), str(self.folder)
        real = ["cartway.cli", "listen", "--port", str(port), "--folder", place]
        return self._start(["web.browser.clocked", "listen", place, str(port)] if on_clock else real, port)

    def account(self, role: str, now: Instant, courses: Sequence[str] = (EVERY,), name: str = "") -> Account:
        """An account with PASSWORD."""
        made = self.access.create_account(
            name or f"{role}-{len(self.access.accounts())}",
            Role(role),
            password=PASSWORD,
            courses=tuple(courses),
            now=now,
            by="test",
        )
        assert isinstance(made, Account), made
        return made

    def cookie(self, role: str, now: Instant, courses: Sequence[str] = (EVERY,)) -> tuple[str, str]:
        """The session cookie of a fresh account of that role."""
        return COOKIE, self.access.open_session(self.account(role, now, courses).id, now=now).token

    def record(self, facts: Sequence[Fact], now: Instant) -> int:
        """Append facts as another process would; the position of the last."""
        receipt = self.log.append(facts, recorded_at=now, recorded_by="test")
        assert not receipt.problems, receipt.problems
        return self.log.position()

    def _start(self, arguments: Sequence[str], port: int) -> Process:
        environ = {
            clocked.DATABASE: self.database,
            clocked.PEOPLE: people_beside(self.database),
            clocked.CLOCK: str(self.clock),
        }
        return self.opened.enter_context(Process(arguments, port, environ, self.folder / f"{port}.log"))


@contextmanager
def cluster(folder: Path, database: str = "") -> Iterator[Cluster]:
    """An empty store in `folder` (or at a URL); everything started on it is stopped at the end."""
    with ExitStack() as opened:
        yield Cluster(folder, database or f"sqlite:///{folder / 'record.db'}", opened)


class Feed:
    """The sender of an HL7 v2 feed: a connection to a listener."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        self.held = b""

    def send(self, message: bytes) -> str:
        """Send a message; AA, AE or AR."""
        self.socket.sendall(b"\x0b" + message + END)
        while END not in self.held:
            piece = self.socket.recv(65536)
            assert piece, "the listener closed the connection"
            self.held += piece
        answer, _, self.held = self.held.partition(END)
        return answer.partition(b"\rMSA|")[2][:2].decode()

    def close(self) -> None:
        self.socket.close()


def fact(course: str, at: Instant, what: str, value: float | None = None, unit: str = "", **stated: Any) -> Fact:
    """A fact that the test itself records."""
    return Fact(course, at, what, value, unit, source="test", key=f"{what}-{at}", **stated)
