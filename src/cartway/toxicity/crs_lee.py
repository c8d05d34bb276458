"""Cytokine release syndrome, Lee 2014 and CARTOX, which share a table.

Lee DW, Gardner R, Porter DL, et al. Current concepts in the diagnosis and management of cytokine release syndrome.
Blood 2014;124(2):188-195. doi:10.1182/blood-2014-05-552729
Neelapu SS, Tummala S, Kebriaei P, et al. Chimeric antigen receptor T-cell therapy: assessment and management of
toxicities. Nat Rev Clin Oncol 2018;15(1):47-62. doi:10.1038/nrclinonc.2017.148 (CARTOX)

| grade       | 1                | 2                       | 3                          | 4                         |
|-------------|------------------|-------------------------|----------------------------|---------------------------|
| fever       | constitutional   |                         |                            |                           |
|             | symptoms only    |                         |                            |                           |
| hypotension |                  | answers to fluid or one | high-dose or several       | CARTOX: life-threatening  |
|             |                  | low-dose vasopressor    | vasopressors               |                           |
| oxygen      |                  | below 40 %              | 40 % and more              | ventilator                |
| organs      | CARTOX: grade 1  | grade 2                 | grade 3, transaminases 4   | grade 4 but transaminases |

Organ grades are CTCAE (`older_organs.py`), vasopressor doses `older_doses.py`.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import merge
from cartway.toxicity.kernel import kernel
from cartway.toxicity.older_gate import (
    DOSE_PAIR,
    dose_untold,
    high_dose,
    older_begins,
    older_ends,
    organ_says,
    organs_untold,
    oxygen_untold,
    several,
    still_low,
)


@kernel
def lee_pressure(s: Vector, p: Vector, out: Vector) -> float:
    """The hypotension column: 3 with high-dose or several vasopressors, 2 with one in low dose or a low pressure."""
    if s[o.PRESSORS] == o.NONE:
        return 2.0 if s[o.LOW] > 0.0 else 0.0
    high = high_dose(s, out)
    return 3.0 if several(s, p, out) or high else 2.0


@kernel
def lee_oxygen(s: Vector, p: Vector, policy: int, bit: int, out: Vector) -> float:
    """The oxygen column; whether a mask that presses is a ventilator is a policy."""
    oxygen = s[o.OXYGEN]
    if oxygen <= o.AIR:
        return 0.0
    if oxygen == o.NONINVASIVE:
        b.flag(out, b.POLICIES, bit)
        return 3.0 + p[policy]
    if oxygen == o.VENTILATED:
        return 4.0
    merge(out, s[o.ABOUT_FRACTION])
    return 3.0 if oxygen == o.MUCH else 2.0


@kernel
def lee_organs(s: Vector, least: float, out: Vector) -> float:
    """The organ column from CTCAE grade `least` on: transaminases of grade 4 are grade 3."""
    worst = least - 1.0
    worst = organ_says(s, o.CREATININE, o.CREATININE_GRADE, s[o.CREATININE], worst, out)
    worst = organ_says(s, o.BILIRUBIN, o.BILIRUBIN_GRADE, s[o.BILIRUBIN], worst, out)
    transaminases = min(s[o.TRANSAMINASES], 3.0)
    worst = organ_says(s, o.TRANSAMINASES, o.TRANSAMINASES_GRADE, transaminases, worst, out)
    return worst if worst >= least else 0.0


@kernel
def lee_untold(s: Vector, out: Vector) -> None:
    """What nobody told and could raise the grade."""
    oxygen_untold(s, 3.0, out)
    dose_untold(s, 3.0, out)
    organs_untold(s, 3.0, 4.0, out)


@kernel
def lee2014_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """CRS by Lee 2014 at `now`, into an `out` that is blank."""
    if not older_begins(s, p, now, out):
        return
    columns = lee_pressure(s, p, out)
    columns = max(columns, lee_oxygen(s, p, o.P_LEE_VENTILATION, o.B_LEE_VENTILATION, out))
    older_ends(s, p, now, columns, lee_organs(s, 2.0, out), out)
    lee_untold(s, out)


@kernel
def cartox_pressure(s: Vector, p: Vector, out: Vector) -> float:
    """As Lee 2014; by policy a pressure that stays low on high-dose or several vasopressors threatens life."""
    grade = lee_pressure(s, p, out)
    on_high = s[o.DOSE_CLASS] == o.DOSE_HIGH and still_low(s, o.HIGH_SINCE)
    if grade == 3.0 and (on_high or still_low(s, o.MANY_SINCE)):
        b.flag(out, b.POLICIES, o.B_CARTOX_THREAT)
        if p[o.P_CARTOX_THREAT] > 0.0:
            b.say(out, DOSE_PAIR, o.LOW_DESPITE, s[b.SYSTOLIC * b.WIDTH + b.POSITION])
            return 4.0
    return grade


@kernel
def cartox_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """CRS by CARTOX at `now`, into an `out` that is blank."""
    if not older_begins(s, p, now, out):
        return
    columns = cartox_pressure(s, p, out)
    columns = max(columns, lee_oxygen(s, p, o.P_VENTILATION, o.B_VENTILATION, out))
    older_ends(s, p, now, columns, lee_organs(s, 1.0, out), out)
    lee_untold(s, out)
