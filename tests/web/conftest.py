"""A site to test against: the application over fresh stores, with a clock the test sets, and somebody of every role."""

from __future__ import annotations

import atexit
import contextlib
import itertools
import shutil
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from argon2 import PasswordHasher
from litestar import Litestar
from litestar.testing import TestClient

from cartway.intake import read_facts
from cartway.record import Fact, current
from cartway.settings import people_beside
from cartway.times import Instant, parse
from cartway.toxicity import by_course
from cartway.web import office
from cartway.web.access import EVERY, Account, Role
from cartway.web.app import create_app
from cartway.web.config import Config
from cartway.web.demo.examples import example_files
from cartway.web.guard.gate import COOKIE
from cartway.web.office import Office

START = parse("2026-03-16T14:00Z")
PASSWORD = "a fine spring morning"  # noqa: S105 - of accounts that live for one test
PHONE = "+1 555 010-0142"  # of the numbers that are given to nobody
WAIT_S = 5.0


@cache
def examples() -> Mapping[str, list[Fact]]:
    """The facts of the example courses, superseded ones included, by course."""
    return by_course(read_facts(example_files()).facts)


class Site:
    """One application. `now` is what its clock says."""

    def __init__(self, folder: Path, database: str = "", **settings: Any) -> None:
        self.now: Instant = START
        self.folder = folder
        self.database = database or f"sqlite:///{folder / 'record.db'}"
        people = people_beside(self.database)
        _create(self.database)
        stated = {"secure": False, "phone": PHONE, "clock": lambda: self.now, **settings}
        self.app: Litestar = create_app(Config(self.database, people, **stated))
        self.office: Office = self.app.state.office
        self._numbers = itertools.count(1)

    def record(self, facts: Sequence[Fact | Mapping[str, Any]], *, at: Instant | None = None, by: str = "test") -> int:
        """Record facts (or rows with the fields of a fact; `at` may be ISO text), and wait until the ward has them.

        The position of the last one.
        """
        stated = [fact if isinstance(fact, Fact) else _fact(fact) for fact in facts]
        receipt = self.office.log.append(stated, recorded_at=self.now if at is None else at, recorded_by=by)
        assert not receipt.problems, receipt.problems
        position = self.office.log.position()
        self.settle()
        return position

    def course(self, name: str) -> str:
        """Record an example course as far as it has come by now; its name."""
        known = [fact for fact in examples()[name] if fact.at <= self.now]
        self.record(known)
        return name

    def settle(self) -> None:
        """Bring the live ward up to the record and the clock."""
        self.office.ward.follow(self.office.log, self.now)
        hub = self.office.hub
        hub.latest = msgspec.structs.replace(hub.latest, now=self.now, checked_at=self.now)

    def facts(self, course: str) -> list[Fact]:
        """The facts of a course in force."""
        return current(self.office.log.facts(course))

    def account(self, role: Role | str, courses: Sequence[str] = (EVERY,), name: str = "") -> Account:
        """A fresh account of a role with PASSWORD."""
        made = self.office.access.create_account(
            name or f"{role}-{next(self._numbers)}",
            Role(role),
            password=PASSWORD,
            courses=tuple(courses),
            now=self.now,
            by="test",
        )
        assert isinstance(made, Account), made
        return made

    def cookie(self, role: Role | str, courses: Sequence[str] = (EVERY,)) -> tuple[str, str]:
        """The session cookie of a fresh account of that role: its name and value."""
        return COOKIE, self.office.access.open_session(self.account(role, courses).id, now=self.now).token

    def client(self, role: Role | str | None, courses: Sequence[str] = (EVERY,)) -> TestClient[Litestar]:
        """A client signed in as a fresh account of that role; signed out for None."""
        client = TestClient(self.app, base_url="http://testserver.local")
        client.follow_redirects = False
        if role is not None:
            name, token = self.cookie(role, courses)
            client.cookies.set(name, token, domain="testserver.local", path="/")
        return client

    def post(self, client: TestClient[Litestar], path: str, fields: Mapping[str, Any], **headers: str) -> Any:
        """Post a form as a page does: with the token of the page before."""
        return client.post(path, data={**fields, "_csrf_token": self.csrf(client)}, headers=headers)

    def csrf(self, client: TestClient[Litestar]) -> str:
        """The token that forms carry. Any page sets it."""
        if not any("cartway_csrf" in name for name in client.cookies):
            client.get("/sign-in")
        return next(str(value) for name, value in client.cookies.items() if "cartway_csrf" in name)

    @contextlib.contextmanager
    def serve(self) -> Iterator[str]:
        """A real server on loopback, for a browser; its address."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        server = uvicorn.Server(
            uvicorn.Config(self.app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
        )
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)
            listener.close()


def until(happened: Callable[[], object], seconds: float = WAIT_S) -> None:
    """Wait until something has happened; fail where it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


def _create(database: str) -> None:
    """The empty stores of a site: on SQLite copies of files that were migrated once, which is the same and quicker."""
    if not database.startswith("sqlite:///"):
        _migrate(database)
        return
    wanted = Path(database.removeprefix("sqlite:///"))
    if not wanted.exists():
        for file in _empty().iterdir():
            shutil.copyfile(file, wanted.with_name(file.name.replace("record.", f"{wanted.stem}.", 1)))


@cache
def _empty() -> Path:
    """A folder with the files of the three stores, empty, before anybody asked them for anything."""
    folder = Path(tempfile.mkdtemp(prefix="cartway-empty-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _migrate(f"sqlite:///{folder / 'record.db'}")
    return folder


def _migrate(database: str) -> None:
    from cartway.people import open_people
    from cartway.record import open_log
    from cartway.web.access import open_access

    open_log(database, kind="demo").close()
    open_people(people_beside(database)).close()
    open_access(database).close()


def _fact(row: Mapping[str, Any]) -> Fact:
    at = parse(row["at"]) if isinstance(row["at"], str) else row["at"]
    until = parse(row["until"]) if isinstance(row.get("until"), str) else row.get("until")
    return Fact(**{**row, "at": at, "until": until})


@pytest.fixture(autouse=True)
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that cost little: their price has tests of its own with the store of access."""
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(office, "open_access", partial(office.open_access, hasher=cheap))


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A site whose follower does not run: `record` and `settle` bring its ward up to date."""
    made = Site(tmp_path)
    yield made
    made.app.state.stores.close()


@pytest.fixture
def make_site(tmp_path: Path) -> Iterator[Callable[..., Site]]:
    """Sites with other settings: ``make_site(demo=..., oidc=...)``."""
    made: list[Site] = []

    def make(**settings: Any) -> Site:
        folder = tmp_path / f"site{len(made)}"
        folder.mkdir()
        made.append(Site(folder, **settings))
        return made[-1]

    yield make
    for each in made:
        each.app.state.stores.close()
