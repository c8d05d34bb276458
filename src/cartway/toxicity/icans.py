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
NO_WEAKNESS, NO_EDEMA, NO_PRESSURE_SIGN, WEAKNESS_UNREAD, EDEMA_UNREAD, PRESSURE_SIGN_UNREAD = range(70, 76)
SEIZURE_UNREAD, WEAKNESS_OLD, EDEMA_OLD, PRESSURE_SIGN_OLD = range(76, 80)
SCORE_WORSE, CONSCIOUSNESS_WORSE, SEIZURE_WORSE, WEAKNESS_WORSE, EDEMA_WORSE = range(80, 85)

M_ICE, M_CAPD, M_CONSCIOUSNESS, M_SEIZURE_RETURN, M_ICE_ITEMS, M_SEIZURE_DURATION = range(6)
M_MOTOR, M_EDEMA, M_PRESSURE_SIGN, M_SEIZURE = range(6, 10)
(
    B_SCORE_FOR_AGE, B_BASELINE_ICE, B_CAPD_1, B_SEDATION, B_INTUBATED, B_SEIZURE_HOLDS, B_HEMORRHAGE, B_ICE_AWAKE,
    B_PARENT, B_UNKNOWN_AGE, B_UNREADABLE, B_WORSENING,
) = range(12)  # fmt: skip

SCORE_PAIR, CONSCIOUSNESS_PAIR, SEIZURE_PAIR, MOTOR_PAIR, EDEMA_PAIR, SIGN_PAIR = range(6)
UNREAD = -1.0
OLD = WEAKNESS_OLD - WEAKNESS_UNREAD
AWAKE_CODE = 0
# A seizure: none; short with the return to baseline told; short; its duration or its return not told; long.
SEIZURE_NONE_CODE, SEIZURE_BACK_CODE, SEIZURE_SHORT_CODE, SEIZURE_NO_DURATION_CODE, SEIZURE_NO_RETURN_CODE = range(5)
SEIZURE_LONG_CODE = 5
# How a reading stands: counted; excused as it was read (with a sedative given before); not valid for sedation or
# intubation; or taken under either and counted by policy.
COUNTED, EXCUSED, SEDATED, INTUBATED, SEDATED_COUNTED, INTUBATED_COUNTED, EXCUSED_SEDATED, BEST_SEDATED = range(8)
OVERTAKEN, OVERTAKEN_TUBE = 8, 9  # counted, but sedation or a tube came since: the least there is, until read again
CAPD_UNABLE_CODE = 99.0
DAY = 86_400_000_000.0


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
    """Whether a sedative or relaxant runs at `now`. An opioid is analgesia; only with a tube in is it sedation."""
    if s[b.ANY_SEDATIVE] < 0.0:
        return False
    for drip in range(b.SEDATIVE, b.DRIPS):
        if b.infusing(s, drip, now) and (drip != b.OPIOID or intubated(s, p, now)):
            return True
    return False


@kernel
def sedated_lately(s: Vector, p: Vector, now: float) -> bool:
    """Whether a sedative was pushed, or an infusion of one ended, within the policy's time before `now`."""
    if s[b.ANY_SEDATIVE] < 0.0:
        return False
    for drip in range(b.SEDATIVE, b.OPIOID):
        ended = s[b.RUN_UNTIL + drip]
        if s[b.RUN_STOPPED + drip] > s[b.RUN_LAST + drip]:
            ended = min(ended, s[b.RUN_STOPPED + drip])
        last = max(s[b.PUSHED_AT + drip], ended)
        if 0.0 <= last <= now < last + p[b.P_SEDATIVE_BOLUS]:
            return True
    return False


@kernel
def too_deep(s: Vector, p: Vector, now: float) -> bool:
    """Whether RASS is too deep for a score. It says how deep the patient is, not why: consciousness counts all the
    same.
    """
    j = b.RASS * b.WIDTH
    return s[j + b.AT] >= 0.0 and b.holds(s, p, b.RASS, now) and s[j + b.VALUE] <= p[b.P_SEDATED_RASS]


