"""Hemophagocytic lymphohistiocytosis-like syndrome after immune effector cells (IEC-HS), ASTCT.

Hines MR, Knight TE, McNerney KO, et al. Immune Effector Cell-Associated Hemophagocytic Lymphohistiocytosis-Like
Syndrome. Transplant Cell Ther 2023;29(7):438.e1-438.e16. PMID 36906275. Its tables were not confirmed from the paper.

| required   | ferritin above twice the upper limit of normal or twice the value before the infusion               |
| frequent   | onset as CRS resolves or worsening after a first improvement; AST or ALT above five times the limit |
|            | (or the patient's own abnormal value); fibrinogen under 150 mg/dL or the lower limit; hemophago-    |
|            | cytosis; a grade 4 cytopenia                                                                        |
| grade      | 1 observed; 2 treated; 3 severe: bleeding that needs transfusion, new organ failure; 4 in danger of |
|            | life: bleeding, hypotension, intubation, dialysis; 5 death                                          |

It is not called where CRS, an infection or progression explains it better. How many of the frequent features it takes
is not stated: a policy, flagged. The features are named with the grade; the diagnosis stays with a clinician.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.iec_context import (
    ABSENT,
    BLED,
    CHARTED,
    CHARTED_UNTIL,
    CONTEXT,
    DIRECTED_AT,
    DIRECTED_POSITION,
    FAILED,
    FERRITIN_LAST,
    FERRITIN_LEAST,
    GIVEN,
    IMPROVED_AT,
    IN_DANGER,
    INFECTION,
    MET_SINCE,
    NOT_TOLD,
    PROGRESSED,
    ROSE,
    SEVERE,
    iec_charted,
    iec_open,
    iec_told,
)
from cartway.toxicity.iec_features import (
    B_FEATURES,
    B_INFECTION,
    B_RISE,
    B_SUPPORT,
    B_TIMING,
    B_UNTOLD,
    BLEEDING,
    CAUSE_PAIR,
    CRS_LASTS,
    FELL_WITH_CRS,
    IEC_DEATH,
    INFECTION_CHARTED,
    INFECTION_OPEN,
    INFECTION_UNTOLD,
    LIFE_IN_DANGER,
    M_BLEEDING,
    M_CRS,
    M_INFECTION,
    M_ORGAN,
    M_TREATMENT,
    ON_PRESSOR,
    ON_VENTILATOR,
    ORGAN,
    OTHER_CAUSE,
    P_FEATURES,
    P_INFECTION,
    P_LIVER_BASE,
    P_RISE,
    P_SUPPORT,
    P_TIMING,
    P_UNTOLD,
    SEVERITY_PAIR,
    TOO_FEW,
    TREATED,
    TREATED_BY_DRUG,
    iec_features,
    iec_ferritin,
    iec_unknown,
)
from cartway.toxicity.kernel import kernel

PLACES: dict[str, tuple[int, float]] = {
    "iec_hs_features": (P_FEATURES, 1.0),
    "iec_hs_timing": (P_TIMING, 1.0),
    "iec_hs_infection": (P_INFECTION, 1.0),
    "iec_hs_cause_untold": (P_UNTOLD, 1.0),
    "iec_hs_liver_baseline": (P_LIVER_BASE, 1.0),
    "iec_hs_support": (P_SUPPORT, 1.0),
    "iec_hs_ferritin_rise_percent": (P_RISE, 0.01),
}


@kernel
def iec_follow(s: Vector, p: Vector, now: float) -> None:
    """Follow ferritin along CRS: whether it rose again after CRS first improved, or began without any."""
    j = lab.place_of(lab.FERRITIN)
    since = s[j + b.AT] >= s[b.INFUSED_AT] and s[j + b.VALUE] == s[j + b.VALUE]
    value = s[j + b.VALUE] if since and s[j + b.AT] >= 0.0 else b.NEVER
    eased = s[lab.CRS_NOW] < s[lab.CRS_WORST] and s[lab.CRS_NOW] != b.NOT_ASSESSABLE
    if s[IMPROVED_AT] < 0.0 and s[lab.CRS_WORST] > 0.0 and eased:
        s[IMPROVED_AT] = now
        s[FERRITIN_LEAST] = s[FERRITIN_LAST] if s[FERRITIN_LAST] >= 0.0 else s[j + lab.BASE]
    if value < 0.0:
        return
    s[FERRITIN_LAST] = value
    if s[IMPROVED_AT] >= 0.0:
        least = s[FERRITIN_LEAST]
        if value > least * (1.0 + p[P_RISE]) or least < 0.0:
            s[ROSE] = 1.0
        s[FERRITIN_LEAST] = value if least < 0.0 else min(least, value)


@kernel
def iec_independent(s: Vector) -> bool:
    """Whether CRS does not explain it: there was none, or the ferritin rose after CRS had first improved."""
    return s[lab.CRS_WORST] <= 0.0 or s[ROSE] > 0.0


@kernel
def iec_support(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """How grave the support at the bedside is: 4 a tube, ECMO or several vasopressors, 3 one vasopressor, else 0."""
    pressors = 0
    first = 0
    if s[b.ANY_PRESSOR] > 0.0 and not b.excused(s, p, b.VASOPRESSOR, now):
        for drip in range(b.COUNTED_PRESSORS):
            if b.running(s, p, drip, now):
                pressors += 1
                first = drip
    j = b.DEVICE * b.WIDTH
    tube = b.holds(s, p, b.DEVICE, now) and s[j + b.VALUE] >= b.INVASIVE
    if tube and not b.excused(s, p, b.POSITIVE_PRESSURE, now) and not b.excused(s, p, b.HYPOXIA, now):
        b.say(out, SEVERITY_PAIR, ON_VENTILATOR, s[j + b.POSITION])
        return 4.0
    if pressors > 0:
        b.say(out, SEVERITY_PAIR, ON_PRESSOR, s[b.RUN_POSITION + first])
        return 4.0 if pressors > 1 else 3.0
    return 0.0


@kernel
def iec_told_severity(s: Vector, out: Vector) -> float:
    """The grade by what the team told: 1 nothing done, 2 treated, 3 severe, 4 in danger of life."""
    grade = 1.0
    if iec_told(s, GIVEN) > ABSENT:
        grade = 2.0
        b.say(out, SEVERITY_PAIR, TREATED, s[CONTEXT + 2 * GIVEN + 1])
    elif s[DIRECTED_AT] >= s[MET_SINCE]:
        grade = 2.0
        b.say(out, SEVERITY_PAIR, TREATED_BY_DRUG, s[DIRECTED_POSITION])
    for field in (BLED, FAILED, IN_DANGER):
        level = iec_told(s, field)
        if level > ABSENT and level > grade:
            grade = level
            said = BLEEDING if field == BLED else ORGAN if field == FAILED else LIFE_IN_DANGER
            b.say(out, SEVERITY_PAIR, said, s[CONTEXT + 2 * field + 1])
    return grade


@kernel
def iec_severity(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The grade of a syndrome that is there, 1 to 4, and what could raise it and was not told."""
    told = iec_told_severity(s, out)
    kept_code, kept_place = int(out[b.REASONS + 2 * SEVERITY_PAIR]), out[b.REASONS + 2 * SEVERITY_PAIR + 1]
    support = iec_support(s, p, now, out)
    if support > told:
        b.flag(out, b.POLICIES, B_SUPPORT)
    if support <= told or p[P_SUPPORT] == 0.0:
        b.say(out, SEVERITY_PAIR, kept_code, kept_place)
        support = told
    grade = max(told, support)
    if grade < 4.0 and iec_told(s, IN_DANGER) == NOT_TOLD:
        if iec_told(s, BLED) == NOT_TOLD:
            b.flag(out, b.MISSING, M_BLEEDING)
        if iec_told(s, FAILED) == NOT_TOLD:
            b.flag(out, b.MISSING, M_ORGAN)
    if grade < 2.0 and iec_told(s, GIVEN) == NOT_TOLD:
        b.flag(out, b.MISSING, M_TREATMENT)
    return grade


