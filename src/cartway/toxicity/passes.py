"""The compiled passes over a cohort's columns: which words occur, the deal to courses, the fold. `batch.py` drives
them.

Every function here is a kernel and runs compiled only; what a fact means to a grade is in `bedside`, `crs` and
`icans`, which also run plain.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.fold import settle
from cartway.toxicity.further import (
    COUNT,
    absorb_all,
    after_crs,
    look_again,
    none_further,
    wake,
    wanted,
)
from cartway.toxicity.kernel import kernel

NO_CUT = np.inf  # no fact is later: a course runs to its own end
NO_TIME = np.iinfo(np.int64).min

# One answer as a row: course, scale, start, then the fold's output vector.
A_COURSE, A_SCALE, A_START, A_OUT = range(4)
ANSWER_WIDTH = A_OUT + b.OUT_SIZE

# What a combination of words means to the fold, one row a combination.
C_KIND, C_VALUE, C_SCALE, C_OFFSET, C_LOW, C_HIGH, C_UNTIL, C_WHOLE, C_REFUSED, C_CODED, C_LIMIT = range(11)
C_WIDTH = 11
UNUSED = -1.0
UNTIL_GIVEN, UNTIL_OPEN, UNTIL_OPEN_IF_UNDOSED, UNTIL_LIMIT = 0.0, 1.0, 2.0, 3.0

# Entries of dealt rows that are no facts: the end of the row that follows, and a row that says nothing.
END, IGNORED = -1, -2

# The running state of the pass beside the bedside vector.
R_COURSE, R_NOW, R_HORIZON, R_COUNT, R_REFUSED, R_LAST_AT, R_SORTED, R_CUT = range(8)
RUN_SIZE = 8

# Answers that one step may give at most: every signal, value, drug and attribution running out, on every scale; and
# that a row may lead to.
ROOM, ROOM_A_ROW = 4096, 2 * COUNT


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
def answer_one(
    s: Vector, p: Vector, now: float, scale: int, run: Vector, out: Vector, latest: Vector, rows: Vector
) -> None:
    """Settle one scale at `now` and keep it if it changed."""
    b.blank(out)
    settle(s, p, now, scale, out)
    if changed(out, latest, scale):
        emit(rows, run, scale, now, out)


@kernel
def answer_all(s: Vector, p: Vector, now: float, run: Vector, out: Vector, latest: Vector, rows: Vector) -> None:
    """Settle at `now` the scales of which something changed."""
    for scale in range(2):
        if s[b.DIRTY_CRS + scale] > 0.0:
            s[b.DIRTY_CRS + scale] = 0.0
            answer_one(s, p, now, scale, run, out, latest, rows)
            if scale == 0 and p[lab.P_FURTHER] > 0.0:
                after_crs(s, out[b.GRADE], now)
    if p[lab.P_FURTHER] > 0.0 and look_again(s, p, now):
        for scale in range(2, COUNT):
            if wanted(s, scale):
                answer_one(s, p, now, scale, run, out, latest, rows)
        none_further(s)


@kernel
def run_time(s: Vector, p: Vector, moment: float, run: Vector, out: Vector, latest: Vector, rows: Vector) -> None:
    """Finish the present instant, then let time alone act up to `moment`."""
    if run[R_NOW] >= 0.0:
        if s[b.NEXT] <= run[R_NOW]:
            wake(s, p, run[R_NOW])
        answer_all(s, p, run[R_NOW], run, out, latest, rows)
    while s[b.NEXT] < min(moment, b.FOREVER):
        now = s[b.NEXT]
        wake(s, p, now)
        if now > run[R_NOW]:
            answer_all(s, p, now, run, out, latest, rows)


@kernel
def end_course(s: Vector, p: Vector, run: Vector, out: Vector, latest: Vector, rows: Vector) -> None:
    """Let the course run to its horizon and make the state ready for the next one."""
    if run[R_COURSE] >= 0.0:
        run_time(s, p, run[R_HORIZON] + 1.0, run, out, latest, rows)
    lab.clear_all(s)
    for i in range(COUNT * b.REASONS):
        latest[i] = 0.0
    for scale in range(COUNT):
        latest[scale * b.REASONS + b.GRADE] = b.NOT_COVERED
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
    if run[R_CUT] == NO_CUT and b.DRIP <= kind < b.ATTRIBUTION and run[R_HORIZON] < until < b.FOREVER:
        run[R_HORIZON] = until
    absorb_all(s, p, kind, value, at, until, position)


@kernel
def coded_value(table: Any, combination: int, value: float, there: bool, run: Vector) -> float:
    """The row's value in the canonical unit, or the table's own; infinite where it is impossible or not `there`."""
    if table[combination, C_VALUE] == table[combination, C_VALUE]:
        return float(table[combination, C_VALUE])
    if not there and b.DRIP <= table[combination, C_KIND] < b.ATTRIBUTION:
        return lab.UNTOLD  # a drug given, its dose not said
    if table[combination, C_SCALE] != 1.0 or table[combination, C_OFFSET] != 0.0:
        value = twelve_digits(value * table[combination, C_SCALE] + table[combination, C_OFFSET])
    whole = table[combination, C_WHOLE] == 0.0 or value == np.floor(value)
    if there and whole and table[combination, C_LOW] <= value <= table[combination, C_HIGH]:
        return value * float(table[combination, C_CODED])
    run[R_REFUSED] += 1.0
    return float(np.inf)


@kernel
def came_unreadable(table: Any, combination: int, there: bool) -> bool:
    """Whether a row is a laboratory value that arrived and could not be read: said to be so, or an impossible one."""
    return table[combination, C_KIND] >= lab.FIRST and (there or table[combination, C_VALUE] == np.inf)


@kernel
def is_there(bits: Any, i: int) -> bool:
    """Whether entry `i` of a column is there, by the column's validity bits; no bits at all say that all are."""
    return len(bits) == 0 or (bits[i >> 3] >> (i & 7)) & 1 == 1


