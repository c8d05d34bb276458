"""The courses that a verb is asked about: those of a file, or one of the store; and the center's own record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cartway.cli.edge import settings, stop
from cartway.cli.grading import read
from cartway.pathway.course import CENTER
from cartway.problem import Problem
from cartway.record import Fact, current, open_log
from cartway.times import Instant
from cartway.toxicity import by_course


def courses_asked(course: str, known_at: Instant | None, database: str) -> tuple[Mapping[str, list[Fact]], list[Fact]]:
    """The courses asked about, and the center's own record, which may be among those of a file.

    Problems: ``no_facts``, ``unknown_course``.
    """
    if Path(course).exists():
        found = dict(by_course(read([Path(course)], known_at)))
        center = found.pop(CENTER, [])
        if not found:
            stop(Problem("no_facts", "The file holds no course that could be read.", "See what was refused above."))
        return found, center
    with open_log(settings(database).database, create=False) as log:
        facts, center = current(log.facts(course), known_at), current(log.facts(CENTER), known_at)
    if not facts:
        remedy = "`cartway courses` lists the courses."
        stop(Problem("unknown_course", "There is neither such a file nor such a course in the store.", remedy))
    return {course: facts}, center