@kernel
def iec_with_crs(s: Vector, out: Vector) -> None:
    """CRS may explain it: 0 where ferritin has only fallen since CRS eased; while CRS lasts nobody can tell."""
    if s[IMPROVED_AT] >= 0.0:
        b.say(out, CAUSE_PAIR, FELL_WITH_CRS, b.NEVER)
        return
    b.say(out, CAUSE_PAIR, CRS_LASTS, b.NEVER)
    b.flag(out, b.MISSING, M_CRS)
    out[b.GRADE] = b.NOT_ASSESSABLE


@kernel
def iec_infected(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Whether an infection stands in the way of calling it; one that only may is said with the grade.

    One that was proven may explain it: nobody can tell until the team has, which is no answer of 0.
    """
    if iec_charted(s, now):
        b.flag(out, b.POLICIES, B_INFECTION)
        b.say(out, CAUSE_PAIR, INFECTION_CHARTED, s[CONTEXT + 2 * INFECTION + 1])
        if p[P_INFECTION] == 0.0:
            b.flag(out, b.MISSING, M_INFECTION)
            out[b.GRADE] = b.NOT_ASSESSABLE
            return True
        return False
    untold = iec_told(s, INFECTION) == NOT_TOLD or iec_told(s, INFECTION) == CHARTED
    if untold or iec_open(s):
        b.flag(out, b.POLICIES, B_UNTOLD)
        b.say(out, CAUSE_PAIR, INFECTION_OPEN if iec_open(s) else INFECTION_UNTOLD, b.NEVER)
        return p[P_UNTOLD] == 0.0
    return False


@kernel
def iec_explained(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Whether something else explains it by what was told and by the center's policies."""
    for field in (INFECTION, PROGRESSED):
        if iec_told(s, field) == SEVERE:
            b.flag(out, b.POLICIES, B_INFECTION)
            if p[P_INFECTION] == 0.0:
                b.say(out, CAUSE_PAIR, OTHER_CAUSE, s[CONTEXT + 2 * field + 1])
                return True
    if iec_infected(s, p, now, out):
        return True
    if not iec_independent(s):
        b.flag(out, b.POLICIES, B_TIMING)
        if p[P_TIMING] == 0.0:
            iec_with_crs(s, out)
            return True
    elif s[lab.CRS_WORST] > 0.0:
        b.flag(out, b.POLICIES, B_RISE)
    return False


@kernel
def iec_not_met(s: Vector, out: Vector, ferritin: float, found: float, needed: float) -> None:
    """The answer where the criteria are not met, or cannot be told to be."""
    s[MET_SINCE] = b.NEVER
    open_features = found + iec_unknown(out) >= needed
    if ferritin == 0.0 or not open_features:
        out[b.MISSING] = 0.0
        out[b.GRADE] = 0.0
        if ferritin > 0.0:
            b.say(out, CAUSE_PAIR, TOO_FEW, b.NEVER)
        else:
            out[b.POLICIES] = 0.0
    else:
        out[b.GRADE] = b.NOT_ASSESSABLE


@kernel
def iec_hs_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The IEC-HS grade at `now` into `out`, which is blank; its features are reasons.

    Measures: how many of the four features are there, and whether ferritin is raised (1, 0).
    """
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = 5.0 if s[b.DEATH_CAUSE] == 3.0 else b.NOT_COVERED
        b.say(out, SEVERITY_PAIR, IEC_DEATH, s[b.DEATH_POSITION])
        return
    iec_follow(s, p, now)
    ferritin = iec_ferritin(s, p, now, out)
    found = iec_features(s, p, now, out)
    out[b.MEASURES] = found
    out[b.MEASURES + 1] = max(ferritin, 0.0)
    if ferritin > 0.0 and 0.0 < found < 4.0:
        b.flag(out, b.POLICIES, B_FEATURES)
    if ferritin <= 0.0 or found < p[P_FEATURES]:
        iec_not_met(s, out, ferritin, found, p[P_FEATURES])
        return
    out[b.MISSING] = 0.0  # enough is known for the diagnosis
    if iec_explained(s, p, now, out):
        s[MET_SINCE] = b.NEVER
        return
    if s[MET_SINCE] < 0.0:
        s[MET_SINCE] = now
    out[b.GRADE] = iec_severity(s, p, now, out)


@kernel
def iec_hs_moment(s: Vector, p: Vector, now: float, soonest: float) -> float:
    """The end of an infection; else the criteria change with facts and the age of values alone, which others watch."""
    return b.earliest(soonest, s[CHARTED_UNTIL], now) if iec_charted(s, now) else soonest
