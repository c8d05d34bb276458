"""Tumor lysis syndrome, Cairo-Bishop.

Cairo MS, Bishop M. Tumour lysis syndrome: new therapeutic strategies and classification. Br J Haematol
2004;127(1):3-11. doi:10.1111/j.1365-2141.2004.05094.x. The table was seen in reprints.

| laboratory | two or more of: uric acid 476 umol/L (8 mg/dL) or more, potassium 6.0 mmol/L or more, phosphate 1.45   |
|            | (children 2.1) mmol/L or more, calcium 1.75 mmol/L or less, or a change of 25 % from the patient's own |
|            | value, from 3 days before to 7 days after the therapy                                                  |
| clinical   | laboratory, with creatinine 1.5 times the limit or more, an arrhythmia or a seizure                    |
| grade      | the worst of creatinine (1.5; up to 3; up to 6; above 6 times the limit), arrhythmia and seizure       |

The grade is that of the clinical syndrome: 0 with the laboratory syndrome alone, which the measures tell. Here the
therapy is the infusion.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import icans
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# Criteria, worded in `reasons_tls.toml`. The first four follow the order of the values below.
URIC_ACID_HIGH, POTASSIUM_HIGH, PHOSPHATE_HIGH, CALCIUM_LOW = range(350, 354)
URIC_ACID_CHANGED, POTASSIUM_CHANGED, PHOSPHATE_CHANGED, CALCIUM_CHANGED = range(354, 358)
CREATININE_HIGH, TLS_ARRHYTHMIA, TLS_SEIZURE, NO_LYSIS, LYSIS_UNREAD, NOT_TOGETHER = range(358, 364)
CREATININE_PAIR, ARRHYTHMIA_PAIR, SEIZURE_PAIR, VERDICT_PAIR = 4, 5, 6, 7

# What may be missing, by bit: the four values, then what the clinical grade asks.
M_URIC_ACID, M_POTASSIUM, M_PHOSPHATE, M_CALCIUM, M_CREATININE, M_CREATININE_LIMIT = range(6)

# Policies, by bit and by place.
B_CHANGE, B_TOGETHER, B_CALCIUM, B_LIMIT, B_AGE, B_SEIZURE = range(6)
P_CHANGE, P_TOGETHER, P_CHILD, P_UPPER, P_SEIZURE, P_CALCIUM = (lab.P_TLS + i for i in range(6))
PLACES: dict[str, tuple[int, float]] = {
    "tls_change": (P_CHANGE, 1.0),
    "tls_together_hours": (P_TOGETHER, 3_600_000_000.0),
    "tls_child_years": (P_CHILD, 1.0),
    "tls_creatinine_upper_limit": (P_UPPER, 1.0),
    "tls_seizure": (P_SEIZURE, 1.0),
    "tls_calcium": (P_CALCIUM, 1.0),
}

DAY = 86_400_000_000.0
BEFORE, AFTER = 3.0 * DAY, 7.0 * DAY
# In the record's units. Of the two ways in which a limit is printed (mmol/L, mg/dL) the one that is met first counts.
URIC_ACID_LIMIT, POTASSIUM_LIMIT = 8.0, 6.0  # mg/dL, mmol/L
PHOSPHATE_ADULT, PHOSPHATE_CHILD = 1.45 * 3.0974, 6.5  # mg/dL; 2.1 mmol/L is 6.504
CALCIUM_LIMIT = 1.75 * 4.0078  # mg/dL: 7.01
CHANGE = 0.25
CLINICAL = 1.5  # times the upper limit of creatinine
CLOSE = 1.0e-9  # of conversions

# The private part of the state. Of each of the four values: when it last was beyond its limit, when it last was beyond
# it or changed by a quarter, and by which fact; then since when the laboratory syndrome is there.
BEYOND = lab.PRIVATE_TLS
ANY = BEYOND + 4
PLACE = ANY + 4
LYSIS_SINCE = PLACE + 4


@kernel
def lysis_kind(which: int) -> int:
    """The kind of the first, second, third and fourth value: uric acid, potassium, phosphate, calcium."""
    if which == 3:
        return lab.CALCIUM
    return lab.URIC_ACID + which


@kernel
def phosphate_limit(s: Vector, p: Vector, now: float) -> float:
    """The limit of phosphate in mg/dL for this age; the adult's, which is lower, where the age is not known."""
    age = b.age_at(s, now)
    return PHOSPHATE_CHILD if 0.0 <= age < p[P_CHILD] else PHOSPHATE_ADULT