@kernel
def word(numbers: Vector, bits: Vector, some_missing: bool, none: int, i: int) -> int:
    """The word of row `i`; one that is not there is `none`, the last of its kind."""
    if some_missing and (int(bits[i >> 3]) >> (i & 7)) & 1 == 0:
        return none
    return int(numbers[i])


@kernel
def survey(
    course: Any, known: Any, at: Any, words: Any, bits: Any, sizes: Any, shape: Any, run: Vector, slots: Any,
    found: Any, meaning: Any,
) -> int:  # fmt: skip
    """First pass over a row group: number the combinations of words in the order they are `found`, each row's number
    into `meaning`; and whether courses and times are in order. `slots` is all -1 before and after. Returns how many.
    """
    present, last, in_order = run[R_COURSE], run[R_LAST_AT], run[R_SORTED] > 0.0
    what, choice, unit, detail = pointer(words[0]), pointer(words[1]), pointer(words[2]), pointer(words[3])
    choice_bits, unit_bits, detail_bits = pointer(bits[1]), pointer(bits[2]), pointer(bits[3])
    some_choice, some_unit, some_detail = len(bits[1]) > 0, len(bits[2]) > 0, len(bits[3]) > 0
    choices, units, details = sizes[1], sizes[2], sizes[3]
    no_detail = len(shape) - 1
    count = 0
    for i in range(len(at)):
        combination = what[i] * choices + word(choice, choice_bits, some_choice, choices - 1, i)
        combination = combination * units + word(unit, unit_bits, some_unit, units - 1, i)
        combination = combination * details + shape[word(detail, detail_bits, some_detail, no_detail, i)]
        if slots[combination] < 0:
            slots[combination] = count
            found[count] = combination
            count += 1
        meaning[i] = slots[combination]
        if in_order:
            number, moment = float(known[course[i]]), float(at[i])
            if number != present:
                in_order = number > present
                present = number
            elif moment < last:
                in_order = False
            last = moment
    for n in range(count):
        slots[found[n]] = -1
    run[R_COURSE], run[R_LAST_AT], run[R_SORTED] = present, last, 1.0 if in_order else 0.0
    return count


@kernel
def note_first(course: Any, known: Any, at: Any, first: Any) -> None:
    """Find each course's first time."""
    for i in range(len(at)):
        number = known[course[i]]
        first[number] = min(first[number], at[i])


