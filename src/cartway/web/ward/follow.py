"""The thread that follows the record and tells the pages, at most ten times a second, and at least every two."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from collections.abc import Callable, Sequence

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

    def start(self) -> None:
        """Tell once how things stand, then follow."""
        self._news(self._ward.position, self._ward.standings())
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=BEAT_S + LOOK_S)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._look()
            except StoreError as trouble:
                self._confess("The record cannot be read.", trouble)
            except Exception as defect:  # a defect must not leave boards that look alive: they say so, and it goes on
                self._confess("The board cannot be worked out.", defect)

    def _confess(self, trouble: str, failure: Exception) -> None:
        """Tell every page that what it shows grows old. The log names the kind of failure, never what it said."""
        place = traceback.extract_tb(failure.__traceback__)[-1]
        _log.error("%s %s at %s:%s", trouble, type(failure).__name__, place.name, place.lineno)
        position = self._ward.position
        self._tell(News(position, position, self._clock(), self._checked_at, (), trouble))
        self._stopping.wait(RETRY_S)

    def _look(self) -> None:
        before = self._ward.position
        self._store.wait(before, LOOK_S)
        changed = self._ward.follow(self._store, self._clock())
        if changed or self._ward.position != before or time.monotonic() - self._told_at >= BEAT_S:
            self._news(before, changed)
            self._stopping.wait(COALESCE_S if changed else 0)

    def _news(self, since: int, changed: Sequence[Standing]) -> None:
        now = self._clock()
        self._checked_at, self._told_at = now, time.monotonic()
        rows = tuple(self._draw(standing) for standing in changed)
        self._tell(News(since, self._ward.position, now, now, rows))
