"""Beds that are there on the same days are one group: a stay fits a group if it fits its number of places.

Stays on places that are alike are intervals, and intervals can be dealt to places whenever no day holds more of them
than there are places. So a plan counts; names come after. A bed whose number of places changes stands alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from cartway.pathway.slots.calendars import BED, Resource
from cartway.pathway.slots.days import Day
from cartway.pathway.slots.need import Stay
from cartway.pathway.slots.ways import Frame

BEYOND = 60  # days after the plan's end for which beds are still looked at


class Group(msgspec.Struct, frozen=True):
    """Beds that are alike, and their free places a day from the plan's first day on, less those of the `stays`."""

    beds: tuple[Resource, ...]
    free: tuple[int, ...]
    first: Day
    stays: tuple[Stay, ...] = ()

    @property
    def name(self) -> str:
        """The name of its first bed."""
        return self.beds[0].name

    def places(self, day: Day) -> int:
        """Free places on a day."""
        place = day - self.first
        return self.free[place] if 0 <= place < len(self.free) else 0


def groups(frame: Frame, stays: Sequence[Stay]) -> tuple[Group, ...]:
    """The groups of beds, less what those who have one already take."""
    first, days = frame.horizon.first, range(frame.horizon.first, frame.horizon.last + BEYOND)
    alike: dict[tuple[int, ...] | tuple[str, ...], list[Resource]] = {}
    for bed in frame.calendars.of(BED):
        profile = tuple(frame.calendars.places(bed, day) for day in days)
        key = profile if len(set(profile) - {0}) <= 1 else (bed.name,)
        alike.setdefault(key, []).append(bed)
    found = [
        _Free(beds, [sum(frame.calendars.places(bed, day) for bed in beds) for day in days]) for beds in alike.values()
    ]
    for stay in sorted(stays, key=lambda each: (each.first, each.last, each.course)):
        _take(found, first, stay)
    return tuple(Group(tuple(each.beds), tuple(each.free), first, tuple(each.stays)) for each in found)


class _Free:
    def __init__(self, beds: list[Resource], free: list[int]) -> None:
        self.beds, self.free, self.stays = beds, free, list[Stay]()


def _take(groups: list[_Free], first: Day, stay: Stay) -> None:
    """Take a place in the stay's own group, else in the one with the most room on its days; never below none."""
    days = range(max(0, stay.first - first), max(0, stay.last - first + 1))
    if not groups or not days:
        return
    named = [each for each in groups if any(bed.name == stay.bed for bed in each.beds)]
    chosen = max(named or groups, key=lambda each: sum(each.free[day] for day in days if day < len(each.free)))
    chosen.stays.append(stay)
    for day in days:
        if day < len(chosen.free):
            chosen.free[day] = max(0, chosen.free[day] - 1)
