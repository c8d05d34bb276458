"""The courses of the ward with what is due of each: what the worklist and the sheet are made of."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import policies_of
from cartway.times import Instant
from cartway.toxicity import Episode
from cartway.watch.due import Dues, due_of, kept_of
from cartway.web.access import EVERY, Act
from cartway.web.live import visible
from cartway.web.names import Name
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, person
from cartway.web.ward.standing import Standing


class Bed(msgspec.Struct, frozen=True):
    """One course: where it stands, what is due, and the patient's name for who may see it."""

    standing: Standing
    dues: Dues
    name: Name | None

    @property
    def id(self) -> str:
        """The course's id."""
        return self.standing.course

    @property
    def called(self) -> str:
        """What the page calls it."""
        return self.name.name if self.name is not None else self.standing.course

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
    return [Bed(each, _dues(office, each, now), names.get(each.course)) for each in standings]


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
    """The episodes of the scales that the board grades, then those of other scales as they stand."""
    graded = [episode for episodes in standing.history.values() for episode in episodes]
    return [*graded, *standing.others.values()]
