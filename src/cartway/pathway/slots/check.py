"""Does a course's line of a plan hold? Read rule by rule, apart from the solver: it checks every answer of the solver,
says why an accepted plan no longer holds, and why a day had to change.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

import msgspec

from cartway.pathway.slots.calendars import BED, CHAIR, KIND_WORDS, SLOT, STAFF
from cartway.pathway.slots.days import Day, counted, in_words
from cartway.pathway.slots.need import Need
from cartway.pathway.slots.plan import Days
from cartway.pathway.slots.solve import Asked
from cartway.pathway.slots.ways import Frame, Way, in_calendar
from cartway.problem import Problem

MOVE = "Plan it anew."


def breaks(way: Way, days: Days, frame: Frame) -> list[Problem]:
    """What is wrong with a course's days if it were alone: limits of its own, closures, resources that are gone."""
    need = way.need
    return [
        *_collection(need, days, frame),
        *_manufacture(way, days, frame),
        *_chemotherapy(need, days, frame),
        *_infusion(need, days, frame),
    ]


def _collection(need: Need, days: Days, frame: Frame) -> Iterator[Problem]:
    day = days.collection
    if not need.needs_collection:
        return
    if day is None:
        yield Problem("collection_not_planned", "The collection has no day.", MOVE)
        return
    if day < need.earliest:
        yield Problem(
            "collection_too_early", f"Cells may be collected from {in_words(need.earliest)} on, not before.", MOVE
        )
    if day < frame.horizon.first:
        yield Problem("collection_day_over", f"{in_words(day)} is over, and no collection is recorded.", MOVE)
    elif not frame.calendars.total(CHAIR, day):
        yield Problem("no_chair_that_day", f"No apheresis chair is there on {_day(frame, day)}.", MOVE)


def _manufacture(way: Way, days: Days, frame: Frame) -> Iterator[Problem]:
    need, day = way.need, days.manufacture
    if not need.needs_manufacture:
        return
    if day is None:
        yield Problem("manufacture_not_planned", "The start of manufacture has no day.", MOVE)
        return
    if not _has_slot(way, day, frame):
        yield Problem("slot_gone", f"There is no manufacturing slot on {in_words(day)} any more.", MOVE)
    least, most = need.to_maker
    collected = days.collection if need.needs_collection else need.collected
    if collected is not None and not least <= day - collected <= most:
        wait = f"{counted(least, most)} after collection, not {day - collected}"
        yield Problem("fresh_too_long", f"Manufacture begins {wait}.", MOVE)
    if day in way.arrivals and days.arrival is not None and days.arrival < way.arrivals[day]:
        yield Problem("product_later", f"The product is expected on {in_words(way.arrivals[day])}.", MOVE)


def _has_slot(way: Way, day: Day, frame: Frame) -> bool:
    if way.kept is not None and way.kept.start == day:
        return True
    return day >= frame.horizon.first and frame.calendars.total(SLOT, day, way.need.product) > 0


def _chemotherapy(need: Need, days: Days, frame: Frame) -> Iterator[Problem]:
    span, house = days.lymphodepletion, frame.house
    on_site = days.arrival if need.needs_manufacture else need.on_site
    first = days.infusion if span is None else span[0]
    if on_site is not None and first < on_site + (house.lead if span else 0):
        yield Problem("product_not_here", f"The product comes on {in_words(on_site)}, after it is needed.", MOVE)
    if span is None:
        if need.depleted is None and need.depletion_days:
            yield Problem("lymphodepletion_not_planned", "Lymphodepletion has no days.", MOVE)
        return
    if span[1] - span[0] + 1 != need.depletion_days:
        yield Problem("lymphodepletion_length", f"Lymphodepletion takes {need.depletion_days} days.", MOVE)
    shut = [day for day in range(span[0], span[1] + 1) if not frame.may_deplete(day)]
    if shut:
        yield Problem("no_chemotherapy_that_day", f"No chemotherapy is given on {_day(frame, shut[0])}.", MOVE)