@kernel
def beyond_limit(s: Vector, p: Vector, which: int, value: float, now: float) -> bool:
    """Whether a value lies at or beyond its limit."""
    if which == 0:
        return value >= URIC_ACID_LIMIT - CLOSE
    if which == 1:
        return value >= POTASSIUM_LIMIT - CLOSE
    if which == 2:
        return value >= phosphate_limit(s, p, now) - CLOSE
    return value <= CALCIUM_LIMIT + CLOSE


@kernel
def changed_by_quarter(s: Vector, which: int) -> bool:
    """Whether a value differs by 25 % or more, for the worse, from the patient's own before the infusion."""
    j = lab.place_of(lysis_kind(which))
    own = s[j + lab.BASE]
    if own <= 0.0 or s[j + lab.BASE_AT] >= s[j + b.AT]:
        return False
    if which == 3:
        return s[j + b.VALUE] <= own * (1.0 - CHANGE) + CLOSE
    return s[j + b.VALUE] >= own * (1.0 + CHANGE) - CLOSE


@kernel
def in_window(s: Vector, moment: float) -> bool:
    """Whether a time lies from 3 days before to 7 days after the infusion."""
    return s[b.INFUSED_AT] - BEFORE <= moment <= s[b.INFUSED_AT] + AFTER


@kernel
def lysis_read(s: Vector, p: Vector, which: int, now: float) -> bool:
    """Take in one of the four values as it stands. Whether it was read in the window at all."""
    j = lab.place_of(lysis_kind(which))
    if s[j + b.AT] < 0.0 or s[j + b.VALUE] != s[j + b.VALUE] or not in_window(s, s[j + b.AT]):
        return False
    if which == 3 and p[P_CALCIUM] == 0.0:
        return True
    if beyond_limit(s, p, which, s[j + b.VALUE], now):
        s[BEYOND + which] = s[j + b.AT]
    elif not changed_by_quarter(s, which):
        return True
    if s[ANY + which] != s[j + b.AT]:
        s[ANY + which] = s[j + b.AT]
        s[PLACE + which] = s[j + b.POSITION]
    return True


@kernel
def together(s: Vector, first: int, hours: float) -> float:
    """The most values of the four times from `first` on that lie within `hours` of one another; all where it is 0."""
    most = 0.0
    for i in range(4):
        count = 0.0
        for k in range(4):
            gap = s[first + k] - s[first + i]
            if s[first + i] >= 0.0 and s[first + k] >= 0.0 and (hours == 0.0 or 0.0 <= gap <= hours):
                count += 1.0
        most = max(most, count)
    return most


