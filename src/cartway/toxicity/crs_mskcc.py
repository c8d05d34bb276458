"""Cytokine release syndrome, the MSKCC scale.

Davila ML, Riviere I, Wang X, et al. Sci Transl Med 2014;6(224):224ra25. doi:10.1126/scitranslmed.3008226; Park JH,
Riviere I, Gonen M, et al. N Engl J Med 2018;378:449-459. doi:10.1056/NEJMoa1709919

| grade       | 1                  | 2                          | 3                         | 4                       |
|-------------|--------------------|----------------------------|---------------------------|-------------------------|
| symptoms    | observation,       |                            |                           |                         |
|             | supportive care    |                            |                           |                         |
| hypotension |                    | vasopressors for less than | vasopressors for 24 hours | refractory to high-dose |
|             |                    | 24 hours                   | and more                  | vasopressors            |
| oxygen      |                    | below 40 %                 | 40 % and more             | mechanical ventilation  |

Refractory: the pressure is low although a high dose has been given for its hours.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import merge
from cartway.toxicity.crs_lee import lee_oxygen
from cartway.toxicity.kernel import kernel
from cartway.toxicity.older_gate import (
    DOSE_PAIR,
    dose_untold,
    high_dose,
    older_begins,
    older_ends,
    oxygen_untold,
    still_low,
)


@kernel
def mskcc_pressure(s: Vector, p: Vector, out: Vector) -> float:
    """The hypotension column, by how long vasopressors have been needed; without one a policy."""
    if s[o.PRESSORS] == o.NONE:
        if s[o.LOW] <= 0.0:
            return 0.0
        b.flag(out, b.POLICIES, o.B_MSKCC_FLUID)
        return 1.0 + p[o.P_MSKCC_FLUID]
    merge(out, s[o.ABOUT_LASTING])
    if still_low(s, o.MAYBE_SINCE) and high_dose(s, out) and still_low(s, o.HIGH_SINCE):
        b.say(out, DOSE_PAIR, o.LOW_DESPITE, s[b.SYSTOLIC * b.WIDTH + b.POSITION])
        return 4.0
    if s[o.LASTING] > 0.0:
        b.say(out, DOSE_PAIR, o.DAY_LONG, s[o.DOSE_POSITION])
        return 3.0
    return 2.0


@kernel
def mskcc_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """CRS by the MSKCC scale at `now`, into an `out` that is blank."""
    if not older_begins(s, p, now, out):
        return
    columns = mskcc_pressure(s, p, out)
    columns = max(columns, lee_oxygen(s, p, o.P_VENTILATION, o.B_VENTILATION, out))
    older_ends(s, p, now, columns, 0.0, out)
    oxygen_untold(s, 3.0, out)
    if still_low(s, o.MAYBE_SINCE):
        dose_untold(s, 4.0, out)
