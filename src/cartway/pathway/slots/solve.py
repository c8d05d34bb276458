"""Ask the solver: a plan from nothing, or the least change to one that no longer holds. Same input, same plan.

One worker and a fixed seed; the work is limited by the solver's own count, which does not depend on the machine. The
clock is only a safety net, and a plan that it stopped says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from ortools.sat.python import cp_model

from cartway.pathway.slots.beds import Group, groups
from cartway.pathway.slots.greedy import greedy
from cartway.pathway.slots.model import PlanModel, Value
from cartway.pathway.slots.need import Need, Stay
from cartway.pathway.slots.plan import Days, Planned, Proof, Stage, cost
from cartway.pathway.slots.ways import Frame, Way, reservations, way

SEED = 20261123
NAMES = {cp_model.OPTIMAL: "OPTIMAL", cp_model.FEASIBLE: "FEASIBLE"}


class Effort(msgspec.Struct, frozen=True):
    """How much the solver may do: `work` in its own count (about a second each), and `seconds` on the clock at most."""

    work: float = 9.0
    seconds: float = 17.0


AGAIN = Effort(work=6.0, seconds=6.5)
"""For a plan after a loss: somebody waits for it on the telephone."""


class Progress(msgspec.Struct, frozen=True):
    """A better plan was found on the way: which question, the value, the bound."""

    what: str
    value: float
    bound: float


Watch = Callable[[Progress], None]


class Solved(msgspec.Struct, frozen=True):
    """The days by course (who is left out has none), the proof, and how long the solver took by the clock."""

    days: Mapping[str, Days]
    proof: Proof
    seconds: float = 0.0


class Asked(msgspec.Struct, frozen=True):
    """All courses that can be planned, with what each may do and what there is."""

    needs: tuple[Need, ...]
    frame: Frame
    groups: tuple[Group, ...]
    reserved: Mapping[tuple[str, int], int]
    ways: tuple[Way, ...]


def asked(needs: Sequence[Need], frame: Frame, stays: Sequence[Stay] = ()) -> Asked:
    """The question, in the courses' order by name."""
    ordered = tuple(sorted(needs, key=lambda need: need.course))
    reserved = reservations(ordered, frame)
    ways = tuple(way(need, frame, reserved) for need in ordered)
    return Asked(ordered, frame, groups(frame, stays), reserved, ways)


def regrouped(question: Asked, line: Planned) -> Days:
    """A line's days with the group that its bed belongs to now."""
    bed = line.places.get("bed", "")
    now = next((group.name for group in question.groups if any(one.name == bed for one in group.beds)), "")
    return msgspec.structs.replace(line.days, group=now)


def propose(question: Asked, effort: Effort, watch: Watch | None = None) -> Solved:
    """The plan with the least weighted waiting, and how near to the best it is proven to be."""
    plain = greedy(question.ways, question.frame, question.groups, question.reserved)
    model = _model(question)
    return _least(model, [_waiting(question, model)], plain, effort, watch)


def again(question: Asked, before: Mapping[str, Days], effort: Effort, watch: Watch | None = None) -> Solved:
    """The least change to an earlier plan: first as few as possible lose their place (by weight), then as few as
    possible other courses get other days, then as few as possible steps or beds move, then the weighted waiting is
    least. One question with one sum, in which no later part can outweigh an earlier one.

    A plan to start from comes from the neighborhood of the loss, where all others keep their days: it is quick, and
    good enough that what remains is mostly its proof.
    """
    names = {way.need.course for way in question.ways}
    known = {name: days for name, days in before.items() if name in names}
    plain = greedy(question.ways, question.frame, question.groups, question.reserved, known)
    hit = {way.need.course for way in question.ways if _is_hit(way, known, plain)}
    best, seconds, work = plain, 0.0, 0.0
    plainly: tuple[int, ...] = ()
    for reach, part in NEAR:
        near = msgspec.structs.replace(question, ways=_near(question.ways, known, best, hit, reach))
        found = _again(near, known, best, Effort(effort.work * part, effort.seconds * part), None)
        best, seconds, work = dict(found.days), seconds + found.seconds, work + found.proof.work
        plainly = plainly or found.proof.greedy
    left = Effort(max(0.1, effort.work * FULL - work), max(0.1, effort.seconds * FULL - seconds))
    found = _again(question, known, best, left, watch)
    if not found.proof.proven:
        found = _trimmed(question, known, found, Effort(effort.work * (1 - FULL), effort.seconds * (1 - FULL)))
    proof = msgspec.structs.replace(found.proof, greedy=plainly, work=round(found.proof.work + work, 2))
    return msgspec.structs.replace(found, proof=proof)