@kernel
def has_end(kind: float) -> bool:
    """Whether a row's end is more than its time: a drug's or an attribution's, or a laboratory value's limit."""
    return b.DRIP <= kind < b.UNREADABLE or kind >= lab.FIRST or kind == b.NEUTROPHILS


@kernel
def until_of(table: Any, combination: int, given: int, at: float, dosed: bool) -> float:
    """The end of a row: its own, FOREVER for an open infusion, its own time otherwise."""
    mode = table[combination, C_UNTIL]
    if mode == UNTIL_LIMIT:
        return float(table[combination, C_LIMIT])
    if given != NO_TIME:
        return float(given)
    if mode == UNTIL_OPEN or (mode == UNTIL_OPEN_IF_UNDOSED and not dosed):
        return b.FOREVER
    return at


@kernel
def fold_in_order(
    course: Any, known: Any, at: Any, value: Any, has_value: Any, until: Any, meaning: Any, table: Any, first: int,
    cut: float, begin: int, room: int, arrays: Any,
) -> int:  # fmt: skip
    """Fold a row group whose rows come sorted by course and time, from row `begin`. Facts after `cut` are left out.

    Stops where fewer than `ROOM` answers fit into `room`. Returns the first row not folded: all of them where it is
    done.
    """
    s, p, run, out, latest, rows = pointers(arrays)
    present = run[R_COURSE]
    for i in range(begin, len(at)):
        moment = float(at[i])
        if moment > cut:
            continue
        if known[course[i]] != present:
            if room - run[R_COUNT] < ROOM:
                return i
            end_course(s, p, run, out, latest, rows)
            present = float(known[course[i]])
            run[R_COURSE] = present
            run[R_HORIZON] = cut if cut < NO_CUT else -NO_CUT
        run[R_HORIZON] = max(run[R_HORIZON], moment)
        combination = meaning[i]
        kind = int(table[combination, C_KIND])
        if kind < 0 or kind >= b.UNREADABLE:
            run[R_REFUSED] += table[combination, C_REFUSED]
        if kind < 0:
            continue
        there = is_there(has_value, i)
        coded = coded_value(table, combination, value[i], there, run)
        if coded == np.inf:
            if came_unreadable(table, combination, there):
                coded = np.nan
            elif kind < b.SIGNALS and there:
                kind += b.UNREADABLE
            else:
                continue
        if moment != run[R_NOW] and room - run[R_COUNT] < ROOM:
            return i
        end = until_of(table, combination, until[i] if len(until) > 1 else NO_TIME, moment, there)
        take_row(s, p, kind, coded, moment, end, float(first + i), run, out, latest, rows)
    return len(at)


@kernel
def count_used(
    course: Any, known: Any, at: Any, meaning: Any, table: Any, cut: float, run: Vector, counts: Any, horizon: Any,
    used: Any,
) -> int:  # fmt: skip
    """Find a group's rows that the fold uses, and how many entries they take of each of its courses (one further on in
    `counts`); each course's last time; and how many words are refused. Returns how many rows are used.
    """
    takes, refusals = entries_of(table), refusals_of(table)
    n = 0
    for i in range(len(at)):
        moment = float(at[i])
        if moment > cut:
            continue
        number = known[course[i]]
        horizon[number] = max(horizon[number], moment)
        run[R_REFUSED] += refusals[meaning[i]]
        take = takes[meaning[i]]
        used[n] = i
        n += take > 0
        counts[course[i] + 1] += take
    return n


@kernel
def entries_of(table: Any) -> Any:
    """How many entries a row of each combination takes: none, one, or two where its end is one of its own."""
    takes = np.zeros(len(table), np.int8)
    for c in range(len(table)):
        kind = table[c, C_KIND]
        if kind >= 0.0:
            takes[c] = 2 if has_end(kind) else 1
    return takes


@kernel
def refusals_of(table: Any) -> Any:
    """How many words are refused with a row of each combination."""
    refusals = np.zeros(len(table))
    for c in range(len(table)):
        if table[c, C_KIND] < 0.0 or table[c, C_KIND] >= b.UNREADABLE:
            refusals[c] = table[c, C_REFUSED]
    return refusals


