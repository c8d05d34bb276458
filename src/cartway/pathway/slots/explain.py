"""Why a course has no place in a plan, and why one was moved: found by asking the same rules again, never guessed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.pathway.slots.calendars import BED, CHAIR, KIND_WORDS, SLOT, STAFF
from cartway.pathway.slots.check import breaks, crowds
from cartway.pathway.slots.days import Day, in_words
from cartway.pathway.slots.greedy import Left, first_days, fixed_receipts
from cartway.pathway.slots.plan import STEP_WORDS, Days, Plan, Planned
from cartway.pathway.slots.solve import Asked, regrouped
from cartway.pathway.slots.ways import Way
from cartway.problem import Problem

LATER = "Plan further ahead, or add capacity to the calendar."
AHEAD = "Look further ahead."


def why_left_out(question: Asked, days: Mapping[str, Days], way: Way) -> tuple[Problem, ...]:
    """Why a course that could be asked for got no days."""
    if first_days(way, _left(question, {})) is None:
        return (_alone(question, way),)
    short = [kind for kind in (CHAIR, SLOT, BED, STAFF) if _fits_without(question, days, way, kind)]
    if short:
        words = " or ".join(_more(kind, way.need.product) for kind in short)
        reason = f"All that is in time is taken by courses that count more. More {words} would make room."
        return (Problem("all_taken", reason, LATER),)
    reason = "What is in time is taken by courses that count more, and more than one thing is short."
    return (Problem("all_taken", reason, LATER),)


def _more(kind: str, product: str) -> str:
    plural = KIND_WORDS[kind] + ("" if kind == STAFF else "s")
    return f"{plural} for {_product(product)}" if kind == SLOT else plural


def _product(name: str) -> str:
    return name.replace("_", " ")


def _alone(question: Asked, way: Way) -> Problem:
    """What stands in the way even if nobody else waited."""
    need, calendars, last = way.need, question.frame.calendars, question.frame.horizon.last
    until = f"the plan ends on {in_words(last)}"
    if need.needs_collection and not calendars.has(CHAIR):
        return Problem("no_chairs", "The calendar has no apheresis chair.", "Enter the chairs.")
    if need.needs_manufacture and way.kept is None and not calendars.has(SLOT, need.product):
        told = f"The calendar has no manufacturing slot for {_product(need.product)}."
        return Problem("no_slot_for_product", told, "Ask the holder for slots and enter them.")
    if not calendars.has(BED):
        return Problem("no_beds", "The calendar has no bed.", "Enter the beds.")
    if need.needs_collection and not way.collections:
        told = f"Cells may be collected from {in_words(need.earliest)} on; {until}."
        return Problem("collection_after_plan", told, AHEAD)
    if need.needs_manufacture and not way.starts:
        return Problem("no_slot_in_time", f"No manufacturing slot can be reached with fresh cells; {until}.", LATER)
    if need.depleted is not None and not way.infusions:
        told = f"Lymphodepletion ended on {in_words(need.depleted)}; no infusion day lies within the label's window."
        return Problem("window_missed", told, "Ask the physician: the label's window would be missed.")
    return Problem("infused_after_plan", _soonest(way, last), AHEAD)


def _soonest(way: Way, last: Day) -> str:
    arrivals = [way.arrivals[start] for start in way.starts]
    if arrivals:
        return (
            f"The product would come on {in_words(min(arrivals))} at the earliest; the plan ends on {in_words(last)}."
        )
    return f"No infusion with its lymphodepletion and its stay fits before {in_words(last)}."


class _Without(Left):
    """All that is left, as if one kind of resource had no limit."""

    def __init__(self, question: Asked, kind: str) -> None:
        super().__init__(question.frame, question.groups, question.reserved)
        self.kind = kind

    def chair(self, day: Day) -> bool:
        """As before; with chairs without limit only the staff counts."""
        if self.kind != CHAIR:
            return super().chair(day)
        return self.staff(day, self.frame.house.staff[0])

    def slot(self, way: Way, day: Day) -> bool:
        """As before, or always."""
        return self.kind == SLOT or super().slot(way, day)

    def staff(self, day: Day, wanted: int) -> bool:
        """As before, or always."""
        return self.kind == STAFF or super().staff(day, wanted)

    def _bed(self, group: object, day: Day) -> int:
        return 1 if self.kind == BED else super()._bed(group, day)  # type: ignore[arg-type]


def _left(question: Asked, days: Mapping[str, Days], kind: str = "") -> Left:
    left = _Without(question, kind)
    fixed_receipts(question.ways, left)
    ways = {way.need.course: way for way in question.ways}
    for name, each in days.items():
        left.take(ways[name], each)
    return left


def _fits_without(question: Asked, days: Mapping[str, Days], way: Way, kind: str) -> bool:
    return first_days(way, _left(question, days, kind)) is not None


class Move(msgspec.Struct, frozen=True):
    """One step that moved: from which day and place to which; None where it was not, or is no more."""

    step: str
    before: tuple[Day, Day] | None
    after: tuple[Day, Day] | None
    place_before: str = ""
    place_after: str = ""

    @property
    def later_by(self) -> int:
        """Days later; negative is sooner."""
        return 0 if self.before is None or self.after is None else self.after[0] - self.before[0]


class Difference(msgspec.Struct, frozen=True):
    """What a new plan changes for one course, and why. `kind`: new, moved, place (only a place), lost or gone."""

    course: str
    product: str
    kind: str
    moves: tuple[Move, ...]
    why: tuple[str, ...]


def differences(question: Asked, before: Sequence[Planned], after: Plan) -> tuple[Difference, ...]:
    """What changes from an earlier plan, course by course, with reasons. What stays as it is, is not in it."""
    old, new = {each.course: each for each in before}, {each.course: each for each in after.planned}
    found = (_difference(question, old.get(name), new.get(name), after) for name in sorted({*old, *new}))
    return tuple(each for each in found if each is not None)


def _difference(question: Asked, old: Planned | None, new: Planned | None, after: Plan) -> Difference | None:
    one = new or old
    assert one is not None
    moves = _moves(old, new)
    if not moves:
        return None
    if old is None:
        return Difference(one.course, one.product, "new", moves, ("It had no days before.",))
    if new is None:
        out = next((each for each in after.unplanned if each.course == one.course), None)
        why = tuple(problem.reason for problem in out.why) if out else ("It is not waiting any more.",)
        return Difference(one.course, one.product, "lost" if out else "gone", moves, why)
    kind = "moved" if any(move.before != move.after for move in moves) else "place"
    return Difference(one.course, one.product, kind, moves, _why_moved(question, old, new, after, kind))


def _moves(old: Planned | None, new: Planned | None) -> tuple[Move, ...]:
    had, has = _spans(old), _spans(new)
    found = (
        Move(step, had.get(step), has.get(step), _place(old, step), _place(new, step)) for step in STEP_WORDS
    )  # fmt: skip
    return tuple(
        move for move in found
        if move.before != move.after or (move.before and move.place_before and move.place_before != move.place_after)
    )  # fmt: skip


def _spans(one: Planned | None) -> dict[str, tuple[Day, Day]]:
    return {} if one is None else {step: (first, last) for step, first, last in one.days.spans()}


def _place(one: Planned | None, step: str) -> str:
    return "" if one is None else one.places.get(step, "")


def _why_moved(question: Asked, old: Planned, new: Planned, after: Plan, kind: str) -> tuple[str, ...]:
    """Its own days no longer hold; or they would take what another course now has; or a better day came free."""
    way = next(each for each in question.ways if each.need.course == old.course)
    own = tuple(dict.fromkeys(problem.reason for problem in breaks(way, old.days, question.frame)))
    if own:
        return own
    if kind == "place":
        return tuple(_why_place(question, old, after, move) for move in _moves(old, new))
    days = {each.course: each.days for each in after.planned} | {old.course: regrouped(question, old)}
    tight = [crowd for crowd in crowds(question, days) if old.course in crowd.courses]
    if tight:
        others = sorted({name for crowd in tight for name in crowd.courses} - {old.course})
        return (f"It makes room: {tight[0].words} is now taken by {', '.join(others)}.",)
    sooner = new.days.infusion < old.days.infusion
    return ("A place that is free lets it be infused sooner." if sooner else "It makes the plan as a whole wait less.",)


def _why_place(question: Asked, old: Planned, after: Plan, move: Move) -> str:
    """Why a course has another chair, slot or bed on the same days."""
    calendars, name = question.frame.calendars, move.place_before
    first, last = move.after or (0, 0)
    there = [one for one in calendars.resources if one.name == name]
    shut = [day for day in range(first, last + 1) if not any(calendars.places(one, day) for one in there)]
    if shut:
        return f"{name} is not there on {in_words(shut[0])}."
    now = (each for each in after.planned if each.course != old.course and each.places.get(move.step) == name)
    spans = ((each.course, *_spans(each)[move.step]) for each in now)
    who = [course for course, begin, end in spans if begin <= last and first <= end]
    return f"{name} is needed by {', '.join(who)}." if who else "Its days stay; the place is chosen anew."
