"""The aftercare of each course, kept by a worker until the course, the center's record or the day is another one."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import date
from weakref import WeakKeyDictionary

import msgspec

from cartway.aftercare.care import aftercare
from cartway.aftercare.dates import day_of
from cartway.aftercare.model import Aftercare
from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import respond
from cartway.response.model import Response, choices_of
from cartway.web.access import EVERY, Principal
from cartway.web.live import visible
from cartway.web.office import Office


class Kept(msgspec.Struct, frozen=True):
    """What follows, with what it was worked out from: how many facts of the course, of the center, on which day.

    `after` is None before the infusion.
    """

    facts: int
    center: int
    day: date
    after: Aftercare | None
    discharged: bool


class Followed(msgspec.Struct, frozen=True):
    """What follows for a course, and whether it was discharged after its infusion."""

    after: Aftercare
    discharged: bool


class Courses:
    """The aftercare of one worker's courses. Thread-safe."""

    def __init__(self) -> None:
        self._kept: dict[str, Kept] = {}
        self._lock = threading.Lock()

    def all(self, office: Office, me: Principal) -> list[Followed]:
        """Of the courses after their infusion that somebody may see, in no order."""
        now, seen = office.now(), visible(me, office.now())
        summaries = {each.course: each.facts for each in office.log.summaries()}
        known = office.ward.facts(office.log, CENTER) if summaries.pop(CENTER, 0) else []
        center = Course(known, now)
        courses = [course for course in summaries if EVERY in seen or course in seen]
        with self._lock:
            found = [self._one(office, course, summaries[course], center, len(known)) for course in courses]
        return [Followed(each.after, each.discharged) for each in found if each.after is not None]

    def _one(self, office: Office, course: str, facts: int, center: Course, center_facts: int) -> Kept:
        kept, today = self._kept.get(course), day_of(center.now, office.zone)
        if kept is None or (kept.facts, kept.center, kept.day) != (facts, center_facts, today):
            known: Sequence[Fact] = office.ward.facts(office.log, course)
            course_now = Course(known, center.now)
            infused, home = course_now.last("infusion"), course_now.last("discharge")
            found = follow(office, course_now, center) if infused else None
            discharged = infused is not None and home is not None and home.at >= infused.at
            kept = self._kept[course] = Kept(len(known), center_facts, today, found, discharged)
        return kept


def follow(office: Office, course: Course, center: Course) -> Aftercare:
    """What follows for one course, at the center's country and zone."""
    return aftercare(
        course, center, response_of(office, course, center), country=office.config.country, zone=office.zone
    )


def response_of(office: Office, course: Course, center: Course) -> Response | None:
    """How the disease answers; None where no criteria read it."""
    found = respond(course, choices_of(policies_of(center), office.zone))
    return None if isinstance(found, Problem) else found


_COURSES: WeakKeyDictionary[Office, Courses] = WeakKeyDictionary()
_LOCK = threading.Lock()


def courses(office: Office) -> Courses:
    """The worker's own."""
    with _LOCK:
        return _COURSES.setdefault(office, Courses())
