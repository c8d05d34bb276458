"""Processes that a test starts, kills and starts again, and what they say."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

TESTS = Path(__file__).resolve().parents[2]
START_S = 60.0  # on a busy machine


class Process:
    """``python -m ...`` that takes connections on `port`. `log` is the file with all it says."""

    def __init__(self, arguments: Sequence[str], port: int, environ: Mapping[str, str], log: Path) -> None:
        self.arguments, self.port, self.log = [sys.executable, "-m", *arguments], port, log
        path = os.pathsep.join(filter(None, [str(TESTS), os.environ.get("PYTHONPATH", "")]))
        self.environ = {**os.environ, "PYTHONPATH": path, **environ}
        self.running: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start, and wait until it takes connections."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(self.arguments, env=self.environ, stdout=log, stderr=log)
        until(self.answers, START_S, lambda: f"it did not start:\n{self.said()}")

    def stop(self) -> None:
        """Ask it to stop, and wait for it."""
        if self.running is not None:
            self.running.terminate()
            self.running.wait(START_S)
            self.running = None

    def kill(self) -> None:
        """End it and its workers at once, as a power cut does."""
        assert self.running is not None
        workers = self.workers()
        self.running.kill()
        self.running.wait(START_S)
        self.running = None
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        until(lambda: not self.answers(), START_S)

    def kill_worker(self, worker: int) -> None:
        """End one of its workers, and wait until there is another one in its place."""
        before = self.workers()
        os.kill(worker, signal.SIGKILL)
        until(lambda: worker not in (left := self.workers()) and len(left) == len(before), START_S)

    def workers(self) -> list[int]:
        """The process ids of its workers, where it has any."""
        assert self.running is not None
        return [child for child in children(self.running.pid) if b"spawn_main" in command_of(child)]

    def answers(self) -> bool:
        """Whether somebody listens on its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def said(self) -> str:
        return self.log.read_text(errors="replace")


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def children(parent: int) -> list[int]:
    """The processes that this one started, as Linux tells it."""
    return [
        int(child) for path in Path(f"/proc/{parent}/task").glob("*/children") for child in path.read_text().split()
    ]


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def until(happened: Callable[[], object], seconds: float, otherwise: Callable[[], str] = lambda: "") -> None:
    """Wait until something has happened; fail where it does not."""
    deadline = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < deadline, otherwise() or "it did not happen in time"
        time.sleep(0.02)
