"""The plain plan: the most urgent course first, each on the first days that are still free. The solver starts here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cartway.pathway.slots.beds import Group
from cartway.pathway.slots.calendars import CHAIR, SLOT, STAFF
from cartway.pathway.slots.days import Day
from cartway.pathway.slots.plan import Days
from cartway.pathway.slots.ways import Frame, Infusion, Way, in_calendar


class Left:
    """What is still free of every resource, day by day."""

    def __init__(self, frame: Frame, groups: Sequence[Group], reserved: Mapping[tuple[str, Day], int]) -> None:
        self.frame = frame
        self.groups = groups
        self.reserved = dict(reserved)
        self.taken: Counter[tuple[str, Day]] = Counter()

    def chair(self, day: Day) -> bool:
        """Whether a chair and the staff for a collection are free."""
        free = self.frame.calendars.total(CHAIR, day) - self.taken[CHAIR, day]
        return free > 0 and self.staff(day, self.frame.house.staff[0])

    def slot(self, way: Way, day: Day) -> bool:
        """Whether a manufacturing slot is free for a course; places kept for others are not."""
        need = way.need
        if way.kept is not None and not in_calendar(need, self.frame):
            return True
        kept = 0 if way.kept is not None else self.reserved.get((need.product, day), 0)
        free = self.frame.calendars.total(SLOT, day, need.product) - self.taken[SLOT + need.product, day]
        return free - kept > 0

    def staff(self, day: Day, wanted: int) -> bool:
        """Whether so many of the laboratory's staff are free; always, where no calendar counts them."""
        if not self.frame.calendars.has(STAFF):
            return True
        return self.frame.calendars.total(STAFF, day) - self.taken[STAFF, day] >= wanted

    def group(self, bed: tuple[Day, Day]) -> Group | None:
        """The first group of beds with a place for the whole stay."""
        stay = range(bed[0], bed[1] + 1)
        return next((one for one in self.groups if all(self._bed(one, day) > 0 for day in stay)), None)

    def _bed(self, group: Group, day: Day) -> int:
        return group.places(day) - self.taken[group.name, day]

    def take(self, way: Way, days: Days) -> None:
        """Take all that the days of a course need."""
        collect, receive, infuse = self.frame.house.staff
        if days.collection is not None:
            self.taken[CHAIR, days.collection] += 1
            self.taken[STAFF, days.collection] += collect
        if days.manufacture is not None and (way.kept is None or in_calendar(way.need, self.frame)):
            self.taken[SLOT + way.need.product, days.manufacture] += 1
            key = way.need.product, days.manufacture
            if way.kept is not None:
                self.reserved[key] = self.reserved.get(key, 1) - 1
        if days.arrival is not None:
            self.taken[STAFF, days.arrival] += receive
        for day in (days.infusion, days.second_infusion):
            if day is not None:
                self.taken[STAFF, day] += infuse
        for day in range(days.bed[0], days.bed[1] + 1):
            self.taken[days.group, day] += 1


def greedy(
    ways: Sequence[Way],
    frame: Frame,
    groups: Sequence[Group],
    reserved: Mapping[tuple[str, Day], int],
    before: Mapping[str, Days] | None = None,
) -> dict[str, Days]:
    """The days of every course that finds some, by weight (held slots first within it), then by name.

    With an earlier plan each course first keeps its days of `before`, where they still hold and are still free.
    """
    left = Left(frame, groups, reserved)
    fixed_receipts(ways, left)
    found: dict[str, Days] = {}
    ordered = sorted(ways, key=lambda each: (-each.need.weight, each.kept is None, each.need.course))
    for way in ordered:
        kept = _kept(way, (before or {}).get(way.need.course), left)
        if kept is not None:
            left.take(way, kept)
            found[way.need.course] = kept
    for way in ordered:
        days = first_days(way, left) if way.need.course not in found else None
        if days is not None:
            left.take(way, days)
            found[way.need.course] = days
    return found


