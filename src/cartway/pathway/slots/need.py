"""What one waiting course asks of the plan: days, lengths and limits, read out of its facts once."""

from __future__ import annotations

import msgspec

from cartway.pathway.slots.days import Day
from cartway.problem import Problem


class Held(msgspec.Struct, frozen=True):
    """A manufacturing slot that the holder keeps for the course: its day, and until when it is kept.

    `collect_by`: cells must be collected by then, where the center takes the end of the hold so.
    """

    slot: str
    start: Day
    collection: Day | None = None
    delivery: Day | None = None
    expires: Day | None = None
    confirmed: bool = False
    collect_by: Day | None = None


class Note(msgspec.Struct, frozen=True):
    """Something that a number of the plan rests on, in words; `confirmed` is False where its source was not seen."""

    text: str
    confirmed: bool = True


class Need(msgspec.Struct, frozen=True):
    """One course's way to infusion. All lengths are whole days.

    - `earliest`: first day on which cells may be collected; `collected`: when they were.
    - `to_maker`: days from collection to the start of manufacture, at least and at most.
    - `started`: manufacture began; `make_days`: from its start to the product on site; `on_site`: it is here, or
      expected, on this day.
    - `depletion_days`: length of the chemotherapy; `rest`: days from its last day to infusion, at least and at most;
      `depleted`: its last day where it has begun.
    - `second`: days from the first to the second infusion, at least and at most; None for one infusion.
    - `bed_days`: how long the bed is kept from the infusion day on; `bed_at_depletion`: it is taken from the first day
      of chemotherapy.
    - `weight`: what a day of waiting counts; `urgency` says why.
    """

    course: str
    product: str
    earliest: Day = 0
    collected: Day | None = None
    to_maker: tuple[int, int] = (1, 2)
    held: Held | None = None
    started: Day | None = None
    make_days: int = 0
    on_site: Day | None = None
    depletion_days: int = 3
    rest: tuple[int, int] = (2, 7)
    depleted: Day | None = None
    second: tuple[int, int] | None = None
    bed_days: int = 7
    bed_at_depletion: bool = False
    weight: int = 1
    urgency: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def needs_collection(self) -> bool:
        """Whether a chair is still needed."""
        return self.collected is None and not self.made

    @property
    def needs_manufacture(self) -> bool:
        """Whether a slot is still needed."""
        return self.started is None and self.on_site is None and self.depleted is None

    @property
    def made(self) -> bool:
        """Whether manufacture has begun or is over."""
        return not self.needs_manufacture


class Stay(msgspec.Struct, frozen=True):
    """A bed that an infused course has already; `bed` is its name where it is known."""

    course: str
    first: Day
    last: Day
    bed: str = ""


class Unplanned(msgspec.Struct, frozen=True):
    """A course that the plan cannot give days to, and why."""

    course: str
    product: str
    why: tuple[Problem, ...]


class House(msgspec.Struct, frozen=True):
    """The center's way of working, from its policies.

    `staff` is how many laboratory staff a collection, a receipt and an infusion take; `lead` the days that the product
    is on site before chemotherapy begins; `unplanned_days` what leaving a course out counts as.
    """

    staff: tuple[int, int, int] = (1, 1, 2)
    lead: int = 0
    weekend_depletion: bool = False
    weekend_infusion: bool = False
    unplanned_days: int = 168
