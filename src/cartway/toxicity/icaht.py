"""Immune effector cell-associated hematotoxicity (ICAHT), by depth and duration of neutropenia.

Rejeski K, Subklewe M, Aljurf M, et al. Immune effector cell-associated hematotoxicity: EHA/EBMT consensus grading and
best practice recommendations. Blood 2023;142(10):865-877. doi:10.1182/blood.2023020578

| grade                         | 1       | 2       | 3     | 4               |
|-------------------------------|---------|---------|-------|-----------------|
| early (day 0-30), days <= 500 | 1-6     | 7-13    | >= 14 | never above 500 |
| early (day 0-30), days <= 100 |         |         | >= 7  | >= 14           |
| late (after day 30), count    | <= 1500 | <= 1000 | <= 500| <= 100          |

Counts per microliter; here in 10*9/L. Early is the worse of its two rows; late needs two measurements. A grade is that
of the days so far: it rises while they are counted, and stands as the verdict when the window is over. What the table
leaves open (days without a count, short recoveries, death before recovery, one deep late count) is a policy.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import icaht_days as d
from cartway.toxicity import icaht_spells as spells
from cartway.toxicity.bedside import Vector
from cartway.toxicity.icaht_days import EARLY, FIRST_PAIR, LAST_PAIR, SECOND_PAIR, THIRD_PAIR
from cartway.toxicity.kernel import kernel

SEVERE, PROFOUND = 0.5, 0.1
WHOLE_WINDOW = d.EARLY_END + 1
EARLY_START_UNTIL = 3  # neutropenia from day 0 to 3 on to the last count: never recovered

(
    EARLY_NONE, EARLY_SEVERE, EARLY_PROFOUND, EARLY_NEVER_ABOVE, EARLY_NO_RECOVERY, EARLY_UNREAD, EARLY_DAYS_UNKNOWN,
    LATE_UNREAD, LATE_NONE, LATE_NADIR, LATE_SECOND, LATE_AWAITED, LATE_CUT,
) = range(260, 273)  # fmt: skip
M_COUNT = d.M_NEUTROPHILS
N_DAYS = d.NEUTROPHIL_DAYS


@kernel
def early_by_days(severe: float, profound: float, never_above: bool) -> float:
    """The early grade by the days at or below 500 and at or below 100."""
    if never_above or profound >= 14.0:
        return 4.0
    if severe >= 14.0 or profound >= 7.0:
        return 3.0
    if severe >= 7.0:
        return 2.0
    return 1.0 if severe >= 1.0 else 0.0


@kernel
def early_if(s: Vector, p: Vector, last: int, today: int) -> float:
    """The early grade by days under the answers that are asked for."""
    severe, low, _, _, _ = spells.scan_days(s, p, N_DAYS, 0, last, SEVERE, today)
    profound, _, _, _, _ = spells.scan_days(s, p, N_DAYS, 0, last, PROFOUND, today)
    return early_by_days(severe, profound, low >= WHOLE_WINDOW)


@kernel
def icaht_early_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The early grade at `now` from the state `s` under the policies `p` into `out`, which is blank."""
    d.note_cut(s)
    d.begin_days(s, p, N_DAYS)
    if not spells.told_before(s, EARLY, now, out):
        end = spells.counted_until(s, N_DAYS, now)
        today = d.day_of(s, end)
        icaht_early_anew(s, p, min(today, d.EARLY_END), today, out)
        spells.keep_answer(s, EARLY, spells.next_day(s, now, end, d.EARLY_END), out)
    b.soon(s, spells.late_start(s, now))
    b.soon(s, spells.early_boundary(s, N_DAYS, now))


@kernel
def icaht_early_anew(s: Vector, p: Vector, last: int, today: int, out: Vector) -> None:
    """Count the days from 0 to `last`, of which those before `today` are over."""
    if s[N_DAYS + d.LAST_DAY] < 0.0 or s[N_DAYS + d.FIRST_DAY] > d.EARLY_END:
        b.flag(out, b.MISSING, M_COUNT)
        b.say(out, FIRST_PAIR, EARLY_UNREAD, b.NEVER)
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    spells.ask(s, p)
    severe, low, longest, began, latest = spells.scan_days(s, p, N_DAYS, 0, last, SEVERE, today)
    profound, _, _, _, latest_profound = spells.scan_days(s, p, N_DAYS, 0, last, PROFOUND, today)
    spells.tell_measures(out, severe, profound, longest, low)
    b.say(out, FIRST_PAIR, EARLY_SEVERE if low > 0.0 else EARLY_NONE, spells.fact_of_day(s, N_DAYS, latest))
    if profound > 0.0:
        b.say(out, SECOND_PAIR, EARLY_PROFOUND, spells.fact_of_day(s, N_DAYS, latest_profound))
    if low >= WHOLE_WINDOW:
        b.say(out, THIRD_PAIR, EARLY_NEVER_ABOVE, spells.fact_of_day(s, N_DAYS, latest))
    grade = early_by_days(severe, profound, low >= WHOLE_WINDOW)
    early_open_questions(s, p, last, today, grade, out)
    out[b.GRADE] = early_no_recovery(s, p, today, grade, began, latest, out)


