"""Immune effector cell-associated neurotoxicity syndrome, ASTCT consensus grading for adults and children.

Lee DW, Santomasso BD, Locke FL, et al. Biol Blood Marrow Transplant 2019;25(4):625-638.
doi:10.1016/j.bbmt.2018.12.758

| grade         | 1         | 2        | 3                           | 4                                          |
|---------------|-----------|----------|-----------------------------|--------------------------------------------|
| ICE, >= 12 y  | 7-9       | 3-6      | 0-2                         | 0, unarousable                             |
| CAPD, < 12 y  | < 9       | < 9      | >= 9                        | unable to perform                          |
| consciousness | awakens   | to voice | only to touch               | vigorous stimuli, or unarousable           |
|               | by itself |          |                             |                                            |
| seizure       |           |          | any that resolves rapidly;  | longer than 5 min, or repeated without     |
|               |           |          | non-convulsive that         | return to baseline                         |
|               |           |          | resolves with treatment     |                                            |
| motor         |           |          |                             | deep focal weakness                        |
| edema         |           |          | focal on imaging            | diffuse; posturing, sixth-nerve palsy,     |
|               |           |          |                             | papilledema, Cushing triad                 |

The grade is the worst domain, each only where no other cause explains it; grade 5 is death due to ICANS. CAPD: Traube
C, et al. Crit Care Med 2014;42:656-663 (not valid at RASS -4 or deeper). Seizure, weakness and edema are charted when
they happen; ICE or CAPD and consciousness are looked for at every check, so only those can be missing. What the table
leaves open is a policy, flagged where it decides.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# Criteria, worded in `reasons.toml`.
ICE_FULL, ICE_BAND, ICE_BASELINE, ICE_PARTIAL, CAPD_POSITIVE, CAPD_CHANGE, CAPD_NEGATIVE, CAPD_UNABLE, CAPD_USUAL = (
    range(40, 49)
)
SCORE_UNREAD, SCORE_INVALID, SCORE_EXCUSED, AWAKE, AWAKE_BY_ICE, CONSCIOUSNESS_LOW, CONSCIOUSNESS_UNREAD = range(49, 56)
(
    CONSCIOUSNESS_INVALID,
    CONSCIOUSNESS_EXCUSED,
    SEIZURE_BRIEF,
    SEIZURE_LONG,
    SEIZURE_EXCUSED,
    WEAKNESS,
    WEAKNESS_EXCUSED,
) = range(56, 63)
EDEMA_FOCAL, EDEMA_DIFFUSE, EDEMA_EXCUSED, EDEMA_HEMORRHAGE, PRESSURE_SIGN, PRESSURE_SIGN_EXCUSED, ICANS_DEATH = range(
    63, 70
)
NO_WEAKNESS, NO_EDEMA, NO_PRESSURE_SIGN = range(70, 73)

M_ICE, M_CAPD, M_CONSCIOUSNESS, M_SEIZURE, M_ICE_ITEMS = range(5)
(
    B_SCORE_FOR_AGE, B_BASELINE_ICE, B_CAPD_1, B_SEDATION, B_INTUBATED, B_SEIZURE_HOLDS, B_HEMORRHAGE, B_ICE_AWAKE,
    B_PARENT, B_UNKNOWN_AGE, B_UNREADABLE,
) = range(11)  # fmt: skip

SCORE_PAIR, CONSCIOUSNESS_PAIR, SEIZURE_PAIR, MOTOR_PAIR, EDEMA_PAIR, SIGN_PAIR = range(6)
UNREAD = -1.0
AWAKE_CODE, VOICE_CODE, TOUCH_CODE, VIGOROUS_CODE, UNAROUSABLE_CODE = range(5)
SEIZURE_SHORT_CODE, SEIZURE_UNKNOWN_CODE, SEIZURE_LONG_CODE = range(1, 4)
CAPD_UNABLE_CODE = 99.0


@kernel
def ice_grade(score: float) -> float:
    """The grade of an ICE score: 10 is 0, 7 to 9 is 1, 3 to 6 is 2, 0 to 2 is 3."""
    if score >= 10.0:
        return 0.0
    if score >= 7.0:
        return 1.0
    return 2.0 if score >= 3.0 else 3.0


@kernel
def sedated(s: Vector, p: Vector, now: float) -> bool:
    """Whether sedation is charted at `now`: RASS at or below the limit, or a sedative running."""
    j = b.RASS * b.WIDTH
    if b.holds(s, p, b.RASS, now) and s[j + b.VALUE] <= p[b.P_SEDATED_RASS]:
        return True
    if s[b.ANY_SEDATIVE] < 0.0:
        return False
    for drip in range(b.SEDATIVE, b.DRIPS):  # noqa: SIM110 - a kernel has no generators
        if b.running(s, drip, now):
            return True
    return False


@kernel
def sedative_given(s: Vector, now: float) -> bool:
    """Whether a sedative was given since the infusion, within the day before `now`."""
    if s[b.ANY_SEDATIVE] < 0.0:
        return False
    for drip in range(b.SEDATIVE, b.DRIPS):
        given = max(s[b.RUN_LAST + drip], min(s[b.RUN_UNTIL + drip], now))
        if given >= s[b.INFUSED_AT] and now - given < 86400000000.0:
            return True
    return False


@kernel
def intubated(s: Vector, p: Vector, now: float) -> bool:
    """Whether the device that holds at `now` is invasive ventilation."""
    return b.holds(s, p, b.DEVICE, now) and s[b.DEVICE * b.WIDTH + b.VALUE] == b.INVASIVE


@kernel
def reading_invalid(s: Vector, p: Vector, now: float, speech: bool, out: Vector) -> bool:
    """Whether a reading made at this instant cannot count: sedated, or a spoken score from an intubated patient."""
    if sedated(s, p, now):
        b.flag(out, b.POLICIES, B_SEDATION)
        return p[b.P_SEDATION] > 0.0
    if speech and intubated(s, p, now):
        b.flag(out, b.POLICIES, B_INTUBATED)
        return p[b.P_INTUBATED] > 0.0
    return False


@kernel
def spoil_reading(s: Vector, p: Vector, kind: int, feature: int, now: float, out: Vector) -> float:
    """How a reading stands: 0 counts, 1 excused by an attribution, 2 not valid (sedation, intubation)."""
    j = kind * b.WIDTH
    if b.mark_spoilt(s, kind, feature, now):
        return 1.0
    if s[j + b.AT] == now and reading_invalid(s, p, now, kind == b.ICE, out):
        s[j + b.SPOILT] = 2.0
    if s[j + b.SPOILT] == 2.0:
        b.flag(out, b.POLICIES, B_INTUBATED if intubated(s, p, now) and not sedated(s, p, now) else B_SEDATION)
    return s[j + b.SPOILT]


@kernel
def score_stands(s: Vector, p: Vector, kind: int, now: float, out: Vector) -> bool:
    """Whether a score holds at `now` and counts: neither excused nor taken under sedation; where it does not, says
    why.
    """
    position = s[kind * b.WIDTH + b.POSITION]
    if not b.holds(s, p, kind, now):
        return False
    stands = spoil_reading(s, p, kind, b.F_SCORE, now, out)
    if stands == 1.0:
        b.say(out, SCORE_PAIR, SCORE_EXCUSED, position)
        if sedated(s, p, now) or sedative_given(s, now):
            b.flag(out, b.POLICIES, B_SEDATION)
    elif stands == 2.0:
        b.say(out, SCORE_PAIR, SCORE_INVALID, position)
    return stands == 0.0


@kernel
def ice_items(s: Vector, known: bool) -> float:
    """The points of the ICE items of the latest instant: those scored (`known`), or those left open."""
    total = 0.0
    for i in range(5):
        if (s[b.ITEM_VALUE + i] >= 0.0) == known:
            total += s[b.ITEM_VALUE + i] if known else b.item_points(i)
    return total


@kernel
def adopt_items(s: Vector, p: Vector, now: float) -> None:
    """Let the items of this instant stand as the ICE score: what was scored and, of what was not, the most it could
    be.
    """
    if s[b.ITEM_AT] == now:
        b.read_signal(s, p, b.ICE, ice_items(s, True) + ice_items(s, False), now, s[b.ITEM_POSITION])


@kernel
def icans_ice(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The ICE row: 0 to 3 or UNREAD."""
    j = b.ICE * b.WIDTH
    position = s[j + b.POSITION]
    if not score_stands(s, p, b.ICE, now, out):
        return UNREAD
    score = s[j + b.VALUE]
    partial = (
        s[b.ITEM_AT] == s[j + b.AT] and ice_items(s, False) > 0.0 and score >= ice_items(s, True) + ice_items(s, False)
    )
    if partial:
        b.flag(out, b.MISSING, M_ICE_ITEMS)
    b.say(out, SCORE_PAIR, ICE_PARTIAL if partial else (ICE_FULL if score >= 10.0 else ICE_BAND), position)
    if 0.0 <= s[b.BASELINE_ICE] < 10.0 and score < 10.0:
        b.flag(out, b.POLICIES, B_BASELINE_ICE)
        if score >= s[b.BASELINE_ICE] and p[b.P_BASELINE_ICE] > 0.0:
            b.say(out, SCORE_PAIR, ICE_BASELINE, s[b.BASE_ICE_POSITION])
            return 0.0
    return ice_grade(score)


