"""What the rules of this room ask about: a course at a moment, its product, the center's record and policies."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property

from cartway.pathway.chain import Index
from cartway.pathway.course import Course
from cartway.pathway.manufacture import label_says
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.record import Fact
from cartway.times import Instant, from_datetime, to_datetime
from cartway.vocabulary import vocabulary

PLACED = ("product_bag", "vial", "syringe")
"""Containers whose content is infused."""


class Case:
    """A course and what surrounds it, at the course's `now`. Read only; days are those of `zone`.

    `jurisdiction`: whose labels count. `index` finds identifiers that another course of the center claims.
    """

    def __init__(
        self, course: Course, center: Course, *, jurisdiction: str, zone: tzinfo = UTC, index: Index | None = None
    ) -> None:
        self.course, self.center, self.zone = course, center, zone
        self.index = index or Index()
        self.policies: PathwayPolicies = policies_of(center)
        self.jurisdiction = jurisdiction

    @property
    def now(self) -> Instant:
        """The moment."""
        return self.course.now

    @cached_property
    def today(self) -> date:
        """Its day."""
        return self.day_of(self.now)

    def day_of(self, instant: Instant) -> date:
        """The calendar day of an instant."""
        return to_datetime(instant).astimezone(self.zone).date()

    def hour_of(self, instant: Instant) -> str:
        """``Dec 7 21:36``: an instant as sentences name it."""
        moment = to_datetime(instant).astimezone(self.zone)
        return f"{moment:%b} {moment.day} {moment:%H:%M}"

    def start_of(self, day: date) -> Instant:
        """The first instant of a calendar day."""
        return from_datetime(datetime.combine(day, time(), self.zone))

    def end_of(self, day: date) -> Instant:
        """The first instant after a calendar day."""
        return self.start_of(day + timedelta(days=1))

    @cached_property
    def products_named(self) -> tuple[str, ...]:
        """Every product that the course's plan, batches and bags name. More than one is a contradiction."""
        chosen = self.course.last("product_chosen")
        stated = [fact.detail.get("product") for fact in (*self.course.all("batch"), *self.course.all("container"))]
        given = [fact.choice for fact in self.course.all("infusion")]
        named = ([chosen.choice] if chosen is not None else []) + [str(name) for name in stated if name] + given
        return tuple(dict.fromkeys(named))

    @property
    def product(self) -> str:
        """The product; empty where none is named, or where two are."""
        return self.products_named[0] if len(self.products_named) == 1 else ""

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """The disease groups of the diagnosis; none where there is no diagnosis."""
        fact = self.course.last("diagnosis")
        choices = vocabulary().variables["diagnosis"].choices
        return () if fact is None or fact.choice not in choices else tuple(choices[fact.choice].classes)

    @cached_property
    def planned(self) -> Fact | None:
        """The newest appointment for the infusion that was not cancelled, past or ahead; None where there is none."""
        stated = [*self.course.facts, *self.course.ahead]
        return _newest(fact for fact in stated if fact.what == "appointment" and fact.choice == "infusion")

    @cached_property
    def infusions(self) -> tuple[Fact, ...]:
        """The infusions given, first to last."""
        return tuple(self.course.all("infusion"))

    @cached_property
    def day_zero(self) -> date | None:
        """The day of the first infusion: given, else planned, else not known."""
        if self.infusions:
            return self.day_of(self.infusions[0].at)
        return self.day_of(self.planned.at) if self.planned is not None else None

    @cached_property
    def containers(self) -> tuple[str, ...]:
        """The containers to be infused, in the order in which they came up."""
        made = [fact for fact in self.course.all("container") if fact.choice in PLACED]
        return tuple(dict.fromkeys(fact.about for fact in made if fact.about))

    @cached_property
    def age_years(self) -> float | None:
        """Age in years, None where neither a birth date nor an age was stated."""
        born, age = self.course.last("birth_date"), self.course.last("age")
        year = 365.2425 * 86_400_000_000
        if born is not None:
            return (self.now - born.at) / year
        return None if age is None or age.value is None else age.value + (self.now - age.at) / year

    def says(self, container: str, name: str) -> object:
        """What a container's label said last in one place; None where it never did."""
        return label_says(self.course, container, name)

    def part(self, container: str) -> int | None:
        """Which part of a split dose a container is for; None where its label does not say."""
        part = self.says(container, "part")
        return int(part) if isinstance(part, int | float) else None


def _newest(facts: Iterable[Fact]) -> Fact | None:
    """The last recorded of some appointments that stands; by position where stored, else the latest."""
    found = [fact for fact in facts if fact.detail.get("state") != "cancelled"]
    return max(found, key=lambda fact: (fact.position, fact.at), default=None)
