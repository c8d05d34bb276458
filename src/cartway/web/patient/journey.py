"""Where somebody is on the road, in five steps, and what comes next: from the facts and the plan, in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, tzinfo
from typing import Literal

import msgspec

from cartway.pathway.closing import closed
from cartway.pathway.course import Course
from cartway.pathway.slots.accepted import appointments
from cartway.pathway.stages import Begun, reached
from cartway.record import Fact
from cartway.times import Instant, to_datetime
from cartway.web.patient.parcel import Parcel, parcel
from cartway.words.catalog import N_

State = Literal["passed", "here", "ahead"]


class Kind(msgspec.Struct, frozen=True):
    """One of the five steps: its words, what it means, the stages of the pathway in it, what there is to read."""

    key: str
    title: str
    about: str
    stages: tuple[str, ...]
    topics: tuple[str, ...]


STEPS = (
    Kind(
        "decide", N_("Finding out if CAR T is right for you"),
        N_("Tests, talks and time to ask. You can say yes, no, or not yet."),
        ("referral", "assessment", "preparation"),
        ("what-is-car-t", "tests", "questions-to-ask"),
    ),
    Kind(
        "collect", N_("Collecting your cells"),
        N_("A machine takes some white blood cells out of your blood and gives the rest back to you."),
        ("collection",), ("collection",),
    ),
    Kind(
        "wait", N_("Waiting for your cells"),
        N_("A lab changes your cells so that they can find the disease. Then it grows and tests them."),
        ("manufacture", "ready"), ("waiting", "bridging"),
    ),
    Kind(
        "infuse", N_("Chemo, then your cells"),
        N_("A few days of chemo make room. Then your cells go back in through an IV."),
        ("lymphodepletion", "second_part"), ("low-dose-chemo", "infusion-day"),
    ),
    Kind(
        "after", N_("After your cells"),
        N_("First the close watch. Then, step by step, back to your own life."),
        ("infused",), ("first-weeks", "when-to-call", "life-after"),
    ),
)  # fmt: skip
PLANNED: Mapping[str, str] = {
    "collection": N_("Your cells are collected"),
    "lymphodepletion": N_("Your chemo before the cells"),
    "bed": N_("Your stay in the hospital"),
    "infusion": N_("The day you get your cells"),
    "second_infusion": N_("The day you get the second part of your cells"),
}


class Step(msgspec.Struct, frozen=True):
    """A step as it stands. `since`: when it began, None where nothing tells of it. `planned`: the day it is planned."""

    kind: Kind
    state: State
    since: Instant | None
    planned: date | None


class Coming(msgspec.Struct, frozen=True):
    """One thing that is planned: in words, from which day to which."""

    words: str
    first: date
    last: date


class Journey(msgspec.Struct, frozen=True):
    """`ended`: empty while it goes on, else ``died`` or how the course was closed."""

    steps: tuple[Step, ...]
    parcel: Parcel | None
    coming: tuple[Coming, ...]
    ended: str

    @property
    def headline(self) -> str:
        """What the page says first: ``talk`` where a person has to, ``ready`` once they may be sent, else the step."""
        if self.parcel is not None and self.parcel.talk:
            return "talk"
        return "ready" if self.parcel is not None and self.parcel.free else self.here.kind.key

    @property
    def here(self) -> Step:
        """The step that somebody is in."""
        return next(step for step in self.steps if step.state == "here")


def journey(course: Course, center: Course, *, zone: tzinfo, country: str) -> Journey:
    """The road of a course as it stands now. Of a course without facts: at its beginning."""
    begun, end = reached(course), closed(course)
    stage = list(begun)[-1] if begun else "referral"
    here = next(number for number, kind in enumerate(STEPS) if stage in kind.stages)
    planned = _appointments(course, zone)
    steps = tuple(
        Step(kind, _state(number, here), _since(kind, begun), _planned_for(kind, planned) if number > here else None)
        for number, kind in enumerate(STEPS)
    )
    waiting = parcel(course, center, country) if STEPS[here].key == "wait" else None
    today = _day(course.now, zone)
    coming = () if end else tuple(each for each in planned.values() if each.last >= today)
    return Journey(steps, waiting, coming, "" if end is None else end.how)


def _state(number: int, here: int) -> State:
    return "here" if number == here else "passed" if number < here else "ahead"


def _since(kind: Kind, begun: Mapping[str, Begun]) -> Instant | None:
    """When the step began; of the waiting and of what follows, when its first stage did."""
    return next((begun[stage].at for stage in kind.stages if stage in begun), None)


BEGINS = {"collect": "collection", "wait": "collection", "infuse": "lymphodepletion", "after": "infusion"}
"""The appointment that begins a step."""


def _planned_for(kind: Kind, planned: Mapping[str, Coming]) -> date | None:
    found = planned.get(BEGINS.get(kind.key, ""))
    return found.first if found else None


def _appointments(course: Course, zone: tzinfo) -> dict[str, Coming]:
    """The appointments that mean something to somebody at home, the earliest first."""
    found = {step: _coming(step, fact, zone) for step, fact in appointments(course).items() if step in PLANNED}
    return dict(sorted(found.items(), key=lambda each: (each[1].first, list(PLANNED).index(each[0]))))


def _coming(step: str, fact: Fact, zone: tzinfo) -> Coming:
    first = _day(fact.at, zone)
    last = _day(fact.until - 1, zone) if fact.until is not None and fact.until > fact.at else first
    return Coming(PLANNED[step], first, last)


def _day(moment: Instant, zone: tzinfo) -> date:
    return to_datetime(moment).astimezone(zone).date()