@kernel
def lysis_laboratory(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The laboratory syndrome: 1 there (it stays so), 0 not, -1 where too little was read to tell."""
    unread = 0.0
    for which in range(4):
        if not lysis_read(s, p, which, now) and s[ANY + which] < 0.0:
            unread += 1.0
            b.flag(out, b.MISSING, which)
    counted = ANY if p[P_CHANGE] > 0.0 else BEYOND
    found = together(s, counted, p[P_TOGETHER])
    if (together(s, ANY, p[P_TOGETHER]) >= 2.0) != (together(s, BEYOND, p[P_TOGETHER]) >= 2.0):
        b.flag(out, b.POLICIES, B_CHANGE)
    if together(s, counted, 0.0) >= 2.0 and together(s, counted, DAY) < 2.0:
        b.flag(out, b.POLICIES, B_TOGETHER)
    if found >= 2.0 and s[LYSIS_SINCE] < 0.0:
        s[LYSIS_SINCE] = now
    if s[LYSIS_SINCE] >= 0.0:
        return 1.0
    return -1.0 if found + unread >= 2.0 else 0.0


@kernel
def lysis_reasons(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Name the values that count, and how many they are. Flags a calcium that is not corrected, and an unknown age."""
    count = 0.0
    for which in range(4):
        beyond = s[BEYOND + which] >= 0.0
        if beyond or (s[ANY + which] >= 0.0 and p[P_CHANGE] > 0.0):
            count += 1.0
            b.say(out, which, (URIC_ACID_HIGH if beyond else URIC_ACID_CHANGED) + which, s[PLACE + which])
            if which == 3 and beyond:
                b.flag(out, b.POLICIES, B_CALCIUM)
            if which == 2 and beyond and b.age_at(s, now) < 0.0:
                b.flag(out, b.POLICIES, B_AGE)
    return count


@kernel
def lysis_creatinine(s: Vector, p: Vector, out: Vector) -> float:
    """The grade by creatinine: 0 to 4, or -1 where it or its limit is not known."""
    j = lab.place_of(lab.CREATININE)
    if s[j + b.AT] < s[b.INFUSED_AT] - BEFORE or s[j + b.VALUE] != s[j + b.VALUE]:
        b.flag(out, b.MISSING, M_CREATININE)
        return -1.0
    limit = s[j + lab.LIMIT]
    if limit <= 0.0:
        limit = p[P_UPPER]
        b.flag(out, b.POLICIES, B_LIMIT)
    if limit <= 0.0:
        b.flag(out, b.MISSING, M_CREATININE_LIMIT)
        return -1.0
    ratio = s[j + b.VALUE] / limit
    if ratio < CLINICAL - CLOSE:
        return 0.0
    b.say(out, CREATININE_PAIR, CREATININE_HIGH, s[j + b.POSITION])
    if ratio <= CLINICAL + CLOSE:
        return 1.0
    return 2.0 if ratio <= 3.0 + CLOSE else 3.0 if ratio <= 6.0 + CLOSE else 4.0


@kernel
def lysis_arrhythmia(s: Vector, out: Vector) -> float:
    """The grade by the arrhythmia last charted in the window."""
    j = lab.note_of(lab.ARRHYTHMIA)
    if s[j + lab.SAID] <= 0.0 or not in_window(s, s[j + lab.SAID_AT]):
        return 0.0
    b.say(out, ARRHYTHMIA_PAIR, TLS_ARRHYTHMIA, s[j + lab.SAID_POSITION])
    return s[j + lab.SAID]


@kernel
def lysis_seizure(s: Vector, p: Vector, out: Vector) -> float:
    """The grade by a seizure in the window: 2 where it ended, 4 prolonged or without return. ICANS may explain it."""
    j = b.SEIZURE * b.WIDTH
    if s[j + b.VALUE] != s[j + b.VALUE] or s[j + b.VALUE] <= icans.SEIZURE_NONE_CODE or not in_window(s, s[j + b.AT]):
        return 0.0
    b.flag(out, b.POLICIES, B_SEIZURE)
    if p[P_SEIZURE] == 0.0:
        return 0.0
    b.say(out, SEIZURE_PAIR, TLS_SEIZURE, s[j + b.POSITION])
    return 4.0 if s[j + b.VALUE] >= icans.SEIZURE_NO_RETURN_CODE else 2.0


@kernel
def tumor_lysis_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The grade of clinical tumor lysis at `now` into `out`, which is blank. Measures: laboratory syndrome (1, 0),
    clinical syndrome (1, 0), how many of the four values count.
    """
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = b.NOT_COVERED
        return
    open_window = now <= s[b.INFUSED_AT] + AFTER
    if not open_window and s[LYSIS_SINCE] < 0.0:
        out[b.GRADE] = b.NOT_COVERED
        return
    if open_window:
        b.soon(s, s[b.INFUSED_AT] + AFTER + 1.0)
    laboratory = lysis_laboratory(s, p, now, out)
    out[b.MEASURES + 2] = lysis_reasons(s, p, now, out)
    if laboratory <= 0.0:
        lysis_not_there(out, laboratory)
        return
    out[b.MISSING] = 0.0
    out[b.MEASURES] = 1.0
    creatinine = lysis_creatinine(s, p, out)
    grade = max(creatinine, 0.0, lysis_arrhythmia(s, out), lysis_seizure(s, p, out))
    if grade >= 4.0:
        out[b.MISSING] = 0.0
    out[b.MEASURES + 1] = 1.0 if grade > 0.0 else 0.0
    out[b.GRADE] = grade if open_window or grade > 0.0 else b.NOT_COVERED


@kernel
def lysis_not_there(out: Vector, laboratory: float) -> None:
    """The answer without the laboratory syndrome: 0, or not assessable where too little was read."""
    if laboratory < 0.0:
        b.say(out, VERDICT_PAIR, LYSIS_UNREAD, b.NEVER)
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    together_decides = (int(out[b.POLICIES]) >> B_TOGETHER) & 1
    b.say(out, VERDICT_PAIR, NOT_TOGETHER if together_decides else NO_LYSIS, b.NEVER)
    out[b.MISSING] = 0.0
    out[b.GRADE] = 0.0


@kernel
def tumor_lysis_moment(s: Vector, p: Vector, now: float, soonest: float) -> float:
    """The window's end, after which no new syndrome begins."""
    if s[b.INFUSED_AT] < 0.0:
        return soonest
    return b.earliest(soonest, s[b.INFUSED_AT] + AFTER + 1.0, now)
