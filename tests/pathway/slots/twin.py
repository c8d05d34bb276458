"""A slow twin of the planner: every combination of days of every course, kept where the rules hold. For tiny centers.

Written apart from the model: it walks through the days and counts, with no order encoding and no groups of beds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from cartway.pathway.slots import Frame, Need
from cartway.pathway.slots.calendars import BED, CHAIR, SLOT, STAFF

Choice = tuple[int | None, int | None, int, int | None]  # collection, start, infusion, second infusion
Plan = Mapping[str, Choice]


def open_day(day: int) -> bool:
    return (day + 6) % 7 < 5


def choices(need: Need, center: Frame) -> Iterator[Choice]:
    """All that one course may do by its own rules."""
    first, last = center.horizon.first, center.horizon.last
    days = range(first, last + 1)
    for collection in (
        [day for day in days if day >= need.earliest] if need.collected is None and need.on_site is None else [None]
    ):
        for start in days if need.on_site is None else [None]:
            if not _makes(need, collection, start, center):
                continue
            here = need.on_site if start is None else _arrives(start + need.make_days, center)
            assert here is not None
            for infusion in days:
                begins = _chemotherapy(need, infusion, center)
                if begins is None or begins < here + center.house.lead or not open_day(infusion):
                    continue
                if center.calendars.closed(infusion):
                    continue
                for second in _seconds(need, infusion, center):
                    yield collection, start, infusion, second


def _makes(need: Need, collection: int | None, start: int | None, center: Frame) -> bool:
    if start is None:
        return True
    from_day = need.collected if collection is None else collection
    assert from_day is not None
    slots = center.calendars.total(SLOT, start, need.product)
    chairs = 1 if collection is None else center.calendars.total(CHAIR, collection)
    return need.to_maker[0] <= start - from_day <= need.to_maker[1] and slots > 0 and chairs > 0


def _arrives(day: int, center: Frame) -> int:
    while not open_day(day) or center.calendars.closed(day):
        day += 1
    return day


def _chemotherapy(need: Need, infusion: int, center: Frame) -> int | None:
    """The first day of the latest chemotherapy that fits an infusion day."""
    for rest in range(need.rest[0], need.rest[1] + 1):
        span = range(infusion - rest - need.depletion_days + 1, infusion - rest + 1)
        if all(day >= center.horizon.first and open_day(day) and not center.calendars.closed(day) for day in span):
            return span[0]
    return None


def _seconds(need: Need, infusion: int, center: Frame) -> list[int | None]:
    if need.second is None:
        return [None]
    days = range(infusion + need.second[0], infusion + need.second[1] + 1)
    return [day for day in days if open_day(day) and not center.calendars.closed(day)]


def fits(plan: Mapping[str, Choice], needs: Sequence[Need], center: Frame) -> bool:
    """Whether there is enough of everything on every day."""
    taken: Counter[tuple[str, str, int]] = Counter()
    for need in needs:
        if need.course not in plan:
            continue
        collection, start, infusion, second = plan[need.course]
        if collection is not None:
            taken[CHAIR, "", collection] += 1
            taken[STAFF, "", collection] += center.house.staff[0]
        if start is not None:
            taken[SLOT, need.product, start] += 1
            taken[STAFF, "", _arrives(start + need.make_days, center)] += center.house.staff[1]
        for day in (infusion, second):
            if day is not None:
                taken[STAFF, "", day] += center.house.staff[2]
        for day in range(infusion, infusion + need.bed_days):
            taken[BED, "", day] += 1
    counted = center.calendars.has(STAFF)
    return all(
        count <= center.calendars.total(kind, day, which)
        for (kind, which, day), count in taken.items()
        if kind != STAFF or counted
    )


def cost(plan: Mapping[str, Choice], needs: Sequence[Need], center: Frame) -> int:
    """The weighted waiting of a plan."""
    total, first = 0, center.horizon.first
    for need in needs:
        if need.course not in plan:
            total += 10 * need.weight * center.house.unplanned_days
            continue
        collection, start, infusion, _ = plan[need.course]
        early = sum(day - first for day in (collection, start) if day is not None)
        total += need.weight * (10 * (infusion - first) + early)
    return total


def plans(needs: Sequence[Need], center: Frame) -> Iterator[dict[str, Choice]]:
    """Every plan that holds."""
    each: list[list[Choice | None]] = [[None, *choices(need, center)] for need in needs]
    for picked in product(*each):
        plan = {need.course: choice for need, choice in zip(needs, picked, strict=True) if choice is not None}
        if fits(plan, needs, center):
            yield plan


def least_cost(needs: Sequence[Need], center: Frame) -> int:
    """What the best of all plans costs."""
    return min(cost(plan, needs, center) for plan in plans(needs, center))


def least_change(before: Plan, needs: Sequence[Need], center: Frame) -> tuple[int, int, int, int]:
    """The least of: weight of who loses its days, courses with other days, steps on other days, weighted waiting."""
    return min(change(before, plan, needs, center) for plan in plans(needs, center))


def change(before: Plan, plan: Plan, needs: Sequence[Need], center: Frame) -> tuple[int, int, int, int]:
    """How much a plan changes of an earlier one."""
    lost = sum(need.weight for need in needs if need.course in before and need.course not in plan)
    moved = [_moved(need, before[need.course], plan.get(need.course)) for need in needs if need.course in before]
    return lost, sum(count > 0 for count in moved), sum(moved), cost(plan, needs, center)


def _moved(need: Need, was: Choice, there: Choice | None) -> int:
    still = (need.needs_collection, need.needs_manufacture, True, need.second is not None)
    now: Choice | tuple[None, ...] = (None,) * 4 if there is None else there
    return sum(counts and (b is None or a != b) for counts, a, b in zip(still, was, now, strict=True))
