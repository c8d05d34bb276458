"""A plan: for each course its days and the places that they take; what could not be planned and why; the proof."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from cartway.pathway.slots.calendars import BED, CHAIR, SLOT, STAFF
from cartway.pathway.slots.days import Day
from cartway.pathway.slots.need import Need, Note, Unplanned
from cartway.pathway.slots.ways import Horizon

STEPS = ("collection", "manufacture", "lymphodepletion", "infusion", "second_infusion", "bed")
STEP_WORDS = {
    "collection": "collection",
    "manufacture": "start of manufacture",
    "lymphodepletion": "lymphodepletion",
    "infusion": "infusion",
    "second_infusion": "second infusion",
    "bed": "bed",
}
TAKES = {"collection": CHAIR, "manufacture": SLOT, "bed": BED, "infusion": STAFF}


class Days(msgspec.Struct, frozen=True, omit_defaults=True):
    """The days of one course; None for a step that is over, or that the course does not have.

    `arrival` is when the product is taken in. `bed` is the first and the last day of the stay, `group` which group of
    beds (by the name of its first).
    """

    infusion: Day
    bed: tuple[Day, Day]
    collection: Day | None = None
    manufacture: Day | None = None
    arrival: Day | None = None
    lymphodepletion: tuple[Day, Day] | None = None
    second_infusion: Day | None = None
    group: str = ""

    def choice(self) -> tuple[Day | None, ...]:
        """The days that are chosen; all others follow from them."""
        return self.collection, self.manufacture, self.infusion, self.second_infusion

    def spans(self) -> Iterator[tuple[str, Day, Day]]:
        """The steps that it has, each with its first and last day, in the order of `STEPS`."""
        for step in STEPS:
            value = getattr(self, step)
            if isinstance(value, tuple):
                yield step, value[0], value[1]
            elif value is not None:
                yield step, value, value


class Planned(msgspec.Struct, frozen=True, omit_defaults=True):
    """One course's line of the plan: its days, and which chair, slot and bed by name."""

    course: str
    product: str
    days: Days
    places: Mapping[str, str] = {}
    urgency: str = ""
    notes: tuple[Note, ...] = ()


class Stage(msgspec.Struct, frozen=True):
    """One thing that the solver made as small as possible: how far it got, and what it can prove.

    `value` is the best found, `bound` what none can be below, `gap` their distance relative to the value (0 is proof).
    """

    what: str
    status: str
    value: int
    bound: int

    @property
    def gap(self) -> float:
        """0 where the answer is proven to be the best."""
        return 0.0 if self.value == self.bound else (self.value - self.bound) / max(1.0, abs(self.value))

    @property
    def proven(self) -> bool:
        """Whether nothing better exists."""
        return self.status == "OPTIMAL"


class Proof(msgspec.Struct, frozen=True):
    """How good the plan is. `greedy` has the same values of the plain plan that the solver started from.

    `by_clock`: the solver was stopped by the clock, not by its own count of work; a slower machine may then find less.
    """

    stages: tuple[Stage, ...]
    work: float = 0.0
    greedy: tuple[int, ...] = ()
    by_clock: bool = False

    @property
    def proven(self) -> bool:
        """Whether every question was answered with a proof."""
        return all(stage.proven for stage in self.stages)


class Plan(msgspec.Struct, frozen=True):
    """A proposed plan. `id` is a digest of its days and places: the same plan has the same name everywhere."""

    id: str
    horizon: Horizon
    planned: tuple[Planned, ...]
    unplanned: tuple[Unplanned, ...]
    proof: Proof
    notes: tuple[Note, ...] = ()

    def of(self, course: str) -> Planned | None:
        """The line of a course, None where it has none."""
        return next((each for each in self.planned if each.course == course), None)


def cost(need: Need, days: Days | None, horizon: Horizon, unplanned_days: int) -> int:
    """What a course's days cost: weighted days to infusion, and a tenth of it for days to collection and to the start.

    A course left out counts as if it waited `unplanned_days`.
    """
    if days is None:
        return 10 * need.weight * unplanned_days
    early = [day - horizon.first for day in (days.collection, days.manufacture) if day is not None]
    return need.weight * (10 * (days.infusion - horizon.first) + sum(early))
