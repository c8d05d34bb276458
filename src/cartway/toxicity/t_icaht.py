"""Thrombocytopenia after immune effector cells (T-ICAHT), by depth and duration.

Rejeski K, Sanz J, Fei T, et al. T-ICAHT grading. Blood 2025. doi:10.1182/blood.2025028833

| grade                             | 1            | 2            | 3    | 4     |
|-----------------------------------|--------------|--------------|------|-------|
| early (day 0-30), days below 50   | 1-6          | >= 7         |      |       |
| early (day 0-30), days below 20   |              |              | 1-13 | >= 14 |
| late (day 31-100), tests          | 2 below 100  | 2 below 50   |      |       |
| late (day 31-100), days below 20  |              |              | 1-13 | >= 14 |

Platelets in 10*9/L. The days under a limit are added up; those of a recovery shorter than 3 days are counted with them;
progression, the next therapy or death ends the count. Late grades need two tests. Recovery is the first of 3 days at 20
or more without a transfusion for 7 days: a count so soon after a transfusion is, by policy, no recovery.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import icaht_days as d
from cartway.toxicity.bedside import Vector
from cartway.toxicity.icaht_days import EARLY, FIRST_PAIR, LAST_PAIR, SECOND_PAIR, T_EARLY, T_LATE, THIRD_PAIR
from cartway.toxicity.kernel import kernel

MILD, LOW, VERY_LOW = 100.0, 50.0, 20.0
LATE_START = d.EARLY_END + 1
(
    EARLY_NONE, EARLY_LOW, EARLY_VERY_LOW, UNREAD, DAYS_UNKNOWN, LATE_NONE, LATE_LOW, LATE_VERY_LOW, LATE_AWAITED, CUT,
) = range(280, 290)  # fmt: skip
T_DAYS = d.PLATELET_DAYS


@kernel
def t_days_below(
    s: Vector, p: Vector, first: int, last: int, today: int, limit: float, inclusive: float, filled: float,
    unknown: float, transfusions: float,
) -> tuple[float, float, float, float, float]:  # fmt: skip
    """How long platelets were below `limit` (see `scan_days`); `transfusions`: whether they hide the true count."""
    window = p[d.P_TRANSFUSION_DAYS] if transfusions > 0.0 and limit == VERY_LOW else 0.0
    after = p[d.P_T_RECOVERY]
    return d.scan_days(s, T_DAYS, first, last, limit, inclusive, filled, unknown, today, after, window)


@kernel
def t_early_by_days(low: float, very_low: float) -> float:
    """The early grade by the days below 50 and below 20."""
    if very_low >= 14.0:
        return 4.0
    if very_low >= 1.0:
        return 3.0
    if low >= 7.0:
        return 2.0
    return 1.0 if low >= 1.0 else 0.0


@kernel
def t_early_if(
    s: Vector, p: Vector, last: int, today: int, by_longest: float, inclusive: float, filled: float, unknown: float,
    transfusions: float,
) -> float:  # fmt: skip
    """The early grade, if the open questions were answered so."""
    below_50 = t_days_below(s, p, 0, last, today, LOW, inclusive, filled, unknown, transfusions)
    below_20 = t_days_below(s, p, 0, last, today, VERY_LOW, inclusive, filled, unknown, transfusions)
    if by_longest > 0.0:
        return t_early_by_days(below_50[2], below_20[2])
    return t_early_by_days(below_50[1], below_20[1])


@kernel
def t_icaht_early_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The early grade at `now` from the state `s` under the policies `p` into `out`, which is blank."""
    d.note_cut(s)
    d.begin_days(s, p, T_DAYS)
    if not d.told_before(s, T_EARLY, now, out):
        end = d.counted_until(s, T_DAYS, now)
        today = d.day_of(s, end)
        t_icaht_early_anew(s, p, min(today, d.EARLY_END), today, out)
        d.keep_answer(s, T_EARLY, d.next_day(s, now, end, d.EARLY_END), out)
    b.soon(s, d.early_boundary(s, T_DAYS, T_EARLY, now))


