"""Temperature-logger files: times and temperatures as CSV, as the loggers of shippers and boxes write them.

Every maker's file differs: names of columns, unit, separator, lines of words before the table, order of the rows. What
cannot be read is told and never filled in: a row that is not read becomes part of a gap. What would have to be guessed
(no unit, two temperature columns, days that could be months) is a problem that says what to state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from itertools import pairwise
from statistics import median

import msgspec

from cartway.intake.logger_tables import Row, read_table
from cartway.problem import Problem
from cartway.times import MINUTE, Instant

LARGEST = 8 * 1024 * 1024  # bytes
MOST_ROWS = 200_000  # a reading a minute for four months; shippers are on the road for days
A_GAP = 3.0  # times the usual interval between readings
PROBLEMS_KEPT = 20


class Gap(msgspec.Struct, frozen=True):
    """A stretch without readings, much longer than the usual interval."""

    start: Instant
    end: Instant

    @property
    def minutes(self) -> float:
        return (self.end - self.start) / MINUTE


class Reading(msgspec.Struct, frozen=True):
    """What a logger's file says, in Cel and minutes, and what of it could not be read.

    `minutes_above` and `minutes_below` count the stretches between two readings of which either is outside the limits,
    so that a short excursion is not lost between them; None where there was no such limit. `gap_min` is the longest
    stretch between two readings; `gaps` are those far longer than usual. `sha256` is of the file as it came.
    `problems` are told, at most 20 of them; `unread` counts the rows that could not be read.
    """

    lowest_cel: float
    highest_cel: float
    readings: int
    first: Instant
    last: Instant
    gap_min: float
    sha256: str
    gaps: tuple[Gap, ...] = ()
    limit_cel: float | None = None
    least_cel: float | None = None
    minutes_above: float | None = None
    minutes_below: float | None = None
    unread: int = 0
    problems: tuple[Problem, ...] = ()

    @property
    def too_warm(self) -> bool:
        """Whether any reading was above the limit."""
        return self.limit_cel is not None and self.highest_cel > self.limit_cel

    @property
    def too_cold(self) -> bool:
        """Whether any reading was below the lower limit, such as of cells that must not freeze."""
        return self.least_cel is not None and self.lowest_cel < self.least_cel


class Coverage(msgspec.Struct, frozen=True):
    """How a file's readings lie against a transport, in minutes. `before` and `after`: without readings at its start
    and at its end; `early` and `late`: readings from before its start and from after its end.
    """

    before: float
    after: float
    early: float
    late: float

    @property
    def uncovered(self) -> float:
        """The longer of the stretches at the start and at the end of which the file says nothing."""
        return max(self.before, self.after)


def coverage(reading: Reading, start: Instant, end: Instant) -> Coverage | Problem:
    """How a file covers a transport from `start` to `end`. Problem: ``another_trip`` where they share no moment."""
    if reading.last < start or reading.first > end:
        reason = "No reading of the file is from between hand-over and receipt: it is of another trip."
        remedy = "Choose the file of this one. If its clock was wrong, open the form anew and receive without a file."
        return Problem("another_trip", reason, remedy)
    return Coverage(
        max(0, reading.first - start) / MINUTE,
        max(0, end - reading.last) / MINUTE,
        max(0, start - reading.first) / MINUTE,
        max(0, reading.last - end) / MINUTE,
    )


def read_logger(
    content: bytes, *, zone: tzinfo, limit_cel: float | None = None, least_cel: float | None = None, unit: str = "",
    column: str = "",
) -> Reading | Problem:  # fmt: skip
    """Read a logger's file against limits in Cel.

    `zone` is that of times without one. `unit` (C, F, K) and `column` state what the file does not say by itself.
    Problems: ``too_large``, ``too_many_rows``, ``empty_file``, ``no_table``, ``several_temperatures``, ``no_unit``,
    ``ambiguous_dates``, ``nothing_readable``.
    """
    if len(content) > LARGEST:
        reason = f"The file has more than {LARGEST // (1024 * 1024)} MiB."
        return Problem("too_large", reason, "Export only the time of this transport from the logger's software.")
    table = read_table(content, zone, unit, column, MOST_ROWS)
    if isinstance(table, Problem):
        return table
    if not table.rows:
        remedy = "Look at the file: is it the export of this logger?"
        return Problem("nothing_readable", "No row of the file could be read.", remedy)
    return _summed(content, sorted(table.rows), table.rows, table.problems, limit_cel, least_cel)


def _summed(
    content: bytes, rows: Sequence[Row], as_written: Sequence[Row], problems: Sequence[Problem],
    limit_cel: float | None, least_cel: float | None,
) -> Reading:  # fmt: skip
    temperatures = [value for _, value in rows]
    told = list(problems[:PROBLEMS_KEPT])
    if list(rows) != list(as_written):
        told.append(Problem("unsorted_rows", "Its rows are not in the order of their times.", "They were sorted."))
    above = None if limit_cel is None else _minutes(rows, lambda value: value > limit_cel)
    below = None if least_cel is None else _minutes(rows, lambda value: value < least_cel)
    return Reading(
        min(temperatures),
        max(temperatures),
        len(rows),
        rows[0][0],
        rows[-1][0],
        _longest(rows),
        hashlib.sha256(content).hexdigest(),
        _gaps(rows),
        limit_cel,
        least_cel,
        above,
        below,
        len(problems),
        tuple(told),
    )


def _minutes(rows: Sequence[Row], outside: Callable[[float], bool]) -> float:
    """Minutes of the stretches of which either end is outside."""
    return sum(length for length, one, other in _stretches(rows) if outside(one) or outside(other)) / MINUTE


def _stretches(rows: Sequence[Row]) -> Iterator[tuple[int, float, float]]:
    """Each stretch between two readings: how long, and both temperatures."""
    return ((later - at, value, after) for (at, value), (later, after) in pairwise(rows))


def _longest(rows: Sequence[Row]) -> float:
    return max((length for length, _, _ in _stretches(rows)), default=0) / MINUTE


def _gaps(rows: Sequence[Row]) -> tuple[Gap, ...]:
    lengths = [length for length, _, _ in _stretches(rows)]
    usual = median(lengths) if lengths else 0
    return tuple(Gap(at, later) for (at, _), (later, _) in pairwise(rows) if later - at > A_GAP * usual > 0)
