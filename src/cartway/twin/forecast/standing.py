"""Where the reaction stands at the moment of a forecast, by Cartway's own grades: CRS that goes on may hide its fever."""

from __future__ import annotations

from typing import NamedTuple

from cartway.pathway.course import Course
from cartway.times import DAY
from cartway.toxicity import SCALES, Episode, grade, load_rules


class Standing(NamedTuple):
    """CRS and ICANS (ASTCT) now, 0 where there is none or it cannot be told, and for how many days CRS has lasted, and
    CRS of grade 2 or more.
    """

    crs: int = 0
    icans: int = 0
    crs_days: float = 0.0
    crs_2_days: float = 0.0


def standing_of(course: Course) -> Standing:
    """Where a course stands at its present."""
    episodes = grade(course.facts, load_rules(), course.now)
    crs, icans = ([each for each in episodes if each.scale == scale] for scale in SCALES)
    return Standing(_now(crs), _now(icans), _lasting(crs, 1, course.now), _lasting(crs, 2, course.now))


def _now(episodes: list[Episode]) -> int:
    last = episodes[-1].grade if episodes else None
    return 0 if last is None else min(last, 4)


def _lasting(episodes: list[Episode], least: int, now: int) -> float:
    """Days since which the grade has been this or more without a break."""
    start = now
    for each in reversed(episodes):
        if each.grade is None or each.grade < least:
            break
        start = each.start
    return (now - start) / DAY
