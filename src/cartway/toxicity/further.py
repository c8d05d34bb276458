"""The scales beside CRS and ICANS by ASTCT: in which order, in which groups, and what the fold asks of them."""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs_older import (
    absorb_bolus,
    absorb_dose,
    cartox_grade,
    ctcae4_grade,
    ctcae5_grade,
    lee2014_grade,
    mskcc_grade,
    older_changed,
    older_moment,
    penn_grade,
)
from cartway.toxicity.cytopenias import cytopenia_grade
from cartway.toxicity.icaht import icaht_early_grade, icaht_late_grade
from cartway.toxicity.icaht_days import absorb_count
from cartway.toxicity.iec_context import MET_SINCE, absorb_context, absorb_directed
from cartway.toxicity.iec_hs import iec_hs_grade, iec_hs_moment
from cartway.toxicity.kernel import kernel
from cartway.toxicity.t_icaht import icaht_moment, t_icaht_early_grade, t_icaht_late_grade
from cartway.toxicity.tumor_lysis import tumor_lysis_grade, tumor_lysis_moment

SCALES = ("crs.astct", "icans.astct")
ALL_SCALES = (
    *SCALES,
    "crs.lee2014", "crs.penn", "crs.mskcc", "crs.cartox", "crs.ctcae4", "crs.ctcae5",
    "icaht.early", "icaht.late", "t_icaht.early", "t_icaht.late",
    "ctcae.neutrophils", "ctcae.platelets", "ctcae.hemoglobin", "ctcae.leukocytes", "ctcae.lymphocytes",
    "iec_hs.astct", "tls.cairo_bishop",
)  # fmt: skip
# Where each group of scales that are read together begins.
OLDER, COUNTS, CYTOPENIAS, CHEMISTRY = 2, 8, 12, 17
COUNT = 19
COUNTED = (lab.NEUTROPHILS, lab.PLATELETS, lab.LEUKOCYTES, lab.LYMPHOCYTES, lab.HEMOGLOBIN)


@kernel
def further_grade(s: Vector, p: Vector, now: float, scale: int, out: Vector) -> None:
    """The answer of one further scale at `now` into an `out` that is blank."""
    if scale < COUNTS:
        older_grade(s, p, now, scale, out)
    elif scale < CYTOPENIAS:
        count_grade(s, p, now, scale, out)
    elif scale == CYTOPENIAS + 2:
        cytopenia_grade(s, p, now, lab.HEMOGLOBIN, out)
    elif scale == CYTOPENIAS + 3:
        cytopenia_grade(s, p, now, lab.LEUKOCYTES, out)
    elif scale == CYTOPENIAS + 4:
        cytopenia_grade(s, p, now, lab.LYMPHOCYTES, out)
    elif scale < CHEMISTRY:
        cytopenia_grade(s, p, now, lab.NEUTROPHILS + scale - CYTOPENIAS, out)
    elif scale == CHEMISTRY:
        iec_hs_grade(s, p, now, out)
    else:
        tumor_lysis_grade(s, p, now, out)


@kernel
def older_grade(s: Vector, p: Vector, now: float, scale: int, out: Vector) -> None:
    """One of the older CRS scales."""
    if scale == OLDER:
        lee2014_grade(s, p, now, out)
    elif scale == OLDER + 1:
        penn_grade(s, p, now, out)
    elif scale == OLDER + 2:
        mskcc_grade(s, p, now, out)
    elif scale == OLDER + 3:
        cartox_grade(s, p, now, out)
    elif scale == OLDER + 4:
        ctcae4_grade(s, p, now, out)
    else:
        ctcae5_grade(s, p, now, out)


@kernel
def count_grade(s: Vector, p: Vector, now: float, scale: int, out: Vector) -> None:
    """One of the scales of lasting low counts."""
    if scale == COUNTS:
        icaht_early_grade(s, p, now, out)
    elif scale == COUNTS + 1:
        icaht_late_grade(s, p, now, out)
    elif scale == COUNTS + 2:
        t_icaht_early_grade(s, p, now, out)
    else:
        t_icaht_late_grade(s, p, now, out)


@kernel
def absorb_all(s: Vector, p: Vector, kind: int, value: float, at: float, until: float, position: float) -> None:
    """Take one fact into the whole state. Of a laboratory value `until` is the limit of normal told with it."""
    if kind < lab.FIRST:
        b.absorb(s, p, kind, value, at, until, position)
    if p[lab.P_FURTHER] > 0.0:
        absorb_further(s, p, kind, value, at, until, position)


