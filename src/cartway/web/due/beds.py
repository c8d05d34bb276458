"""The courses of the ward with what is due of each: what the worklist and the sheet are made of."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Sequence

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import policies_of
from cartway.times import Instant
from cartway.toxicity import Episode
from cartway.watch.due import Dues, due_of, kept_of
from cartway.watch.model import Priority
from cartway.web.access import EVERY, Act
from cartway.web.live import visible
from cartway.web.names import Name
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, person
from cartway.web.ward.standing import Standing

DUE = "due"
_log = logging.getLogger("cartway.web")


class Bed(msgspec.Struct, frozen=True):
    """One course: where it stands, what is due, and the patient's name for who may see it."""

    standing: Standing
    dues: Dues
    name: Name | None
    defects: tuple[str, ...] = ()  # what of it could not be worked out

    @property
    def id(self) -> str:
        """The course's id."""
        return self.standing.course

    @property
    def called(self) -> str:
        """What the page calls it."""
        return self.name.name if self.name is not None else self.standing.course

    @property
    def asks(self) -> int:
        """How soon it asks for somebody whatever its grade is: the priority of what rings, of all that is not low and
        of anything that rings of somebody who has left; high where something cannot be worked out. Else 0.
        """
        rings = max((alert.priority or 0 for alert in self.standing.watching.ringing), default=0)
        if self.defects:
            return Priority.high
        return rings if rings >= Priority.medium or self.standing.stage in {"over", "home"} else 0

    @property
    def is_told(self) -> bool:
        """Whether it is handed over: on the ward, or anything rings, was never seen or cannot be worked out."""
        watching = self.standing.watching
        return bool(self.standing.stage != "over" or watching.ringing or watching.unanswered or self.defects)

    @property
    def born(self) -> str:
        """Birth date and identifier, by which the sheet in the hand is told apart."""
        if self.name is None:
            return ""
        known = " ".join(part for part in (self.name.birth_date, self.name.identifier) if part)
        return known if self.name.known else "no name known"


def beds(request: WebRequest) -> list[Bed]:
    """The courses that the reader belongs to, whom to look at first on top."""
    office, me = office_of(request), person(request)
    now = office.now()
    seen = visible(me, now)
    standings = [each for each in office.ward.standings() if EVERY in seen or each.course in seen]
    names = office.names.of([each.course for each in standings], now) if me.may(Act.see_names) else {}
    return [_bed(office, each, names.get(each.course), now) for each in standings]


def _bed(office: Office, standing: Standing, name: Name | None, now: Instant) -> Bed:
    """One bed. A defect of one course takes the list of nobody else down: its row says that it cannot be worked out."""
    try:
        return Bed(standing, _dues(office, standing, now), name, standing.defects)
    except Exception as failure:
        defect(failure)
        return Bed(standing, Dues(), name, (*standing.defects, DUE))


def defect(failure: Exception) -> None:
    """Log that something of a course cannot be worked out: its kind and place, never what it said."""
    place = traceback.extract_tb(failure.__traceback__)[-1]
    _log.error("Not everything of a course can be worked out. %s at %s:%s", type(failure).__name__, place.name,
               place.lineno)  # fmt: skip


def _dues(office: Office, standing: Standing, now: Instant) -> Dues:
    """What is due, as the ward holds it; worked out here where time has changed it since the ward looked."""
    held = standing.dues
    if held.now and (held.next_change_at is None or now < held.next_change_at):
        return held
    course = Course(office.ward.facts(office.log, standing.course), now)
    return dues_of(office, course, standing)


def dues_of(office: Office, course: Course, standing: Standing) -> Dues:
    """What is due of a course at its `now`, out of its facts."""
    policies = policies_of(Course(office.ward.facts(office.log, CENTER), course.now))
    return due_of(kept_of(course.facts), episodes_of(standing), policies, course.now, office.config.country)


def episodes_of(standing: Standing) -> Sequence[Episode]:
    """The episodes of the scales that the board grades, then those of other scales as they stand, those too that
    cannot be assessed although something was found.
    """
    graded = [episode for episodes in standing.history.values() for episode in episodes]
    return [*graded, *standing.others.values(), *standing.unsure.values()]
