"""Cytokine release syndrome, the Penn scale.

Porter DL, Hwang WT, Frey NV, et al. Sci Transl Med 2015;7(303):303ra139; Porter D, Frey N, Wood PA, Weng Y, Grupp SA.
Grading of cytokine release syndrome associated with the CAR T cell therapy tisagenlecleucel. J Hematol Oncol
2018;11:35. doi:10.1186/s13045-018-0571-y

| grade       | 1               | 2                        | 3                                | 4                      |
|-------------|-----------------|--------------------------|----------------------------------|------------------------|
| fever       | supportive care | in hospital for it, also |                                  |                        |
|             |                 | with neutropenia         |                                  |                        |
| hypotension |                 |                          | several boluses of fluid, or     | high-dose vasopressors |
|             |                 |                          | low-dose vasopressors            |                        |
| oxygen      |                 |                          | any, CPAP and BiPAP among them   | mechanical ventilation |
| organs      |                 | creatinine 2, liver 3    | creatinine 3, liver 4; or plasma |                        |
|             |                 | (CTCAE)                  | or fibrinogen for coagulopathy   |                        |

Liver is transaminases and bilirubin. Whether the patient is in hospital and whether plasma was needed for coagulopathy
is not graded from the chart.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import B_NEUTROPENIC, FLOW_PAIR
from cartway.toxicity.kernel import kernel
from cartway.toxicity.older_gate import (
    DOSE_PAIR,
    dose_untold,
    fever_only,
    high_dose,
    neutropenic,
    older_begins,
    older_ends,
    organ_says,
    organs_untold,
)


@kernel
def penn_pressure(s: Vector, p: Vector, out: Vector) -> float:
    """The hypotension column; a low pressure without two boluses charted is a policy."""
    if s[o.PRESSORS] > o.NONE:
        return 4.0 if high_dose(s, out) else 3.0
    if s[o.LOW] <= 0.0:
        return 0.0
    if s[o.BOLUSES] > 0.0:
        b.say(out, DOSE_PAIR, o.MULTIPLE_BOLUSES, s[o.BOLUS_POSITION])
        return 3.0
    b.flag(out, b.POLICIES, o.B_PENN_FLUID)
    return 2.0 + p[o.P_PENN_FLUID]


@kernel
def penn_oxygen(s: Vector) -> float:
    """The oxygen column: any at all is 3."""
    if s[o.OXYGEN] <= o.AIR:
        return 0.0
    return 4.0 if s[o.OXYGEN] == o.VENTILATED else 3.0


@kernel
def penn_liver(grade: float) -> float:
    """A CTCAE grade of the liver: one less from 3 on."""
    return grade - 1.0 if grade >= 3.0 else 0.0


@kernel
def penn_organs(s: Vector, out: Vector) -> float:
    """The organ column: creatinine by its grade, the liver one less, 3 at most."""
    creatinine = min(s[o.CREATININE], 3.0)
    worst = organ_says(s, o.CREATININE, o.CREATININE_GRADE, creatinine, 1.0, out)
    worst = organ_says(s, o.BILIRUBIN, o.BILIRUBIN_GRADE, penn_liver(s[o.BILIRUBIN]), worst, out)
    transaminases = penn_liver(s[o.TRANSAMINASES])
    worst = organ_says(s, o.TRANSAMINASES, o.TRANSAMINASES_GRADE, transaminases, worst, out)
    return worst if worst > 1.0 else 0.0


@kernel
def penn_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """CRS by the Penn scale at `now`, into an `out` that is blank."""
    if not older_begins(s, p, now, out):
        return
    columns = max(penn_pressure(s, p, out), penn_oxygen(s))
    organs = penn_organs(s, out)
    if fever_only(s, p, now, max(columns, organs)) and neutropenic(s, p, now):
        b.flag(out, b.POLICIES, B_NEUTROPENIC)
        b.flag(out, b.POLICIES, o.B_PENN_NEUTROPENIC)
        b.say(out, FLOW_PAIR, o.NEUTROPENIC, s[b.NEUTROPHILS * b.WIDTH + b.POSITION])
        columns = 1.0 + p[o.P_PENN_NEUTROPENIC]
    older_ends(s, p, now, columns, organs, out)
    dose_untold(s, 4.0, out)
    organs_untold(s, 3.0, 3.0, out)