@kernel
def absorb_further(s: Vector, p: Vector, kind: int, value: float, at: float, until: float, position: float) -> None:
    """What the further scales take of a fact."""
    if kind >= lab.FIRST:
        lab.absorb_laboratory(s, p, kind, value, until, at, position)
        if kind in (lab.PLATELETS, lab.PLATELET_TRANSFUSION):
            absorb_count(s, p, kind, value, at, position)
        elif kind == lab.FLUID_BOLUS:
            absorb_bolus(s, p, at, position)
        elif kind == lab.IEC_CONTEXT:
            absorb_context(s, value, at, until, position)
    elif kind == b.NEUTROPHILS or kind == b.UNREADABLE + b.NEUTROPHILS:
        count = value if kind == b.NEUTROPHILS else float("nan")
        lab.absorb_laboratory(s, p, lab.NEUTROPHILS, count, until if until < at else b.NEVER, at, position)
        absorb_count(s, p, lab.NEUTROPHILS, count, at, position)
    elif b.DRIP <= kind < b.DRIP + b.PRESSORS:
        absorb_dose(s, p, kind - b.DRIP, lab.dose_of(value), at, until, position)
        s[lab.DIRTY_OLDER] = 1.0
    elif kind == b.MASKING:
        absorb_directed(s, value, at, position)
    elif b.AGE <= kind <= b.DEATH or kind == b.SEIZURE:
        all_further(s)
    if s[MET_SINCE] >= 0.0 and (kind == b.DEVICE or b.DRIP <= kind < b.DRIP + b.PRESSORS):
        s[lab.DIRTY_CHEMISTRY] = 1.0  # a tube or a vasopressor grades IEC-HS too


@kernel
def all_further(s: Vector) -> None:
    """Every further scale is to be read again."""
    s[lab.DIRTY_OLDER] = 1.0
    s[lab.DIRTY_COUNTS] = 1.0
    s[lab.DIRTY_CHEMISTRY] = 1.0


@kernel
def next_of_further(s: Vector, p: Vector, now: float) -> float:
    """The first moment after `now` at which time alone may change an answer of a further scale, or FOREVER."""
    soonest = lab.laboratory_moment(s, p, now, b.FOREVER)
    soonest = icaht_moment(s, p, now, soonest)
    soonest = older_moment(s, p, now, soonest)
    soonest = iec_hs_moment(s, p, now, soonest)
    return tumor_lysis_moment(s, p, now, soonest)


@kernel
def next_of_all(s: Vector, p: Vector, now: float) -> float:
    """The first moment after `now` at which time alone may change an answer of any scale, or FOREVER."""
    soonest = b.next_moment(s, p, now)
    return min(soonest, next_of_further(s, p, now)) if p[lab.P_FURTHER] > 0.0 else soonest


@kernel
def wake(s: Vector, p: Vector, now: float) -> None:
    """Something runs out at `now`: CRS and ICANS are to be read again, and the further scales where a moment of theirs
    has come since they last were; those that hang on CRS follow it. IEC-HS that was met hangs on support too.
    """
    s[b.NEXT] = next_of_all(s, p, now)
    s[b.DIRTY_CRS] = 1.0
    s[b.DIRTY_ICANS] = 1.0
    if p[lab.P_FURTHER] == 0.0:
        return
    if next_of_further(s, p, s[lab.WOKEN_AT]) <= now:
        all_further(s)
    elif s[MET_SINCE] >= 0.0:
        s[lab.DIRTY_CHEMISTRY] = 1.0
    s[lab.WOKEN_AT] = now


@kernel
def after_crs(s: Vector, grade: float, now: float) -> None:
    """CRS was read: keep how it goes for the scales that ask."""
    s[lab.DIRTY_OLDER] = 1.0
    if grade == s[lab.CRS_NOW]:
        return
    s[lab.CRS_NOW] = grade
    s[lab.CRS_CHANGED_AT] = now
    s[lab.DIRTY_CHEMISTRY] = 1.0
    if grade > s[lab.CRS_WORST]:
        s[lab.CRS_WORST] = grade
        s[lab.CRS_WORST_AT] = now


@kernel
def look_again(s: Vector, p: Vector, now: float) -> bool:
    """Whether any further scale is to be read again: the older CRS scales only where what they look at has changed."""
    if s[lab.DIRTY_OLDER] > 0.0 and not older_changed(s, p, now):
        s[lab.DIRTY_OLDER] = 0.0
    return s[lab.DIRTY_OLDER] + s[lab.DIRTY_COUNTS] + s[lab.DIRTY_CHEMISTRY] > 0.0


@kernel
def wanted(s: Vector, scale: int) -> bool:
    """Whether a further scale's group is to be read again."""
    if scale < COUNTS:
        return s[lab.DIRTY_OLDER] > 0.0
    if scale < CHEMISTRY:
        return s[lab.DIRTY_COUNTS] > 0.0
    return s[lab.DIRTY_CHEMISTRY] > 0.0


@kernel
def none_further(s: Vector) -> None:
    """Every further scale has been read."""
    s[lab.DIRTY_OLDER] = 0.0
    s[lab.DIRTY_COUNTS] = 0.0
    s[lab.DIRTY_CHEMISTRY] = 0.0