@kernel
def t_icaht_early_anew(s: Vector, p: Vector, last: int, today: int, out: Vector) -> None:
    """Count the days from 0 to `last`, of which those before `today` are over."""
    if s[d.CUT_AT] >= 0.0:
        b.say(out, LAST_PAIR, CUT, s[d.CUT_POSITION])
    if s[T_DAYS + d.LAST_DAY] < 0.0 or s[T_DAYS + d.FIRST_DAY] > d.EARLY_END:
        b.flag(out, b.MISSING, d.M_PLATELETS)
        b.say(out, FIRST_PAIR, UNREAD, b.NEVER)
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    inclusive, filled, transfusions = p[d.P_LIMIT], 1.0 - p[d.P_MISSING_DAYS], 1.0 - p[d.P_TRANSFUSION]
    below, joined, longest, _, latest = t_days_below(s, p, 0, last, today, LOW, inclusive, filled, 0.0, transfusions)
    _, joined_20, longest_20, _, latest_20 = t_days_below(
        s, p, 0, last, today, VERY_LOW, inclusive, filled, 0.0, transfusions
    )
    by_longest = p[d.P_DAYS]
    low = longest if by_longest > 0.0 else joined
    very_low = longest_20 if by_longest > 0.0 else joined_20
    grade = t_early_by_days(low, very_low)
    out[b.GRADE] = grade
    out[b.MEASURES], out[b.MEASURES + 1] = low, very_low
    out[b.MEASURES + 2], out[b.MEASURES + 3] = longest, below
    b.say(out, FIRST_PAIR, EARLY_LOW if low > 0.0 else EARLY_NONE, d.fact_of_day(s, T_DAYS, latest))
    if very_low > 0.0:
        b.say(out, SECOND_PAIR, EARLY_VERY_LOW, d.fact_of_day(s, T_DAYS, latest_20))
    t_early_open_questions(s, p, last, today, grade, out)
    if grade < 4.0 and d.unknown_days(s, T_DAYS, 0, last, today, filled):
        if t_early_if(s, p, last, today, by_longest, inclusive, filled, 1.0, transfusions) > grade:
            b.flag(out, b.MISSING, d.M_PLATELETS)
            b.say(out, THIRD_PAIR, DAYS_UNKNOWN, s[T_DAYS + d.LAST_POSITION])


@kernel
def t_early_open_questions(s: Vector, p: Vector, last: int, today: int, grade: float, out: Vector) -> None:
    """Flag the policies without which the days would give another grade."""
    days, inclusive = p[d.P_DAYS], p[d.P_LIMIT]
    filled, transfusions = 1.0 - p[d.P_MISSING_DAYS], 1.0 - p[d.P_TRANSFUSION]
    if s[T_DAYS + d.ANY_AT_LIMIT] > 0.0:
        if t_early_if(s, p, last, today, days, 1.0 - inclusive, filled, 0.0, transfusions) != grade:
            b.flag(out, b.POLICIES, d.B_LIMIT)
    if out[b.MEASURES] == 0.0:
        return
    if t_early_if(s, p, last, today, 1.0 - days, inclusive, filled, 0.0, transfusions) != grade:
        b.flag(out, b.POLICIES, d.B_DAYS)
    if s[T_DAYS + d.ANY_FILLED] > 0.0:
        if t_early_if(s, p, last, today, days, inclusive, 1.0 - filled, 0.0, transfusions) != grade:
            b.flag(out, b.POLICIES, d.B_MISSING_DAYS)
    if s[d.ANY_TRANSFUSION] > 0.0:
        if t_early_if(s, p, last, today, days, inclusive, filled, 0.0, 1.0 - transfusions) != grade:
            b.flag(out, b.POLICIES, d.B_TRANSFUSION)


