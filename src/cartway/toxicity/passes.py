"""The compiled passes over a cohort's columns: which words occur, the deal to courses, the fold. `batch.py` drives
them.

Every function here is a kernel and runs compiled only; what a fact means to a grade is in `bedside`, `crs` and
`icans`, which also run plain.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cartway.toxicity import bedside as b
from cartway.toxicity.bedside import Vector
from cartway.toxicity.fold import settle
from cartway.toxicity.kernel import kernel

NO_TIME = np.iinfo(np.int64).min

# One answer as a row: course, scale, start, then the fold's output vector.
A_COURSE, A_SCALE, A_START, A_OUT = range(4)
ANSWER_WIDTH = A_OUT + b.OUT_SIZE

# What a combination of words means to the fold, one row a combination.
C_KIND, C_VALUE, C_SCALE, C_OFFSET, C_LOW, C_HIGH, C_UNTIL, C_WHOLE = range(8)
C_WIDTH = 8
UNUSED, REFUSED = -1.0, -2.0
UNTIL_GIVEN, UNTIL_OPEN = 0.0, 1.0

# The running state of the pass beside the bedside vector.
R_COURSE, R_NOW, R_HORIZON, R_COUNT, R_REFUSED, R_LAST_AT, R_SORTED, R_CUT = range(8)
RUN_SIZE = 8

ROOM = 512  # answers that one step may give at most: every signal, drug and attribution running out, on both scales


def pointer(array: Any) -> Any:
    """The array's numbers; compiled, a bare pointer to them (see `kernel`)."""
    return array


@kernel
def pointers(arrays: Any) -> Any:
    """The state, the policies, the running state, the answer, the latest answers, and the rows of answers."""
    return (
        pointer(arrays[0]),
        pointer(arrays[1]),
        pointer(arrays[2]),
        pointer(arrays[3]),
        pointer(arrays[4]),
        pointer(arrays[5]),
    )


@kernel
def twelve_digits(x: float) -> float:
    """`x` to 12 significant digits, as the vocabulary rounds a converted value."""
    if x == 0.0 or not np.isfinite(x):
        return x
    factor = 10.0 ** (11.0 - np.floor(np.log10(abs(x))))
    return float(np.rint(x * factor) / factor)


@kernel
def emit(rows: Vector, run: Vector, scale: int, now: float, out: Vector) -> None:
    """Append one answer; whoever calls the pass has seen to it that there is room."""
    j = int(run[R_COUNT]) * ANSWER_WIDTH
    rows[j + A_COURSE] = run[R_COURSE]
    rows[j + A_SCALE] = scale
    rows[j + A_START] = now
    for i in range(b.OUT_SIZE):
        rows[j + A_OUT + i] = out[i]
    run[R_COUNT] += 1.0


@kernel
def changed(out: Vector, latest: Vector, scale: int) -> bool:
    """Whether the answer differs from the scale's latest, which it then becomes."""
    j = scale * b.REASONS
    different = False
    for i in range(b.REASONS):
        if out[i] != latest[j + i]:
            different = True
            latest[j + i] = out[i]
    return different


@kernel
def answer_both(s: Vector, p: Vector, now: float, run: Vector, out: Vector, latest: Vector, rows: Vector) -> None:
    """Settle both scales at `now` and keep what changed."""
    for scale in range(2):
        if s[b.DIRTY_CRS + scale] == 0.0:
            continue
        s[b.DIRTY_CRS + scale] = 0.0
        settle(s, p, now, scale, out)
        if changed(out, latest, scale):
            emit(rows, run, scale, now, out)


@kernel
def run_time(s: Vector, p: Vector, moment: float, run: Vector, out: Vector, latest: Vector, rows: Vector) -> None:
    """Finish the present instant, then let time alone act up to `moment`."""
    if run[R_NOW] >= 0.0:
        if s[b.NEXT] <= run[R_NOW]:
            s[b.NEXT] = b.next_moment(s, p, run[R_NOW])
            s[b.DIRTY_CRS] = 1.0  # something ran out at this very instant
            s[b.DIRTY_ICANS] = 1.0
        answer_both(s, p, run[R_NOW], run, out, latest, rows)
    while s[b.NEXT] < moment:
        now = s[b.NEXT]
        s[b.NEXT] = b.next_moment(s, p, now)
        if now > run[R_NOW]:
            s[b.DIRTY_CRS] = 1.0
            s[b.DIRTY_ICANS] = 1.0
            answer_both(s, p, now, run, out, latest, rows)


