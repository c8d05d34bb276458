"""Cytokine release syndrome, ASTCT consensus grading.

Lee DW, Santomasso BD, Locke FL, et al. ASTCT Consensus Grading for Cytokine Release Syndrome and Neurologic Toxicity
Associated with Immune Effector Cells. Biol Blood Marrow Transplant 2019;25(4):625-638. doi:10.1016/j.bbmt.2018.12.758

| grade       | 1    | 2                      | 3                             | 4                           |
|-------------|------|------------------------|-------------------------------|-----------------------------|
| fever       | 38.0 degrees C or more in every grade, at onset, not attributable to another cause          ||||
| hypotension | none | present, but           | one vasopressor, with or      | two or more vasopressors,   |
|             |      | no vasopressor         | without vasopressin           | vasopressin not counted     |
| hypoxia     | none | low-flow cannula (up   | high-flow cannula (above      | positive pressure: CPAP,    |
|             |      | to 6 L/min) or blow-by | 6 L/min), facemask, Venturi   | BiPAP, intubation with      |
|             |      |                        | or non-rebreather mask        | mechanical ventilation      |

The grade is the worse of the two columns; grade 5 is death due to CRS. Once fever has been there and an antipyretic
or anti-cytokine therapy was given, fever is no longer needed. What the table leaves open is a policy (`rules.py`),
flagged where it decides.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# Criteria, worded in `reasons.toml`.
FEVER, NO_FEVER, FEVER_UNREAD, FEVER_EXCUSED, FEVER_MASKED, FEVER_GONE, FEVER_DIAGNOSED = range(1, 8)
PRESSURE_NORMAL, PRESSURE_LOW, PRESSURE_UNREAD, PRESSURE_EXCUSED, ONE_PRESSOR, PRESSORS_MANY, VASOPRESSIN_ALONE = range(
    8, 15
)
PRESSORS_EXCUSED, OXYGEN_NONE, OXYGEN_LOW_FLOW, OXYGEN_FLOW_UNREAD, OXYGEN_HIGH_FLOW, OXYGEN_MASK, OXYGEN_PRESSURE = (
    range(15, 22)
)
OXYGEN_UNREAD, OXYGEN_EXCUSED, OXYGEN_HOME, OXYGEN_DEVICE_UNREAD, DEATH, NOT_CRS, SECOND_PRESSOR = range(22, 29)
NOT_CRS_AGAIN, FEVER_OF_OTHER_CAUSE, FEVER_MAYBE_MASKED, OXYGEN_ABOVE_HOME = range(29, 33)
PRESSURE_WORSE, PRESSORS_WORSE, OXYGEN_WORSE, SUPPORT_WORSE = range(33, 37)

# What may be missing, by bit (`reasons.toml` has the names).
M_TEMPERATURE, M_SYSTOLIC, M_DEVICE, M_FLOW = range(4)

# Policies, by bit, in the order of `rules.py`.
(
    B_ROUND, B_BASELINE_PRESSURE, B_VASOPRESSIN_ALONE, B_TERLIPRESSIN, B_INOTROPES, B_OTHER_PRESSORS, B_SEQUENTIAL,
    B_BOLUS, B_HIGH_FLOW, B_HOME_PRESSURE, B_AFEBRILE, B_MASKED_ONSET, B_UNDOCUMENTED, B_LATE_ONSET, B_NEUTROPENIC,
    B_UNKNOWN_AGE, B_UNREADABLE, B_MASKED_RECURRENCE, B_WORSENING,
) = range(19)  # fmt: skip

FEVER_PAIR, PRESSURE_PAIR, SECOND_PAIR, OXYGEN_PAIR, FLOW_PAIR, THERAPY_PAIR = range(6)
UNREAD = -1.0
NEITHER = -1


@kernel
def crs_fever(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The fever column: 1 fever, 0 none (or excused), UNREAD."""
    j = b.TEMPERATURE * b.WIDTH
    if not b.holds(s, p, b.TEMPERATURE, now):
        b.say(out, FEVER_PAIR, FEVER_UNREAD, s[j + b.POSITION])
        if b.unreadable(s, p, b.TEMPERATURE, now):
            b.flag(out, b.POLICIES, B_UNREADABLE)
        return UNREAD
    temperature = s[j + b.VALUE]
    rounded = float(int(temperature * 10.0 + 0.5)) / 10.0
    if temperature < p[b.P_FEVER] <= rounded:
        b.flag(out, b.POLICIES, B_ROUND)
        if p[b.P_ROUND] > 0.0:
            temperature = rounded
    if temperature < p[b.P_FEVER]:
        b.say(out, FEVER_PAIR, NO_FEVER, s[j + b.POSITION])
        return 0.0
    if b.mark_excused(s, p, b.TEMPERATURE, b.FEVER, now):
        b.say(out, FEVER_PAIR, FEVER_EXCUSED, s[b.EXCUSED_POSITION + b.FEVER])
        return 0.0
    b.say(out, FEVER_PAIR, FEVER, s[j + b.POSITION])
    return 1.0