def _infusion(need: Need, days: Days, frame: Frame) -> Iterator[Problem]:
    ended = need.depleted if need.depleted is not None else days.lymphodepletion[1] if days.lymphodepletion else None
    least, most = need.rest
    if ended is not None and not least <= days.infusion - ended <= most:
        told = f"{counted(least, most)} after lymphodepletion, not {days.infusion - ended}"
        yield Problem("outside_lymphodepletion_window", f"The infusion is {told}.", MOVE)
    for day in (days.infusion, days.second_infusion):
        if day is not None and not frame.may_infuse(day):
            yield Problem("no_infusion_that_day", f"Nobody is infused on {_day(frame, day)}.", MOVE)
    if not frame.horizon.first <= days.infusion <= frame.horizon.last:
        yield Problem("infusion_outside_plan", f"{in_words(days.infusion)} lies outside the plan.", MOVE)
    yield from _second(need, days)
    if days.bed[1] - days.infusion + 1 != need.bed_days:
        yield Problem("stay_length", f"No bed is kept for all {need.bed_days} days from the infusion on.", MOVE)


def _second(need: Need, days: Days) -> Iterator[Problem]:
    if need.second is None:
        return
    least, most = need.second
    if days.second_infusion is None or not least <= days.second_infusion - days.infusion <= most:
        told = f"{counted(least, most)} after the first"
        yield Problem("second_infusion_window", f"The second infusion is {told}.", MOVE)


def _day(frame: Frame, day: Day) -> str:
    """The day, and why it is closed where a closure says so."""
    why = [one.why for one in frame.calendars.closures if one.first <= day <= one.last and one.why]
    return in_words(day) + (f" ({why[0]})" if why else "")


class Crowd(msgspec.Struct, frozen=True):
    """A day on which more is planned of a resource than there is: who is on it."""

    kind: str
    day: Day
    courses: tuple[str, ...]
    places: int

    @property
    def words(self) -> str:
        """``apheresis chair on Tue Nov 24``."""
        return f"{KIND_WORDS[self.kind]} on {in_words(self.day)}"


def crowds(question: Asked, days: Mapping[str, Days]) -> list[Crowd]:
    """Where courses together ask for more than there is."""
    uses: dict[tuple[str, str, Day], list[str]] = {}
    ways = {way.need.course: way for way in question.ways}
    for name in sorted(days):
        for kind, which, day, count in _uses(ways[name], days[name], question.frame):
            uses.setdefault((kind, which, day), []).extend([name] * count)
    for way in question.ways:
        on_site = way.need.on_site
        if on_site is not None and on_site >= question.frame.horizon.first:
            uses.setdefault((STAFF, "", on_site), []).extend([""] * question.frame.house.staff[1])
    found = []
    for (kind, which, day), names in sorted(uses.items()):
        places = _places(question, kind, which, day)
        others = tuple(dict.fromkeys(name for name in names if name))
        if places is not None and len(names) > places and others:
            found.append(Crowd(kind, day, others, places))
    return found


def _places(question: Asked, kind: str, which: str, day: Day) -> int | None:
    """How many there are; None where nobody counts them. Staff that a receipt alone outgrows is no course's fault."""
    frame = question.frame
    if kind == BED:
        return next((group.places(day) for group in question.groups if group.name == which), 0)
    if kind == STAFF:
        if not frame.calendars.has(STAFF):
            return None
        return frame.calendars.total(STAFF, day)
    return frame.calendars.total(kind, day, which)


def _uses(way: Way, days: Days, frame: Frame) -> Iterator[tuple[str, str, Day, int]]:
    collect, receive, infuse = frame.house.staff
    if days.collection is not None and way.need.needs_collection:
        yield CHAIR, "", days.collection, 1
        yield STAFF, "", days.collection, collect
    if days.manufacture is not None and way.need.needs_manufacture:
        own = way.kept is not None and not in_calendar(way.need, frame) and way.kept.start == days.manufacture
        if not own:
            yield SLOT, way.need.product, days.manufacture, 1
        if days.arrival is not None:
            yield STAFF, "", days.arrival, receive
    for day, count in Counter(day for day in (days.infusion, days.second_infusion) if day is not None).items():
        yield STAFF, "", day, infuse * count
    for day in range(days.bed[0], days.bed[1] + 1):
        yield BED, days.group, day, 1