@kernel
def end_course(s: Vector, p: Vector, run: Vector, out: Vector, latest: Vector, rows: Vector) -> None:
    """Let the course run to its horizon and make the state ready for the next one."""
    if run[R_COURSE] >= 0.0:
        run_time(s, p, run[R_HORIZON] + 1.0, run, out, latest, rows)
    b.clear(s)
    for i in range(2 * b.REASONS):
        latest[i] = 0.0
    latest[b.GRADE] = b.NOT_COVERED
    latest[b.REASONS + b.GRADE] = b.NOT_COVERED
    run[R_NOW] = b.NEVER


@kernel
def finish(arrays: Any) -> None:
    """End the last course."""
    s, p, run, out, latest, rows = pointers(arrays)
    end_course(s, p, run, out, latest, rows)


@kernel
def take_row(
    s: Vector, p: Vector, kind: int, value: float, at: float, until: float, position: float,
    run: Vector, out: Vector, latest: Vector, rows: Vector,
) -> None:  # fmt: skip
    """One coded fact of the present course, in time order."""
    if at != run[R_NOW]:
        run_time(s, p, at, run, out, latest, rows)
        run[R_NOW] = at
    if run[R_CUT] < 0.0 and b.DRIP <= kind < b.ATTRIBUTION and run[R_HORIZON] < until < b.FOREVER:
        run[R_HORIZON] = until
    b.absorb(s, p, kind, value, at, until, position)


@kernel
def coded_value(table: Any, combination: int, value: float, run: Vector) -> float:
    """The row's value in the canonical unit; NaN where the table gives it, infinite where it is impossible."""
    if table[combination, C_VALUE] == table[combination, C_VALUE]:
        return float(table[combination, C_VALUE])
    if np.isnan(value) and b.DRIP <= table[combination, C_KIND] < b.ATTRIBUTION:
        return 1.0  # a drug given, its dose not said
    if table[combination, C_SCALE] != 1.0 or table[combination, C_OFFSET] != 0.0:
        value = twelve_digits(value * table[combination, C_SCALE] + table[combination, C_OFFSET])
    whole = table[combination, C_WHOLE] == 0.0 or value == np.floor(value)
    if whole and table[combination, C_LOW] <= value <= table[combination, C_HIGH]:
        return value
    run[R_REFUSED] += 1.0
    return np.inf


@kernel
def combine(what: int, choice: int, unit: int, detail: int, sizes: Any) -> int:
    """The number of a combination of words."""
    return int(((what * sizes[1] + choice) * sizes[2] + unit) * sizes[3] + detail)


@kernel
def survey(course: Any, at: Any, words: Any, sizes: Any, run: Vector, seen: Any) -> None:
    """First pass over a row group: which combinations occur, and whether courses and times are in order."""
    for i in range(len(at)):
        seen[combine(words[0][i], words[1][i], words[2][i], words[3][i], sizes)] = 1
        if course[i] != run[R_COURSE]:
            if course[i] < run[R_COURSE]:
                run[R_SORTED] = 0.0
            run[R_COURSE] = course[i]
            run[R_LAST_AT] = -np.inf
        if at[i] < run[R_LAST_AT]:
            run[R_SORTED] = 0.0
        run[R_LAST_AT] = at[i]


@kernel
def note_first(course: Any, at: Any, first: Any) -> None:
    """Find each course's first time."""
    for i in range(len(at)):
        if course[i] >= 0 and at[i] < first[course[i]]:
            first[course[i]] = at[i]


@kernel
def until_of(table: Any, combination: int, given: int, at: float) -> float:
    """The end of a row: its own, FOREVER for an open infusion, its own time otherwise."""
    if given != NO_TIME:
        return float(given)
    if table[combination, C_UNTIL] == UNTIL_OPEN:
        return b.FOREVER
    return at


@kernel
def fold_in_order(
    course: Any, at: Any, value: Any, until: Any, words: Any, sizes: Any, table: Any, first: int, cut: float,
    begin: int, room: int, arrays: Any,
) -> int:  # fmt: skip
    """Fold a row group whose rows come sorted by course and time, from row `begin`. Facts after `cut` are left out.

    Stops where fewer than `ROOM` answers fit into `room`. Returns the first row not folded: all of them where it is
    done.
    """
    s, p, run, out, latest, rows = pointers(arrays)
    what, choice, unit, detail = words
    present = run[R_COURSE]
    for i in range(begin, len(at)):
        moment = float(at[i])
        if cut >= 0.0 and moment > cut:
            continue
        if course[i] != present:
            if room - run[R_COUNT] < ROOM:
                return i
            end_course(s, p, run, out, latest, rows)
            present = float(course[i])
            run[R_COURSE] = present
            run[R_HORIZON] = cut
        run[R_HORIZON] = max(run[R_HORIZON], moment)
        combination = ((what[i] * sizes[1] + choice[i]) * sizes[2] + unit[i]) * sizes[3] + detail[i]
        kind = int(table[combination, C_KIND])
        if kind < 0:
            continue
        coded = coded_value(table, combination, value[i], run)
        if coded == np.inf:
            if kind >= b.SIGNALS or value[i] != value[i]:
                continue
            kind += b.UNREADABLE
        if moment != run[R_NOW] and room - run[R_COUNT] < ROOM:
            return i
        end = until_of(table, combination, until[i] if len(until) > 1 else NO_TIME, moment)
        take_row(s, p, kind, coded, moment, end, float(first + i), run, out, latest, rows)
    return len(at)