NEAR = ((0, 0.06), (3, 0.12), (7, 0.2))
"""How many days around a loss are looked at first, and which part of the effort that may take. Each is proven in a
fraction of what all courses take, and together they find what the whole question alone finds three times as late.
"""
FULL = 0.85  # by then the whole question ends; what is left is for taking needless moves back


def _trimmed(question: Asked, known: Mapping[str, Days], found: Solved, effort: Effort) -> Solved:
    """What was found, with moves taken back that nobody needs: all that stay are bound, only the moved are asked."""
    ways = _near(question.ways, known, found.days, set(), 0)
    less = _again(msgspec.structs.replace(question, ways=ways), known, found.days, effort, None)
    stages = tuple(
        msgspec.structs.replace(whole, value=stage.value, bound=min(whole.bound, stage.value))
        for whole, stage in zip(found.proof.stages, less.proof.stages, strict=True)
    )
    return Solved(less.days, msgspec.structs.replace(found.proof, stages=stages))


def _near(
    ways: Sequence[Way], known: Mapping[str, Days], best: Mapping[str, Days], hit: set[str], reach: int
) -> tuple[Way, ...]:
    """The ways in which all are bound to the days that they have but these: who is hit, the same products, who has a
    day near theirs, and who has moved by now.
    """
    products = {way.need.product for way in ways if way.need.course in hit}
    days = [day for name in hit for day in known[name].choice() if day is not None]
    return tuple(
        way
        if way.need.product in products
        or _is_close(best.get(way.need.course), days, reach)
        or _is_hit(way, known, best)
        else _bound(way, best.get(way.need.course))
        for way in ways
    )


def _is_hit(way: Way, known: Mapping[str, Days], start: Mapping[str, Days]) -> bool:
    name = way.need.course
    return name in known and steps_moved(way, known[name], start.get(name)) > 0


def _is_close(days: Days | None, to: Sequence[int], reach: int) -> bool:
    mine = [] if days is None else [day for day in days.choice() if day is not None]
    return any(abs(one - other) <= reach for one in mine for other in to)


def _bound(way: Way, days: Days | None) -> Way:
    """A way with its days fixed; one that has none stays without."""
    if days is None:
        return msgspec.structs.replace(way, infusions=())
    return msgspec.structs.replace(
        way,
        collections=tuple(day for day in way.collections if day == days.collection),
        starts=tuple(day for day in way.starts if day == days.manufacture),
        infusions=tuple(option for option in way.infusions if option.day == days.infusion),
    )


def _again(
    question: Asked, known: Mapping[str, Days], start: Mapping[str, Days], effort: Effort, watch: Watch | None
) -> Solved:
    model = _model(question)
    return _least(model, _changes(question, model, known), start, effort, watch)


def _changes(question: Asked, model: PlanModel, known: Mapping[str, Days]) -> list[Part]:
    """What a plan after a loss makes as small as possible, the first of it first."""
    ways = {name: model.courses[name].way for name in known}
    names = {group.name for group in question.groups}
    changes = {name: model.courses[name].changes(days) for name, days in known.items()}
    rooms = {name: model.courses[name].rehoused(days, names) for name, days in known.items()}
    weights = {name: ways[name].need.weight for name in known}

    def moves(days: Mapping[str, Days]) -> dict[str, int]:
        return {name: steps_moved(ways[name], known[name], days.get(name)) for name in known}

    def beds(days: Mapping[str, Days]) -> int:
        return sum(known[n].group in names and (n not in days or days[n].group != known[n].group) for n in known)

    return [
        Part(
            "courses that lose their days, by weight",
            sum(weights[name] * (1 - model.courses[name].planned) for name in known),
            lambda days: sum(weights[name] for name in known if name not in days),
            sum(weights.values()),
        ),
        Part(
            "courses with other days",
            sum(_moved(model, changes).values()),
            lambda days: sum(count > 0 for count in moves(days).values()),
            len(known),
        ),
        Part(
            "steps on other days, and other beds",
            sum(sum(each) for each in changes.values()) + sum(rooms.values()),
            lambda days: sum(moves(days).values()) + beds(days),
            sum(len(each) + 1 for each in changes.values()),
        ),
        _waiting(question, model),
    ]


class Part(msgspec.Struct, frozen=True):
    """What is to be as small as possible: in words, for the solver, plainly of days that are given; its greatest."""

    what: str
    value: Value
    plainly: Callable[[Mapping[str, Days]], int]
    most: int


