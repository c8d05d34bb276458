"""The first repeat, patient by patient: toxicity by day and each patient's lane, by Cartway's own derivations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from cartway.pathway.course import Course
from cartway.pathway.policies import load_policies
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.response import Response, choices_of, endpoints, respond
from cartway.response.guidelines import GUIDELINES
from cartway.times import DAY, Instant
from cartway.toxicity import Episode, grade, load_rules
from cartway.twin.chart.outcomes import TOXICITY_DAYS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cartway.response import Choices

GRADES = 6  # 0 to 5
BY_DAY = 31  # day 0 to day 30
State = Literal["complete", "partial", "stable", "progressed"]


class Span(NamedTuple):
    """From day to day the disease was at one level: the `code` of the criteria, and what it comes to."""

    start: float
    end: float
    code: str
    state: State


class Lane(NamedTuple):
    """One patient of the swimmer plot, in days from the infusion; None for what did not happen."""

    course: str
    spans: tuple[Span, ...]
    progressed: float | None
    died: float | None
    last: float
    crs: int | None
    icans: int | None


class Watched(NamedTuple):
    """One arm: `crs` and `icans` int64[GRADES, BY_DAY], how many patients had each worst grade on each day (those who
    were not watched, or could not be assessed, are in none); `lanes`, longest first.
    """

    crs: NDArray[np.int64]
    icans: NDArray[np.int64]
    lanes: tuple[Lane, ...]


def watched(patients: Sequence[Sequence[Fact]], followed: Sequence[float]) -> Watched:
    """An arm's patients, each with the last day of follow-up."""
    rules, choices = load_rules(), choices_of(load_policies())
    crs, icans = np.zeros((GRADES, BY_DAY), np.int64), np.zeros((GRADES, BY_DAY), np.int64)
    lanes = []
    for facts, last in zip(patients, followed, strict=True):
        episodes = grade(facts, rules)
        zero = min(fact.at for fact in facts if fact.what == "infusion")
        for table, scale in ((crs, "crs.astct"), (icans, "icans.astct")):
            _count(table, [each for each in episodes if each.scale == scale], zero)
        lanes.append(_lane(facts, episodes, zero, float(last), choices))
    return Watched(crs, icans, tuple(sorted(lanes, key=lambda lane: (-lane.last, lane.course))))


def _count(table: NDArray[np.int64], episodes: Sequence[Episode], zero: Instant) -> None:
    """Add one patient's worst grade of each day; a day whose grade is nowhere known counts for none."""
    for day in range(BY_DAY):
        start, end = zero + day * DAY, zero + (day + 1) * DAY
        seen = [each.grade for each in episodes if each.start < end and (each.end is None or each.end > start)]
        known = [each for each in seen if each is not None]
        if known:
            table[max(known), day] += 1


def _lane(facts: Sequence[Fact], episodes: Sequence[Episode], zero: Instant, last: float, choices: Choices) -> Lane:
    course = Course(facts, zero + int(last * DAY))
    died = next((_day(fact.at, zero) for fact in facts if fact.what == "death"), None)
    end = min(last, died) if died is not None else last
    worst = [worst_of(episodes, scale, zero) for scale in ("crs.astct", "icans.astct")]
    found = respond(course, choices)
    if isinstance(found, Problem):
        return Lane(course.id, (), None, died, end, *worst)
    ends = endpoints(course, found, choices)
    progressed = None if ends.progression_at is None else _day(ends.progression_at, zero)
    spans = tuple(_spans(found, zero, end))
    return Lane(course.id, spans, progressed, died, end, *worst)


def worst_of(episodes: Sequence[Episode], scale: str, zero: Instant) -> int | None:
    """The highest grade of the first thirty days, as outcomes tell it; None where none was assessable."""
    until = zero + int(TOXICITY_DAYS * DAY)
    seen = [each.grade for each in episodes if each.scale == scale and each.start <= until]
    return max((grade for grade in seen if grade is not None), default=None)


def _spans(found: Response, zero: Instant, last: float) -> list[Span]:
    """Each confirmed level until the next; neighbors alike are one; after progression nothing more is told."""
    spans: list[Span] = []
    levels = [level for level in found.confirmed if level.level != "NE" and level.at > zero]
    for i, level in enumerate(levels):
        state = _state(level.level, found.criteria)
        start = _day(level.at, zero)
        end = min(last, _day(levels[i + 1].at, zero) if i + 1 < len(levels) else last)
        if (spans and spans[-1].state == "progressed") or (spans and spans[-1].code == level.level):
            spans[-1] = spans[-1]._replace(end=end)
        elif end > start:
            spans.append(Span(start, end, level.level, state))
    return spans


def _state(level: str, criteria: str) -> State:
    guideline = GUIDELINES[criteria]
    if level in guideline.progressions:
        return "progressed"
    if level in guideline.complete:
        return "complete"
    return "partial" if level in guideline.responses else "stable"


def _day(at: Instant, zero: Instant) -> float:
    return (at - zero) / DAY
