"""Toxicity of charted courses by Cartway's own grades: from the answers of a graded cohort to one row a course."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.times import DAY, Instant
from cartway.toxicity import bedside as b
from cartway.toxicity import passes
from cartway.toxicity.batch import Graded
from cartway.toxicity.further import ALL_SCALES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Numbers = NDArray[np.float64]

DAY_30, AT_LEAST_DAY = 30.0, 20.0
"""Counts on day 30: the newest grade by then, if not older than day 20."""
DAYS_AT_500 = b.MEASURES
"""Where early ICAHT tells its days at or below 500 per microliter."""


class Spans(NamedTuple):
    """One scale's answers over all courses, course after course in time order: course int64[m], start and end in days
    from the infusion, grade (below 0 where it is none), and what it counted.
    """

    course: Ints
    start: Numbers
    end: Numbers
    grade: Numbers
    counted: Numbers


class Courses(NamedTuple):
    """What the grades are held against: each course's first infusion and last fact, int64[n]; an infusion of 0 is
    none.
    """

    infused: Ints
    last: Ints


def spans_of(graded: Graded, scale: str, courses: Courses) -> Spans:
    """The answers of one scale as spans; the last of a course ends with its last fact."""
    rows = graded.rows[graded.rows[:, passes.A_SCALE] == ALL_SCALES.index(scale)]
    course, start = rows[:, passes.A_COURSE].astype(np.int64), rows[:, passes.A_START]
    order = np.lexsort((start, course))
    rows, course, start = rows[order], course[order], start[order]
    end = np.append(start[1:], 0.0)
    is_last = np.append(course[1:] != course[:-1], True) if len(course) else np.empty(0, bool)
    end = np.where(is_last, np.maximum(courses.last[course], start), end)
    zero = courses.infused[course]
    out = rows[:, passes.A_OUT :]
    return Spans(course, (start - zero) / DAY, (end - zero) / DAY, out[:, b.GRADE], out[:, DAYS_AT_500])


def highest(spans: Spans, n: int) -> Numbers:
    """The highest grade of each course, float64[n]; not a number where none could be given."""
    found = np.full(n, -1.0)
    np.maximum.at(found, spans.course, spans.grade)
    return np.where(found < 0, np.nan, found)


def onset(spans: Spans, n: int, grade: float = 1.0) -> Numbers:
    """The first day at this grade or above, float64[n]; not a number where it never came."""
    found = np.full(n, np.inf)
    there = spans.grade >= grade
    np.minimum.at(found, spans.course[there], spans.start[there])
    return np.where(np.isinf(found), np.nan, found)


def lasted(spans: Spans, n: int, grade: float = 1.0) -> Numbers:
    """Days at this grade or above, all together, float64[n]; not a number where it never came."""
    found = np.zeros(n)
    there = spans.grade >= grade
    np.add.at(found, spans.course[there], (spans.end - spans.start)[there])
    return np.where(found > 0, found, np.nan)


def within(spans: Spans, day: float) -> Spans:
    """What happened up to a day: spans that begin by then, cut there."""
    early = spans.start <= day
    end = np.minimum(spans.end[early], day)
    return Spans(spans.course[early], spans.start[early], end, spans.grade[early], spans.counted[early])


def on_day_30(spans: Spans, n: int) -> Numbers:
    """The grade on day 30: that of the newest answer which could be given by then; not a number without one since day
    20.
    """
    by_then = (spans.start <= DAY_30) & (spans.end > AT_LEAST_DAY) & (spans.grade >= 0)
    found = np.full(n, np.nan)
    found[spans.course[by_then]] = spans.grade[by_then]  # in time order: the newest stands
    return found


def counted(spans: Spans, n: int) -> Numbers:
    """What a scale had counted when it was last graded, float64[n]; not a number where it never was."""
    found = np.full(n, np.nan)
    there = spans.grade >= 0
    found[spans.course[there]] = spans.counted[there]
    return found


def first_times(at: Ints, course: Ints, n: int) -> Ints:
    """The first time of each course, int64[n]; 0 where there is none."""
    found = np.full(n, np.iinfo(np.int64).max)
    np.minimum.at(found, course, at)
    return np.where(found == np.iinfo(np.int64).max, 0, found)


def last_times(at: Ints, course: Ints, n: int) -> Ints:
    """The last time of each course, int64[n]."""
    found = np.zeros(n, np.int64)
    np.maximum.at(found, course, at)
    return found


def day_of(at: Instant | None, zero: Instant) -> float:
    """An instant in days from the infusion; not a number where there is none."""
    return float("nan") if at is None else (at - zero) / DAY
