"""A course after its infusion, as the rules of aftercare read it: its days, product, disease, and the policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, tzinfo
from functools import cached_property

from cartway.aftercare.dates import begins, day_of
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.pathway.products import Product, product
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import Choice, vocabulary

ONE_THERAPY = "aftercare_one_therapy_days"


class Setting:
    """A course on the day of its `now`, in `zone`. Read only.

    `infused` are the days of the therapy that is followed: the first infusion and the further parts of a split dose.
    `later` are infusions after it, which begin another therapy. Restrictions count from the very last.
    """

    def __init__(self, course: Course, center: Course, *, country: str, zone: tzinfo = UTC) -> None:
        self.course, self.center, self.country, self.zone = course, center, country, zone
        self._day_at: dict[Instant, date] = {}
        self._by_what: dict[str, list[Fact]] = {}
        for fact in course.facts:
            self._by_what.setdefault(fact.what, []).append(fact)
        self.policies: PathwayPolicies = policies_of(center)
        self._numbers: dict[str, float] = {}
        self._days: dict[str, Sequence[date]] = {}
        self._choices: dict[str, Mapping[str, Sequence[Fact]]] = {}
        self.today = day_of(course.now, zone)
        self.ended = self._day_of_death()
        self.on = self.today if self.ended is None else min(self.today, self.ended)
        self.infusions: Sequence[Fact] = self.all("infusion")
        self.infused, self.later = self._infused()

    def all(self, what: str) -> Sequence[Fact]:
        """What was stated of a variable, in time order."""
        return self._by_what.get(what, ())

    def latest(self, what: str, *, about: str | None = None, choice: str | None = None) -> Fact | None:
        """The newest statement of a variable: of one thing, or with one choice, where asked."""
        for fact in reversed(self._by_what.get(what, ())):
            if (about is None or fact.about == about) and (choice is None or fact.choice == choice):
                return fact
        return None

    def day(self, fact: Fact) -> date:
        """The day on which a fact was true."""
        return self._day_at.get(fact.at) or self.day_at(fact.at)

    def day_at(self, instant: Instant) -> date:
        """The day of an instant."""
        day = self._day_at.get(instant)
        if day is None:
            day = self._day_at[instant] = day_of(instant, self.zone)
        return day

    def drug(self, fact: Fact) -> Choice | None:
        """What the vocabulary holds of a drug that was given."""
        return vocabulary().variables["drug"].choices.get(fact.choice)

    def number(self, policy: str) -> float:
        """A policy's number in force."""
        if policy not in self._numbers:
            self._numbers[policy] = self.policies.number(policy)
        return self._numbers[policy]

    def days(self, what: str) -> Sequence[date]:
        """The days on which a variable was stated, in order."""
        if what not in self._days:
            self._days[what] = [self.day_at(fact.at) for fact in self.all(what)]
        return self._days[what]

    @cached_property
    def zero(self) -> date:
        """The day of the first infusion. Asked only of a course that has one."""
        return self.infused[0]

    @cached_property
    def last(self) -> date:
        """The day of the very last infusion."""
        return (self.later or self.infused)[-1]

    @property
    def product_name(self) -> str:
        """The product of the therapy that is followed."""
        return self.infusions[0].choice if self.infusions else ""

    @property
    def last_product(self) -> str:
        """The product of the very last infusion, whose label's restrictions hold."""
        return self.infusions[-1].choice if self.infusions else ""

    @cached_property
    def product(self) -> Product | None:
        """What is held of the product that is followed."""
        return product(self.product_name) if self.product_name else None

    @property
    def targets(self) -> tuple[str, ...]:
        """The antigens that the product is aimed at; empty where none is held."""
        return self.product.targets if self.product else ()

    @cached_property
    def disease(self) -> str:
        """The disease group of the diagnosis, as labels name it; empty where it is not known."""
        told = self.latest("diagnosis")
        choice = vocabulary().variables["diagnosis"].choices.get(told.choice) if told else None
        return choice.classes[0] if choice and choice.classes else ""

    @cached_property
    def next_therapy(self) -> Fact | None:
        """The first further therapy against the disease after the infusion."""
        found = (fact for fact in self.all("next_therapy") if fact.choice != "no")
        return next((fact for fact in found if self.infused and self.day(fact) > self.zero), None)

    @cached_property
    def last_seen(self) -> date | None:
        """The last follow-up visit after the infusion at which somebody saw or called the patient."""
        visits = reversed(self.all("follow_up_visit"))
        last = next((fact for fact in visits if fact.choice in ("seen", "telephone")), None)
        return self.day(last) if last is not None and self.day(last) > self.zero else None

    @cached_property
    def last_examined(self) -> date | None:
        """The last follow-up visit after the infusion at which a clinician saw the patient: no call."""
        seen = (self.day(fact) for fact in reversed(self.all("follow_up_visit")) if fact.choice == "seen")
        last = next(seen, None)
        return last if last is not None and last > self.zero else None

    @cached_property
    def last_done(self) -> Mapping[str, date]:
        """The last day on which each part of the follow-up was said to be done, by what it is about."""
        return {fact.about: self.day(fact) for fact in self.all("follow_up_done")}

    @cached_property
    def _last_at(self) -> Instant:
        """When the day of the very last infusion began."""
        return begins(self.last, self.zone)

    def since(self, what: str) -> Sequence[Fact]:
        """What was stated of a variable from the day of the very last infusion on, in time order."""
        start = self._last_at
        return [fact for fact in self.all(what) if fact.at >= start]

    def by_choice(self, what: str) -> Mapping[str, Sequence[Fact]]:
        """What was stated of a variable, by its choice, each in time order."""
        if what not in self._choices:
            found: dict[str, list[Fact]] = {}
            for fact in self.all(what):
                found.setdefault(fact.choice, []).append(fact)
            self._choices[what] = found
        return self._choices[what]

    def _day_of_death(self) -> date | None:
        died = self.course.first("death")
        return self.day(died) if died else None

    def _infused(self) -> tuple[tuple[date, ...], tuple[date, ...]]:
        if not self.infusions:
            return (), ()
        gap, name = self.policies.number(ONE_THERAPY), self.infusions[0].choice
        ours, later = [self.day(self.infusions[0])], list[date]()
        for fact in self.infusions[1:]:
            day = self.day(fact)
            same = fact.choice == name and (day - ours[-1]).days <= gap and not later
            (ours if same else later).append(day)
        return tuple(dict.fromkeys(ours)), tuple(dict.fromkeys(later))
