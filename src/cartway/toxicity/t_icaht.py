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
from cartway.toxicity import icaht_spells as spells
from cartway.toxicity.bedside import Vector
from cartway.toxicity.icaht_days import FIRST_PAIR, LAST_PAIR, SECOND_PAIR, T_EARLY, T_LATE, THIRD_PAIR
from cartway.toxicity.kernel import kernel

MILD, LOW, VERY_LOW = 100.0, 50.0, 20.0
LATE_START = d.EARLY_END + 1
(
    EARLY_NONE, EARLY_LOW, EARLY_VERY_LOW, UNREAD, DAYS_UNKNOWN, LATE_NONE, LATE_LOW, LATE_VERY_LOW, LATE_AWAITED, CUT,
) = range(280, 290)  # fmt: skip
T_DAYS = d.PLATELET_DAYS


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
def t_early_if(s: Vector, p: Vector, last: int, today: int) -> float:
    """The early grade under the answers that are asked for."""
    low, _, _, _, _ = spells.scan_days(s, p, T_DAYS, 0, last, LOW, today)
    very_low, _, _, _, _ = spells.scan_days(s, p, T_DAYS, 0, last, VERY_LOW, today)
    return t_early_by_days(low, very_low)


@kernel
def t_icaht_early_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The early grade at `now` from the state `s` under the policies `p` into `out`, which is blank."""
    d.note_cut(s)
    d.begin_days(s, p, T_DAYS)
    if not spells.told_before(s, T_EARLY, now, out):
        end = spells.counted_until(s, T_DAYS, now)
        today = d.day_of(s, end)
        t_icaht_early_anew(s, p, min(today, d.EARLY_END), today, out)
        spells.keep_answer(s, T_EARLY, spells.next_day(s, now, end, d.EARLY_END), out)
    b.soon(s, spells.early_boundary(s, T_DAYS, now))


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
    spells.ask(s, p)
    low, below, longest, _, latest = spells.scan_days(s, p, T_DAYS, 0, last, LOW, today)
    very_low, _, _, _, latest_very_low = spells.scan_days(s, p, T_DAYS, 0, last, VERY_LOW, today)
    spells.tell_measures(out, low, very_low, longest, below)
    b.say(out, FIRST_PAIR, EARLY_LOW if low > 0.0 else EARLY_NONE, spells.fact_of_day(s, T_DAYS, latest))
    if very_low > 0.0:
        b.say(out, SECOND_PAIR, EARLY_VERY_LOW, spells.fact_of_day(s, T_DAYS, latest_very_low))
    out[b.GRADE] = t_early_by_days(low, very_low)
    t_open_questions(s, p, False, last, today, out)


@kernel
def t_grade_if(s: Vector, p: Vector, late: bool, last: int, today: int) -> float:
    """The early or the late grade under the answers that are asked for."""
    return t_late_if(s, p, last, today) if late else t_early_if(s, p, last, today)


@kernel
def t_open_questions(s: Vector, p: Vector, late: bool, last: int, today: int, out: Vector) -> None:
    """Flag the policies without which the grade would be another, and the days that nobody counted."""
    grade = out[b.GRADE]
    for question in (d.B_DAYS, d.B_MISSING_DAYS, d.B_LIMIT, d.B_TRANSFUSION):
        for _ in range(spells.answers_to(question) if may_decide(s, question) else 0):
            if t_grade_if(s, p, late, last, today) != grade:
                b.flag(out, b.POLICIES, question)
            spells.turn(s, question)
    if spells.unknown_days(s, T_DAYS, LATE_START if late else 0, last, today):
        spells.turn(s, d.UNKNOWN_LOW)
        if t_grade_if(s, p, late, last, today) > grade:
            b.flag(out, b.MISSING, d.M_PLATELETS)
            b.say(out, THIRD_PAIR, DAYS_UNKNOWN, s[T_DAYS + d.LAST_POSITION])


@kernel
def may_decide(s: Vector, question: int) -> bool:
    """Whether anything charted raises an open question at all."""
    if question == d.B_LIMIT:
        return s[T_DAYS + d.ANY_AT_LIMIT] > 0.0
    return question != d.B_TRANSFUSION or s[d.ANY_TRANSFUSION] > 0.0


@kernel
def t_late_tests(s: Vector, last: int, limit: float) -> float:
    """On how many days from 31 to `last` a count of its own was low."""
    tests = 0.0
    for day in range(LATE_START, last + 1):
        count = s[T_DAYS + d.LOWEST + day]
        own = count >= 0.0 and s[T_DAYS + d.COUNT + day] != d.FILLED
        if own and (count < limit or (count == limit and s[d.ASKED + d.B_LIMIT] > 0.0)):
            tests += 1.0
    return tests


@kernel
def t_late_if(s: Vector, p: Vector, last: int, today: int) -> float:
    """The late grade under the answers that are asked for: each limit needs two tests, by policy the only one."""
    needed = 2.0
    if p[d.P_SINGLE] > 0.0 and t_late_tests(s, last, b.FOREVER) == 1.0:
        needed = 1.0
    if t_late_tests(s, last, MILD) < needed:
        return 0.0
    if t_late_tests(s, last, LOW) < needed:
        return 1.0
    if t_late_tests(s, last, VERY_LOW) < needed:
        return 2.0
    days, _, _, _, _ = spells.scan_days(s, p, T_DAYS, LATE_START, last, VERY_LOW, today)
    return 4.0 if days >= 14.0 else 3.0


@kernel
def t_icaht_late_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The late grade at `now` into `out`, which is blank. Up to day 30 the scale does not apply."""
    d.note_cut(s)
    if not spells.late_applies(s, T_DAYS, now):
        out[b.GRADE] = b.NOT_COVERED
        return
    if not spells.told_before(s, T_LATE, now, out):
        end = spells.counted_until(s, T_DAYS, now)
        today = d.day_of(s, end)
        t_icaht_late_anew(s, p, min(today, d.LATE_END), today, out)
        spells.keep_answer(s, T_LATE, spells.next_day(s, now, end, d.LATE_END), out)
    b.soon(s, t_late_boundary(s, now))