@kernel
def deal_rows(
    course: Any, known: Any, at: Any, value: Any, has_value: Any, until: Any, meaning: Any, table: Any, first: int,
    cut: float, run: Vector, stops: Any, horizon: Any, dealt: Any,
) -> None:  # fmt: skip
    """Deal a group's rows that the fold uses out to its own courses, coded, from where `stops` says; it then says where
    each ends. A row of a kind that can end is two entries: its end (kind END), then itself.
    """
    used = np.empty(len(at), np.int32)
    begin = stops[0]
    stops[:] = 0
    count = count_used(course, known, at, meaning, table, cut, run, stops, horizon, used)
    stops[0] = begin
    for c in range(1, len(stops)):
        stops[c] += stops[c - 1]
    for n in range(count):
        i = used[n]
        moment = float(at[i])
        combination = meaning[i]
        kind = int(table[combination, C_KIND])
        there = is_there(has_value, i)
        coded = coded_value(table, combination, value[i], there, run)
        place = stops[course[i]]
        if has_end(kind):
            end = until_of(table, combination, until[i] if len(until) > 1 else NO_TIME, moment, there)
            put_row(dealt, place, moment, end, END, 0)
            place += 1
        if coded == np.inf:
            if came_unreadable(table, combination, there):
                coded = np.nan
            else:
                kind = kind + b.UNREADABLE if kind < b.SIGNALS and there else IGNORED
        put_row(dealt, place, moment, coded, kind, first + i)
        stops[course[i]] = place + 1


@kernel
def put_row(dealt: Any, place: int, at: float, value: float, kind: int, position: int) -> None:
    """Write one entry."""
    dealt[place].at = at
    dealt[place].value = value
    dealt[place].kind = kind
    dealt[place].position = position


@kernel
def copy_row(dealt: Any, source: int, to: Any, target: int) -> None:
    """Copy one dealt row."""
    put_row(to, target, dealt[source].at, dealt[source].value, dealt[source].kind, dealt[source].position)


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
            copy_row(dealt, j - 1, dealt, j)
            j -= 1
            moves += 1
        dealt[j].at, dealt[j].value, dealt[j].kind, dealt[j].position = at, value, kind, position
        if moves > 64 * (stop - start):
            order = np.argsort(dealt[start:stop].at, kind="mergesort")
            dealt[start:stop] = dealt[start:stop][order]
            return


@kernel
def gathered(dealt: Any, starts: Any, stops: Any, first: int, last: int, target: Any) -> int:
    """Copy the runs from `first` up to `last` into `target`, one after the other. Returns how many rows they are."""
    n = 0
    for r in range(first, last):
        for i in range(starts[r], stops[r]):
            copy_row(dealt, i, target, n)
            n += 1
    return n


@kernel
def fold_dealt(
    dealt: Any, edges: Any, starts: Any, stops: Any, present: Any, horizon: Any, cut: float, begin: int, room: int,
    arrays: Any,
) -> int:  # fmt: skip
    """Fold course by course, from course `begin`. `edges[c]` up to `edges[c + 1]` are the runs of course `c`, each from
    its place in `starts` to that in `stops`; `present` has room for the rows of any one course.

    Stops before a course whose answers might not fit into `room`. Returns the first course not folded.
    """
    s, p, run, out, latest, rows = pointers(arrays)
    for c in range(begin, len(edges) - 1):
        count = gathered(dealt, starts, stops, edges[c], edges[c + 1], present)
        if room - run[R_COUNT] < ROOM + ROOM_A_ROW * count:
            return c
        end_course(s, p, run, out, latest, rows)
        run[R_COURSE] = c
        run[R_HORIZON] = cut if cut < NO_CUT else horizon[c]
        sort_by_time(present, 0, count)
        end = 0.0
        for i in range(count):
            kind = present[i].kind
            if kind == END:
                end = present[i].value
            if kind < 0:
                continue
            at, position = present[i].at, float(present[i].position)
            until = end if has_end(kind) else at
            take_row(s, p, kind, present[i].value, at, until, position, run, out, latest, rows)
    return len(edges) - 1