@kernel
def count_rows(course: Any, at: Any, words: Any, sizes: Any, table: Any, cut: float, counts: Any, horizon: Any) -> None:
    """Count each course's rows that the fold uses, and find its last time."""
    for i in range(len(at)):
        moment = float(at[i])
        if cut >= 0.0 and moment > cut:
            continue
        horizon[course[i]] = max(horizon[course[i]], moment)
        if table[combine(words[0][i], words[1][i], words[2][i], words[3][i], sizes), C_KIND] >= 0.0:
            counts[course[i]] += 1


@kernel
def deal_rows(
    course: Any, at: Any, value: Any, until: Any, words: Any, sizes: Any, table: Any, first: int, cut: float,
    run: Vector, places: Any, dealt: Any, ends: Any,
) -> None:  # fmt: skip
    """Deal the rows that the fold uses out to their courses, coded. An end of its own goes to `ends`, found by
    position.
    """
    for i in range(len(at)):
        moment = float(at[i])
        combination = combine(words[0][i], words[1][i], words[2][i], words[3][i], sizes)
        kind = int(table[combination, C_KIND])
        if kind < 0 or (cut >= 0.0 and moment > cut):
            continue
        coded = coded_value(table, combination, value[i], run)
        if coded == np.inf:
            kind = kind + b.UNREADABLE if kind < b.SIGNALS and value[i] == value[i] else -1
        row = dealt[places[course[i]]]
        row.at = moment
        row.value = coded
        row.kind = kind
        row.position = first + i
        places[course[i]] += 1
        if kind >= b.DRIP:
            end = until_of(table, combination, until[i] if len(until) > 1 else NO_TIME, moment)
            if end != moment:
                ends[first + i] = end


@kernel
def copy_row(dealt: Any, source: int, target: int) -> None:
    """Copy one dealt row."""
    dealt[target].at = dealt[source].at
    dealt[target].value = dealt[source].value
    dealt[target].kind = dealt[source].kind
    dealt[target].position = dealt[source].position


@kernel
def sort_by_time(dealt: Any, start: int, stop: int) -> None:
    """Put one course's rows in time order where they are not. Most are nearly so; a wild course is sorted outright."""
    moves = 0
    for i in range(start + 1, stop):
        if dealt[i].at >= dealt[i - 1].at:
            continue
        at, value, kind, position = dealt[i].at, dealt[i].value, dealt[i].kind, dealt[i].position
        j = i
        while j > start and dealt[j - 1].at > at:
            copy_row(dealt, j - 1, j)
            j -= 1
            moves += 1
        dealt[j].at, dealt[j].value, dealt[j].kind, dealt[j].position = at, value, kind, position
        if moves > 64 * (stop - start):
            order = np.argsort(dealt[start:stop].at, kind="mergesort")
            dealt[start:stop] = dealt[start:stop][order]
            return


@kernel
def fold_dealt(dealt: Any, places: Any, horizon: Any, cut: float, ends: Any, begin: int, room: int, arrays: Any) -> int:
    """Fold every course's dealt rows, from course `begin`. `places[c]` is where course `c` ends.

    Stops before a course whose answers might not fit into `room`. Returns the first course not folded.
    """
    s, p, run, out, latest, rows = pointers(arrays)
    start = places[begin - 1] if begin > 0 else 0
    for c in range(begin, len(places)):
        most = ROOM + 8 * (places[c] - start)
        if room - run[R_COUNT] < most:
            return c
        end_course(s, p, run, out, latest, rows)
        run[R_COURSE] = c
        run[R_HORIZON] = cut if cut >= 0.0 else horizon[c]
        sort_by_time(dealt, start, places[c])
        for i in range(start, places[c]):
            kind = dealt[i].kind
            if kind < 0:
                continue
            end = dealt[i].at
            if kind >= b.DRIP and dealt[i].position in ends:
                end = ends[dealt[i].position]
            take_row(s, p, kind, dealt[i].value, dealt[i].at, end, float(dealt[i].position), run, out, latest, rows)
        start = places[c]
    return len(places)
