"""The wait for the cells, followed like a parcel: what is known of it, with its day, and nothing else.

A stop is passed when a fact says so, or when one says so of a later stop. Nothing is guessed in between, and bad news
is not told by a page: it says that the team wants to talk, and to call.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.manufacture import Batch, State, batches
from cartway.pathway.stages import collections, effective, reached, restart
from cartway.record import Fact
from cartway.times import Instant
from cartway.words.catalog import N_

STOPS: Mapping[str, str] = {
    "collected": N_("Your cells were collected"),
    "sent": N_("They left for the lab"),
    "at_lab": N_("The lab has them"),
    "changed": N_("The lab is teaching them to find the disease"),
    "growing": N_("They are growing"),
    "frozen": N_("They are grown and frozen"),
    "tested": N_("They are being tested"),
    "released": N_("They may be sent to you"),
    "shipped": N_("They are on their way to your hospital"),
    "here": N_("They are at your hospital"),
}
STEPS = {
    "received": "at_lab", "selection": "changed", "activation": "changed", "transduction": "changed",
    "expansion": "growing", "harvest": "frozen", "cryopreserved": "frozen",
}  # fmt: skip
FREED = frozenset({State.released, State.released_pending})
STOPPED = frozenset(
    {State.called_back, State.contradicted, State.out_of_specification, State.failed, State.recalled},
)


class Stop(msgspec.Struct, frozen=True):
    """One stop. `at`: its first fact, None where none tells of it; `passed`: it, or a later one, is known."""

    words: str
    at: Instant | None
    passed: bool


class Parcel(msgspec.Struct, frozen=True):
    """`stands`: the number of the last stop passed. `talk`: the team wants to talk about the cells.

    `expected`: the earliest day of delivery that the maker named. `last_news`: the newest fact of the making.
    """

    stops: tuple[Stop, ...]
    stands: int
    talk: bool
    pending: bool
    expected: date | None
    last_news: Instant | None

    @property
    def free(self) -> bool:
        """Whether they may be sent, or were."""
        return self.stands >= list(STOPS).index("released")


def parcel(course: Course, center: Course, country: str) -> Parcel | None:
    """The wait of a course from its last collection on; None before it, and once cells were decided to be collected
    again.
    """
    begun = reached(course).get("manufacture")
    if begun is None or not collections(course):
        return None
    batch = _batch(course, center, country, begun.at)
    found = _found(course, batch)
    last = max((number for number, name in enumerate(STOPS) if name in found), default=0)
    stops = tuple(
        Stop(words, found[name].at if name in found else None, number <= last)
        for number, (name, words) in enumerate(STOPS.items())
    )
    news = max((fact.at for fact in found.values()), default=None)
    pending = batch is not None and batch.disposition.state is State.released_pending
    return Parcel(stops, last, _talk(course, batch), pending, _expected(course), news)


def _batch(course: Course, center: Course, country: str, since: Instant) -> Batch | None:
    """The batch that is being made now: the last that anything was told of since then."""
    told = {fact.about for fact in course.all("batch", "manufacture_step", "disposition") if fact.at >= since}
    made = [each for each in batches(course, center, country) if each.id in told]
    return made[-1] if made else None


def _found(course: Course, batch: Batch | None) -> dict[str, Fact]:
    """The first fact of each stop."""
    found = {"collected": collections(course)[-1]}
    if left := _left(course, found["collected"]):
        found["sent"] = left
    for step in effective(course, "manufacture_step", "ready"):
        if step.choice in STEPS:
            found.setdefault(STEPS[step.choice], step)
    if batch is not None:
        found |= _of_batch(course, batch)
    return found


def _left(course: Course, collected: Fact) -> Fact | None:
    """The first hand-over of the collection itself."""
    bags = {fact.about for fact in course.all("container", choice="apheresis_bag")} | {collected.about}
    handed = course.all("custody", choice="handed_over")
    return next((fact for fact in handed if fact.at >= collected.at and (not bags - {""} or fact.about in bags)), None)


def _of_batch(course: Course, batch: Batch) -> dict[str, Fact]:
    found = {}
    if tests := course.all("release_test", about=batch.id):
        found["tested"] = tests[0]
    if batch.disposition.state not in FREED or batch.disposition.fact is None:
        return found
    found["released"] = batch.disposition.fact
    for stage, name in (("Shipped", "shipped"), ("Received here", "here")):
        fact = next((each.fact for each in batch.stages if each.name == stage and each.at is not None), None)
        if fact is not None:
            found[name] = fact
    return found


def _talk(course: Course, batch: Batch | None) -> bool:
    """Whether something came up that is told by a person: while no decision came after it."""
    steps = effective(course, "manufacture_step", "ready")
    failed = bool(steps) and steps[-1].choice == "failed"
    stopped = batch is not None and batch.disposition.state in STOPPED
    return failed or stopped or _collection_failed(course)


def _collection_failed(course: Course) -> bool:
    last, again = course.last("collection"), restart(course)
    return last is not None and last.choice == "failed" and (again is None or again.at < last.at)


def _expected(course: Course) -> date | None:
    """The earliest day of delivery of the slot that is held or confirmed."""
    slots = [fact for fact in course.all("manufacturing_slot") if fact.choice in ("held", "confirmed")]
    said = str(slots[-1].detail.get("delivery_day", "")) if slots else ""
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None