@kernel
def icans_capd(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The CAPD row: 4, 3, 1, 0 or UNREAD. Every well child is below 9: grade 1 needs a new change or a rise (a
    policy).
    """
    j = b.CAPD * b.WIDTH
    position = s[j + b.POSITION]
    if not score_stands(s, p, b.CAPD, now, out):
        return UNREAD
    score = s[j + b.VALUE]
    if score == CAPD_UNABLE_CODE:
        b.say(out, SCORE_PAIR, CAPD_UNABLE, position)
        return 4.0
    usual = b.holds(s, p, b.USUAL_BEHAVIOR, now) and s[b.USUAL_BEHAVIOR * b.WIDTH + b.VALUE] > 0.0
    if score >= p[b.P_CAPD_POSITIVE]:
        if usual:
            b.flag(out, b.POLICIES, B_PARENT)
            b.say(out, SCORE_PAIR, CAPD_USUAL, s[b.USUAL_BEHAVIOR * b.WIDTH + b.POSITION])
            return 0.0
        b.say(out, SCORE_PAIR, CAPD_POSITIVE, position)
        return 3.0
    changed = b.holds(s, p, b.NEW_CHANGE, now) and s[b.NEW_CHANGE * b.WIDTH + b.VALUE] > 0.0
    risen = 0.0 <= s[b.BASELINE_CAPD] < score
    b.flag(out, b.POLICIES, B_CAPD_1)
    if changed or risen or p[b.P_CAPD_1] == 0.0:
        b.say(out, SCORE_PAIR, CAPD_CHANGE, position)
        return 1.0
    b.say(out, SCORE_PAIR, CAPD_NEGATIVE, position)
    return 0.0


@kernel
def icans_score(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The score row by age: CAPD below 12 years, ICE from 12 on; the other score where only that was taken (a
    policy).
    """
    age = b.age_at(s, now)
    child = 0.0 <= age < p[b.P_AGE_SWITCH]
    grade = icans_capd(s, p, now, out) if child else icans_ice(s, p, now, out)
    if grade >= 0.0:
        if age < 0.0:
            b.flag(out, b.POLICIES, B_UNKNOWN_AGE)
        return grade
    said = out[b.REASONS + 2 * SCORE_PAIR]
    if p[b.P_SCORE_FOR_AGE] > 0.0 and said == 0.0:
        grade = icans_ice(s, p, now, out) if child else icans_capd(s, p, now, out)
        if grade >= 0.0:
            b.flag(out, b.POLICIES, B_SCORE_FOR_AGE)
            return grade
    b.flag(out, b.MISSING, M_CAPD if child else M_ICE)
    if out[b.REASONS + 2 * SCORE_PAIR] == 0.0:
        b.say(out, SCORE_PAIR, SCORE_UNREAD, b.NEVER)
    return UNREAD


@kernel
def icans_consciousness(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The consciousness row: 0, 2, 3, 4 or UNREAD. A full ICE of 10 was given awake (a policy)."""
    j = b.CONSCIOUSNESS * b.WIDTH
    ice = b.ICE * b.WIDTH
    read = b.holds(s, p, b.CONSCIOUSNESS, now)
    stands = spoil_reading(s, p, b.CONSCIOUSNESS, b.F_CONSCIOUSNESS, now, out) if read else 0.0
    full = b.holds(s, p, b.ICE, now) and s[ice + b.VALUE] >= 10.0 and s[ice + b.SPOILT] == 0.0
    if full and p[b.P_ICE_AWAKE] > 0.0 and (not read or s[ice + b.AT] > s[j + b.AT]):
        b.say(out, CONSCIOUSNESS_PAIR, AWAKE_BY_ICE, s[ice + b.POSITION])
        return 0.0
    if read and stands == 1.0:
        if sedative_given(s, now):
            b.flag(out, b.POLICIES, B_SEDATION)
        b.say(out, CONSCIOUSNESS_PAIR, CONSCIOUSNESS_EXCUSED, s[b.EXCUSED_POSITION + b.F_CONSCIOUSNESS])
        return 0.0
    if not read or stands == 2.0:
        b.flag(out, b.MISSING, M_CONSCIOUSNESS)
        b.say(out, CONSCIOUSNESS_PAIR, CONSCIOUSNESS_INVALID if read else CONSCIOUSNESS_UNREAD, s[j + b.POSITION])
        return UNREAD
    code = int(s[j + b.VALUE])
    b.say(out, CONSCIOUSNESS_PAIR, AWAKE if code == AWAKE_CODE else CONSCIOUSNESS_LOW, s[j + b.POSITION])
    if code == AWAKE_CODE:
        return 0.0
    return min(float(code) + 1.0, 4.0)


@kernel
def icans_seizure(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The seizure row: 4, 3 or 0. A seizure counts until the patient is next assessed (a policy: or for its whole
    window).
    """
    j = b.SEIZURE * b.WIDTH
    if not b.holds(s, p, b.SEIZURE, now) or s[j + b.VALUE] == 0.0:
        return 0.0
    if b.mark_spoilt(s, b.SEIZURE, b.F_SEIZURE, now):
        b.say(out, SEIZURE_PAIR, SEIZURE_EXCUSED, s[b.EXCUSED_POSITION + b.F_SEIZURE])
        return 0.0
    assessed = max(s[b.ICE * b.WIDTH + b.AT], s[b.CAPD * b.WIDTH + b.AT], s[b.CONSCIOUSNESS * b.WIDTH + b.AT])
    if assessed > s[j + b.AT]:
        b.flag(out, b.POLICIES, B_SEIZURE_HOLDS)
        if p[b.P_SEIZURE_HOLDS] == 0.0:
            return 0.0
    if s[j + b.VALUE] == SEIZURE_LONG_CODE:
        b.say(out, SEIZURE_PAIR, SEIZURE_LONG, s[j + b.POSITION])
        return 4.0
    b.say(out, SEIZURE_PAIR, SEIZURE_BRIEF, s[j + b.POSITION])
    if s[j + b.VALUE] == SEIZURE_UNKNOWN_CODE:
        b.flag(out, b.MISSING, M_SEIZURE)
    return 3.0


@kernel
def icans_motor(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The motor row: deep focal weakness is grade 4."""
    j = b.MOTOR * b.WIDTH
    if not b.holds(s, p, b.MOTOR, now):
        return 0.0
    if s[j + b.VALUE] < 2.0:
        b.say(out, MOTOR_PAIR, NO_WEAKNESS, s[j + b.POSITION])
        return 0.0
    if b.mark_spoilt(s, b.MOTOR, b.F_MOTOR, now):
        b.say(out, MOTOR_PAIR, WEAKNESS_EXCUSED, s[b.EXCUSED_POSITION + b.F_MOTOR])
        return 0.0
    b.say(out, MOTOR_PAIR, WEAKNESS, s[j + b.POSITION])
    return 4.0


@kernel
def icans_edema(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The edema row: focal 3, diffuse 4; edema with an intracranial hemorrhage is excluded (a policy)."""
    j = b.EDEMA * b.WIDTH
    if not b.holds(s, p, b.EDEMA, now):
        return 0.0
    if s[j + b.VALUE] == 0.0:
        b.say(out, EDEMA_PAIR, NO_EDEMA, s[j + b.POSITION])
        return 0.0
    if b.mark_spoilt(s, b.EDEMA, b.F_EDEMA, now):
        b.say(out, EDEMA_PAIR, EDEMA_EXCUSED, s[b.EXCUSED_POSITION + b.F_EDEMA])
        return 0.0
    if b.holds(s, p, b.HEMORRHAGE, now) and s[b.HEMORRHAGE * b.WIDTH + b.VALUE] > 0.0:
        b.flag(out, b.POLICIES, B_HEMORRHAGE)
        if p[b.P_HEMORRHAGE] == 0.0:
            b.say(out, EDEMA_PAIR, EDEMA_HEMORRHAGE, s[b.HEMORRHAGE * b.WIDTH + b.POSITION])
            return 0.0
    diffuse = s[j + b.VALUE] >= 2.0
    b.say(out, EDEMA_PAIR, EDEMA_DIFFUSE if diffuse else EDEMA_FOCAL, s[j + b.POSITION])
    return 4.0 if diffuse else 3.0


@kernel
def icans_pressure_sign(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The signs of raised intracranial pressure: any is grade 4."""
    j = b.PRESSURE_SIGN * b.WIDTH
    if not b.holds(s, p, b.PRESSURE_SIGN, now):
        return 0.0
    if s[j + b.VALUE] == 0.0:
        b.say(out, SIGN_PAIR, NO_PRESSURE_SIGN, s[j + b.POSITION])
        return 0.0
    if b.mark_spoilt(s, b.PRESSURE_SIGN, b.F_PRESSURE_SIGN, now):
        b.say(out, SIGN_PAIR, PRESSURE_SIGN_EXCUSED, s[b.EXCUSED_POSITION + b.F_PRESSURE_SIGN])
        return 0.0
    b.say(out, SIGN_PAIR, PRESSURE_SIGN, s[j + b.POSITION])
    return 4.0


@kernel
def icans_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The ICANS grade at `now` from the state `s` under the policies `p`, with its reasons, into `out`."""
    b.blank(out)
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = 5.0 if s[b.DEATH_CAUSE] == 2.0 else b.NOT_COVERED
        b.say(out, SCORE_PAIR, ICANS_DEATH, s[b.DEATH_POSITION])
        return
    adopt_items(s, p, now)
    score = icans_score(s, p, now, out)
    consciousness = icans_consciousness(s, p, now, out)
    events = max(icans_seizure(s, p, now, out), icans_motor(s, p, now, out))
    events = max(events, icans_edema(s, p, now, out), icans_pressure_sign(s, p, now, out))
    grade = max(score, consciousness, events)
    if score < 0.0 and consciousness < 0.0 and events == 0.0:
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    if grade >= 4.0:
        out[b.MISSING] = 0.0
    out[b.GRADE] = grade
