"""A plan for sixty waiting courses over twelve weeks, and the least change after a lost slot; beside it a plain one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import msgspec

from benchmarks.line import Line, Part
from benchmarks.measure import Measured, measured
from benchmarks.waiting import waiting
from cartway.pathway.slots import Closure, Plan, Planned, Request, differences, make_plan, question_of
from cartway.pathway.slots.greedy import greedy
from cartway.pathway.slots.plan import Stage
from cartway.pathway.slots.solve import total

Say = Callable[[str], None]
SEEDS = (1, 2, 3)


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Wall time, for people wait for it; each of some centers once, and the first twice: the same plan both times."""
    lines, remarks = [], []
    for seed in SEEDS[: max(1, min(repeats, len(SEEDS)))]:
        say(f"center {seed}: a plan")
        asked = waiting(seed=seed)
        planned = measured(lambda asked=asked: make_plan(asked), 1, time.perf_counter, warm=0)  # type: ignore[misc]
        found: Plan = planned.result
        say(f"center {seed}: again after a lost slot")
        lost = _without_a_slot(asked, found)
        again = measured(lambda lost=lost: make_plan(lost), 1, time.perf_counter, warm=0)  # type: ignore[misc]
        lines += _lines(seed, planned, again)
        remarks += _remarks(seed, asked, found, lost, again.result)
    say("the first again: is it the same plan?")
    first, second = make_plan(waiting(seed=1)), make_plan(waiting(seed=1))
    same = "the same" if first.id == second.id else "ANOTHER"
    remarks.append(f"planned twice from the same facts: {same} plan ({first.id}, {second.id})")
    return Part(
        title="A plan for 60 courses, 12 weeks, 3 chairs, 7 products' slots, 10 beds", lines=lines, remarks=remarks
    )


def _lines(seed: int, planned: Measured, again: Measured) -> list[Line]:
    plain = _plain(waiting(seed=seed))
    return [
        Line(what=f"plan, center {seed}", ours=planned.median, unit="s", target=20.0),
        Line(what=f"after a lost slot, center {seed}", ours=again.median, unit="s", target=10.0),
        Line(
            what=f"weighted waiting, center {seed}", ours=float(planned.result.proof.stages[-1].value), unit="points",
            peer="greedy", theirs=float(plain), target=1.0, leaves_out="proof; it takes the most urgent first",
        ),
    ]  # fmt: skip


def _plain(asked: Request) -> int:
    """What the plain planner's plan costs."""
    question = question_of(asked)
    return total(question, greedy(question.ways, question.frame, question.groups, question.reserved))


def _without_a_slot(asked: Request, found: Plan) -> Request:
    """The most wanted product's slot in the middle of those that the plan uses is lost."""
    lines = sorted((line for line in found.planned if line.days.manufacture), key=_start)
    often = statistics.mode(line.product for line in lines)
    mine = [line for line in lines if line.product == often]
    lost = mine[len(mine) // 2]
    day = _start(lost)
    closure = Closure(lost.places["manufacture"], day, day, 1, "lost")
    frame = msgspec.structs.replace(asked.frame, calendars=asked.frame.calendars.lose([closure]))
    return msgspec.structs.replace(asked, frame=frame, before=found.planned)


def _start(line: Planned) -> int:
    return line.days.manufacture or 0


def _remarks(seed: int, asked: Request, found: Plan, lost: Request, again: Plan) -> list[str]:
    changed = differences(question_of(lost), found.planned, again)
    moved = sum(each.kind == "moved" for each in changed)
    gone = sum(each.kind == "lost" for each in changed)
    plain = dict(zip((stage.what for stage in again.proof.stages), again.proof.greedy, strict=True))
    return [
        f"center {seed}: {len(found.planned)} of {len(asked.needs)} courses planned; {_told(found.proof.stages[-1])}"
        f"{'; stopped by the clock' if found.proof.by_clock else ''}",
        f"center {seed}, after a lost slot: {moved} moved, {gone} lost their days; "
        + "; ".join(f"{_told(stage)}, plain {plain[stage.what]:,}" for stage in again.proof.stages),
    ]


def _told(stage: Stage) -> str:
    return f"{stage.what} {stage.value:,} ({stage.status.lower()}, bound {stage.bound:,}, gap {stage.gap:.2%})"