@kernel
def t_icaht_late_anew(s: Vector, p: Vector, last: int, today: int, out: Vector) -> None:
    """Count the tests and days from 31 to `last`, of which those before `today` are over."""
    if s[d.CUT_AT] >= 0.0:
        b.say(out, LAST_PAIR, CUT, s[d.CUT_POSITION])
    spells.ask(s, p)
    tests = t_late_tests(s, last, b.FOREVER)
    if tests == 0.0:
        b.flag(out, b.MISSING, d.M_PLATELETS)
        b.say(out, FIRST_PAIR, UNREAD, s[T_DAYS + d.LAST_POSITION])
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    days, _, _, _, latest = spells.scan_days(s, p, T_DAYS, LATE_START, last, VERY_LOW, today)
    spells.tell_measures(out, t_late_tests(s, last, MILD), t_late_tests(s, last, LOW), days, tests)
    grade = t_late_if(s, p, last, today)
    out[b.GRADE] = grade
    if grade >= 3.0:
        b.say(out, FIRST_PAIR, LATE_VERY_LOW, spells.fact_of_day(s, T_DAYS, latest))
    else:
        b.say(out, FIRST_PAIR, LATE_LOW if grade > 0.0 else LATE_NONE, s[T_DAYS + d.LAST_POSITION])
    t_late_single(s, tests, out)
    t_open_questions(s, p, True, last, today, out)


@kernel
def t_late_single(s: Vector, tests: float, out: Vector) -> None:
    """The newest count is the only one so low: a second must show that it is not passing."""
    if s[T_DAYS + d.LAST_DAY] > d.LATE_END:
        return
    alone = 0.0
    for limit in (MILD, LOW, VERY_LOW):
        if spells.day_is_low(s, T_DAYS, int(s[T_DAYS + d.LAST_DAY]), limit, 0):
            alone += 1.0
    if tests == 1.0 and alone > 0.0:
        b.flag(out, b.POLICIES, d.B_SINGLE)
    if alone > out[b.GRADE]:
        b.flag(out, b.MISSING, d.M_PLATELETS)
        b.say(out, SECOND_PAIR, LATE_AWAITED, s[T_DAYS + d.LAST_POSITION])


@kernel
def t_late_boundary(s: Vector, now: float) -> float:
    """The end of the first day after `now` that may pass without a count while the days below 20 are counted."""
    if spells.kept(s, T_LATE, b.MEASURES + 2) <= 0.0 or spells.counted_until(s, T_DAYS, now) < now:
        return b.FOREVER
    day = max(d.day_of(s, now), int(s[T_DAYS + d.LAST_DAY]) + 1)
    return s[b.INFUSED_AT] + float(day + 1) * d.DAY if day <= d.LATE_END else b.FOREVER


@kernel
def icaht_moment(s: Vector, p: Vector, now: float, soonest: float) -> float:
    """The first moment after `now` at which time alone may change one of the four answers, if before `soonest`."""
    if s[b.INFUSED_AT] < 0.0 or s[b.DIED_AT] >= 0.0:
        return soonest
    soonest = b.earliest(soonest, spells.late_start(s, now), now)
    soonest = b.earliest(soonest, spells.early_boundary(s, d.NEUTROPHIL_DAYS, now), now)
    soonest = b.earliest(soonest, spells.early_boundary(s, T_DAYS, now), now)
    return b.earliest(soonest, t_late_boundary(s, now), now)