@kernel
def early_open_questions(s: Vector, p: Vector, last: int, today: int, grade: float, out: Vector) -> None:
    """Flag the policies without which the days would give another grade, and the days that nobody counted."""
    for question in (d.B_DAYS, d.B_MISSING_DAYS):
        for _ in range(spells.answers_to(question)):
            if early_if(s, p, last, today) != grade:
                b.flag(out, b.POLICIES, question)
            spells.turn(s, question)
    if spells.unknown_days(s, N_DAYS, 0, last, today):
        spells.turn(s, d.UNKNOWN_LOW)
        if early_if(s, p, last, today) > grade:
            b.flag(out, b.MISSING, M_COUNT)
            b.say(out, LAST_PAIR, EARLY_DAYS_UNKNOWN, s[N_DAYS + d.LAST_POSITION])


@kernel
def early_no_recovery(
    s: Vector, p: Vector, today: int, grade: float, began: float, latest: float, out: Vector
) -> float:
    """Grade 4, by policy, where death or the end of follow-up came before any recovery: low from day 0 to 3 on to the
    last count (Liang EC, automated grading: "early death, no recovery").
    """
    ended = spells.follow_up_ended(s, N_DAYS)
    if not ended or today > d.EARLY_END or grade >= 4.0:
        return grade
    if not (0.0 <= began <= EARLY_START_UNTIL and latest == s[N_DAYS + d.LAST_DAY]):
        return grade
    b.flag(out, b.POLICIES, d.B_NO_RECOVERY)
    if p[d.P_NO_RECOVERY] > 0.0:
        return grade
    b.say(out, THIRD_PAIR, EARLY_NO_RECOVERY, s[N_DAYS + d.LAST_POSITION])
    out[b.MISSING] = 0.0
    return 4.0


@kernel
def late_by_count(count: float) -> float:
    """The late grade of a count in 10*9/L."""
    if count <= 0.1:
        return 4.0
    if count <= 0.5:
        return 3.0
    if count <= 1.0:
        return 2.0
    return 1.0 if count <= 1.5 else 0.0


@kernel
def icaht_late_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The late grade at `now` into `out`, which is blank. Up to day 30 the scale does not apply."""
    d.note_cut(s)
    if not spells.late_applies(s, N_DAYS, now):
        out[b.GRADE] = b.NOT_COVERED
        return
    if s[d.CUT_AT] >= 0.0:
        b.say(out, LAST_PAIR, LATE_CUT, s[d.CUT_POSITION])
    if s[d.LATE_DAYS] < 0.0:
        b.flag(out, b.MISSING, M_COUNT)
        b.say(out, FIRST_PAIR, LATE_UNREAD, s[N_DAYS + d.LAST_POSITION])
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    spells.tell_measures(out, s[d.NADIR], s[d.LATE_DAYS], 0.0, 0.0)
    by_nadir = late_by_count(s[d.NADIR])
    by_second = late_by_count(s[d.SECOND]) if s[d.LATE_DAYS] > 1.0 else 0.0
    b.say(out, FIRST_PAIR, LATE_NADIR if by_nadir > 0.0 else LATE_NONE, s[d.NADIR_POSITION])
    if s[d.LATE_DAYS] > 1.0 and by_nadir > 0.0:
        b.say(out, SECOND_PAIR, LATE_SECOND, s[d.SECOND_POSITION])
    grade = by_second
    if by_second > 0.0 and by_nadir != by_second:
        b.flag(out, b.POLICIES, d.B_LATE_GRADE)
        grade = by_nadir if p[d.P_LATE_GRADE] == 0.0 else by_second
    out[b.GRADE] = late_single(s, p, grade, by_nadir, out)


@kernel
def late_single(s: Vector, p: Vector, grade: float, by_nadir: float, out: Vector) -> float:
    """One deep count, the newest: a second must show that it is not passing; by policy the only one counts."""
    if by_nadir <= grade or s[d.NADIR_DAY] != s[d.NEWEST_DAY]:
        return grade
    if s[d.LATE_DAYS] == 1.0:
        b.flag(out, b.POLICIES, d.B_SINGLE)
        if p[d.P_SINGLE] > 0.0:
            return by_nadir
    b.flag(out, b.MISSING, M_COUNT)
    b.say(out, THIRD_PAIR, LATE_AWAITED, s[d.NADIR_POSITION])
    return grade
