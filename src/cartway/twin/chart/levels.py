"""Levels over time from the columns of a table: the highest of CAR T cells, the lowest of IgG. `kinetics` is the slow
twin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.problem import Problem
from cartway.times import DAY
from cartway.twin.chart.graded import Courses
from cartway.vocabulary import read_unit, vocabulary

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Numbers = NDArray[np.float64]


class Readings(NamedTuple):
    """One variable over all courses: course int64[m], time, canonical value, and whether it lies below the limit
    told.
    """

    course: Ints
    at: Ints
    value: Numbers
    below: NDArray[np.bool_]


def courses_of(column: pa.ChunkedArray, courses: dict[str, int]) -> Ints:
    """The number of each row's course, int64[m]."""
    import pyarrow as pa

    coded = column.cast(pa.string()).combine_chunks().dictionary_encode()
    place = np.array([courses[name] for name in coded.dictionary.to_pylist()], np.int64)
    return place[np.asarray(coded.indices, np.int64)] if len(place) else np.empty(0, np.int64)


def readings_of(rows: pa.Table, what: str, courses: dict[str, int]) -> Readings:
    """The readings of a variable from the rows of a facts table that speak of it; what has no known unit is left
    out.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    own = rows.filter(pc.equal(rows.column("what"), what))
    own = own.filter(pc.is_valid(own.column("value")))
    names = courses_of(own.column("course"), courses)
    at = np.asarray(own.column("at").cast(pa.int64()), np.int64)
    value = np.asarray(own.column("value"), np.float64)
    value = _canonical(what, value, own.column("unit").to_pylist())
    below = np.array(
        ['"below":true' in (text or "").replace(" ", "") for text in own.column("detail").to_pylist()], bool
    )
    known = ~np.isnan(value)
    return Readings(names[known], at[known], value[known], below[known])


def _canonical(what: str, value: Numbers, units: list[Any]) -> Numbers:
    variable, out = vocabulary().variables[what], np.full(len(value), np.nan)
    spelled = np.array([unit or "" for unit in units], np.str_)
    for unit in np.unique(spelled):
        conversion = read_unit(variable, str(unit))
        if not isinstance(conversion, Problem):
            mine = spelled == unit
            out[mine] = value[mine] * conversion.scale + conversion.offset
    return out


def highest(readings: Readings, courses: Courses) -> tuple[Numbers, Numbers]:
    """The highest level after the infusion and its calendar day (UTC), float64[n] each; not a number without any above
    the limit. Of equal levels the first stands, and what lies below the highest limit told in a course counts as none.
    """
    n = len(courses.infused)
    limit = np.zeros(n)
    after = readings.at > courses.infused[readings.course]
    limited = after & readings.below
    np.maximum.at(limit, readings.course[limited], readings.value[limited])
    counts = after & ~readings.below & (readings.value > 0) & (readings.value >= limit[readings.course])
    return _best(readings, counts, courses, most=True)


def lowest(readings: Readings, courses: Courses) -> tuple[Numbers, Numbers]:
    """The lowest level after the infusion and its calendar day, float64[n] each."""
    return _best(readings, readings.at > courses.infused[readings.course], courses, most=False)


def _best(
    readings: Readings, counts: NDArray[np.bool_], courses: Courses, *, most: bool
) -> tuple[Numbers, Numbers]:  # fmt: skip
    n = len(courses.infused)
    course, at, value = readings.course[counts], readings.at[counts], readings.value[counts]
    order = np.lexsort((at, -value if most else value, course))
    first = np.ones(len(order), bool)
    first[1:] = course[order][1:] != course[order][:-1]
    chosen = order[first]
    level, day = np.full(n, np.nan), np.full(n, np.nan)
    level[course[chosen]] = value[chosen]
    day[course[chosen]] = at[chosen] // DAY - courses.infused[course[chosen]] // DAY
    return level, day
