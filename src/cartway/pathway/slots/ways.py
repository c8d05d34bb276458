"""Which days are possible for one course alone: collection, start of manufacture, infusion and what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.pathway.slots.calendars import CHAIR, SLOT, STAFF, Calendars
from cartway.pathway.slots.days import WORKDAYS, Day, in_words, is_weekend, weekday
from cartway.pathway.slots.need import Held, House, Need


class Horizon(msgspec.Struct, frozen=True):
    """The days a plan may use for the first infusion, first to last."""

    first: Day
    last: Day

    @property
    def days(self) -> range:
        """All its days."""
        return range(self.first, self.last + 1)


class Frame(msgspec.Struct, frozen=True):
    """All that is the same for every course of a plan."""

    calendars: Calendars
    house: House
    horizon: Horizon

    def open(self, day: Day) -> bool:
        """Whether the laboratory takes in a product on that day."""
        if self.calendars.closed(day):
            return False
        counted = self.calendars.has(STAFF)
        return self.calendars.total(STAFF, day) > 0 if counted else weekday(day) in WORKDAYS

    def may_infuse(self, day: Day) -> bool:
        """Whether the center infuses on that day at all."""
        return not self.calendars.closed(day) and (self.house.weekend_infusion or not is_weekend(day))

    def may_deplete(self, day: Day) -> bool:
        """Whether chemotherapy is given on that day."""
        closed = self.calendars.closed(day) or day < self.horizon.first
        return not closed and (self.house.weekend_depletion or not is_weekend(day))


class Infusion(msgspec.Struct, frozen=True):
    """One possible infusion day, with the days of chemotherapy before it (None where given already) and of the bed."""

    day: Day
    depletion: tuple[Day, Day] | None
    bed: tuple[Day, Day]

    @property
    def ready_by(self) -> Day:
        """The day on which the product is needed: before the first thing that is given because of it."""
        return self.depletion[0] if self.depletion else self.day


class Way(msgspec.Struct, frozen=True):
    """What is possible for one course if it were alone. `kept`: its held slot is used, so no other day is."""

    need: Need
    collections: tuple[Day, ...]
    starts: tuple[Day, ...]
    arrivals: Mapping[Day, Day]
    infusions: tuple[Infusion, ...]
    kept: Held | None = None

    def latest_start(self, infusion: Infusion, lead: int) -> Day | None:
        """The latest start of manufacture whose product is on site in time for an infusion."""
        fit = [start for start in self.starts if self.arrivals[start] + lead <= infusion.ready_by]
        return fit[-1] if fit else None


def way(need: Need, frame: Frame, reserved: Mapping[tuple[str, Day], int]) -> Way:
    """What is possible for a course. `reserved`: how many held slots lie on a product's day."""
    kept = need.held if usable(need, frame, reserved) else None
    starts = _starts(need, frame, kept)
    return Way(
        need=need,
        collections=_collections(need, frame, kept),
        starts=starts,
        arrivals={start: arrival(need, frame, start, kept) for start in starts},
        infusions=infusions(need, frame),
        kept=kept,
    )


def usable(need: Need, frame: Frame, reserved: Mapping[tuple[str, Day], int] | None = None) -> bool:
    """Whether the slot that the holder keeps for a course can be used: not lapsed, still there, and reachable."""
    return need.held is not None and need.needs_manufacture and not why_unused(need, frame, reserved)


def why_unused(need: Need, frame: Frame, reserved: Mapping[tuple[str, Day], int] | None = None) -> str:
    """Why the slot that the holder keeps for a course cannot be used; empty where it can, or where it has none."""
    held, first = need.held, frame.horizon.first
    if held is None or not need.needs_manufacture:
        return ""
    slot = f"The held slot {held.slot} of {in_words(held.start)} is not used"
    if held.start < first:
        return f"{slot}: its day is over."
    if not held.confirmed and held.expires is not None and held.expires < first:
        return f"{slot}: the hold ended on {in_words(held.expires)}."
    places = frame.calendars.total(SLOT, held.start, need.product)
    if in_calendar(need, frame) and places < max(1, (reserved or {}).get((need.product, held.start), 1)):
        return f"{slot}: it is not there any more."
    if need.collected is None and not _collections(need, frame, held):
        return f"{slot}: cells cannot be collected in time for it (from {in_words(need.earliest)} on)."
    return ""


def reservations(needs: Sequence[Need], frame: Frame) -> dict[tuple[str, Day], int]:
    """How many places of a product's calendar on a day are kept for courses by name."""
    found: dict[tuple[str, Day], int] = {}
    for need in needs:
        if need.held and usable(need, frame) and in_calendar(need, frame):
            key = need.product, need.held.start
            found[key] = found.get(key, 0) + 1
    return found


def in_calendar(need: Need, frame: Frame) -> bool:
    """Whether a course's held slot is one of the calendar's, and so takes one of its places."""
    held = need.held
    return held is not None and any(one.name == held.slot for one in frame.calendars.of(SLOT, need.product))


def _collections(need: Need, frame: Frame, kept: Held | None) -> tuple[Day, ...]:
    if not need.needs_collection:
        return ()
    first = max(need.earliest, frame.horizon.first)
    days = (day for day in range(first, frame.horizon.last + 1) if frame.calendars.total(CHAIR, day))
    least, most = need.to_maker
    if kept is not None:
        days = (day for day in days if kept.start - most <= day <= kept.start - least)
        days = (day for day in days if kept.collection in (None, day))
        days = (day for day in days if kept.collect_by is None or day <= kept.collect_by)
    return tuple(days)


def _starts(need: Need, frame: Frame, kept: Held | None) -> tuple[Day, ...]:
    if not need.needs_manufacture:
        return ()
    if kept is not None:
        return (kept.start,)
    least, most = need.to_maker
    first = max(frame.horizon.first, (need.earliest if need.collected is None else need.collected) + least)
    last = frame.horizon.last if need.collected is None else min(frame.horizon.last, need.collected + most)
    return tuple(day for day in range(first, last + 1) if frame.calendars.total(SLOT, day, need.product))


def arrival(need: Need, frame: Frame, start: Day, kept: Held | None) -> Day:
    """The day on which a product whose manufacture starts then is taken in: the first open day after transit."""
    due = start + need.make_days
    if kept is not None and kept.delivery is not None:
        due = max(kept.delivery, start)
    return next_open(frame, due)


def next_open(frame: Frame, day: Day) -> Day:
    """The first day from this one on that the laboratory takes in products; the day itself where none comes."""
    return next((each for each in range(day, day + 60) if frame.open(each)), day)


def infusions(need: Need, frame: Frame) -> tuple[Infusion, ...]:
    """All possible infusion days, each with the latest chemotherapy that fits it."""
    first = max(frame.horizon.first, need.earliest, need.on_site or 0)
    found = (_infusion(need, frame, day) for day in range(first, frame.horizon.last + 1) if frame.may_infuse(day))
    return tuple(each for each in found if each is not None)


def _infusion(need: Need, frame: Frame, day: Day) -> Infusion | None:
    least, most = need.rest
    last = day + need.bed_days - 1
    if need.depleted is not None:
        return Infusion(day, None, (day, last)) if least <= day - need.depleted <= most else None
    if need.depletion_days == 0:
        return Infusion(day, None, (day, last))
    for end in range(day - least, day - most - 1, -1):
        begin = end - need.depletion_days + 1
        if all(frame.may_deplete(each) for each in range(begin, end + 1)):
            if need.on_site is not None and need.on_site + frame.house.lead > begin:
                return None
            return Infusion(day, (begin, end), (begin if need.bed_at_depletion else day, last))
    return None
