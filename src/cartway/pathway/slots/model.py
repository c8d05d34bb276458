"""The plan as a constraint model (CP-SAT). One truth value a course, step and possible day: "by this day it is done".

In this order encoding a precedence is an implication between two values, and what a day takes of a resource is a
difference of two, so that capacity is one short linear row a day. All of it is whole numbers.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Mapping, Sequence
from typing import Any

from ortools.sat.python import cp_model

from cartway.pathway.slots.beds import Group
from cartway.pathway.slots.calendars import CHAIR, SLOT, STAFF
from cartway.pathway.slots.days import Day
from cartway.pathway.slots.plan import Days
from cartway.pathway.slots.ways import Frame, Infusion, Way, in_calendar

Value = Any  # a truth value of the model, or 0 or 1


class Step:
    """A step that is done on one of some days, or (where the course is left out) on none."""

    def __init__(self, model: cp_model.CpModel, name: str, days: Sequence[Day], planned: Value) -> None:
        self.days = days
        self.values = [model.new_bool_var(f"{name}<={day}") for day in days]
        for earlier, later in zip(self.values, self.values[1:], strict=False):
            model.add_implication(earlier, later)
        if planned is not None:
            model.add((self.values[-1] if self.values else 0) == planned)

    def by(self, day: Day) -> Value:
        """Whether it is done by that day."""
        place = bisect_right(self.days, day)
        return self.values[place - 1] if place else 0

    def on(self, day: Day) -> Value:
        """Whether it is done on that day: 1 or 0."""
        place = bisect_right(self.days, day)
        if not place or self.days[place - 1] != day:
            return 0
        return self.values[place - 1] - (self.values[place - 2] if place > 1 else 0)

    def weighted(self) -> Value:
        """The day it is done on, counted from its first possible one; 0 where it is on none."""
        return sum(day * self.on(day) for day in self.days)

    def hint(self, model: cp_model.CpModel, day: Day | None) -> None:
        """Where the solver may start from."""
        for each, value in zip(self.days, self.values, strict=True):
            model.add_hint(value, day is not None and day <= each)

    def read(self, solver: Any) -> Day | None:
        """The day of the solution."""
        return next((day for day, value in zip(self.days, self.values, strict=True) if solver.value(value)), None)


class CourseModel:
    """The steps of one course and what binds them to each other."""

    def __init__(self, model: cp_model.CpModel, way: Way, frame: Frame, groups: Sequence[Group]) -> None:
        self.way, self.frame, self.model = way, frame, model
        name, need = way.need.course, way.need
        self.planned = model.new_bool_var(f"{name} planned")
        self.collection = (
            Step(model, f"{name} collection", way.collections, self.planned) if need.needs_collection else None
        )
        self.manufacture = Step(model, f"{name} start", way.starts, self.planned) if need.needs_manufacture else None
        self.options = [_fitting(way.infusions, group) for group in groups]
        self.infusion = [
            Step(model, f"{name} infusion in {group.name}", [each.day for each in options], None)
            for group, options in zip(groups, self.options, strict=True)
        ]
        self._by_group = {group.name: step for group, step in zip(groups, self.infusion, strict=True)}
        lasts = [step.values[-1] for step in self.infusion if step.values]
        model.add(sum(lasts) == self.planned)
        self.second = self._second() if need.second else None
        self._collected_before_made()
        self._made_before_given()

    def infused_on(self, day: Day) -> Value:
        """Whether its first infusion is on that day."""
        return sum(step.on(day) for step in self.infusion)

    def _collected_before_made(self) -> None:
        """Manufacture begins after transit, and while the cells are still fresh enough."""
        if self.collection is None or self.manufacture is None:
            return
        least, most = self.way.need.to_maker
        for day, started in zip(self.manufacture.days, self.manufacture.values, strict=True):
            _if(self.model, started, self.collection.by(day - least))
        for day, collected in zip(self.collection.days, self.collection.values, strict=True):
            _if(self.model, collected, self.manufacture.by(day + most))

    def _made_before_given(self) -> None:
        """The product is on site before the first thing that is given because of it."""
        if self.manufacture is None:
            return
        for step, options in zip(self.infusion, self.options, strict=True):
            for value, option in zip(step.values, options, strict=True):
                latest = self.way.latest_start(option, self.frame.house.lead)
                _if(self.model, value, 0 if latest is None else self.manufacture.by(latest))

    def _second(self) -> Step:
        assert self.way.need.second is not None
        least, most = self.way.need.second
        firsts = sorted({option.day for options in self.options for option in options})
        first, last = (firsts[0] + least, firsts[-1] + most) if firsts else (1, 0)
        days = [day for day in range(first, last + 1) if self.frame.may_infuse(day)]
        second = Step(self.model, f"{self.way.need.course} second", days, self.planned)
        for day, value in zip(second.days, second.values, strict=True):
            self.model.add(value <= sum(step.by(day - least) for step in self.infusion))
        for step in self.infusion:
            for day, value in zip(step.days, step.values, strict=True):
                _if(self.model, value, second.by(day + most))
        return second

    def bed(self, number: int, day: Day) -> Value:
        """Whether it has a bed of a group on a day."""
        step, options = self.infusion[number], self.options[number]
        begun = bisect_right([option.bed[0] for option in options], day)
        entered = step.values[begun - 1] if begun else 0
        return entered - step.by(day - self.way.need.bed_days)

    def received_on(self, day: Day) -> Value:
        """Whether its product is taken in on that day."""
        starts = [start for start in self.way.starts if self.way.arrivals[start] == day]
        return sum(self.manufacture.on(start) for start in starts) if self.manufacture is not None else 0

    def cost(self) -> Value:
        """As `plan.cost`, as an expression."""
        first, need = self.frame.horizon.first, self.way.need
        out = 10 * need.weight * self.frame.house.unplanned_days * (1 - self.planned)
        infused = sum(step.weighted() for step in self.infusion) - first * self.planned
        steps = [step for step in (self.collection, self.manufacture) if step is not None]
        early = sum(step.weighted() - first * self.planned for step in steps)
        return out + need.weight * (10 * infused + early)

    def changes(self, before: Days) -> list[Value]:
        """For each step that is still to come: 1 where it is not on its day of before."""
        pairs = [(self.collection, before.collection), (self.manufacture, before.manufacture)]
        pairs += [(self.second, before.second_infusion)]
        kept = [step.on(day) if day is not None else 0 for step, day in pairs if step is not None]
        return [1 - each for each in (*kept, self.infused_on(before.infusion))]

    def rehoused(self, before: Days, names: Container[str]) -> Value:
        """1 where its bed is not of the group of before; 0 where there is no such group any more."""
        kept = [step.values[-1] for name, step in self._by_group.items() if name == before.group and step.values]
        return 1 - sum(kept) if before.group in names else 0

    def hint(self, groups: Sequence[Group], days: Days | None) -> None:
        """Where the solver may start from: the days of a plain plan."""
        self.model.add_hint(self.planned, days is not None)
        for group, step in zip(groups, self.infusion, strict=True):
            here = days is not None and group.name == days.group
            step.hint(self.model, days.infusion if here and days is not None else None)
        if self.collection is not None:
            self.collection.hint(self.model, days.collection if days else None)
        if self.manufacture is not None:
            self.manufacture.hint(self.model, days.manufacture if days else None)
        if self.second is not None:
            self.second.hint(self.model, days.second_infusion if days else None)

    def read(self, solver: Any, groups: Sequence[Group]) -> Days | None:
        """The days of the solution, None where the course is left out."""
        if not solver.value(self.planned):
            return None
        days = [step.read(solver) for step in self.infusion]
        number = next(place for place, day in enumerate(days) if day is not None)
        option = next(each for each in self.options[number] if each.day == days[number])
        start = self.manufacture.read(solver) if self.manufacture is not None else None
        return Days(
            infusion=option.day, bed=option.bed, lymphodepletion=option.depletion, manufacture=start,
            collection=self.collection.read(solver) if self.collection is not None else None,
            arrival=None if start is None else self.way.arrivals[start],
            second_infusion=self.second.read(solver) if self.second is not None else None,
            group=groups[number].beds[0].name,
        )  # fmt: skip


def _if(model: cp_model.CpModel, value: Value, then: Value) -> None:
    """If `value`, then `then`, which may be plainly false."""
    if isinstance(then, int):
        model.add(value == 0)
    else:
        model.add_implication(value, then)


def _fitting(options: Sequence[Infusion], group: Group) -> list[Infusion]:
    """The infusion days whose whole stay a group of beds has places for."""
    return [one for one in options if all(group.places(day) > 0 for day in range(one.bed[0], one.bed[1] + 1))]


class PlanModel:
    """All courses and the capacities that they share."""

    def __init__(
        self, ways: Sequence[Way], frame: Frame, groups: Sequence[Group], reserved: Mapping[tuple[str, Day], int]
    ) -> None:
        self.model = cp_model.CpModel()
        self.frame, self.groups, self.ways = frame, groups, ways
        self.courses = {way.need.course: CourseModel(self.model, way, frame, groups) for way in ways}
        self._chairs()
        self._slots(reserved)
        self._beds()
        self._staff()

    def cost(self) -> Value:
        """The sum over all courses."""
        return sum(each.cost() for each in self.courses.values())

    def hint(self, found: Mapping[str, Days]) -> None:
        """Where the solver may start from."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for name, each in self.courses.items():
            each.hint(self.groups, found.get(name))

    def _chairs(self) -> None:
        steps = [each.collection for each in self.courses.values() if each.collection is not None]
        for day in sorted({day for step in steps for day in step.days}):
            self._at_most(sum(step.on(day) for step in steps), self.frame.calendars.total(CHAIR, day))

    def _slots(self, reserved: Mapping[tuple[str, Day], int]) -> None:
        mine = [each for each in self.courses.values() if each.manufacture is not None]
        counted = [each for each in mine if each.way.kept is None or in_calendar(each.way.need, self.frame)]
        for product in sorted({each.way.need.product for each in counted}):
            these = [each for each in counted if each.way.need.product == product]
            for day in sorted({day for each in these for day in each.manufacture.days}):  # type: ignore[union-attr]
                places = self.frame.calendars.total(SLOT, day, product)
                free = max(0, places - reserved.get((product, day), 0))
                self._at_most(sum(_started(each, day) for each in these), places)
                self._at_most(sum(_started(each, day) for each in these if each.way.kept is None), free)

    def _beds(self) -> None:
        for number, group in enumerate(self.groups):
            for day in range(group.first, group.first + len(group.free)):
                taken = [each.bed(number, day) for each in self.courses.values()]
                self._at_most(sum(taken), group.places(day))

    def _staff(self) -> None:
        """Collections, receipts and infusions of a day share the laboratory's staff, where a calendar counts them."""
        if not self.frame.calendars.has(STAFF):
            return
        collect, receive, infuse = self.frame.house.staff
        horizon = self.frame.horizon
        for day in range(horizon.first, horizon.last + 60):
            free = self.frame.calendars.total(STAFF, day) - receive * self._expected(day)
            work: Value = 0
            for each in self.courses.values():
                if each.collection is not None:
                    work += collect * each.collection.on(day)
                if each.second is not None:
                    work += infuse * each.second.on(day)
                work += receive * each.received_on(day) + infuse * each.infused_on(day)
            self._at_most(work, max(0, free))

    def _expected(self, day: Day) -> int:
        return sum(way.need.on_site == day for way in self.ways)

    def _at_most(self, work: Value, places: int) -> None:
        if not isinstance(work, int):
            self.model.add(work <= places)


def _started(each: CourseModel, day: Day) -> Value:
    return each.manufacture.on(day) if each.manufacture is not None else 0
