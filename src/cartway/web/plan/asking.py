"""What a plan is asked on a page, and the record's answer to it as it stands now: the same for every worker."""

from __future__ import annotations

import hashlib
from datetime import date
from urllib.parse import urlencode

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.slots import Request, request
from cartway.pathway.slots.days import Day, day_of, iso
from cartway.problem import Problem
from cartway.web.access import EVERY, Principal
from cartway.web.live import visible
from cartway.web.office import Office

WEEKS = 12
LONGEST_WEEKS = 26


class Ask(msgspec.Struct, frozen=True):
    """Which plan: its first day, over how many weeks, and whether what is accepted stays where it can."""

    start: Day
    weeks: int = WEEKS
    keep: bool = True

    def query(self, question: str = "") -> str:
        """As an address' query; `question` is the digest of the record's answer that it was asked of."""
        parts = {"start": iso(self.start), "weeks": str(self.weeks), "keep": "yes" if self.keep else "no"}
        return urlencode({**parts, **({"question": question} if question else {})})


def read_ask(said: dict[str, str], today: Day) -> Ask | Problem:
    """What was asked for in an address or a form. Problems: ``malformed_day``, ``wrong_weeks``."""
    try:
        start = date.fromisoformat(said["start"]).toordinal() if said.get("start") else today
    except ValueError:
        return Problem("malformed_day", "The first day cannot be read.", "Type it as 2026-11-30.")
    weeks = said.get("weeks") or str(WEEKS)
    if not weeks.isascii() or not weeks.isdigit() or not 1 <= int(weeks) <= LONGEST_WEEKS:
        return Problem(
            "wrong_weeks", f"A plan is for 1 to {LONGEST_WEEKS} weeks.", f"Type a number up to {LONGEST_WEEKS}."
        )
    if start < today:
        return Problem("day_over", "The first day is over.", "Plan from today on.")
    return Ask(start, int(weeks), said.get("keep") != "no")


def today_of(office: Office) -> Day:
    """The center's day."""
    return day_of(office.now(), office.zone)


def courses_of(office: Office) -> tuple[list[Course], Course]:
    """All courses with facts, and the center's own record, as they stand now."""
    now = office.now()
    names = [name for name in office.log.courses() if name != CENTER]
    courses = (Course(office.ward.facts(office.log, name), now) for name in names)
    return [course for course in courses if course.facts], Course(office.ward.facts(office.log, CENTER), now)


def asked_now(office: Office, ask: Ask) -> Request:
    """The question as the record stands now."""
    courses, center = courses_of(office)
    found = request(courses, center, office.zone, office.config.country, ask.start, ask.weeks)
    return msgspec.structs.replace(found, keep=ask.keep)


def digest(question: Request) -> str:
    """The question's name: equal questions have the same, in every worker."""
    return hashlib.sha256(msgspec.json.encode(question, order="deterministic")).hexdigest()[:16]


def sees(me: Principal, course: str, now: int) -> bool:
    """Whether somebody belongs to a course."""
    seen = visible(me, now)
    return EVERY in seen or course in seen
