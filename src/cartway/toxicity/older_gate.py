"""How an older CRS scale begins and ends its answer: whether there is a CRS, the fever, what was not read.

The older tables grade one and the same CRS: it begins as by ASTCT (a fever, or a documented diagnosis where none was
charted) and is over as there. Unlike that one they do not ask whether a treatment masks the fever: with CRS on, a low
pressure, oxygen or an organ counts at any temperature.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import (
    B_UNDOCUMENTED,
    DEATH,
    FEVER_DIAGNOSED,
    FEVER_PAIR,
    M_DEVICE,
    M_FLOW,
    M_SYSTOLIC,
    M_TEMPERATURE,
    OXYGEN_DEVICE_UNREAD,
    OXYGEN_FLOW_UNREAD,
    OXYGEN_PAIR,
    crs_before_onset,
    crs_open_questions,
    merge,
)
from cartway.toxicity.kernel import kernel
from cartway.toxicity.older_look import older_look

DOSE_PAIR, ORGAN_PAIR = 6, 7


@kernel
def older_begins(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Look, and say what the columns say. False where the patient has died and the answer is given."""
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = 5.0 if s[b.DEATH_CAUSE] == 1.0 else b.NOT_COVERED
        b.say(out, FEVER_PAIR, DEATH, s[b.DEATH_POSITION])
        return False
    older_look(s, p, now, out)
    for i in range(2 * b.COLUMN_PAIRS):
        out[b.REASONS + i] = s[o.SAID + i]
    merge(out, s[o.ABOUT_FEVER])
    if s[b.CRS_ACTIVE] > 0.0:
        merge(out, s[o.ABOUT_PRESSURE])
        merge(out, s[o.ABOUT_OXYGEN])
    return True


@kernel
def neutropenic(s: Vector, p: Vector, now: float) -> bool:
    """Whether a neutrophil count that holds is below the limit of CRS's own policy."""
    return b.holds(s, p, b.NEUTROPHILS, now) and s[b.NEUTROPHILS * b.WIDTH + b.VALUE] < p[b.P_NEUTROPENIA]


@kernel
def fever_only(s: Vector, p: Vector, now: float, worst: float) -> bool:
    """Whether fever alone grades: it is on and graded (in neutropenia a policy of CRS), and nothing is worse."""
    if s[b.CRS_ACTIVE] == 0.0 or s[o.FEVER] <= 0.0 or worst > 1.0:
        return False
    return p[b.P_NEUTROPENIC] > 0.0 or not neutropenic(s, p, now)


@kernel
def older_ends(s: Vector, p: Vector, now: float, columns: float, organs: float, out: Vector) -> None:
    """The grade from the worse of the columns (pressure, oxygen) and of the organs, with what was not read."""
    if s[b.CRS_ACTIVE] == 0.0:
        older_without_crs(s, p, now, columns, out)
        return
    if organs > 1.0 and s[o.FEVER] <= 0.0 and columns < organs:
        b.flag(out, b.POLICIES, o.B_ORGAN_AFTER)
        organs = organs if p[o.P_ORGAN_AFTER] > 0.0 else 0.0
    if s[b.CRS_ACTIVE] > 1.0:
        b.flag(out, b.POLICIES, B_UNDOCUMENTED)
    grade = max(columns, organs)
    if s[o.FEVER] > 0.0 or s[b.CRS_ACTIVE] == 2.0:
        grade = max(grade, 1.0)
    if s[b.CRS_ACTIVE] == 2.0:
        b.say(out, FEVER_PAIR, FEVER_DIAGNOSED, s[b.CRS_ONSET_POSITION])
    nobody_looked = s[o.FEVER] < 0.0 and s[o.LOW] < 0.0 and s[o.OXYGEN] < 0.0
    if nobody_looked and s[b.CRS_ACTIVE] != 2.0 and grade <= 0.0:
        grade = b.NOT_ASSESSABLE
    else:
        grade = crs_open_questions(s, p, now, s[o.FEVER], grade, out)
    unread(s, grade, out)
    out[b.GRADE] = grade


@kernel
def older_without_crs(s: Vector, p: Vector, now: float, columns: float, out: Vector) -> None:
    """No CRS so far: 0, not assessable without a temperature, or by policy a masked one."""
    decided = out[b.POLICIES]
    out[b.POLICIES] = s[o.ABOUT_FEVER]  # without CRS the other columns decide nothing
    out[b.MISSING] = 0.0
    out[b.GRADE] = crs_before_onset(s, p, now, s[o.FEVER], columns, out)
    if out[b.GRADE] > 0.0:
        merge(out, decided)
        merge(out, s[o.ABOUT_PRESSURE])
        merge(out, s[o.ABOUT_OXYGEN])
        unread(s, out[b.GRADE], out)
    else:
        b.say(out, DOSE_PAIR, 0, b.NEVER)
        b.say(out, ORGAN_PAIR, 0, b.NEVER)


