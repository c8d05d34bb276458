"""Small centers and courses to plan, drawn for one question each."""

from __future__ import annotations

from datetime import date
from typing import Any

import msgspec

from cartway.pathway.slots import (
    Calendars,
    Closure,
    Days,
    Effort,
    Frame,
    Horizon,
    Need,
    Plan,
    Planned,
    Request,
    Resource,
)
from cartway.pathway.slots.calendars import BED, CHAIR, SLOT, STAFF
from cartway.pathway.slots.days import ALL_DAYS, WORKDAYS
from cartway.pathway.slots.need import House
from cartway.pathway.slots.planner import make_plan

MONDAY = date(2026, 11, 23).toordinal()
PRODUCT = "axicabtagene_ciloleucel"
QUICK = Effort(work=4.0, seconds=60.0)


def chair(name: str = "Chair 1", **more: Any) -> Resource:
    return Resource(CHAIR, name, **{"weekdays": WORKDAYS, **more})


def slot(name: str = "Slot", product: str = PRODUCT, **more: Any) -> Resource:
    return Resource(SLOT, name, **{"product": product, "weekdays": WORKDAYS, **more})


def bed(name: str = "Bed 1", **more: Any) -> Resource:
    return Resource(BED, name, **{"weekdays": ALL_DAYS, **more})


def staff(places: int) -> Resource:
    return Resource(STAFF, "Laboratory", places=places, weekdays=WORKDAYS)


def frame(*resources: Resource, closures: tuple[Closure, ...] = (), weeks: int = 6, **house: Any) -> Frame:
    """A center with these resources; with none named, one of each."""
    there = resources or (chair(), slot(), bed())
    return Frame(Calendars(there, closures), House(**house), Horizon(MONDAY, MONDAY + 7 * weeks - 1))


def need(course: str = "a", **more: Any) -> Need:
    """A course that is to be collected: five days to make, three of lymphodepletion, two to four of rest."""
    usual = {"product": PRODUCT, "earliest": MONDAY, "to_maker": (1, 3), "make_days": 5, "rest": (2, 4), "bed_days": 4}
    return Need(course, **{**usual, **more})


def planned(center: Frame, *needs: Need, **more: Any) -> Plan:
    """The plan of these courses."""
    return make_plan(Request(needs, center, **more), QUICK)


def days(center: Frame, *needs: Need, **more: Any) -> Days:
    """The days of the first course, which must be planned."""
    line = planned(center, *needs, **more).of(needs[0].course)
    assert line is not None
    return line.days


def again(center: Frame, before: tuple[Planned, ...], *needs: Need) -> Plan:
    """The plan that keeps what it can of an earlier one."""
    return planned(center, *needs, before=before, keep=True)


def lose(center: Frame, *closures: Closure) -> Frame:
    """The center after a loss."""
    return msgspec.structs.replace(center, calendars=center.calendars.lose(closures))