@kernel
def t_late_tests(s: Vector, last: int, limit: float, inclusive: float) -> float:
    """On how many days from 31 to `last` a count of its own was below `limit`."""
    tests = 0.0
    for day in range(LATE_START, last + 1):
        if d.day_is_low(s, T_DAYS, day, limit, inclusive, 0.0, 0.0, 0):
            tests += 1.0
    return tests


@kernel
def t_late_by_count(count: float, inclusive: float) -> float:
    """The late grade that a count would have, were it not alone."""
    if count < VERY_LOW or (inclusive > 0.0 and count == VERY_LOW):
        return 3.0
    if count < LOW or (inclusive > 0.0 and count == LOW):
        return 2.0
    return 1.0 if count < MILD or (inclusive > 0.0 and count == MILD) else 0.0


@kernel
def t_late_if(
    s: Vector, p: Vector, last: int, today: int, by_longest: float, inclusive: float, filled: float, unknown: float,
    transfusions: float,
) -> float:  # fmt: skip
    """The late grade, if the open questions were answered so."""
    needed = 2.0
    if p[d.P_SINGLE] > 0.0 and t_late_tests(s, last, b.FOREVER, 0.0) == 1.0:
        needed = 1.0
    if t_late_tests(s, last, MILD, inclusive) < needed:
        return 0.0
    if t_late_tests(s, last, LOW, inclusive) < needed:
        return 1.0
    if t_late_tests(s, last, VERY_LOW, inclusive) < needed:
        return 2.0
    below = t_days_below(s, p, LATE_START, last, today, VERY_LOW, inclusive, filled, unknown, transfusions)
    return 4.0 if (below[2] if by_longest > 0.0 else below[1]) >= 14.0 else 3.0


