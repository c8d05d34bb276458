"""The thread that follows the record and tells the pages, at most ten times a second, and at least every two."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable

import msgspec

from cartway.record import Log
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.web.ward.hub import News, Row
from cartway.web.ward.standing import Standing
from cartway.web.ward.ward import Ward

COALESCE_S = 0.1
BEAT_S = 2.0
LOOK_S = 0.5  # how long a change that time alone makes may wait
RETRY_S = 1.0

UNREADABLE = "The record cannot be read."
DEFECT = "The board cannot be worked out."
COURSES = "Not everything of every patient can be worked out."

_log = logging.getLogger("cartway.web")

Tell = Callable[[News], None]
Draw = Callable[[Standing], Row]


class Follower:
    """Follows one record on a connection of its own. `tell` is called from this thread."""

    def __init__(self, log: Log, ward: Ward, clock: Callable[[], Instant], draw: Draw, tell: Tell) -> None:
        self._store, self._ward, self._clock, self._draw, self._tell = log, ward, clock, draw, tell
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="cartway-follow", daemon=True)
        self._told_at = 0.0
        self._checked_at: Instant = 0
        self._troubled: dict[str, str] = {}

    def start(self) -> None:
        """Tell once how things stand, then follow."""
        self._news(self._ward.position, self._of_courses())
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=BEAT_S + LOOK_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            before, trouble = self._ward.position, ""
            try:
                self._store.wait(before, LOOK_S)
                self._ward.follow(self._store, self._clock())
                self._checked_at = self._clock()
                trouble = self._of_courses()
            except Exception as failure:
                trouble = _confessed(failure)
            if trouble or self._ward.untold() or time.monotonic() - self._told_at >= BEAT_S:
                trouble = self._news(before, trouble)
            self._stopping.wait(RETRY_S if trouble else 0)

    def _of_courses(self) -> str:
        """What is told while something of a course cannot be worked out. The log has each defect once."""
        troubled = {course: _place(defect) for course, defect in self._ward.defects().items()}
        for course, place in troubled.items():
            if self._troubled.get(course) != place:
                _log.error("%s %s", COURSES, place)
        self._troubled = troubled
        return COURSES if troubled else ""

    def _news(self, since: int, trouble: str = "") -> str:
        """Tell every page what it has not been told, how fresh that is, and what is in the way; the last of these.

        A row that cannot be drawn holds up no other: it stays untold, and is tried again.
        """
        rows = []
        for standing in self._ward.untold():
            try:
                rows.append(self._draw(standing))
                self._ward.told(standing)
            except Exception as failure:
                trouble = _confessed(failure)
        self._told_at = time.monotonic()
        told = News(since, self._ward.position, self._clock(), self._checked_at, tuple(rows), trouble)
        self._tell(msgspec.structs.replace(told, troubled=tuple(self._troubled)) if trouble == COURSES else told)
        self._stopping.wait(COALESCE_S if rows else 0)
        return trouble


def _confessed(failure: Exception) -> str:
    """What the pages are told of a failure: a board that cannot go on must not look alive.

    The log names its kind and place, never what it said.
    """
    told = UNREADABLE if isinstance(failure, StoreError) else DEFECT
    _log.error("%s %s", told, _place(failure))
    return told


def _place(failure: Exception) -> str:
    place = traceback.extract_tb(failure.__traceback__)[-1]
    return f"{type(failure).__name__} at {place.name}:{place.lineno}"
