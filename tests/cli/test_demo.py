"""`cartway demo`: in a terminal a ward that is served, elsewhere a report; started over, and stopped at once."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import Result

from cartway.cli import demo, demo_report

Run = Callable[..., Result]
STARTS_S, STOPS_S = 60.0, 3.0


def told(port: int | None, open_browser: bool, show: demo.Show | None) -> tuple[object, ...]:
    return ("play", port, open_browser, *([show.title] if show else []))


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """What was played or reported."""
    calls: list[tuple[object, ...]] = []
    monkeypatch.setattr(
        demo, "play", lambda port, open_browser, show=None: calls.append(told(port, open_browser, show))
    )
    monkeypatch.setattr(demo_report, "run", lambda: calls.append(("report",)))
    return calls


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ("report",)),  # a test has no terminal
        (["--report"], ("report",)),
        (["--serve"], ("play", None, False)),
        (["--serve", "--port", "8123", "--open"], ("play", 8123, True)),
        (["--courses", "40"], ("play", None, False, "a living ward of 40 virtual patients, seed 1")),
        (["--courses", "9", "--seed", "4"], ("play", None, False, "a living ward of 9 virtual patients, seed 4")),
    ],
)
def test_what_it_does(
    run: Run, called: list[tuple[object, ...]], arguments: list[str], expected: tuple[object, ...]
) -> None:
    assert run("demo", *arguments).exit_code == 0
    assert called == [expected]


def test_at_a_terminal_it_is_played(
    run: Run, called: list[tuple[object, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "_at_terminal", lambda: True)
    run("demo")
    assert called == [("play", None, False)]


@contextmanager
def played(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A demo being played, and its address."""
    command = [sys.executable, "-m", "cartway.cli", "demo", "--serve", *arguments]
    process = subprocess.Popen(
        command, cwd=folder, env={**os.environ, "TMPDIR": str(folder)}, stdout=subprocess.PIPE, text=True, bufsize=1
    )
    assert process.stdout is not None
    try:
        found = next((at[0] for line in process.stdout if (at := re.findall(r"http://127\.0\.0\.1:\d+", line))), None)
        assert found is not None
        until(lambda: answers(found))
        yield process, found
    finally:
        process.kill()
        process.wait()


def until(happened: Callable[[], object], seconds: float = STARTS_S) -> None:
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


def clock_of(address: str) -> int | None:
    """The demo's clock; None while nobody answers: the server that is to go may answer once more, and then not."""
    try:
        return int(httpx.get(f"{address}/demo/clock").json()["now"])
    except httpx.TransportError:
        return None


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/demo/clock").status_code == 200
    except httpx.TransportError:
        return False


def post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    token = re.findall(r'name="_csrf_token" value="(\w+)"', client.get("/demo/sign-in").text)[0]
    return client.post(path, data={**fields, "_csrf_token": token})


def test_played_started_over_and_stopped(tmp_path: Path) -> None:
    with played(tmp_path, "--port", "0") as (process, address), httpx.Client(base_url=address) as client:
        assert client.get("/demo/clock").json()["pace"] == "begins when you sign in"
        assert post(client, "/demo/sign-in", who="mei").headers["location"] == "/"
        assert "Anselm Quillfeather" in client.get("/board").text
        until(lambda: client.get("/demo/clock").json()["rate"] == 300)

        assert "Starting over" in post(client, "/demo/clock", do="again").text
        until(lambda: clock_of(address) == 1773529200000)
        assert client.get("/board").headers["location"].startswith("/sign-in")  # all of it is new
        assert post(client, "/demo/sign-in", who="mei").headers["location"] == "/"

        with client.stream("GET", "/live") as news:  # an open page holds nothing up
            next(news.iter_lines())
            asked = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(STARTS_S) == 0
            assert time.monotonic() - asked < STOPS_S
        assert list(tmp_path.glob("cartway-demo-*")) == []


def test_a_ward_of_the_twin_runs_as_fast_as_was_asked(tmp_path: Path) -> None:
    asked = ("--port", "0", "--courses", "3", "--speed", "7200", "--seed", "2")
    with played(tmp_path, *asked) as (_, address), httpx.Client(base_url=address) as client:
        assert "3 virtual patients" in client.get("/demo/sign-in").text
        begun = clock_of(address) or 0
        assert post(client, "/demo/sign-in", who="mei").headers["location"] == "/"
        assert client.get("/demo/clock").json()["rate"] == 7200
        until(lambda: (clock_of(address) or 0) > begun + 3_600_000)
        assert "simulated by the twin" in client.get("/board").text


def test_a_port_in_use_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "cartway.cli", "demo", "--serve", "--port", str(taken.getsockname()[1])]
        refused = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
        assert refused.returncode == 2
        assert refused.stderr == "cartway: Address already in use. Check the host and the port.\n"
