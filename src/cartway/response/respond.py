"""The response of a course: levels by a guideline, what is best, first and last among them, and the kind of relapse."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.response.guidelines import guideline_of
from cartway.response.measured import Assessments, assessments
from cartway.response.model import NOT_EVALUABLE, Choices, Criteria, Level, Reading, Response
from cartway.response.relapse import relapse_of
from cartway.times import Instant


def respond(course: Course, choices: Choices, criteria: str = "") -> Response | Problem:
    """How the disease answers, by the named criteria, else by those of the disease.

    Problems: ``unknown_criteria``, ``no_criteria``, ``no_infusion``.
    """
    guideline = guideline_of(course, choices, criteria)
    if isinstance(guideline, Problem):
        return guideline
    measured = assessments(course, guideline, choices)
    if isinstance(measured, Problem):
        return measured
    return _response(guideline, measured, _marked(guideline.read(measured, choices), measured), choices)


def _marked(reading: Reading, measured: Assessments) -> Reading:
    """The reading with every level after new anti-cancer therapy flagged: it tells of that, not of the CAR T cells."""
    mark = [not _before(level.at, measured.new_therapy_at) for level in reading.levels]
    if not any(mark):
        return reading
    levels = tuple(_flagged(level, late) for level, late in zip(reading.levels, mark, strict=True))
    confirmed = tuple(_flagged(level, late) for level, late in zip(reading.confirmed, mark, strict=True))
    return msgspec.structs.replace(reading, levels=levels, confirmed=confirmed)


def _flagged(level: Level, late: bool) -> Level:
    return msgspec.structs.replace(level, flags=(*level.flags, "after_new_therapy")) if late else level


def _response(criteria: Criteria, measured: Assessments, reading: Reading, choices: Choices) -> Response:
    treated = [level for level in reading.confirmed if _before(level.at, measured.new_therapy_at)]
    seen = [level for level in reading.levels if _before(level.at, measured.new_therapy_at)]
    followed = reading.confirmed if choices.new_therapy == "ignore" else treated
    worse = _first(followed, criteria.progressions)
    until = [level for level in treated if worse is None or level.at < worse]
    kind, because = relapse_of(measured, worse, choices)
    return Response(
        course=measured.course.id,
        criteria=criteria.name,
        edition=criteria.edition,
        citation=criteria.citation,
        day_zero=measured.day_zero,
        baseline_at=measured.baseline_at,
        levels=reading.levels,
        confirmed=reading.confirmed,
        best=best_of(seen, criteria),
        best_confirmed=best_of(treated, criteria),
        first_response_at=_first(until, criteria.responses),
        first_complete_at=_first(until, criteria.complete),
        progression_at=worse,
        relapse=kind,
        relapse_because=because,
        mrd=reading.mrd,
        flags=tuple(dict.fromkeys((*measured.flags, *reading.flags))),
        policies=tuple(dict.fromkeys(name for level in reading.levels for name in level.policies)),
        labels=reading.labels,
    )


def best_of(levels: Sequence[Level], criteria: Criteria) -> str:
    """The best level up to the first progression; ``NE`` where there is none."""
    reached = []
    for level in levels:
        reached.append(level.level)
        if level.level in criteria.progressions:
            break
    ranks = {name: rank for rank, name in enumerate(criteria.ranks)}
    return max(reached, key=lambda name: ranks.get(name, -1), default=NOT_EVALUABLE)


def _first(levels: Iterable[Level], among: frozenset[str]) -> Instant | None:
    return next((level.at for level in levels if level.level in among), None)


def _before(at: Instant, limit: Instant | None) -> bool:
    return limit is None or at <= limit
