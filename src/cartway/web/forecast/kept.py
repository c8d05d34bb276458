"""Forecasts that a worker keeps: one is worked out for a course's facts and hour, once, and one at a time."""

from __future__ import annotations

import threading
from collections import OrderedDict
from weakref import WeakKeyDictionary

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import HOUR, Instant
from cartway.twin.forecast import Forecast, forecast
from cartway.web.office import Office

MOST = 64
SEED = 1


class Asked(msgspec.Struct, frozen=True):
    """What a forecast rests on: how many facts of which course, as of which moment, by which policy."""

    course: str
    facts: int
    at: Instant
    policy: str


class Forecasts:
    """The forecasts of one worker. Thread-safe."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Asked, Forecast | Problem] = OrderedDict()
        self._lock = threading.Lock()

    def known(self, asked: Asked) -> Forecast | Problem | None:
        """One that was worked out before."""
        return self._kept.get(asked)

    def work_out(self, asked: Asked, course: Course) -> Forecast | Problem:
        """One that is worked out now, unless somebody else just did: in turns, for each uses a core for seconds."""
        with self._lock:
            found = self._kept.get(asked)
            if found is None:
                found = self._kept[asked] = forecast(course, policy=asked.policy, seed=SEED)
                while len(self._kept) > MOST:
                    self._kept.popitem(last=False)
            return found


def asked_of(course: Course, policy: str) -> Asked:
    """What is asked about a course now: as of the full hour, or of its last fact where that is later."""
    last = max((fact.at for fact in course.facts), default=course.now)
    at = min(course.now, max(course.now // HOUR * HOUR, last))
    return Asked(course.id, len(course.facts) + len(course.withdrawn), at, policy)


_FORECASTS: WeakKeyDictionary[Office, Forecasts] = WeakKeyDictionary()
_LOCK = threading.Lock()


def forecasts(office: Office) -> Forecasts:
    """The worker's own."""
    with _LOCK:
        return _FORECASTS.setdefault(office, Forecasts())