def _kept(way: Way, days: Days | None, left: Left) -> Days | None:
    """The days of before as they are now, None where they no longer hold or are no longer free."""
    if days is None:
        return None
    option = next((each for each in way.infusions if each.day == days.infusion), None)
    start = days.manufacture if way.need.needs_manufacture else None
    collection = days.collection if way.need.needs_collection else None
    if option is None or not _made_as_before(way, left, collection, start):
        return None
    arrival = None if start is None else way.arrivals[start]
    only = msgspec.structs.replace(way, infusions=(option,))
    found = _infusing(only, left, collection, start, arrival)
    second = days.second_infusion
    if found is None or second in (None, found.second_infusion):
        return found
    free = left.frame.may_infuse(second) and left.staff(second, left.frame.house.staff[2])
    return msgspec.structs.replace(found, second_infusion=second) if free else None


def _made_as_before(way: Way, left: Left, collection: Day | None, start: Day | None) -> bool:
    need, (least, most) = way.need, way.need.to_maker
    if need.needs_manufacture and (start not in way.starts or not left.slot(way, start or 0)):
        return False
    if start is not None and not _receivable(way, left, start):
        return False
    if not need.needs_collection:
        return True
    reached = collection is not None and start is not None and least <= start - collection <= most
    return reached and collection in way.collections and left.chair(collection or 0)


def fixed_receipts(ways: Sequence[Way], left: Left) -> None:
    """Products on their way will come whatever is planned: their receipt takes its staff first."""
    for way in ways:
        on_site = way.need.on_site
        if on_site is not None and on_site >= left.frame.horizon.first:
            left.taken[STAFF, on_site] += left.frame.house.staff[1]


def first_days(way: Way, left: Left) -> Days | None:
    """The earliest infusion that a course can have with what is left, None where there is none."""
    for collection, start in _making(way, left):
        arrival = None if start is None else way.arrivals[start]
        found = _infusing(way, left, collection, start, arrival)
        if found is not None:
            return found
    return None


def _making(way: Way, left: Left) -> Iterator[tuple[Day | None, Day | None]]:
    need = way.need
    if not need.needs_manufacture:
        yield None, None
        return
    least, most = need.to_maker
    for start in way.starts:
        if not left.slot(way, start) or not _receivable(way, left, start):
            continue
        if not need.needs_collection:
            yield None, start
            continue
        fit = (day for day in way.collections if start - most <= day <= start - least and left.chair(day))
        day = next(fit, None)
        if day is not None:
            yield day, start


def _receivable(way: Way, left: Left, start: Day) -> bool:
    return left.staff(way.arrivals[start], left.frame.house.staff[1])


def _infusing(way: Way, left: Left, collection: Day | None, start: Day | None, arrival: Day | None) -> Days | None:
    ready = None if arrival is None else arrival + left.frame.house.lead
    for infusion in way.infusions:
        if ready is not None and ready > infusion.ready_by:
            continue
        second = _second(way, left, infusion)
        group = left.group(infusion.bed)
        staffed = left.staff(
            infusion.day, left.frame.house.staff[2] + _same_day(left, infusion.day, collection, arrival)
        )
        if group is not None and staffed and (way.need.second is None or second is not None):
            return Days(
                infusion=infusion.day, bed=infusion.bed, collection=collection, manufacture=start, arrival=arrival,
                lymphodepletion=infusion.depletion, second_infusion=second, group=group.name,
            )  # fmt: skip
    return None


def _same_day(left: Left, day: Day, collection: Day | None, arrival: Day | None) -> int:
    """The staff that the course itself already needs on its infusion day."""
    collect, receive, _ = left.frame.house.staff
    return (collect if collection == day else 0) + (receive if arrival == day else 0)


def _second(way: Way, left: Left, infusion: Infusion) -> Day | None:
    if way.need.second is None:
        return None
    least, most = way.need.second
    days = range(infusion.day + least, infusion.day + most + 1)
    middle = (least + most) // 2 + infusion.day
    fit = (day for day in days if left.frame.may_infuse(day) and left.staff(day, left.frame.house.staff[2]))
    return min(fit, key=lambda day: (abs(day - middle), day), default=None)
