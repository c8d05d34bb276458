"""Where the reaction stands at the moment of a forecast, by Cartway's own grades: CRS may hide its fever."""

from __future__ import annotations

from typing import NamedTuple

from cartway.pathway.course import Course
from cartway.times import DAY
from cartway.toxicity import SCALES, Episode, grade, load_rules

NEVER = (0.0, 0.0, 0.0, 0.0)


class Standing(NamedTuple):
    """CRS and ICANS (ASTCT) now, 0 where there is none or it cannot be told. `crs_days`, `icans_days`: how many days
    grade 1, 2, 3, 4 or more has lasted without a break.
    """

    crs: int = 0
    icans: int = 0
    crs_days: tuple[float, ...] = NEVER
    icans_days: tuple[float, ...] = NEVER


def standing_of(course: Course) -> Standing:
    """Where a course stands at its present."""
    episodes = grade(course.facts, load_rules(), course.now)
    crs, icans = ([each for each in episodes if each.scale == scale] for scale in SCALES)
    return Standing(_now(crs), _now(icans), _lasting(crs, course.now), _lasting(icans, course.now))


def _now(episodes: list[Episode]) -> int:
    last = episodes[-1].grade if episodes else None
    return 0 if last is None else min(last, 4)


def _lasting(episodes: list[Episode], now: int) -> tuple[float, ...]:
    return tuple((now - _since(episodes, least, now)) / DAY for least in range(1, 5))


def _since(episodes: list[Episode], least: int, now: int) -> int:
    """Since when the grade has been this or more without a break; `now` where it is not."""
    start = now
    for each in reversed(episodes):
        if each.grade is None or each.grade < least:
            break
        start = each.start
    return start
