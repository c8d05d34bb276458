"""Names for a plan's places: which chair, which slot, which bed. What a course had before it keeps, where it can."""

from __future__ import annotations

from collections.abc import Mapping

from ortools.sat.python import cp_model

from cartway.pathway.slots.beds import Group
from cartway.pathway.slots.calendars import CHAIR, SLOT
from cartway.pathway.slots.days import Day
from cartway.pathway.slots.plan import Days
from cartway.pathway.slots.solve import Asked

Places = Mapping[str, Mapping[str, str]]  # by course, by step


def assign(question: Asked, days: Mapping[str, Days], before: Places) -> dict[str, dict[str, str]]:
    """The places of every planned course, by step: collection, manufacture, bed."""
    found: dict[str, dict[str, str]] = {name: {} for name in days}
    _on_days(question, days, before, "collection", found)
    _on_days(question, days, before, "manufacture", found)
    for group in question.groups:
        _beds(group, days, before, found)
    return found


def _on_days(
    question: Asked, days: Mapping[str, Days], before: Places, step: str, found: dict[str, dict[str, str]]
) -> None:
    """Deal what is taken for one day: per day, who had a place before first, then by name."""
    products = {way.need.course: way.need.product for way in question.ways}
    own = {way.need.course: way.kept.slot for way in question.ways if way.kept is not None}
    taken: dict[tuple[Day, str], int] = {}
    wanted = [(getattr(each, step), name) for name, each in days.items() if getattr(each, step) is not None]
    for keeps in (True, False):
        for day, name in sorted(wanted):
            if step in found[name]:
                continue
            if step == "manufacture" and name in own and own[name]:
                found[name][step] = own[name]
                taken[day, own[name]] = taken.get((day, own[name]), 0) + 1
                continue
            kind, product = (CHAIR, "") if step == "collection" else (SLOT, products[name])
            there = [
                one for one in question.frame.calendars.of(kind, product)
                if question.frame.calendars.places(one, day) > taken.get((day, one.name), 0)
            ]  # fmt: skip
            kept = [one.name for one in there if one.name == before.get(name, {}).get(step)]
            names = kept if keeps else [*kept, *(one.name for one in there)]
            if names:
                found[name][step] = names[0]
                taken[day, names[0]] = taken.get((day, names[0]), 0) + 1


def _beds(group: Group, days: Mapping[str, Days], before: Places, found: dict[str, dict[str, str]]) -> None:
    """Deal a group's beds: as many courses as possible keep the bed of before, all others take the first that fits."""
    places = [(bed.name, number) for bed in group.beds for number in range(bed.places)]
    mine = sorted((each.bed[0], each.bed[1], name) for name, each in days.items() if each.group == group.name)
    there = [(stay.first, stay.last, stay.course) for stay in sorted(group.stays, key=lambda each: each.first)]
    had = {stay.course: stay.bed for stay in group.stays} | {
        name: before.get(name, {}).get("bed", "") for _, _, name in mine
    }
    dealt = _deal_in_gaps([*there, *mine], places, had)
    if dealt is None:
        dealt = _deal_anew([*there, *mine], places, had)
    for _, _, name in mine:
        if name in dealt:
            found[name]["bed"] = dealt[name][0]


Span = tuple[Day, Day, str]
Bed = tuple[str, int]


def _deal_in_gaps(spans: list[Span], places: list[Bed], had: Mapping[str, str]) -> dict[str, Bed] | None:
    """Who had a bed keeps it, the others go into the gaps; None where somebody fits into none of them."""
    dealt: dict[str, Bed] = {}
    taken: dict[Bed, list[tuple[Day, Day]]] = {place: [] for place in places}
    for keeps in (True, False):
        for first, last, name in spans:
            if name in dealt or (keeps and not had[name]):
                continue
            free = [one for one in places if all(last < begin or end < first for begin, end in taken[one])]
            free = [one for one in free if not keeps or one[0] == had[name]]
            if not free and not keeps:
                return None
            if free:
                dealt[name] = free[0]
                taken[free[0]].append((first, last))
    return dealt


def _deal_anew(spans: list[Span], places: list[Bed], had: Mapping[str, str]) -> dict[str, Bed]:
    """As many as possible keep their bed. Stays on beds that are alike always find one; if not, nobody is named."""
    model = cp_model.CpModel()
    takes = {(name, place): model.new_bool_var(f"{name} {place}") for _, _, name in spans for place in places}
    for _, _, name in spans:
        model.add_exactly_one(takes[name, place] for place in places)
    for day in {first for first, _, _ in spans}:
        here = [name for first, last, name in spans if first <= day <= last]
        for place in places:
            model.add_at_most_one(takes[name, place] for name in here)
    model.maximize(sum(value for (name, place), value in takes.items() if place[0] == had[name]))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers, solver.parameters.random_seed = 1, 1
    solver.parameters.max_deterministic_time = 1.0
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return {}
    return {name: place for (name, place), value in takes.items() if solver.value(value)}
