"""The features of IEC-HS: ferritin, transaminases, fibrinogen, a grade 4 cytopenia, hemophagocytosis.

See `iec_hs` for the definition and its source.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.iec_context import ABSENT, CONTEXT, MARROW, iec_told
from cartway.toxicity.kernel import kernel

# Criteria, worded in `reasons_iec_hs.toml`.
FERRITIN_HIGH, FERRITIN_LOW, FERRITIN_UNREAD, FERRITIN_NO_LIMIT = range(300, 304)
LIVER_HIGH, FIBRINOGEN_LOW, NEUTROPHILS_4, PLATELETS_4, HEMOPHAGOCYTOSIS = range(304, 309)
OTHER_CAUSE, FELL_WITH_CRS, TREATED, TREATED_BY_DRUG, BLEEDING, ORGAN, LIFE_IN_DANGER = range(309, 316)
ON_PRESSOR, ON_VENTILATOR, IEC_DEATH, TOO_FEW, CRS_LASTS = range(316, 321)
INFECTION_CHARTED, INFECTION_OPEN, INFECTION_UNTOLD = range(321, 324)
FERRITIN_PAIR, LIVER_PAIR, FIBRINOGEN_PAIR, CYTOPENIA_PAIR, MARROW_PAIR, CAUSE_PAIR, SEVERITY_PAIR = range(7)

# What may be missing, by bit.
M_FERRITIN, M_FERRITIN_LIMIT, M_LIVER, M_FIBRINOGEN, M_COUNTS, M_BLEEDING, M_ORGAN, M_TREATMENT, M_CRS = range(9)
M_INFECTION = 9

# Policies, by bit and by place.
B_FEATURES, B_TIMING, B_INFECTION, B_UNTOLD, B_LIVER_BASE, B_SUPPORT, B_RISE = range(7)
P_FEATURES, P_TIMING, P_INFECTION, P_UNTOLD, P_LIVER_BASE, P_SUPPORT, P_RISE = (lab.P_IEC_HS + i for i in range(7))
FERRITIN_TIMES, LIVER_TIMES = 2.0, 5.0
FIBRINOGEN_LIMIT = 150.0  # mg/dL
NEUTROPHILS_GRADE_4, PLATELETS_GRADE_4 = 0.5, 25.0  # CTCAE v5, 10*9/L: below


@kernel
def iec_ferritin(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The required criterion: 1 raised, 0 not, -1 not known."""
    j = lab.place_of(lab.FERRITIN)
    if not lab.value_holds(s, p, lab.FERRITIN, now):
        b.flag(out, b.MISSING, M_FERRITIN)
        b.say(out, FERRITIN_PAIR, FERRITIN_UNREAD, s[j + b.POSITION])
        return -1.0
    value = s[j + b.VALUE]
    own = s[j + lab.BASE] if s[j + lab.BASE_AT] < s[j + b.AT] else b.NEVER
    if (s[j + lab.LIMIT] > 0.0 and value > FERRITIN_TIMES * s[j + lab.LIMIT]) or 0.0 < own * FERRITIN_TIMES < value:
        b.say(out, FERRITIN_PAIR, FERRITIN_HIGH, s[j + b.POSITION])
        return 1.0
    if s[j + lab.LIMIT] <= 0.0 and own <= 0.0:
        b.flag(out, b.MISSING, M_FERRITIN_LIMIT)
        b.say(out, FERRITIN_PAIR, FERRITIN_NO_LIMIT, s[j + b.POSITION])
        return -1.0
    b.say(out, FERRITIN_PAIR, FERRITIN_LOW, s[j + b.POSITION])
    return 0.0


@kernel
def liver_enzyme(s: Vector, p: Vector, kind: int, now: float, out: Vector) -> float:
    """One transaminase: 1 above five times the limit (or the patient's own abnormal value), 0 not, -1 unknown."""
    j = lab.place_of(kind)
    limit = s[j + lab.LIMIT]
    if not lab.value_holds(s, p, kind, now) or limit <= 0.0:
        return -1.0
    own = s[j + lab.BASE] if s[j + lab.BASE_AT] < s[j + b.AT] else b.NEVER
    if own > limit:
        high = s[j + b.VALUE] > LIVER_TIMES * own
    else:
        high = s[j + b.VALUE] > LIVER_TIMES * limit
        if high and own < 0.0:
            b.flag(out, b.POLICIES, B_LIVER_BASE)
            high = p[P_LIVER_BASE] > 0.0
    if high:
        b.say(out, LIVER_PAIR, LIVER_HIGH, s[j + b.POSITION])
        return 1.0
    return 0.0


@kernel
def iec_liver(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The transaminases: 1, 0, or -1 where neither is known."""
    ast = liver_enzyme(s, p, lab.AST, now, out)
    return 1.0 if ast > 0.0 else max(ast, liver_enzyme(s, p, lab.ALT, now, out))


@kernel
def iec_fibrinogen(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Fibrinogen under 150 mg/dL or under the laboratory's own limit: 1, 0, or -1 where it is not known."""
    j = lab.place_of(lab.FIBRINOGEN)
    if not lab.value_holds(s, p, lab.FIBRINOGEN, now):
        return -1.0
    if s[j + b.VALUE] < max(FIBRINOGEN_LIMIT, s[j + lab.LIMIT]):
        b.say(out, FIBRINOGEN_PAIR, FIBRINOGEN_LOW, s[j + b.POSITION])
        return 1.0
    return 0.0


@kernel
def iec_cytopenia(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """A grade 4 cytopenia: 1, 0, or -1 where a count is not known that could show one."""
    platelets = lab.place_of(lab.PLATELETS)
    neutrophils = lab.place_of(lab.NEUTROPHILS)
    read = lab.value_holds(s, p, lab.PLATELETS, now)
    if read and s[platelets + b.VALUE] < PLATELETS_GRADE_4:
        b.say(out, CYTOPENIA_PAIR, PLATELETS_4, s[platelets + b.POSITION])
        return 1.0
    if not lab.value_holds(s, p, lab.NEUTROPHILS, now):
        return -1.0
    if s[neutrophils + b.VALUE] < NEUTROPHILS_GRADE_4:
        b.say(out, CYTOPENIA_PAIR, NEUTROPHILS_4, s[neutrophils + b.POSITION])
        return 1.0
    return 0.0 if read else -1.0


@kernel
def iec_features(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """How many of the four frequent features are there; what is not known goes into `out[MISSING]`.

    A marrow that nobody looked at is no feature, and not missing either: it is not looked at in most.
    """
    liver = iec_liver(s, p, now, out)
    fibrinogen = iec_fibrinogen(s, p, now, out)
    cytopenia = iec_cytopenia(s, p, now, out)
    if liver < 0.0:
        b.flag(out, b.MISSING, M_LIVER)
    if fibrinogen < 0.0:
        b.flag(out, b.MISSING, M_FIBRINOGEN)
    if cytopenia < 0.0:
        b.flag(out, b.MISSING, M_COUNTS)
    found = max(liver, 0.0) + max(fibrinogen, 0.0) + max(cytopenia, 0.0)
    if iec_told(s, MARROW) > ABSENT:
        b.say(out, MARROW_PAIR, HEMOPHAGOCYTOSIS, s[CONTEXT + 2 * MARROW + 1])
        found += 1.0
    return found


@kernel
def iec_unknown(out: Vector) -> float:
    """How many of the features are not known."""
    missing = int(out[b.MISSING])
    return float((missing >> M_LIVER) & 1) + float((missing >> M_FIBRINOGEN) & 1) + float((missing >> M_COUNTS) & 1)
