"""From waiting courses to a plan and back: propose one, plan again after a loss, say what differs."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from cartway.pathway.slots.assign import assign
from cartway.pathway.slots.check import breaks, crowds
from cartway.pathway.slots.days import in_words
from cartway.pathway.slots.explain import why_left_out
from cartway.pathway.slots.need import Held, Need, Note, Stay, Unplanned
from cartway.pathway.slots.plan import Days, Plan, Planned
from cartway.pathway.slots.solve import AGAIN, Asked, Effort, Solved, Watch, again, asked, propose, regrouped
from cartway.pathway.slots.ways import Frame, Way, why_unused


class Request(msgspec.Struct, frozen=True):
    """All that a plan is made of: who waits, what there is, who has a bed already, what is accepted so far.

    `out`: courses that cannot be planned for want of facts. `before`: the accepted plan's lines, to be kept where
    `keep`.
    """

    needs: tuple[Need, ...]
    frame: Frame
    stays: tuple[Stay, ...] = ()
    out: tuple[Unplanned, ...] = ()
    before: tuple[Planned, ...] = ()
    keep: bool = True
    notes: tuple[Note, ...] = ()


def make_plan(request: Request, effort: Effort | None = None, watch: Watch | None = None) -> Plan:
    """The plan that a request asks for. Every answer of the solver is checked, rule by rule, before it is given."""
    question = question_of(request)
    known = {need.course for need in question.needs}
    before = {line.course: regrouped(question, line) for line in request.before if line.course in known}
    if before and request.keep:
        solved = again(question, before, effort or AGAIN, watch)
    else:
        solved = propose(question, effort or Effort(), watch)
    _assert_sound(question, solved)
    return _plan(request, question, solved)


def question_of(request: Request) -> Asked:
    """The request as the solver is asked it."""
    return asked(request.needs, request.frame, request.stays)


def _assert_sound(question: Asked, solved: Solved) -> None:
    ways = {way.need.course: way for way in question.ways}
    wrong = [problem for name, days in solved.days.items() for problem in breaks(ways[name], days, question.frame)]
    crowded = crowds(question, solved.days)
    assert not wrong, f"the plan breaks a rule: {wrong[0].code}"
    assert not crowded, f"the plan takes more than there is: {crowded[0].words}"


def _plan(request: Request, question: Asked, solved: Solved) -> Plan:
    places = assign(question, solved.days, {line.course: line.places for line in request.before})
    lines = tuple(
        _line(way, solved.days[way.need.course], places[way.need.course], request.frame)
        for way in question.ways
        if way.need.course in solved.days
    )
    left = tuple(
        Unplanned(way.need.course, way.need.product, why_left_out(question, solved.days, way))
        for way in question.ways
        if way.need.course not in solved.days
    )
    out = tuple(sorted((*request.out, *left), key=lambda each: each.course))
    name = _digest(request, lines, out)
    return Plan(name, request.frame.horizon, lines, out, solved.proof, request.notes)


def _line(way: Way, days: Days, places: Mapping[str, str], frame: Frame) -> Planned:
    need = way.need
    told = why_unused(need, frame) if way.kept is None else _confirm_by(way.kept)
    notes = (*((Note(told),) if told else ()), *need.notes)
    return Planned(need.course, need.product, days, places, need.urgency, notes)


def _confirm_by(held: Held) -> str:
    if held.confirmed or held.expires is None:
        return ""
    return f"Slot {held.slot} is held until {in_words(held.expires)}: confirm it by then."


def _digest(request: Request, lines: Sequence[Planned], out: Sequence[Unplanned]) -> str:
    content = msgspec.json.encode([request.frame.horizon, lines, out], order="sorted")
    return hashlib.sha256(content).hexdigest()[:12]