@kernel
def unread(s: Vector, grade: float, out: Vector) -> None:
    """Name the pressure, the device and the temperature where nobody read them and they could raise the grade."""
    if grade >= 4.0:
        out[b.MISSING] = 0.0
        return
    if s[o.FEVER] < 0.0 and grade <= 0.0 and s[b.CRS_ACTIVE] != 2.0:
        b.flag(out, b.MISSING, M_TEMPERATURE)
    if s[o.LOW] < 0.0 and s[o.PRESSORS] == o.NONE:
        b.flag(out, b.MISSING, M_SYSTOLIC)
    if s[o.OXYGEN] < 0.0 or s[o.SAID + 2 * OXYGEN_PAIR] == OXYGEN_DEVICE_UNREAD:
        b.flag(out, b.MISSING, M_DEVICE)


@kernel
def could_rise(s: Vector, to: float, out: Vector) -> bool:
    """Whether what is not told could raise the answer's grade, which it does to `to` at most."""
    grade = out[b.GRADE]
    return 0.0 <= grade < to and (s[b.CRS_ACTIVE] > 0.0 or grade > 0.0)


@kernel
def oxygen_untold(s: Vector, to: float, out: Vector) -> None:
    """Name what would tell how much oxygen is given."""
    if not could_rise(s, to, out):
        return
    if s[o.SAID + 2 * OXYGEN_PAIR] == OXYGEN_FLOW_UNREAD:
        b.flag(out, b.MISSING, M_FLOW)
    elif s[o.OXYGEN] == o.UNTOLD and s[o.SAID + 2 * OXYGEN_PAIR] != OXYGEN_DEVICE_UNREAD:
        b.flag(out, b.MISSING, o.M_INSPIRED)


@kernel
def high_dose(s: Vector, out: Vector) -> bool:
    """Whether vasopressors are known to be given in a high dose; says so."""
    if s[o.PRESSORS] == o.NONE:
        return False
    merge(out, s[o.ABOUT_DOSE])
    if s[o.DOSE_CLASS] == o.DOSE_HIGH:
        b.say(out, DOSE_PAIR, o.HIGH_DOSE, s[o.DOSE_POSITION])
        return True
    return False


@kernel
def dose_untold(s: Vector, to: float, out: Vector) -> None:
    """Name the dose, or the weight, without which nobody can tell whether a high dose is given."""
    if s[o.PRESSORS] > o.NONE and s[o.DOSE_CLASS] > o.DOSE_HIGH and could_rise(s, to, out):
        b.say(out, DOSE_PAIR, o.DOSE_NOT_TOLD, s[o.DOSE_POSITION])
        b.flag(out, b.MISSING, o.M_DOSE if s[o.DOSE_CLASS] == o.DOSE_UNTOLD else o.M_WEIGHT)


@kernel
def still_low(s: Vector, place: int) -> bool:
    """Whether a pressure read after what began at `place` is low: one from before says nothing of how it answers."""
    return s[o.LOW] > 0.0 and 0.0 <= s[place] < s[b.SYSTOLIC * b.WIDTH + b.AT]


@kernel
def several(s: Vector, p: Vector, out: Vector) -> bool:
    """Whether several vasopressors act: two that count, or by policy one and vasopressin."""
    if s[o.PRESSORS] == o.ONE_WITH:
        b.flag(out, b.POLICIES, o.B_VASOPRESSIN)
        return p[o.P_VASOPRESSIN] > 0.0
    return s[o.PRESSORS] == o.MANY


@kernel
def organ_says(s: Vector, place: int, criterion: int, grade: float, worst: float, out: Vector) -> float:
    """The worse of `worst` and `grade`, which an organ's CTCAE grade is in a scale; where that is it, says so."""
    merge(out, s[place + o.ABOUT_CREATININE - o.CREATININE])
    if grade > worst:
        position = s[place + o.CREATININE_POSITION - o.CREATININE]
        b.say(out, ORGAN_PAIR, criterion + int(s[place]), position)
        return grade
    return worst


@kernel
def organs_untold(s: Vector, transaminases_to: float, others_to: float, out: Vector) -> None:
    """Name the organ values, or their limits, that nobody told and that could raise the grade, each to its most."""
    if s[b.CRS_ACTIVE] == 0.0:
        return
    if could_rise(s, others_to, out):
        value_untold(s, o.CREATININE, lab.CREATININE, o.M_CREATININE, o.M_CREATININE_LIMIT, out)
        value_untold(s, o.BILIRUBIN, lab.BILIRUBIN, o.M_BILIRUBIN, o.M_BILIRUBIN_LIMIT, out)
    if could_rise(s, transaminases_to, out):
        if s[o.TRANSAMINASES] == o.UNREAD:
            b.flag(out, b.MISSING, o.M_TRANSAMINASES)
        elif s[o.TRANSAMINASES] == o.NO_LIMIT:
            b.flag(out, b.MISSING, o.M_TRANSAMINASES_LIMIT)


@kernel
def value_untold(s: Vector, place: int, kind: int, value: int, limit: int, out: Vector) -> None:
    """Name a value that does not hold, or its limit of normal where that was never told."""
    if s[place] == o.UNREAD:
        b.flag(out, b.MISSING, value)
    elif s[lab.place_of(kind) + lab.LIMIT] <= 0.0:
        b.flag(out, b.MISSING, limit)