def _waiting(question: Asked, model: PlanModel) -> Part:
    return Part("weighted waiting", model.cost(), lambda days: total(question, days), total(question, {}) + 1)


def steps_moved(way: Way, before: Days, after: Days | None) -> int:
    """How many steps that are still to come are not on their day of before; all of them where it has none now."""
    need = way.need
    still = [need.needs_collection, need.needs_manufacture, True, need.second is not None]
    now: tuple[int | None, ...] = (None,) * 4 if after is None else after.choice()
    return sum(
        counted and (there is None or was != there)
        for counted, was, there in zip(still, before.choice(), now, strict=True)
    )


def total(question: Asked, days: Mapping[str, Days]) -> int:
    """What a plan costs, courses left out included."""
    frame = question.frame
    out = frame.house.unplanned_days
    return sum(cost(need, days.get(need.course), frame.horizon, out) for need in question.needs)


def _model(question: Asked) -> PlanModel:
    return PlanModel(question.ways, question.frame, question.groups, question.reserved)


def _moved(model: PlanModel, changes: Mapping[str, Sequence[Value]]) -> dict[str, Value]:
    """For each course 1 where any of its steps moves."""
    found: dict[str, Value] = {}
    for name, each in changes.items():
        moved = model.model.new_bool_var(f"{name} moved")
        for change in each:
            model.model.add(moved >= change)
        found[name] = moved
    return found


def _least(
    model: PlanModel, parts: Sequence[Part], start: Mapping[str, Days], effort: Effort, watch: Watch | None
) -> Solved:
    """Make the parts as small as possible, earlier ones first, from a plan that holds."""
    factors = _factors(parts)
    model.hint(start)
    model.model.minimize(sum(factor * part.value for factor, part in zip(factors, parts, strict=True)))
    solver = _solver(effort)
    status = solver.solve(model.model, _Told(parts[-1].what, factors[0], watch) if watch else None)
    assert status in NAMES or status == cp_model.UNKNOWN, f"the plan's model is {solver.status_name(status)}"
    found, bound = start, 0
    if status in NAMES:
        read = {name: each.read(solver, model.groups) for name, each in model.courses.items()}
        found = {name: days for name, days in read.items() if days is not None}
        bound = round(solver.best_objective_bound)
    values = [part.plainly(found) for part in parts]
    asked_for = sum(factor * value for factor, value in zip(factors, values, strict=True))
    # Not equal: a plan that is not proven may count a course as moved that is not.
    assert status not in NAMES or asked_for <= round(solver.objective_value), "the solver counts otherwise"
    stages = _stages(parts, factors, values, bound, status == cp_model.OPTIMAL)
    by_clock = status != cp_model.OPTIMAL and solver.wall_time >= effort.seconds
    work = round(solver.response_proto.deterministic_time, 2)
    proof = Proof(stages, work, tuple(part.plainly(start) for part in parts), by_clock)
    return Solved(found, proof, solver.wall_time)


def _factors(parts: Sequence[Part]) -> list[int]:
    """What one of each part counts: more than all that comes after it together."""
    factors = [1]
    for part in reversed(parts[1:]):
        factors.insert(0, factors[0] * (part.most + 1))
    return factors


def _stages(
    parts: Sequence[Part], factors: Sequence[int], values: Sequence[int], bound: int, proven: bool
) -> tuple[Stage, ...]:
    """What is proven of each part: its bound counts as long as all parts before it are proven."""
    stages, left, sure = [], bound, True
    for part, factor, value in zip(parts, factors, values, strict=True):
        least = value if proven else min(value, max(0, left // factor)) if sure else 0
        sure = sure and least == value
        left -= value * factor
        stages.append(Stage(part.what, "OPTIMAL" if sure else "FEASIBLE", value, least))
    return tuple(stages)


def _solver(effort: Effort) -> Any:
    solver = cp_model.CpSolver()
    # Linearization 2 puts the capacity rows into the relaxation: the proof that took minutes takes seconds.
    solver.parameters.linearization_level = 2
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = SEED
    solver.parameters.max_deterministic_time = effort.work
    solver.parameters.max_time_in_seconds = effort.seconds
    return solver


class _Told(cp_model.CpSolverSolutionCallback):
    """Tells each better plan as it is found."""

    def __init__(self, what: str, factor: int, watch: Watch) -> None:
        super().__init__()
        self._what, self._factor, self._watch = what, factor, watch

    def on_solution_callback(self) -> None:
        self._watch(Progress(self._what, self.objective_value / self._factor, self.best_objective_bound / self._factor))
