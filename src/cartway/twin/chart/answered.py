"""How the disease answered in one course, by Cartway's own reading of its facts: one row of numbers and words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.response import Choices, b_cell_aplasia, choices_of, endpoints, kinetics, respond
from cartway.response.guidelines import GUIDELINES, guideline_of
from cartway.times import DAY
from cartway.twin.chart.graded import day_of

ALWAYS = frozenset(
    {
        "diagnosis", "response_criteria", "infusion", "lymphodepletion", "progression", "next_therapy",
        "last_follow_up", "death", "antigen_expression", "immunophenotype", "cd19",
    }
)  # fmt: skip
"""What every reading of a response looks at, beside its own guideline's measurements."""
APLASIA_DAYS = (150, 215)
"""A count of B cells within these days tells of the sixth month."""


class Answered(NamedTuple):
    """One course. Days from the infusion, NaN where it has not come; `events` of survival are True where they did.

    `response_best`: confirmed, ``NE`` where none could be read, empty where the facts do not say which criteria apply.
    """

    response_best: str
    cr: bool
    orr: bool
    response_day: float
    complete_day: float
    progression_day: float
    pfs_day: float
    pfs_event: bool
    os_day: float
    os_event: bool
    response_lasted_days: float
    response_ended: bool
    relapse_type: str
    mrd_negative: bool
    b_cells_back_day: float
    b_cell_aplasia_6mo: float


NAN = float("nan")
NONE = Answered("", False, False, NAN, NAN, NAN, NAN, False, NAN, False, NAN, False, "", False, NAN, NAN)


@cache
def choices() -> Choices:
    """A center's choices where it has made none."""
    return choices_of(policies_of(Course([], 2**62)))


def looked_at(diagnoses: Iterable[str], criteria: Iterable[str] = ()) -> frozenset[str]:
    """The variables that responses of these diseases, or by these criteria, are read from."""
    wanted = set(ALWAYS).union(*(GUIDELINES[name].reads for name in criteria if name in GUIDELINES))
    for diagnosis in diagnoses:
        found = guideline_of(Course([Fact("", 0, "diagnosis", choice=diagnosis)], 1), choices())
        wanted |= set() if isinstance(found, Problem) else found.reads
    return frozenset(wanted)


def answered(facts: Sequence[Fact]) -> Answered:
    """One course's answer. `facts`: all of its facts that `looked_at` names."""
    course = Course(facts, max(fact.at for fact in facts))
    response = respond(course, choices())
    if isinstance(response, Problem):
        return NONE
    ends, zero = endpoints(course, response, choices()), response.day_zero
    criteria = GUIDELINES[response.criteria]
    return Answered(
        response.best_confirmed,
        response.best_confirmed in criteria.complete,
        response.best_confirmed in criteria.responses,
        day_of(response.first_response_at, zero),
        day_of(response.first_complete_at, zero),
        day_of(ends.progression_at, zero),
        _days(ends.progression_free.days),
        ends.progression_free.event,
        _days(ends.overall_survival.days),
        ends.overall_survival.event,
        _days(ends.duration_of_response.days),
        ends.duration_of_response.event,
        response.relapse,
        any(test.category == "negative" for test in response.mrd),
        *_b_cells(course, zero),
    )


def _days(days: int | None) -> float:
    return float("nan") if days is None else float(days)


def _b_cells(course: Course, zero: int) -> tuple[float, float]:
    found = b_cell_aplasia(course, choices())
    if isinstance(found, Problem) or not found.applies:
        return float("nan"), float("nan")
    first, last = APLASIA_DAYS
    sixth = [count.aplasia for count in found.counts if first <= count.day <= last]
    return day_of(found.recovered_at, zero), float(sixth[0]) if sixth else float("nan")


def highest_cells(facts: Sequence[Fact], what: str) -> tuple[float, float]:
    """The highest level of a course and its calendar day, by `kinetics`: the slow twin of `levels.highest`."""
    found = kinetics(Course(facts, max(fact.at for fact in facts) + DAY), choices())
    curve = None if isinstance(found, Problem) else found.of(what)
    if curve is None or curve.highest is None or curve.highest_day is None:
        return float("nan"), float("nan")
    return float(curve.highest), float(curve.highest_day)


def rows_of(facts: Sequence[Fact]) -> list[tuple[str, tuple[Any, ...]]]:
    """The answers of all courses in some facts, in the order in which they come."""
    by_course: dict[str, list[Fact]] = {}
    for fact in facts:
        by_course.setdefault(fact.course, []).append(fact)
    return [(course, tuple(answered(own))) for course, own in by_course.items()]
