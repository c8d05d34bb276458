"""The demo's clock: the time of the stories, which runs faster than the world's, stands still, and is set by a button.

A small file beside the record says what it shows. Every worker reads it, so all of them show the same.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from cartway.times import Instant

RATES = (1, 60, 300, 1200)
"""Seconds of the stories a second: as it was, a minute, five minutes (a night in two minutes), twenty."""
USUAL = 300


class Dial(msgspec.Struct, frozen=True):
    """What the clock was set to: at `real` of the world it showed `story`, and ran at `rate` (0: it stood still).

    It never shows more than `end`, where the stories end. `rate` is remembered in `resume` while it stands still.
    `waiting`: it stands still until the first one signs in. `again`: somebody asked to start over.
    """

    story: Instant
    real: Instant
    end: Instant
    rate: int = 0
    resume: int = USUAL
    waiting: bool = False
    again: bool = False

    def shows(self, real: Instant) -> Instant:
        """The time of the stories at a time of the world. A world's clock that was put back does not put it back."""
        return min(self.end, self.story + self.rate * max(0, real - self.real))

    def turned(self, real: Instant, rate: int) -> Dial:
        """From `real` on at another rate, without a jump."""
        resume = rate or self.rate or self.resume
        turned = msgspec.structs.replace(self, story=self.shows(real), real=real, rate=rate, resume=resume)
        return msgspec.structs.replace(turned, waiting=False)


class Shown(msgspec.Struct, frozen=True):
    """What a page tells of the clock. `resume`: the rate it has or, while it stands still, will have again."""

    now: Instant
    rate: int
    resume: int
    ended: bool
    waiting: bool
    again: bool


def _world() -> Instant:
    return time.time_ns() // 1000


class DemoClock:
    """The clock of one process, to be called for the time. It never goes back, except to where `set` puts it.

    `real` is the world's clock. Raises FileNotFoundError where nobody has wound it yet (`wind`).
    """

    def __init__(self, path: Path, real: Callable[[], Instant] = _world) -> None:
        self.path, self._real, self._lock = path, real, threading.Lock()
        self._stamp: tuple[int, int] = (0, 0)
        self._dial = self._read()
        self._latest = self._dial.shows(real())

    def __call__(self) -> Instant:
        with self._lock:
            self._latest = max(self._latest, self._read().shows(self._real()))
            return self._latest

    def shown(self) -> Shown:
        """All that a page tells of it."""
        now = self()
        with self._lock:
            dial = self._read()
        ended = now >= dial.end
        return Shown(now, 0 if ended else dial.rate, dial.rate or dial.resume, ended, dial.waiting, dial.again)

    def run(self, rate: int | None = None) -> None:
        """Run on, at another rate if one is given."""
        with self._lock:
            dial = self._read()
            self._write(dial.turned(self._real(), dial.resume if rate is None else rate))

    def begin(self) -> None:
        """Run, if it was waiting for somebody."""
        if self.shown().waiting:
            self.run()

    def pause(self) -> None:
        """Stand still."""
        with self._lock:
            self._write(self._read().turned(self._real(), 0))

    def ask_again(self) -> None:
        """Ask whoever keeps the demo to start over."""
        with self._lock:
            self._write(msgspec.structs.replace(self._read(), again=True))

    def set(self, story: Instant) -> None:
        """Stand still at a time of the stories: for pictures and tests. Another process never sees it go back."""
        with self._lock:
            self._latest = story
            self._write(msgspec.structs.replace(self._read(), story=story, real=self._real(), rate=0, waiting=False))

    def _read(self) -> Dial:
        """What the file says. It is looked at each time: that costs two microseconds, and nobody is ever behind."""
        found = self.path.stat()
        stamp = (found.st_ino, found.st_mtime_ns)
        if stamp != self._stamp:
            self._dial = msgspec.json.decode(self.path.read_bytes(), type=Dial)
            self._stamp = stamp
        return self._dial

    def _write(self, dial: Dial) -> None:
        write(self.path, dial)


def wind(
    path: Path, story: Instant, end: Instant, real: Callable[[], Instant] = _world, *, rate: int = USUAL
) -> DemoClock:
    """A clock that shows `story`, waits for somebody to look, will then run at `rate`, and will stop at `end`."""
    write(path, Dial(story, real(), end, resume=rate, waiting=True))
    return DemoClock(path, real)


def write(path: Path, dial: Dial) -> None:
    """Replace the file whole: a reader finds the old dial or the new one. The new file is another inode."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}")
    fresh.write_bytes(msgspec.json.encode(dial))
    fresh.replace(path)