@kernel
def no_score(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a reading of this kind cannot be made at `now`: sedated, or, for a score that is a number, RASS too
    deep.
    """
    unable = kind == b.CAPD and s[kind * b.WIDTH + b.VALUE] == CAPD_UNABLE_CODE
    return sedated(s, p, now) or (kind != b.CONSCIOUSNESS and not unable and too_deep(s, p, now))


@kernel
def sedative_given(s: Vector, now: float) -> bool:
    """Whether a sedative was given since the infusion, within the day before `now`."""
    if s[b.ANY_SEDATIVE] < 0.0:
        return False
    for drip in range(b.SEDATIVE, b.DRIPS):
        ran = min(s[b.RUN_UNTIL + drip], now)
        given = max(s[b.PUSHED_AT + drip], s[b.RUN_LAST + drip], ran)
        if given >= s[b.INFUSED_AT] and now - given < DAY:
            return True
    return False


@kernel
def intubated(s: Vector, p: Vector, now: float) -> bool:
    """Whether the device that holds at `now` is invasive ventilation."""
    return b.holds(s, p, b.DEVICE, now) and s[b.DEVICE * b.WIDTH + b.VALUE] == b.INVASIVE


@kernel
def standing(s: Vector, p: Vector, kind: int, feature: int, now: float) -> float:
    """How a reading made at this instant stands."""
    if b.excused(s, p, feature, now):
        return EXCUSED_SEDATED if no_score(s, p, kind, now) or sedative_given(s, now) else EXCUSED
    return taken(s, p, kind, now)


@kernel
def taken(s: Vector, p: Vector, kind: int, now: float) -> float:
    """How a reading made at this instant stands where nothing excuses it."""
    j = kind * b.WIDTH
    drowsy = no_score(s, p, kind, now)
    tube = kind == b.ICE and intubated(s, p, now)
    full = kind == b.ICE and s[j + b.VALUE] >= 10.0 and s[b.ICE_PARTIAL] == 0.0
    best = full or (kind == b.CONSCIOUSNESS and s[j + b.VALUE] == AWAKE_CODE)
    if best and not tube:
        return BEST_SEDATED if drowsy else COUNTED  # a full score is true under any drug
    if drowsy and p[b.P_SEDATION] > 0.0:
        return SEDATED
    if tube and p[b.P_INTUBATED] > 0.0:
        return INTUBATED
    if drowsy or sedated_lately(s, p, now):
        return SEDATED_COUNTED
    return INTUBATED_COUNTED if tube else COUNTED


@kernel
def counts(how: float) -> bool:
    """Whether a reading that stands so counts toward the grade."""
    return how in (COUNTED, SEDATED_COUNTED, INTUBATED_COUNTED, BEST_SEDATED, OVERTAKEN, OVERTAKEN_TUBE)


@kernel
def weigh(s: Vector, p: Vector, kind: int, feature: int, now: float) -> None:
    """Judge a reading at the instant it is made; how it stands then stays with it (`COUNTED` and so on).

    One that is not valid does not displace the last that counted: that stays, as the least there is.
    """
    j = kind * b.WIDTH
    if s[j + b.AT] != now or s[j + b.VALUE] != s[j + b.VALUE]:
        return
    how = standing(s, p, kind, feature, now)
    s[j + b.SPOILT] = how
    if counts(how) and (kind != b.CONSCIOUSNESS or s[j + b.VALUE] == AWAKE_CODE):
        s[b.ASSESSED_AT] = now
    prior = b.PRIOR + (kind - b.ICE) * b.WIDTH
    readable = s[prior + b.AT] >= 0.0 and s[prior + b.VALUE] == s[prior + b.VALUE]
    of_this_watch = s[prior + b.AT] >= s[b.INFUSED_AT] and s[prior + b.AT] > s[b.DISCHARGED_AT]
    recent = s[prior + b.AT] + p[b.P_VALID + kind] > now
    if how in (SEDATED, INTUBATED) and readable and of_this_watch and recent and counts(s[prior + b.SPOILT]):
        for i in range(b.WIDTH):
            s[j + i] = s[prior + i]
        s[j + b.SPOILT] = OVERTAKEN if how == SEDATED else OVERTAKEN_TUBE
        if kind == b.ICE:
            s[b.ICE_PARTIAL] = s[b.PRIOR_PARTIAL]
        b.soon(s, s[j + b.AT] + p[b.P_VALID + kind])  # it grows old in its own time


@kernel
def flag_standing(s: Vector, kind: int, out: Vector) -> None:
    """Flag the policy under which a reading counts or does not."""
    how = s[kind * b.WIDTH + b.SPOILT]
    if how in (SEDATED, SEDATED_COUNTED, EXCUSED_SEDATED, OVERTAKEN):
        b.flag(out, b.POLICIES, B_SEDATION)
    elif how in (INTUBATED, INTUBATED_COUNTED, OVERTAKEN_TUBE):
        b.flag(out, b.POLICIES, B_INTUBATED)


@kernel
def is_excused(s: Vector, p: Vector, kind: int, feature: int, now: float) -> bool:
    """Whether another cause explains a reading: an attribution covers it now, or did as it was made."""
    how = s[kind * b.WIDTH + b.SPOILT]
    return b.excused(s, p, feature, now) or how in (EXCUSED, EXCUSED_SEDATED)


@kernel
def is_invalid(s: Vector, kind: int) -> bool:
    """Whether a reading was made under sedation or intubation and does not count."""
    how = s[kind * b.WIDTH + b.SPOILT]
    return how in (SEDATED, INTUBATED)


@kernel
def ice_unchanged(s: Vector) -> bool:
    """Whether the ICE is low but no lower than this patient's recorded low baseline."""
    score = s[b.ICE * b.WIDTH + b.VALUE]
    return 0.0 <= s[b.OWN_ICE] < 10.0 and score < 10.0 and score >= s[b.OWN_ICE]


@kernel
def usual_behavior(s: Vector, p: Vector, now: float) -> bool:
    """Whether a parent says that the child behaves as usual."""
    return b.holds(s, p, b.USUAL_BEHAVIOR, now) and s[b.USUAL_BEHAVIOR * b.WIDTH + b.VALUE] > 0.0


@kernel
def capd_changed(s: Vector, p: Vector, now: float) -> bool:
    """Whether a CAPD comes with a new change, or has risen from before the infusion."""
    changed = b.holds(s, p, b.NEW_CHANGE, now) and s[b.NEW_CHANGE * b.WIDTH + b.VALUE] > 0.0
    return changed or 0.0 <= s[b.OWN_CAPD] < s[b.CAPD * b.WIDTH + b.VALUE]


@kernel
def score_level(s: Vector, p: Vector, kind: int, now: float) -> float:
    """The grade of the score that holds, however it was taken and whatever its cause."""
    score = s[kind * b.WIDTH + b.VALUE]
    if kind == b.ICE:
        return 0.0 if ice_unchanged(s) and p[b.P_BASELINE_ICE] > 0.0 else ice_grade(score)
    if score == CAPD_UNABLE_CODE:
        return 4.0
    if score >= p[b.P_CAPD_POSITIVE]:
        return 0.0 if usual_behavior(s, p, now) else 3.0
    return 1.0 if capd_changed(s, p, now) or p[b.P_CAPD_1] == 0.0 else 0.0


@kernel
def level_read(s: Vector, p: Vector, kind: int, feature: int, now: float) -> float:
    """How bad a score or the consciousness is that was read at this instant, as if not excused; as its attribution is
    made, the one that stands. 0 where none was, or where it is not valid for sedation or a tube.
    """
    j = kind * b.WIDTH
    if not b.holds(s, p, kind, now):
        return 0.0
    if s[j + b.AT] == now:
        valid = counts(taken(s, p, kind, now))
    else:
        valid = s[b.EXCUSED_LEVEL + feature] == b.UNJUDGED and not is_invalid(s, kind)
    if not valid:
        return 0.0
    return consciousness_level(s) if kind == b.CONSCIOUSNESS else score_level(s, p, kind, now)


@kernel
def consciousness_level(s: Vector) -> float:
    """The grade of the level of consciousness that holds, whatever its cause."""
    code = int(s[b.CONSCIOUSNESS * b.WIDTH + b.VALUE])
    return 0.0 if code == AWAKE_CODE else min(float(code) + 1.0, 4.0)


@kernel
def seizure_level(s: Vector, p: Vector, now: float) -> float:
    """The grade of the latest seizure, whatever its cause, or of the event that counts, where that is worse."""
    worst = SEIZURE_NONE_CODE
    if b.holds(s, p, b.SEIZURE, now):
        worst = int(s[b.SEIZURE * b.WIDTH + b.VALUE])
    if event_stands(s, p, now):
        worst = max(worst, int(s[b.SEIZURE_WORST]))
    if worst == SEIZURE_NONE_CODE:
        return 0.0
    return 4.0 if worst == SEIZURE_LONG_CODE else 3.0


@kernel
def event_stands(s: Vector, p: Vector, now: float) -> bool:
    """Whether the latest seizure that counts is of the close watch and within its window."""
    latest = s[b.SEIZURE_LATEST]
    return latest >= s[b.INFUSED_AT] and latest > s[b.DISCHARGED_AT] and latest + p[b.P_VALID + b.SEIZURE] > now


@kernel
def finding_level(s: Vector, p: Vector, kind: int, now: float) -> float:
    """How bad weakness (none, mild, deep focal) or edema (none, focal, diffuse) is, whatever its cause."""
    return s[kind * b.WIDTH + b.VALUE] if b.holds(s, p, kind, now) else 0.0


@kernel
def icans_judge(s: Vector, p: Vector, now: float) -> None:
    """Reopen the attributions of signs that are worse than they were when judged. Of raised pressure any sign is 4: it
    has no levels and is never reopened.
    """
    if s[b.EXCUSED_LAST] <= now:
        return
    ice, capd = level_read(s, p, b.ICE, b.F_SCORE, now), level_read(s, p, b.CAPD, b.F_SCORE, now)
    b.judge(s, b.F_SCORE, max(ice, capd), now)
    b.judge(s, b.F_CONSCIOUSNESS, level_read(s, p, b.CONSCIOUSNESS, b.F_CONSCIOUSNESS, now), now)
    b.judge(s, b.F_SEIZURE, seizure_level(s, p, now), now)
    b.judge(s, b.F_MOTOR, finding_level(s, p, b.MOTOR, now), now)
    b.judge(s, b.F_EDEMA, finding_level(s, p, b.EDEMA, now), now)


@kernel
def score_stands(s: Vector, p: Vector, kind: int, now: float, out: Vector) -> bool:
    """Whether a score holds at `now` and counts; where it does not, says why."""
    position = s[kind * b.WIDTH + b.POSITION]
    if not b.holds(s, p, kind, now):
        if b.unreadable(s, p, kind, now):
            b.flag(out, b.POLICIES, B_UNREADABLE)
        return False
    flag_standing(s, kind, out)
    if b.worsened(s, b.F_SCORE, now) and score_level(s, p, kind, now) > 0.0:
        b.tell_worse(s, p, b.F_SCORE, now, SCORE_WORSE, out)
        b.flag(out, b.POLICIES, B_WORSENING)
    if is_excused(s, p, kind, b.F_SCORE, now):
        b.say(out, SCORE_PAIR, SCORE_EXCUSED, position)
        return False
    if is_invalid(s, kind):
        b.say(out, SCORE_PAIR, SCORE_INVALID, position)
        return False
    return True


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
    """Let the items of this instant stand as the ICE score: what was scored and, of what was not, the most it could be.

    A total charted at the same instant is complete; it stands unless the items are worse.
    """
    j = b.ICE * b.WIDTH
    if s[b.ITEM_AT] != now:
        if s[j + b.AT] == now:
            s[b.ICE_PARTIAL] = 0.0
        return
    left = ice_items(s, False)
    bound = ice_items(s, True) + left
    if s[j + b.AT] == now and s[j + b.VALUE] <= bound:
        s[b.ICE_PARTIAL] = 0.0
        return
    b.read_signal(s, p, b.ICE, bound, now, s[b.ITEM_POSITION])
    s[b.ICE_PARTIAL] = 1.0 if left > 0.0 else 0.0


@kernel
def sedated_since(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a reading that was full under a drug is overtaken: by a sedative charted after it that runs now, or a
    RASS read after it that is too deep for a score.
    """
    at = s[kind * b.WIDTH + b.AT]
    if kind != b.CONSCIOUSNESS and s[b.RASS * b.WIDTH + b.AT] > at and too_deep(s, p, now):
        return True
    if s[b.ANY_SEDATIVE] < 0.0:
        return False
    for drip in range(b.SEDATIVE, b.DRIPS):
        runs = b.infusing(s, drip, now) and (drip != b.OPIOID or intubated(s, p, now))
        if runs and s[b.RUN_LAST + drip] > at:
            return True
    return False


@kernel
def overtake(s: Vector, p: Vector, kind: int, now: float) -> None:
    """Mark a counted reading that sedation or a tube has overtaken: it stands as the least there is, and the present is
    missing, until somebody reads again.
    """
    j = kind * b.WIDTH
    how = s[j + b.SPOILT]
    if s[j + b.AT] < 0.0 or s[j + b.AT] >= now or not counts(how) or how in (OVERTAKEN, OVERTAKEN_TUBE):
        return
    drowsy = sedated_since(s, p, kind, now) if how == BEST_SEDATED else no_score(s, p, kind, now)
    if p[b.P_SEDATION] > 0.0 and drowsy:
        s[j + b.SPOILT] = OVERTAKEN
    elif kind == b.ICE and p[b.P_INTUBATED] > 0.0 and intubated(s, p, now):
        s[j + b.SPOILT] = OVERTAKEN_TUBE


@kernel
def overtaken(s: Vector, kind: int, missing: int, out: Vector) -> None:
    """Name the present as missing where a reading has been overtaken."""
    if s[kind * b.WIDTH + b.SPOILT] in (OVERTAKEN, OVERTAKEN_TUBE):
        flag_standing(s, kind, out)
        b.flag(out, b.MISSING, missing)


@kernel
def icans_ice(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The ICE row: 0 to 3 or UNREAD."""
    j = b.ICE * b.WIDTH
    if not score_stands(s, p, b.ICE, now, out):
        return UNREAD
    score, position = s[j + b.VALUE], s[j + b.POSITION]
    out[b.SCORE] = score
    overtaken(s, b.ICE, M_ICE, out)
    if s[b.ICE_PARTIAL] > 0.0:
        b.flag(out, b.MISSING, M_ICE_ITEMS)
        b.say(out, SCORE_PAIR, ICE_PARTIAL, position)
    else:
        b.say(out, SCORE_PAIR, ICE_FULL if score >= 10.0 else ICE_BAND, position)
    if ice_unchanged(s):
        b.flag(out, b.POLICIES, B_BASELINE_ICE)
        if p[b.P_BASELINE_ICE] > 0.0:
            b.say(out, SCORE_PAIR, ICE_BASELINE, s[b.OWN_ICE_POSITION])
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
    overtaken(s, b.CAPD, M_CAPD, out)
    if score == CAPD_UNABLE_CODE:
        b.say(out, SCORE_PAIR, CAPD_UNABLE, position)
        return 4.0
    if score >= p[b.P_CAPD_POSITIVE]:
        if usual_behavior(s, p, now):
            b.flag(out, b.POLICIES, B_PARENT)
            b.say(out, SCORE_PAIR, CAPD_USUAL, s[b.USUAL_BEHAVIOR * b.WIDTH + b.POSITION])
            return 0.0
        b.say(out, SCORE_PAIR, CAPD_POSITIVE, position)
        return 3.0
    b.flag(out, b.POLICIES, B_CAPD_1)
    if capd_changed(s, p, now) or p[b.P_CAPD_1] == 0.0:
        b.say(out, SCORE_PAIR, CAPD_CHANGE, position)
        return 1.0
    b.say(out, SCORE_PAIR, CAPD_NEGATIVE, position)
    return 0.0


@kernel
def icans_score(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The score row by age: CAPD below 12 years, ICE from 12 on; by policy the other where only that was taken."""
    age = b.age_at(s, now)
    child = 0.0 <= age < p[b.P_AGE_SWITCH]
    grade = icans_capd(s, p, now, out) if child else icans_ice(s, p, now, out)
    if grade >= 0.0:
        if age < 0.0:
            b.flag(out, b.POLICIES, B_UNKNOWN_AGE)
        return grade
    other = b.ICE if child else b.CAPD
    if out[b.REASONS + 2 * SCORE_PAIR] == 0.0 and b.holds(s, p, other, now):
        b.flag(out, b.POLICIES, B_SCORE_FOR_AGE)
        if p[b.P_SCORE_FOR_AGE] > 0.0:
            grade = icans_ice(s, p, now, out) if child else icans_capd(s, p, now, out)
            if grade >= 0.0:
                return grade
    b.flag(out, b.MISSING, M_CAPD if child else M_ICE)
    if out[b.REASONS + 2 * SCORE_PAIR] == 0.0:
        b.say(out, SCORE_PAIR, SCORE_UNREAD, b.NEVER)
    return UNREAD


@kernel
def awake_by_ice(s: Vector, p: Vector, now: float) -> bool:
    """Whether a full ICE, counted and later than any charted consciousness, stands for an awake patient (a policy)."""
    ice = b.ICE * b.WIDTH
    if p[b.P_ICE_AWAKE] == 0.0 or not b.holds(s, p, b.ICE, now) or s[b.ICE_PARTIAL] > 0.0:
        return False
    if s[ice + b.VALUE] < 10.0 or is_invalid(s, b.ICE) or is_excused(s, p, b.ICE, b.F_SCORE, now):
        return False
    if s[ice + b.SPOILT] in (OVERTAKEN, OVERTAKEN_TUBE):
        return False
    if less_awake_since(s, p, s[ice + b.AT], now):
        return False
    return not b.stands(s, p, b.CONSCIOUSNESS, now) or s[ice + b.AT] > s[b.CONSCIOUSNESS * b.WIDTH + b.AT]


@kernel
def less_awake_since(s: Vector, p: Vector, at: float, now: float) -> bool:
    """Whether RASS or GCS, read after `at`, says less than awake: they grade nothing here, but "awake" is no longer
    so.
    """
    rass, gcs = b.RASS * b.WIDTH, b.GCS * b.WIDTH
    if s[rass + b.AT] > at and b.holds(s, p, b.RASS, now) and s[rass + b.VALUE] < 0.0:
        return True
    return s[gcs + b.AT] > at and b.holds(s, p, b.GCS, now) and s[gcs + b.VALUE] < 15.0


@kernel
def icans_consciousness(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The consciousness row: 0, 2, 3, 4 or UNREAD. A full ICE of 10 was given awake (a policy)."""
    j = b.CONSCIOUSNESS * b.WIDTH
    read = b.holds(s, p, b.CONSCIOUSNESS, now)
    if awake_by_ice(s, p, now):
        b.say(out, CONSCIOUSNESS_PAIR, AWAKE_BY_ICE, s[b.ICE * b.WIDTH + b.POSITION])
        return 0.0
    if b.unreadable(s, p, b.CONSCIOUSNESS, now):
        b.flag(out, b.POLICIES, B_UNREADABLE)
    if read and s[j + b.VALUE] > AWAKE_CODE:
        flag_standing(s, b.CONSCIOUSNESS, out)
        if b.tell_worse(s, p, b.F_CONSCIOUSNESS, now, CONSCIOUSNESS_WORSE, out):
            b.flag(out, b.POLICIES, B_WORSENING)
        if is_excused(s, p, b.CONSCIOUSNESS, b.F_CONSCIOUSNESS, now):
            b.say(out, CONSCIOUSNESS_PAIR, CONSCIOUSNESS_EXCUSED, b.excuse_of(s, b.F_CONSCIOUSNESS, now))
            return 0.0
    invalid = read and is_invalid(s, b.CONSCIOUSNESS)
    if not read or invalid:
        if invalid:
            flag_standing(s, b.CONSCIOUSNESS, out)
        b.flag(out, b.MISSING, M_CONSCIOUSNESS)
        b.say(out, CONSCIOUSNESS_PAIR, CONSCIOUSNESS_INVALID if read else CONSCIOUSNESS_UNREAD, s[j + b.POSITION])
        return UNREAD
    code = int(s[j + b.VALUE])
    overtaken(s, b.CONSCIOUSNESS, M_CONSCIOUSNESS, out)
    if code == AWAKE_CODE and less_awake_since(s, p, s[j + b.AT], now):
        b.flag(out, b.MISSING, M_CONSCIOUSNESS)
    b.say(out, CONSCIOUSNESS_PAIR, AWAKE if code == AWAKE_CODE else CONSCIOUSNESS_LOW, s[j + b.POSITION])
    return consciousness_level(s)


@kernel
def note_seizure(s: Vector, p: Vector, now: float) -> None:
    """Take the seizure of this instant into the event it belongs to: with no assessment between, the worst one
    grades.
    """
    j = b.SEIZURE * b.WIDTH
    if s[j + b.AT] != now or s[j + b.VALUE] != s[j + b.VALUE]:
        return
    if s[j + b.VALUE] == SEIZURE_NONE_CODE:
        s[b.ASSESSED_AT] = now
        return
    if b.excused(s, p, b.F_SEIZURE, now):
        return
    open_event = s[b.SEIZURE_LATEST] >= s[b.INFUSED_AT] and s[b.SEIZURE_LATEST] > s[b.DISCHARGED_AT]
    open_event = open_event and s[b.ASSESSED_AT] <= s[b.SEIZURE_LATEST]
    if open_event and now - s[b.SEIZURE_LATEST] < p[b.P_VALID + b.SEIZURE]:
        if s[j + b.VALUE] > s[b.SEIZURE_WORST]:
            s[b.SEIZURE_WORST] = s[j + b.VALUE]
            s[b.SEIZURE_POSITION] = s[j + b.POSITION]
        if s[b.SEIZURE_LAST] not in (SEIZURE_BACK_CODE, SEIZURE_NO_DURATION_CODE):
            s[b.SEIZURE_WORST] = max(s[b.SEIZURE_WORST], SEIZURE_NO_RETURN_CODE)  # repeated; between them nothing told
    else:
        s[b.SEIZURE_WORST] = s[j + b.VALUE]
        s[b.SEIZURE_POSITION] = s[j + b.POSITION]
    s[b.SEIZURE_LATEST] = now
    s[b.SEIZURE_LAST] = s[j + b.VALUE]
    b.soon(s, now + p[b.P_VALID + b.SEIZURE])


@kernel
def seizure_worse(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Whether the latest seizure counts by itself, and was worse than the one that was attributed."""
    j = b.SEIZURE * b.WIDTH
    if not b.holds(s, p, b.SEIZURE, now) or s[j + b.VALUE] == SEIZURE_NONE_CODE:
        return False
    if s[b.ASSESSED_AT] > s[j + b.AT] and p[b.P_SEIZURE_HOLDS] == 0.0:
        return False
    return b.tell_worse(s, p, b.F_SEIZURE, now, SEIZURE_WORSE, out)


@kernel
def icans_seizure(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The seizure row: 4, 3 or 0. A seizure counts until the patient is next assessed, by policy for its whole
    window.
    """
    if b.unreadable(s, p, b.SEIZURE, now) and s[b.ASSESSED_AT] <= s[b.SEIZURE * b.WIDTH + b.AT]:
        b.flag(out, b.MISSING, M_SEIZURE)
        b.flag(out, b.POLICIES, B_UNREADABLE)
        b.say(out, SEIZURE_PAIR, SEIZURE_UNREAD, s[b.SEIZURE * b.WIDTH + b.POSITION])
    if seizure_worse(s, p, now, out):
        b.flag(out, b.POLICIES, B_WORSENING)
    if not event_stands(s, p, now):
        return 0.0
    if b.excused(s, p, b.F_SEIZURE, now):
        b.say(out, SEIZURE_PAIR, SEIZURE_EXCUSED, b.excuse_of(s, b.F_SEIZURE, now))
        return 0.0
    if s[b.ASSESSED_AT] > s[b.SEIZURE_LATEST]:
        b.flag(out, b.POLICIES, B_SEIZURE_HOLDS)
        if p[b.P_SEIZURE_HOLDS] == 0.0:
            return 0.0
    if s[b.SEIZURE_WORST] == SEIZURE_LONG_CODE:
        b.say(out, SEIZURE_PAIR, SEIZURE_LONG, s[b.SEIZURE_POSITION])
        return 4.0
    b.say(out, SEIZURE_PAIR, SEIZURE_BRIEF, s[b.SEIZURE_POSITION])
    if s[b.SEIZURE_WORST] == SEIZURE_NO_DURATION_CODE:
        b.flag(out, b.MISSING, M_SEIZURE_DURATION)
    elif s[b.SEIZURE_WORST] == SEIZURE_NO_RETURN_CODE:
        b.flag(out, b.MISSING, M_SEIZURE_RETURN)
    return 3.0


@kernel
def unread_event(
    s: Vector, p: Vector, kind: int, feature: int, now: float, missing: int, pair: int, unread: int, out: Vector
) -> None:  # fmt: skip
    """Name a finding of which nothing holds: its message could not be read, or it was there and is too old. Too old is
    not gone. The criterion of the latter is `unread` + `OLD`.
    """
    found = s[b.FOUND_AT + kind - b.MOTOR]
    if b.unreadable(s, p, kind, now):
        b.flag(out, b.POLICIES, B_UNREADABLE)
        b.say(out, pair, unread, s[kind * b.WIDTH + b.POSITION])
    elif found >= s[b.INFUSED_AT] and found > s[b.DISCHARGED_AT] and not b.excused(s, p, feature, now):
        b.say(out, pair, unread + OLD, s[b.FOUND_POSITION + kind - b.MOTOR])
        if b.worsened(s, feature, now):
            b.flag(out, b.POLICIES, B_WORSENING)
    else:
        return
    b.flag(out, b.MISSING, missing)


@kernel
def finding_excused(s: Vector, p: Vector, kind: int, feature: int, now: float) -> bool:
    """Whether another cause explains a finding; one explained as it was read is not missed when it grows old."""
    if not b.mark_excused(s, p, kind, feature, now):
        return False
    if s[kind * b.WIDTH + b.SPOILT] == EXCUSED:
        s[b.FOUND_AT + kind - b.MOTOR] = b.NEVER
    return True


@kernel
def icans_motor(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The motor row: deep focal weakness is grade 4."""
    j = b.MOTOR * b.WIDTH
    if not b.holds(s, p, b.MOTOR, now):
        unread_event(s, p, b.MOTOR, b.F_MOTOR, now, M_MOTOR, MOTOR_PAIR, WEAKNESS_UNREAD, out)
        return 0.0
    if s[j + b.VALUE] < 2.0:
        b.say(out, MOTOR_PAIR, NO_WEAKNESS, s[j + b.POSITION])
        return 0.0
    if b.tell_worse(s, p, b.F_MOTOR, now, WEAKNESS_WORSE, out):
        b.flag(out, b.POLICIES, B_WORSENING)
    if finding_excused(s, p, b.MOTOR, b.F_MOTOR, now):
        b.say(out, MOTOR_PAIR, WEAKNESS_EXCUSED, b.excuse_of(s, b.F_MOTOR, now))
        return 0.0
    b.say(out, MOTOR_PAIR, WEAKNESS, s[j + b.POSITION])
    return 4.0


@kernel
def icans_edema(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The edema row: focal 3, diffuse 4; edema with an intracranial hemorrhage is excluded (a policy)."""
    j = b.EDEMA * b.WIDTH
    if not b.holds(s, p, b.EDEMA, now):
        unread_event(s, p, b.EDEMA, b.F_EDEMA, now, M_EDEMA, EDEMA_PAIR, EDEMA_UNREAD, out)
        return 0.0
    if s[j + b.VALUE] == 0.0:
        b.say(out, EDEMA_PAIR, NO_EDEMA, s[j + b.POSITION])
        return 0.0
    if b.tell_worse(s, p, b.F_EDEMA, now, EDEMA_WORSE, out):
        b.flag(out, b.POLICIES, B_WORSENING)
    if finding_excused(s, p, b.EDEMA, b.F_EDEMA, now):
        b.say(out, EDEMA_PAIR, EDEMA_EXCUSED, b.excuse_of(s, b.F_EDEMA, now))
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
        unread_event(
            s, p, b.PRESSURE_SIGN, b.F_PRESSURE_SIGN, now, M_PRESSURE_SIGN, SIGN_PAIR, PRESSURE_SIGN_UNREAD, out
        )
        return 0.0
    if s[j + b.VALUE] == 0.0:
        b.say(out, SIGN_PAIR, NO_PRESSURE_SIGN, s[j + b.POSITION])
        return 0.0
    if finding_excused(s, p, b.PRESSURE_SIGN, b.F_PRESSURE_SIGN, now):
        b.say(out, SIGN_PAIR, PRESSURE_SIGN_EXCUSED, s[b.EXCUSED_POSITION + b.F_PRESSURE_SIGN])
        return 0.0
    b.say(out, SIGN_PAIR, PRESSURE_SIGN, s[j + b.POSITION])
    return 4.0


@kernel
def icans_events(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The rows that are charted when they happen: seizure, motor, edema, signs of raised pressure."""
    if s[b.ANY_EVENT] < 0.0:
        return 0.0
    note_seizure(s, p, now)
    clinical = max(icans_seizure(s, p, now, out), icans_motor(s, p, now, out))
    return max(clinical, icans_edema(s, p, now, out), icans_pressure_sign(s, p, now, out))


@kernel
def unknown_now(column: float, out: Vector, missing: int, other: int) -> bool:
    """Whether a row was not read, or what was read has been overtaken."""
    named = (int(out[b.MISSING]) >> missing) & 1 == 1 or (other >= 0 and (int(out[b.MISSING]) >> other) & 1 == 1)
    return column < 0.0 or named


@kernel
def icans_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The ICANS grade at `now` from the state `s` under the policies `p`, with its reasons, into `out`,
    which is blank.
    """
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = 5.0 if s[b.DEATH_CAUSE] == 2.0 else b.NOT_COVERED
        b.say(out, SCORE_PAIR, ICANS_DEATH, s[b.DEATH_POSITION])
        return
    adopt_items(s, p, now)
    icans_judge(s, p, now)
    weigh(s, p, b.ICE, b.F_SCORE, now)
    weigh(s, p, b.CAPD, b.F_SCORE, now)
    weigh(s, p, b.CONSCIOUSNESS, b.F_CONSCIOUSNESS, now)
    for kind in range(b.ICE, b.SEIZURE):
        overtake(s, p, kind, now)
    score = icans_score(s, p, now, out)
    consciousness = icans_consciousness(s, p, now, out)
    events = icans_events(s, p, now, out)
    grade = max(score, consciousness, events)
    if grade <= 0.0 and unknown_now(score, out, M_ICE, M_CAPD) and unknown_now(consciousness, out, M_CONSCIOUSNESS, -1):
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    if grade >= 4.0:
        out[b.MISSING] = 0.0
    out[b.GRADE] = grade