@kernel
def low_pressure_limit(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The systolic pressure in mmHg below which this patient is hypotensive: PALS fifth centile below 10 years (60 to
    28 days, 70 to 12 months, then 70 + 2 x age), the adult limit from 10 on and where the age is unknown (a policy).
    """
    age = b.age_at(s, now)
    if age < 0.0:
        if s[b.SYSTOLIC * b.WIDTH + b.VALUE] < p[b.P_ADULT_LIMIT]:
            b.flag(out, b.POLICIES, B_UNKNOWN_AGE)
        return p[b.P_ADULT_LIMIT]
    if age * 365.2425 <= 28.0:
        return 60.0
    if age < 1.0:
        return 70.0
    if age < 10.0:
        return 70.0 + 2.0 * float(int(age))
    return p[b.P_ADULT_LIMIT]


@kernel
def pressure_is_low(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Whether the systolic pressure that holds is low for this age and, by policy, for this patient's own baseline."""
    systolic = s[b.SYSTOLIC * b.WIDTH + b.VALUE]
    limit = low_pressure_limit(s, p, now, out)
    own = s[b.OWN_SYSTOLIC] * (1.0 - p[b.P_BASELINE_FALL])
    if s[b.OWN_SYSTOLIC] >= 0.0 and own < limit and own <= systolic < limit:
        b.flag(out, b.POLICIES, B_BASELINE_PRESSURE)
        if p[b.P_BASELINE_PRESSURE] > 0.0:
            return False
    return systolic < limit


@kernel
def counts_as_pressor(p: Vector, drip: int, out: Vector) -> bool:
    """Whether a running drug counts toward the number of vasopressors; vasopressin never does."""
    if drip < b.COUNTED_PRESSORS:
        return True
    if drip == b.TERLIPRESSIN:
        b.flag(out, b.POLICIES, B_TERLIPRESSIN)
        return p[b.P_TERLIPRESSIN] > 0.0
    if b.INOTROPE <= drip < b.OTHER_PRESSOR:
        b.flag(out, b.POLICIES, B_INOTROPES)
        return p[b.P_INOTROPES] > 0.0
    if drip >= b.OTHER_PRESSOR:
        b.flag(out, b.POLICIES, B_OTHER_PRESSORS)
        return p[b.P_OTHER_PRESSORS] > 0.0
    return False


@kernel
def bits(number: float) -> int:
    """How many bits are set."""
    left = int(number)
    count = 0
    while left > 0:
        count += left & 1
        left >>= 1
    return count


@kernel
def crs_pressors(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The vasopressor part of the hypotension column: 4, 3, 2 by policy for vasopressin alone, else 0."""
    if s[b.ANY_PRESSOR] < 0.0:
        return 0.0
    count = 0
    vasopressin = NEITHER
    counted = int(s[b.CRS_PRESSORS]) if s[b.CRS_ACTIVE] > 0.0 else 0
    for drip in range(b.PRESSORS):
        if not b.running(s, p, drip, now):
            continue
        if counts_as_pressor(p, drip, out):
            count += 1
            counted |= 1 << drip
            b.say(out, PRESSURE_PAIR if count == 1 else SECOND_PAIR, SECOND_PRESSOR, s[b.RUN_POSITION + drip])
            if not b.infusing(s, drip, now):
                b.flag(out, b.POLICIES, B_BOLUS)
        elif drip in (b.VASOPRESSIN, b.TERLIPRESSIN) and (vasopressin < 0 or b.infusing(s, drip, now)):
            vasopressin = drip
    s[b.CRS_PRESSORS] = float(counted)
    return pressor_grade(s, p, now, count, vasopressin, out)


@kernel
def pressor_grade(s: Vector, p: Vector, now: float, count: int, vasopressin: int, out: Vector) -> float:
    """The column by the number of counted vasopressors; "multiple" at the same time, or by policy in the one CRS."""
    earlier = bits(s[b.CRS_PRESSORS]) - count
    if count == 1 and earlier > 0:
        b.flag(out, b.POLICIES, B_SEQUENTIAL)
        if p[b.P_SEQUENTIAL] > 0.0:
            count += earlier
    if count >= 2:
        out[b.REASONS + 2 * PRESSURE_PAIR] = PRESSORS_MANY
        return 4.0
    if count == 1:
        out[b.REASONS + 2 * PRESSURE_PAIR] = ONE_PRESSOR
        if vasopressin >= 0:
            b.say(out, SECOND_PAIR, SECOND_PRESSOR, s[b.RUN_POSITION + vasopressin])
        return 3.0
    if vasopressin >= 0:
        b.flag(out, b.POLICIES, B_VASOPRESSIN_ALONE)
        if not b.infusing(s, vasopressin, now):
            b.flag(out, b.POLICIES, B_BOLUS)
        b.say(out, PRESSURE_PAIR, VASOPRESSIN_ALONE, s[b.RUN_POSITION + vasopressin])
        return p[b.P_VASOPRESSIN_ALONE]
    return 0.0


@kernel
def crs_pressure(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The pressure part of the hypotension column: 2, 0 or UNREAD. Only a low pressure can have another cause."""
    position = s[b.SYSTOLIC * b.WIDTH + b.POSITION]
    if not b.holds(s, p, b.SYSTOLIC, now):
        b.say(out, PRESSURE_PAIR, PRESSURE_UNREAD, position)
        if b.unreadable(s, p, b.SYSTOLIC, now):
            b.flag(out, b.POLICIES, B_UNREADABLE)
        return UNREAD
    if not pressure_is_low(s, p, now, out):
        b.say(out, PRESSURE_PAIR, PRESSURE_NORMAL, position)
        return 0.0
    if b.mark_excused(s, p, b.SYSTOLIC, b.HYPOTENSION, now):
        b.say(out, PRESSURE_PAIR, PRESSURE_UNREAD, position)
        return UNREAD
    b.say(out, PRESSURE_PAIR, PRESSURE_LOW, position)
    return 2.0


@kernel
def merge(out: Vector, policies: float) -> None:
    """Add flags of policies to those that are set."""
    out[b.POLICIES] = float(int(out[b.POLICIES]) | int(policies))


@kernel
def crs_hypotension(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The hypotension column: 4, 3, 2, 0 or UNREAD."""
    decided = out[b.POLICIES]
    pressure = crs_pressure(s, p, now, out)
    if b.excused(s, p, b.HYPOTENSION, now):
        out[b.POLICIES] = decided
        b.say(out, PRESSURE_PAIR, PRESSURE_EXCUSED, b.excuse_of(s, b.HYPOTENSION, now))
        return 0.0
    if b.excused(s, p, b.VASOPRESSOR, now):
        b.say(out, SECOND_PAIR, PRESSORS_EXCUSED, b.excuse_of(s, b.VASOPRESSOR, now))
        return pressure
    about_pressure = out[b.POLICIES]
    out[b.POLICIES] = decided
    pressors = crs_pressors(s, p, now, out)
    if pressors > 0.0:
        return pressors
    merge(out, about_pressure)
    return pressure


@kernel
def with_device(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a flow or concentration holds and belongs to the present device: it was charted while that was on."""
    at = s[kind * b.WIDTH + b.AT]
    if not b.holds(s, p, kind, now):
        return False
    if not b.stands(s, p, b.DEVICE, now):
        return True
    if s[b.DEVICE * b.WIDTH + b.VALUE] == b.ROOM_AIR:
        return at >= s[b.DEVICE * b.WIDTH + b.AT]
    return at >= s[b.DEVICE_SINCE]


@kernel
def flow_now(s: Vector, p: Vector, now: float) -> float:
    """The oxygen flow in L/min charted with the present device, or UNREAD."""
    return s[b.FLOW * b.WIDTH + b.VALUE] if with_device(s, p, b.FLOW, now) else UNREAD


@kernel
def oxygen_now(s: Vector, p: Vector, now: float) -> float:
    """The inspired oxygen in percent charted with the present device, or UNREAD."""
    return s[b.INSPIRED * b.WIDTH + b.VALUE] if with_device(s, p, b.INSPIRED, now) else UNREAD


@kernel
def crs_cannula(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """A nasal cannula by its flow: low up to and including 6 L/min, high above; none, or unchanged home oxygen, is no
    CRS.
    """
    position = s[b.DEVICE * b.WIDTH + b.POSITION]
    flow = flow_now(s, p, now)
    home = s[b.HOME_FLOW]
    if flow < 0.0:
        b.say(out, OXYGEN_PAIR, OXYGEN_FLOW_UNREAD, position)
        if b.unreadable(s, p, b.FLOW, now):
            b.flag(out, b.POLICIES, B_UNREADABLE)
        return 0.0 if home > 0.0 else 2.0
    b.say(out, FLOW_PAIR, OXYGEN_ABOVE_HOME if home > 0.0 else OXYGEN_LOW_FLOW, s[b.FLOW * b.WIDTH + b.POSITION])
    if flow == 0.0:
        b.say(out, OXYGEN_PAIR, OXYGEN_NONE, position)
        return 0.0
    if home > 0.0 and flow <= home:
        b.say(out, FLOW_PAIR, OXYGEN_LOW_FLOW, s[b.FLOW * b.WIDTH + b.POSITION])
        b.say(out, OXYGEN_PAIR, OXYGEN_HOME, s[b.HOME_FLOW_POSITION])
        return 0.0
    if flow > p[b.P_LOW_FLOW]:
        b.say(out, OXYGEN_PAIR, OXYGEN_HIGH_FLOW, position)
        return 3.0
    b.say(out, OXYGEN_PAIR, OXYGEN_LOW_FLOW, position)
    return 2.0


@kernel
def crs_positive_pressure(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Positive pressure is grade 4 unless it is for another reason: airway protection, a procedure."""
    if b.excused(s, p, b.POSITIVE_PRESSURE, now):
        b.say(out, OXYGEN_PAIR, OXYGEN_EXCUSED, b.excuse_of(s, b.POSITIVE_PRESSURE, now))
        return 0.0
    return crs_pressure_support(s, p, now, out)


@kernel
def crs_pressure_support(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Positive pressure, for whatever reason, is grade 4 unless it is the patient's own at home."""
    j = b.DEVICE * b.WIDTH
    if s[b.HOME_DEVICE] >= b.CPAP and s[j + b.VALUE] <= s[b.HOME_DEVICE]:
        flow = flow_now(s, p, now)
        more = (flow > 0.0 and flow > s[b.HOME_FLOW]) or (oxygen_now(s, p, now) > 21.0 and s[b.HOME_FLOW] <= 0.0)
        b.flag(out, b.POLICIES, B_HOME_PRESSURE)
        if not more or p[b.P_HOME_PRESSURE] > 0.0:
            b.say(out, OXYGEN_PAIR, OXYGEN_HOME, s[b.HOME_DEVICE_POSITION])
            return 0.0
    b.say(out, OXYGEN_PAIR, OXYGEN_PRESSURE, s[j + b.POSITION])
    return 4.0


@kernel
def crs_oxygen_without_device(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Oxygen is charted but not by what: 3 above low flow, else 2; 0 where none is charted either."""
    flow = flow_now(s, p, now)
    if flow > 0.0 and flow > s[b.HOME_FLOW]:
        b.say(out, OXYGEN_PAIR, OXYGEN_DEVICE_UNREAD, s[b.FLOW * b.WIDTH + b.POSITION])
        return 3.0 if flow > p[b.P_LOW_FLOW] else 2.0
    if oxygen_now(s, p, now) > 21.0 and s[b.HOME_FLOW] <= 0.0:
        b.say(out, OXYGEN_PAIR, OXYGEN_DEVICE_UNREAD, s[b.INSPIRED * b.WIDTH + b.POSITION])
        return 2.0
    return 0.0


@kernel
def crs_device(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The hypoxia column by the device that is on."""
    position = s[b.DEVICE * b.WIDTH + b.POSITION]
    device = int(s[b.DEVICE * b.WIDTH + b.VALUE])
    if device == b.NASAL_CANNULA:
        return crs_cannula(s, p, now, out)
    if device == b.BLOW_BY:
        b.say(out, OXYGEN_PAIR, OXYGEN_LOW_FLOW, position)
        return 2.0
    if device >= b.CPAP:
        return crs_positive_pressure(s, p, now, out)
    if device == b.HIGH_FLOW:
        b.say(out, OXYGEN_PAIR, OXYGEN_HIGH_FLOW, position)
        if 0.0 <= flow_now(s, p, now) <= p[b.P_LOW_FLOW]:
            b.flag(out, b.POLICIES, B_HIGH_FLOW)
            return p[b.P_HIGH_FLOW]
        return 3.0
    b.say(out, OXYGEN_PAIR, OXYGEN_MASK, position)
    return 3.0


@kernel
def crs_hypoxia(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The hypoxia column, where no other cause explains it: 4, 3, 2, 0 or UNREAD."""
    if b.excused(s, p, b.HYPOXIA, now):
        b.say(out, OXYGEN_PAIR, OXYGEN_EXCUSED, b.excuse_of(s, b.HYPOXIA, now))
        return 0.0
    return crs_oxygen(s, p, now, out)


@kernel
def crs_oxygen(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The hypoxia column, by the support that is given: 4, 3, 2, 0 or UNREAD."""
    position = s[b.DEVICE * b.WIDTH + b.POSITION]
    if b.holds(s, p, b.DEVICE, now) and s[b.DEVICE * b.WIDTH + b.VALUE] != b.ROOM_AIR:
        return crs_device(s, p, now, out)
    oxygen = crs_oxygen_without_device(s, p, now, out)
    if oxygen > 0.0:
        return oxygen
    if b.holds(s, p, b.DEVICE, now):
        b.say(out, OXYGEN_PAIR, OXYGEN_NONE, position)
        return 0.0
    if b.unreadable(s, p, b.DEVICE, now):
        b.flag(out, b.POLICIES, B_UNREADABLE)
    b.say(out, OXYGEN_PAIR, OXYGEN_UNREAD, position)
    return UNREAD


@kernel
def pressor_level(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """How bad the need of vasopressors is, whatever its cause: 4, 3, 2 by policy for vasopressin alone, else 0."""
    if s[b.ANY_PRESSOR] < 0.0:
        return 0.0
    count = 0
    vasopressin = False
    for drip in range(b.PRESSORS):
        if b.running(s, p, drip, now):
            if counts_as_pressor(p, drip, out):
                count += 1
            elif drip in (b.VASOPRESSIN, b.TERLIPRESSIN):
                vasopressin = True
    if count > 0:
        return 4.0 if count > 1 else 3.0
    return p[b.P_VASOPRESSIN_ALONE] if vasopressin else 0.0


@kernel
def hypotension_level(s: Vector, p: Vector, now: float, pressors: float, out: Vector) -> float:
    """How bad the hypotension is, as if not excused: by the vasopressors, unless those have another cause, else 2."""
    if pressors > 0.0 and not b.excused(s, p, b.VASOPRESSOR, now):
        return pressors
    return 2.0 if b.holds(s, p, b.SYSTOLIC, now) and pressure_is_low(s, p, now, out) else 0.0


@kernel
def support_level(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """How invasive positive pressure is, whatever its cause: CPAP and BiPAP 1, a bag or a tube 2, ECMO 3; none, or the
    patient's own, 0. The table calls each 4, but a ventilator is worse than the CPAP that was attributed.
    """
    device = s[b.DEVICE * b.WIDTH + b.VALUE]
    if not b.holds(s, p, b.DEVICE, now) or device < b.CPAP or crs_pressure_support(s, p, now, out) == 0.0:
        return 0.0
    if device < b.BAG_MASK:
        return 1.0
    return 2.0 if device < b.ECMO else 3.0


@kernel
def crs_judge(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Reopen the attributions of signs that are worse than they were when judged. Whether such a sign is there.

    `out` is blank before, and but for what is said of them after. A fever has no levels and is never reopened.
    """
    if s[b.EXCUSED_LAST] <= now:
        return False
    pressors = pressor_level(s, p, now, out)
    b.judge(s, b.VASOPRESSOR, pressors, now)
    pressure = hypotension_level(s, p, now, pressors, out)
    if b.judge(s, b.HYPOTENSION, pressure, now) and p[b.P_REOPENS] > 0.0:
        s[b.SYSTOLIC * b.WIDTH + b.SPOILT] = 0.0  # the pressure that stands counts again
    support = support_level(s, p, now, out)
    b.judge(s, b.POSITIVE_PRESSURE, support, now)
    oxygen = crs_oxygen(s, p, now, out)
    b.judge(s, b.HYPOXIA, oxygen, now)
    b.blank(out)
    told = pressure > 0.0 and b.tell_worse(s, p, b.HYPOTENSION, now, PRESSURE_WORSE, out)
    told = (oxygen > 0.0 and b.tell_worse(s, p, b.HYPOXIA, now, OXYGEN_WORSE, out)) or told
    if pressors > 0.0 and not b.excused(s, p, b.HYPOTENSION, now):
        told = b.tell_worse(s, p, b.VASOPRESSOR, now, PRESSORS_WORSE, out) or told
    if support > 0.0 and not b.excused(s, p, b.HYPOXIA, now):
        told = b.tell_worse(s, p, b.POSITIVE_PRESSURE, now, SUPPORT_WORSE, out) or told
    return told


@kernel
def crs_lapse(s: Vector, p: Vector, now: float) -> None:
    """CRS is over when every sign has been gone, with the temperature read, for the policy's symptom-free time."""
    if s[b.CRS_ACTIVE] > 0.0 and s[b.CRS_SIGN] == 0.0 and now - s[b.CRS_SIGN_AT] >= p[b.P_SYMPTOM_FREE]:
        s[b.CRS_ACTIVE] = 0.0


@kernel
def crs_watch(s: Vector, p: Vector, now: float, fever: float, sign: bool) -> None:
    """Whether the patient has CRS: it begins with a fever, or with a documented diagnosis where none is on."""
    diagnosed = s[b.DIAGNOSED_NEWLY] > 0.0 and s[b.DIAGNOSED_AT] >= s[b.INFUSED_AT] and p[b.P_UNDOCUMENTED] > 0.0
    s[b.DIAGNOSED_NEWLY] = 0.0
    if s[b.CRS_ACTIVE] == 0.0 and (fever > 0.0 or diagnosed):
        s[b.CRS_ACTIVE] = 1.0 if fever > 0.0 else 2.0
        s[b.CRS_SIGN] = 1.0
        s[b.CRS_ONSET] = now
        s[b.CRS_AFTER] = now - s[b.INFUSED_LAST]
        s[b.CRS_ONSET_POSITION] = s[b.TEMPERATURE * b.WIDTH + b.POSITION] if fever > 0.0 else s[b.DIAGNOSED_POSITION]
    if s[b.CRS_ACTIVE] > 1.0 and fever > 0.0:
        s[b.CRS_ACTIVE] = 1.0
    if s[b.CRS_ACTIVE] == 2.0 and fever == 0.0 and s[b.TEMPERATURE * b.WIDTH + b.AT] >= s[b.CRS_ONSET]:
        s[b.CRS_ACTIVE] = 3.0  # a temperature was read since: the diagnosis no longer stands in for one
    if sign or fever != 0.0:
        s[b.CRS_SIGN] = 1.0
        s[b.CRS_SIGN_AT] = now
    elif s[b.CRS_SIGN] > 0.0:
        s[b.CRS_SIGN] = 0.0
        s[b.CRS_SIGN_AT] = now
        b.soon(s, now + p[b.P_SYMPTOM_FREE])


@kernel
def crs_without_fever(s: Vector, p: Vector, now: float, fever: float, worst: float, out: Vector) -> float:
    """The grade of a patient with CRS who has no fever now: hypotension and hypoxia alone grade it after masking
    therapy.
    """
    if s[b.CRS_ACTIVE] > 1.0:
        b.flag(out, b.POLICIES, B_UNDOCUMENTED)
    if s[b.CRS_ACTIVE] == 2.0:
        b.say(out, FEVER_PAIR, FEVER_DIAGNOSED, s[b.CRS_ONSET_POSITION])
        return max(1.0, worst)
    if worst <= 0.0:
        if fever < 0.0:
            b.flag(out, b.MISSING, M_TEMPERATURE)
        return 0.0
    if s[b.MASKED_AT] >= s[b.CRS_ONSET] or (s[b.MASKED_UNTIL] > now and s[b.MASKED_AT] >= s[b.INFUSED_AT]):
        b.say(out, THERAPY_PAIR, FEVER_MASKED, s[b.MASKED_POSITION])
        return worst
    if fever < 0.0:
        b.flag(out, b.MISSING, M_TEMPERATURE)  # unread is not gone
        return worst
    b.flag(out, b.POLICIES, B_AFEBRILE)
    if out[b.REASONS] == NO_FEVER:
        b.say(out, THERAPY_PAIR, FEVER_GONE, s[b.CRS_ONSET_POSITION])
    return worst if p[b.P_AFEBRILE] > 0.0 else 0.0


@kernel
def crs_before_onset(s: Vector, p: Vector, now: float, fever: float, worst: float, out: Vector) -> float:
    """No CRS so far: without fever it cannot be called, without a temperature it cannot be told; a masked onset may
    be.
    """
    if fever < 0.0:
        b.flag(out, b.MISSING, M_TEMPERATURE)
        return b.NOT_ASSESSABLE
    if worst <= 0.0:
        return 0.0
    if out[b.REASONS] != NO_FEVER:
        b.say(out, THERAPY_PAIR, FEVER_OF_OTHER_CAUSE, b.NEVER)
        return 0.0
    again = s[b.CRS_ONSET] >= 0.0
    if s[b.MASKED_UNTIL] > now and s[b.MASKED_AT] >= s[b.INFUSED_AT]:
        b.flag(out, b.POLICIES, B_MASKED_RECURRENCE if again else B_MASKED_ONSET)
        counted = p[b.P_MASKED_RECURRENCE if again else b.P_MASKED_ONSET] > 0.0
        b.say(out, THERAPY_PAIR, FEVER_MASKED if counted else FEVER_MAYBE_MASKED, s[b.MASKED_POSITION])
        return worst if counted else 0.0
    b.say(out, THERAPY_PAIR, NOT_CRS_AGAIN if again else NOT_CRS, s[b.CRS_ONSET_POSITION] if again else b.NEVER)
    return 0.0


@kernel
def crs_open_questions(s: Vector, p: Vector, now: float, fever: float, grade: float, out: Vector) -> float:
    """Two policies that may withhold a grade that rests on fever: a late onset, and fever with neutropenia."""
    if grade > 0.0 and s[b.CRS_AFTER] > p[b.P_LATE_AFTER]:
        b.flag(out, b.POLICIES, B_LATE_ONSET)
        if p[b.P_LATE_ONSET] == 0.0:
            return 0.0
    neutropenic = b.holds(s, p, b.NEUTROPHILS, now) and s[b.NEUTROPHILS * b.WIDTH + b.VALUE] < p[b.P_NEUTROPENIA]
    if grade == 1.0 and fever > 0.0 and neutropenic:
        b.flag(out, b.POLICIES, B_NEUTROPENIC)
        if p[b.P_NEUTROPENIC] == 0.0:
            return 0.0
    return grade


@kernel
def crs_missing(grade: float, hypotension: float, hypoxia: float, out: Vector) -> None:
    """Name what nobody read and what could raise the grade: a flow at most to 3, all else to 4."""
    if grade >= 4.0:
        out[b.MISSING] = 0.0
        return
    said = out[b.REASONS + 2 * OXYGEN_PAIR]
    if hypotension < 0.0:
        b.flag(out, b.MISSING, M_SYSTOLIC)
    if hypoxia < 0.0 or said == OXYGEN_DEVICE_UNREAD:
        b.flag(out, b.MISSING, M_DEVICE)
    if said == OXYGEN_FLOW_UNREAD and grade < 3.0:
        b.flag(out, b.MISSING, M_FLOW)


@kernel
def crs_grade(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The CRS grade at `now` from the state `s` under the policies `p`, with its reasons, into `out`,
    which is blank.
    """
    if s[b.DIED_AT] >= 0.0:
        out[b.GRADE] = 5.0 if s[b.DEATH_CAUSE] == 1.0 else b.NOT_COVERED
        b.say(out, FEVER_PAIR, DEATH, s[b.DEATH_POSITION])
        return
    crs_lapse(s, p, now)
    worse = crs_judge(s, p, now, out)
    fever = crs_fever(s, p, now, out)
    about_fever = out[b.POLICIES]
    hypotension = crs_hypotension(s, p, now, out)
    hypoxia = crs_hypoxia(s, p, now, out)
    if worse:
        b.flag(out, b.POLICIES, B_WORSENING)
    worst = max(hypotension, hypoxia, 0.0)
    crs_watch(s, p, now, fever, worst > 0.0)
    if s[b.CRS_ACTIVE] == 0.0:
        about_columns = out[b.POLICIES]
        out[b.POLICIES] = about_fever  # without CRS the other columns decide nothing
        out[b.GRADE] = crs_before_onset(s, p, now, fever, worst, out)
        if out[b.GRADE] > 0.0:
            merge(out, about_columns)
            crs_missing(out[b.GRADE], hypotension, hypoxia, out)
        return
    if s[b.CRS_ACTIVE] != 2.0 and fever < 0.0 and hypotension < 0.0 and hypoxia < 0.0:
        if s[b.CRS_ACTIVE] > 1.0:
            b.flag(out, b.POLICIES, B_UNDOCUMENTED)
        b.flag(out, b.MISSING, M_TEMPERATURE)  # nobody has looked: a bound of 0 would say nothing
        crs_missing(0.0, hypotension, hypoxia, out)
        out[b.GRADE] = b.NOT_ASSESSABLE
        return
    grade = max(1.0, worst) if fever > 0.0 else crs_without_fever(s, p, now, fever, worst, out)
    grade = crs_open_questions(s, p, now, fever, grade, out)
    crs_missing(grade, hypotension, hypoxia, out)
    out[b.GRADE] = grade
