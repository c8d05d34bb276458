"""Cytokine release syndrome, Common Terminology Criteria for Adverse Events of the National Cancer Institute.

v4.03 (14 June 2010), written for infusions:

| grade | 1                         | 2                              | 3                          | 4                  |
|-------|---------------------------|--------------------------------|----------------------------|--------------------|
|       | mild; no interruption, no | interruption or therapy, which | prolonged, recurs after it | life-threatening;  |
|       | intervention              | answers to symptomatic         | got better, or in hospital | vasopressor or     |
|       |                           | treatment (antipyretic, fluid) | for its sequelae           | ventilator         |

v5.0 (27 November 2017; wording not confirmed):

| grade | 1                         | 2                              | 3                          | 4                  |
|-------|---------------------------|--------------------------------|----------------------------|--------------------|
|       | fever, with or without    | hypotension that answers to    | hypotension managed with   | life-threatening,  |
|       | constitutional symptoms   | fluids; oxygen below 40 %      | one vasopressor; oxygen of | urgent             |
|       |                           |                                | 40 % and more              | intervention       |

What v4.03 calls prolonged, recurring or sequelae has no number and is not graded from the chart.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import THERAPY_PAIR
from cartway.toxicity.crs_lee import lee_oxygen
from cartway.toxicity.kernel import kernel
from cartway.toxicity.older_gate import fever_only, older_begins, older_ends, oxygen_untold, several


@kernel
def ctcae4_support(s: Vector, p: Vector, out: Vector) -> float:
    """Vasopressors and ventilation, a mask that presses among it, are 4; fluid is 2; oxygen alone is a policy."""
    if s[o.PRESSORS] > o.NONE or s[o.OXYGEN] >= o.NONINVASIVE:
        return 4.0
    worst = 2.0 if s[o.LOW] > 0.0 else 0.0
    if s[o.OXYGEN] > o.AIR:
        b.flag(out, b.POLICIES, o.B_CTCAE4_OXYGEN)
        worst = max(worst, 2.0 + p[o.P_CTCAE4_OXYGEN])
    return worst


@kernel
def ctcae4_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """CRS by CTCAE v4.03 at `now`, into an `out` that is blank."""
    if not older_begins(s, p, now, out):
        return
    columns = ctcae4_support(s, p, out)
    if fever_only(s, p, now, columns) and s[b.MASKED_AT] >= s[b.CRS_ONSET]:
        b.flag(out, b.POLICIES, o.B_CTCAE4_TREATED)
        b.say(out, THERAPY_PAIR, o.TREATED, s[b.MASKED_POSITION])
        columns = 1.0 + p[o.P_CTCAE4_TREATED]
    older_ends(s, p, now, columns, 0.0, out)


@kernel
def ctcae5_pressure(s: Vector, p: Vector, out: Vector) -> float:
    """One vasopressor is 3, whatever its dose; several leave only 4."""
    if s[o.PRESSORS] == o.NONE:
        return 2.0 if s[o.LOW] > 0.0 else 0.0
    return 4.0 if several(s, p, out) else 3.0


@kernel
def ctcae5_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """CRS by CTCAE v5.0 at `now`, into an `out` that is blank."""
    if not older_begins(s, p, now, out):
        return
    columns = ctcae5_pressure(s, p, out)
    columns = max(columns, lee_oxygen(s, p, o.P_VENTILATION, o.B_VENTILATION, out))
    older_ends(s, p, now, columns, 0.0, out)
    oxygen_untold(s, 3.0, out)
