"""What the center has and when: chairs, manufacturing slots, beds, laboratory staff, closures. Facts of its own record.

A resource says when it is there (`at` to `until`), on which weekdays, and how many at the same time. What no calendar
names is not assumed: a plan without chairs says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import tzinfo

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.slots.days import ALL_DAYS, WEEKDAYS, WORKDAYS, Day, day_of, weekday
from cartway.record import Fact

CHAIR, SLOT, BED, STAFF = "apheresis_chair", "manufacturing_slot", "bed", "laboratory_staff"
KINDS = (CHAIR, SLOT, BED, STAFF)
KIND_WORDS = {
    CHAIR: "apheresis chair",
    SLOT: "manufacturing slot",
    BED: "bed",
    STAFF: "cell laboratory staff",
}
FOREVER: Day = 10**7


class Resource(msgspec.Struct, frozen=True, order=True):
    """A chair, a maker's slots, a bed or the laboratory's staff, there from `first` to `last` on its weekdays.

    `places` is how many at the same time; `make_days` is for a manufacturing slot the days from the start of
    manufacture to delivery as the holder states them, 0 where it states none.
    """

    kind: str
    name: str
    places: int = 1
    product: str = ""
    weekdays: frozenset[int] = ALL_DAYS
    first: Day = 0
    last: Day = FOREVER
    make_days: int = 0

    def is_there(self, day: Day) -> bool:
        """Whether its calendar has it on that day, closures aside."""
        return self.first <= day <= self.last and weekday(day) in self.weekdays


class Closure(msgspec.Struct, frozen=True, order=True):
    """Days on which the center (no `resource`) or one resource is closed; `places` of it where not all are."""

    resource: str
    first: Day
    last: Day
    places: int = 0
    why: str = ""


class Calendars(msgspec.Struct, frozen=True):
    """All resources and closures."""

    resources: tuple[Resource, ...] = ()
    closures: tuple[Closure, ...] = ()

    def of(self, kind: str, product: str = "") -> Iterator[Resource]:
        """The resources of a kind; manufacturing slots of one product."""
        return (one for one in self.resources if one.kind == kind and (kind != SLOT or one.product == product))

    def places(self, resource: Resource, day: Day) -> int:
        """How many places a resource has on a day."""
        if not resource.is_there(day):
            return 0
        lost = 0
        for closure in self.closures:
            if closure.resource == resource.name and closure.first <= day <= closure.last:
                if closure.places == 0:
                    return 0
                lost += closure.places
        return max(0, resource.places - lost)

    def total(self, kind: str, day: Day, product: str = "") -> int:
        """Places of a kind on a day. Chairs and staff keep the center's closed days; beds and makers do not."""
        if kind in (CHAIR, STAFF) and self.closed(day):
            return 0
        return sum(self.places(one, day) for one in self.of(kind, product))

    def closed(self, day: Day) -> bool:
        """Whether the whole center is closed: no collection, no chemotherapy begun or given, no infusion."""
        return any(not one.resource and one.first <= day <= one.last for one in self.closures)

    def has(self, kind: str, product: str = "") -> bool:
        """Whether the calendar names any of the kind."""
        return next(self.of(kind, product), None) is not None

    def lose(self, closures: Iterable[Closure]) -> Calendars:
        """The calendars with more closures: what was lost."""
        return msgspec.structs.replace(self, closures=(*self.closures, *closures))


def calendars(center: Course, zone: tzinfo) -> Calendars:
    """The calendars as the center's record states them, those to come too. Of a name the newest statement stands."""
    stated = [*center.facts, *center.ahead]
    newest: dict[tuple[str, str], Resource] = {}
    for fact in stated:
        if fact.what == "resource" and fact.choice in KINDS:
            resource = _resource(fact, zone)
            newest[resource.kind, resource.name] = resource
    closures = {_closure(fact, zone) for fact in stated if fact.what == "closure"}
    return Calendars(tuple(sorted(newest.values(), key=_order)), tuple(sorted(closures)))


def _order(resource: Resource) -> tuple[int, str, str]:
    return KINDS.index(resource.kind), resource.product, resource.name


def _resource(fact: Fact, zone: tzinfo) -> Resource:
    detail = fact.detail
    return Resource(
        kind=fact.choice,
        name=fact.about or str(detail.get("name", "")),
        places=_count(detail.get("capacity"), 1),
        product=str(detail.get("product", "")),
        weekdays=_weekdays(detail.get("weekdays"), ALL_DAYS if fact.choice == BED else WORKDAYS),
        first=day_of(fact.at, zone),
        last=day_of(fact.until - 1, zone) if fact.until is not None else FOREVER,
        make_days=_count(detail.get("days"), 0),
    )


def _closure(fact: Fact, zone: tzinfo) -> Closure:
    last = day_of(fact.until - 1, zone) if fact.until is not None else day_of(fact.at, zone)
    why, places = str(fact.detail.get("text", "")), _count(fact.detail.get("places"), 0)
    return Closure(fact.about, day_of(fact.at, zone), last, places, why)


def _count(value: object, default: int) -> int:
    return int(value) if isinstance(value, int | float) and value >= 0 else default


def _weekdays(value: object, default: frozenset[int]) -> frozenset[int]:
    named = value if isinstance(value, list | tuple) else str(value or "").replace(",", " ").split()
    found = frozenset(WEEKDAYS.index(each[:3].lower()) for each in map(str, named) if each[:3].lower() in WEEKDAYS)
    return found or default