@kernel
def t_icaht_late_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The late grade at `now` into `out`, which is blank. Up to day 30 the scale does not apply."""
    d.note_cut(s)
    end = d.counted_until(s, T_DAYS, now)
    if d.day_of(s, now) <= d.EARLY_END or d.day_of(s, end) <= d.EARLY_END:
        out[b.GRADE] = b.NOT_COVERED
        return
    if not d.told_before(s, T_LATE, now, out):
        today = d.day_of(s, end)
        t_icaht_late_anew(s, p, min(today, d.LATE_END), today, out)
        d.keep_answer(s, T_LATE, d.next_day(s, now, end, d.LATE_END), out)
    b.soon(s, t_late_boundary(s, now))


@kernel
def t_icaht_late_anew(s: Vector, p: Vector, last: int, today: int, out: Vector) -> None:
    """Count the tests and days from 31 to `last`, of which those before `today` are over."""
    if s[d.CUT_AT] >= 0.0:
        b.say(out, LAST_PAIR, CUT, s[d.CUT_POSITION])
    tests = t_late_tests(s, last, b.FOREVER, 0.0)
    if tests == 0.0:
        b.flag(out, b.MISSING, d.M_PLATELETS)
        b.say(out, FIRST_PAIR, UNREAD, s[T_DAYS + d.LAST_POSITION])
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    days, inclusive = p[d.P_DAYS], p[d.P_LIMIT]
    filled, transfusions = 1.0 - p[d.P_MISSING_DAYS], 1.0 - p[d.P_TRANSFUSION]
    grade = t_late_if(s, p, last, today, days, inclusive, filled, 0.0, transfusions)
    below = t_days_below(s, p, LATE_START, last, today, VERY_LOW, inclusive, filled, 0.0, transfusions)
    out[b.GRADE] = grade
    out[b.MEASURES] = t_late_tests(s, last, MILD, inclusive)
    out[b.MEASURES + 1] = t_late_tests(s, last, LOW, inclusive)
    out[b.MEASURES + 2] = below[2] if days > 0.0 else below[1]
    newest = s[T_DAYS + d.LAST_POSITION]
    if grade >= 3.0:
        b.say(out, FIRST_PAIR, LATE_VERY_LOW, d.fact_of_day(s, T_DAYS, below[4]))
    else:
        b.say(out, FIRST_PAIR, LATE_LOW if grade > 0.0 else LATE_NONE, newest)
    t_late_open_questions(s, p, last, today, grade, tests, out)
    if grade == 3.0 and d.unknown_days(s, T_DAYS, LATE_START, last, today, filled):
        if t_late_if(s, p, last, today, days, inclusive, filled, 1.0, transfusions) > grade:
            b.flag(out, b.MISSING, d.M_PLATELETS)
            b.say(out, THIRD_PAIR, DAYS_UNKNOWN, newest)


@kernel
def t_late_open_questions(s: Vector, p: Vector, last: int, today: int, grade: float, tests: float, out: Vector) -> None:
    """Flag the policies without which the grade would be another, and a low test that is still alone."""
    days, inclusive = p[d.P_DAYS], p[d.P_LIMIT]
    filled, transfusions = 1.0 - p[d.P_MISSING_DAYS], 1.0 - p[d.P_TRANSFUSION]
    single = s[T_DAYS + d.LAST_DAY] <= d.LATE_END and t_late_by_count(s[T_DAYS + d.LAST], inclusive) > grade
    if tests == 1.0 and t_late_by_count(s[T_DAYS + d.LAST], inclusive) > 0.0:
        b.flag(out, b.POLICIES, d.B_SINGLE)
    if single:
        b.flag(out, b.MISSING, d.M_PLATELETS)
        b.say(out, SECOND_PAIR, LATE_AWAITED, s[T_DAYS + d.LAST_POSITION])
    if s[T_DAYS + d.ANY_AT_LIMIT] > 0.0:
        if t_late_if(s, p, last, today, days, 1.0 - inclusive, filled, 0.0, transfusions) != grade:
            b.flag(out, b.POLICIES, d.B_LIMIT)
    if grade < 3.0:
        return
    if t_late_if(s, p, last, today, 1.0 - days, inclusive, filled, 0.0, transfusions) != grade:
        b.flag(out, b.POLICIES, d.B_DAYS)
    if t_late_if(s, p, last, today, days, inclusive, 1.0 - filled, 0.0, transfusions) != grade:
        b.flag(out, b.POLICIES, d.B_MISSING_DAYS)
    if t_late_if(s, p, last, today, days, inclusive, filled, 0.0, 1.0 - transfusions) != grade:
        b.flag(out, b.POLICIES, d.B_TRANSFUSION)


@kernel
def t_late_boundary(s: Vector, now: float) -> float:
    """The end of the first day after `now` that may pass without a count while the days below 20 are counted."""
    counting = d.kept(s, T_LATE, b.GRADE) == 3.0 and d.kept(s, T_LATE, b.MISSING) == 0.0
    today = d.day_of(s, now)
    if not counting or today > d.LATE_END or d.counted_until(s, T_DAYS, now) < now:
        return b.FOREVER
    day = max(today, int(s[T_DAYS + d.LAST_DAY]) + 1)
    return s[b.INFUSED_AT] + float(day + 1) * d.DAY if day <= d.LATE_END else b.FOREVER


@kernel
def icaht_moment(s: Vector, p: Vector, now: float, soonest: float) -> float:
    """The first moment after `now` at which time alone may change one of the four answers, if before `soonest`."""
    if s[b.INFUSED_AT] < 0.0 or s[b.DIED_AT] >= 0.0:
        return soonest
    soonest = b.earliest(soonest, s[b.INFUSED_AT] + float(LATE_START) * d.DAY, now)
    soonest = b.earliest(soonest, d.early_boundary(s, d.NEUTROPHIL_DAYS, EARLY, now), now)
    soonest = b.earliest(soonest, d.early_boundary(s, T_DAYS, T_EARLY, now), now)
    return b.earliest(soonest, t_late_boundary(s, now), now)
