"""Low blood counts by CTCAE version 5.0, one scale a count.

National Cancer Institute. Common Terminology Criteria for Adverse Events (CTCAE) v5.0, 27 November 2017: neutrophil
count decreased, platelet count decreased, white blood cell decreased, lymphocyte count decreased, anemia.

| grade       | 1             | 2              | 3            | 4     | unit   |
|-------------|---------------|----------------|--------------|-------|--------|
| neutrophils | < LLN to 1.5  | < 1.5 to 1.0   | < 1.0 to 0.5 | < 0.5 | 10*9/L |
| platelets   | < LLN to 75   | < 75 to 50     | < 50 to 25   | < 25  | 10*9/L |
| leukocytes  | < LLN to 3.0  | < 3.0 to 2.0   | < 2.0 to 1.0 | < 1.0 | 10*9/L |
| lymphocytes | < LLN to 0.8  | < 0.8 to 0.5   | < 0.5 to 0.2 | < 0.2 | 10*9/L |
| hemoglobin  | < LLN to 10.0 | < 10.0 to 8.0  | < 8.0        |       | g/dL   |

LLN is the laboratory's lower limit of normal. Anemia of grade 4 is a clinical judgement (life-threatening, urgent
intervention) and is not read from a number.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# A count below it has the grade: neutrophils, platelets, leukocytes, lymphocytes, hemoglobin, as the kinds are ordered.
GRADE_2 = (1.5, 75.0, 3.0, 0.8, 10.0)
GRADE_3 = (1.0, 50.0, 2.0, 0.5, 8.0)
GRADE_4 = (0.5, 25.0, 1.0, 0.2, 0.0)

NORMAL, LOW, VERY_LOW, UNREAD, LIMIT_UNKNOWN = range(380, 385)
COUNT_PAIR = 0
M_LIMIT = 5  # the bits before it: the counts themselves, in the order of the kinds

PLACES: dict[str, tuple[int, float]] = {
    "lower_limit_neutrophils": (lab.P_CYTOPENIAS, 1.0),
    "lower_limit_platelets": (lab.P_CYTOPENIAS + 1, 1.0),
    "lower_limit_leukocytes": (lab.P_CYTOPENIAS + 2, 1.0),
    "lower_limit_lymphocytes": (lab.P_CYTOPENIAS + 3, 1.0),
    "lower_limit_hemoglobin": (lab.P_CYTOPENIAS + 4, 1.0),
}


@kernel
def cytopenia_grade(s: Vector, p: Vector, now: float, kind: int, out: Vector) -> None:
    """The CTCAE grade of one count (`kind`: NEUTROPHILS to HEMOGLOBIN) at `now` into `out`, which is blank."""
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = b.NOT_COVERED
        return
    which = kind - lab.FIRST
    j = lab.place_of(kind)
    if not lab.value_holds(s, p, kind, now):
        b.flag(out, b.MISSING, which)
        b.say(out, COUNT_PAIR, UNREAD, s[j + b.POSITION])
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    value = s[j + b.VALUE]
    grade = 2.0
    if value < GRADE_4[which]:
        grade = 4.0
    elif value < GRADE_3[which]:
        grade = 3.0
    elif value >= GRADE_2[which]:
        grade = grade_by_limit(s, p, which, value, out)
    if out[b.REASONS + 2 * COUNT_PAIR] == 0.0:
        said = NORMAL if grade == 0.0 else VERY_LOW if grade > 2.0 else LOW
        b.say(out, COUNT_PAIR, said, s[j + b.POSITION])
    out[b.GRADE] = grade


@kernel
def grade_by_limit(s: Vector, p: Vector, which: int, value: float, out: Vector) -> float:
    """Grade 1 or 0 by the laboratory's own lower limit; where it told none, by the center's (a policy)."""
    j = lab.place_of(lab.FIRST + which)
    limit = s[j + lab.LIMIT]
    if limit < 0.0:
        b.flag(out, b.POLICIES, which)
        limit = p[lab.P_CYTOPENIAS + which]
        if limit == 0.0:
            b.flag(out, b.MISSING, M_LIMIT)
            b.say(out, COUNT_PAIR, LIMIT_UNKNOWN, s[j + b.POSITION])
            return 0.0
    return 1.0 if value < limit else 0.0
