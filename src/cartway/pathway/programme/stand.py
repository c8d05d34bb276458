"""Where a course stands on the road from referral to infusion: a pure function of its facts, the center's, the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, tzinfo
from types import MappingProxyType

import msgspec

from cartway.pathway.closing import Closed, closed, reopened
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.pathway.programme import later, tasks
from cartway.pathway.programme.clocks import Clocks, clocks
from cartway.pathway.programme.days import day_of, next_day
from cartway.pathway.programme.gates import Gate, gate_tasks, gates
from cartway.pathway.programme.identity import chain_tasks
from cartway.pathway.programme.look import Look, Task
from cartway.pathway.programme.pace import Pace, pace
from cartway.pathway.programme.second import second_part_tasks
from cartway.pathway.programme.waiting import washout_tasks
from cartway.pathway.stages import ORDER, reached
from cartway.record import Fact
from cartway.times import Instant

Stage = Callable[[Look], list[Task]]
DUE: Mapping[str, tuple[Stage, ...]] = MappingProxyType(
    {
        "referral": (tasks.before_referral_is_seen,),
        "assessment": (tasks.before_decision,),
        "preparation": (tasks.before_order,),
        "collection": (tasks.before_collection, washout_tasks),
        "manufacture": (later.before_release, chain_tasks),
        "ready": (later.before_lymphodepletion, chain_tasks),
        "lymphodepletion": (later.before_infusion, chain_tasks),
        "second_part": (second_part_tasks, chain_tasks),
        "infused": (),
    }
)


class Stand(msgspec.Struct, frozen=True):
    """Where a course stands. `stage` is one of `STAGES`, also for a course that ended there (`closed`).

    `blockers`: what the next step waits for; `tasks`: what else is due; both soonest first, without a day last.
    `diagnosis` is a choice of the vocabulary, empty where none is recorded. `next_change_at`: when time alone may
    change this: the next midnight, or a fact dated ahead.
    """

    course: str
    stage: str
    since: Instant
    product: str
    diagnosis: str
    blockers: tuple[Task, ...]
    tasks: tuple[Task, ...]
    gates: tuple[Gate, ...]
    clocks: Clocks
    pace: Pace
    closed: Closed | None
    urgent: bool
    simulated: bool
    next_change_at: Instant
    reopened: Fact | None = None

    @property
    def fast(self) -> bool:
        """Whether somebody still waits whose disease moves fast."""
        return self.pace.fast and self.waiting

    @property
    def waiting(self) -> bool:
        """Whether the course is still on its way to the infusion, or to the second part of a split dose."""
        return self.closed is None and self.stage != "infused"

    @property
    def due(self) -> tuple[Task, ...]:
        """Everything to be done, what blocks first."""
        return (*self.blockers, *self.tasks)


def stand(course: Course, center: Course, now: Instant, *, zone: tzinfo = UTC, jurisdiction: str = "US") -> Stand:
    """Where `course` stands at `now`, which is the moment that both records were read for. Days are those of `zone`,
    labels those of `jurisdiction`.
    """
    assert course.now == center.now == now, "the course and the center are read for the same moment"
    look = look_at(course, center, zone, jurisdiction)
    end, found, moves = closed(course), gates(look), pace(course, look.policies, zone)
    due = [] if end is not None else _due(look, found, moves)
    referral, diagnosis = course.last("referral"), course.last("diagnosis")
    return Stand(
        course=course.id,
        stage=look.stage,
        since=look.begun[look.stage].at if look.begun else min((fact.at for fact in course.ahead), default=now),
        product=look.product,
        diagnosis=diagnosis.choice if diagnosis is not None else "",
        blockers=tuple(task for task in due if task.blocks),
        tasks=tuple(task for task in due if not task.blocks),
        gates=found,
        clocks=clocks(look, end),
        pace=moves,
        closed=end,
        urgent=referral is not None and referral.detail.get("urgency") == "urgent",
        simulated=any(fact.simulated for fact in course.facts),
        next_change_at=_next_change(course, center, now, zone),
        reopened=reopened(course),
    )


def look_at(course: Course, center: Course, zone: tzinfo = UTC, jurisdiction: str = "US") -> Look:
    """What the programme's rules read of a course."""
    begun = reached(course)
    return Look(
        course, center, policies_of(center), begun, zone, day_of(course.now, zone), product_of(course), jurisdiction
    )


def product_of(course: Course) -> str:
    """The product infused, else the one chosen last, by itself or by the tumor board; empty where none is named."""
    infused = course.last("infusion")
    if infused is not None and infused.choice:
        return infused.choice
    named = [*course.all("product_chosen"), *(each for each in course.all("tumor_board") if each.detail.get("product"))]
    last = max(named, key=lambda fact: fact.at, default=None)
    return "" if last is None else last.choice if last.what == "product_chosen" else str(last.detail["product"])


def _due(look: Look, found: tuple[Gate, ...], moves: Pace) -> list[Task]:
    if look.stage == "infused":
        return []
    own = [task for each in DUE[look.stage] for task in each(look)]
    early = later.bridging(look) if look.stage in {"preparation", "collection"} else []
    if look.stage == "second_part":
        return sorted(own, key=_soonest)
    asked = tasks.judged_pace(look, moves) if ORDER[look.stage] < ORDER["lymphodepletion"] else []
    return sorted([*own, *gate_tasks(look, found), *early, *asked], key=_soonest)


def _soonest(task: Task) -> tuple[bool, int, str]:
    return (task.due is None, task.due.toordinal() if task.due else 0, task.code)


def _next_change(course: Course, center: Course, now: Instant, zone: tzinfo) -> Instant:
    ahead = (fact.at for each in (course, center) for fact in each.ahead)
    return min([next_day(now, zone), *ahead])
