"""Where each course stands, kept by a worker until the course, the center's record or the day is another one.

A stand is a function of facts, center and time: with as many facts as before and before its next change it is the same.
"""

from __future__ import annotations

import threading
from weakref import WeakKeyDictionary

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.programme import Stand, stand
from cartway.times import Instant
from cartway.web.access import EVERY, Principal
from cartway.web.live import visible
from cartway.web.office import Office


class Kept(msgspec.Struct, frozen=True):
    """A stand with what it was worked out from: how many facts of the course, of the center, and when."""

    facts: int
    center: int
    at: Instant
    stand: Stand


class Stands:
    """The stands of one worker's courses. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def all(self, office: Office, me: Principal, now: Instant) -> list[Stand]:
        """The stands of the courses that somebody may see, in no order."""
        summaries = {each.course: each.facts for each in office.log.summaries()}
        center_facts = summaries.pop(CENTER, 0)
        center = Course(office.ward.facts(office.log, CENTER) if center_facts else (), now)
        seen = visible(me, now)
        courses = [course for course in summaries if EVERY in seen or course in seen]
        with self._lock:
            return [self._one(office, course, summaries[course], center, center_facts) for course in courses]

    def _one(self, office: Office, course: str, facts: int, center: Course, center_facts: int) -> Stand:
        kept, now = self._kept.get(course), center.now
        if kept is None or (kept.facts, kept.center) != (facts, center_facts) or not _holds(kept, now):
            known = office.ward.facts(office.log, course)  # the ward may be a moment behind the record
            found = stand(Course(known, now), center, now, zone=office.zone)
            kept = self._kept[course] = Kept(len(known), center_facts, now, found)
        return kept.stand


def _holds(kept: Kept, now: Instant) -> bool:
    """Whether time has changed nothing. A clock that was set back asks anew."""
    return kept.at <= now < kept.stand.next_change_at


_STANDS: WeakKeyDictionary[Office, Stands] = WeakKeyDictionary()
_LOCK = threading.Lock()


def stands(office: Office) -> Stands:
    """The worker's own."""
    with _LOCK:
        return _STANDS.setdefault(office, Stands())
