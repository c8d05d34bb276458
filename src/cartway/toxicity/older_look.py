"""The one look at a course that the six older CRS scales share, and whether another look is needed.

Fever, pressure, vasopressors and oxygen are read by the columns of CRS by ASTCT (`crs.py`): what is attributed to
another cause, at home, masked or too old is so for every scale. What those columns do not say is added: the dose of the
vasopressors and for how long, the fraction of oxygen, the organs.

The fraction of oxygen is what was charted with the device; where none was, a nasal cannula gives about 20 % and 4 %
more a liter per minute (1 to 6 L/min: 24 to 44 %; Ernstmeyer K, Christman E. Nursing Skills, Open RN, table 11.3a) and
a non-rebreather mask more than 40 %. Masks and high-flow devices without it say nothing.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import (
    B_HIGH_FLOW,
    B_VASOPRESSIN_ALONE,
    B_WORSENING,
    FLOW_PAIR,
    ONE_PRESSOR,
    OXYGEN_PAIR,
    OXYGEN_PRESSURE,
    PRESSORS_MANY,
    PRESSURE_LOW,
    PRESSURE_PAIR,
    PRESSURE_UNREAD,
    SECOND_PAIR,
    SECOND_PRESSOR,
    VASOPRESSIN_ALONE,
    crs_fever,
    crs_hypotension,
    crs_hypoxia,
    crs_oxygen,
    crs_pressure,
    flow_now,
    hypotension_level,
    oxygen_now,
    pressor_level,
    support_level,
)
from cartway.toxicity.kernel import kernel
from cartway.toxicity.older_doses import end_at_discharge, look_at_dose, look_at_time, since
from cartway.toxicity.older_organs import look_at_organs

MUCH_PERCENT = 40.0
FLOW_BASE, FLOW_STEP = 20.0, 4.0
OF_ASTCT_ALONE = (1 << B_HIGH_FLOW) | (1 << B_VASOPRESSIN_ALONE)  # questions that the older tables do not ask


@kernel
def older_look(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """Look at the course at `now`, once an instant. `out` is blank before and after."""
    if s[o.LOOKED_AT] == now:
        return
    s[o.LOOKED_AT] = now
    worse = any_reopened(s, p, now, out)
    s[o.FEVER] = crs_fever(s, p, now, out)
    s[o.ABOUT_FEVER] = out[b.POLICIES]
    look_at_pressure(s, p, now, out)
    if worse:
        s[o.ABOUT_PRESSURE] += float(1 << B_WORSENING)
    look_at_oxygen(s, p, now, out)
    for i in range(2 * b.COLUMN_PAIRS):
        s[o.SAID + i] = out[b.REASONS + i]
    look_at_organs(s, p, now, out)
    b.blank(out)


@kernel
def without(policies: float, those: int) -> float:
    """Flags of policies less some."""
    return float(int(policies) & ~those)


@kernel
def any_reopened(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Whether a sign that is there was attributed and is worse since, so that a policy decides whether it counts."""
    if s[b.EXCUSED_LAST] <= now:
        return False
    pressors = pressor_level(s, p, now, out)
    told = hypotension_level(s, p, now, pressors, out) > 0.0 and b.worsened(s, b.HYPOTENSION, now)
    support = support_level(s, p, now, out)
    told = told or (crs_oxygen(s, p, now, out) > 0.0 and b.worsened(s, b.HYPOXIA, now))
    if pressors > 0.0 and not b.excused(s, p, b.HYPOTENSION, now):
        told = told or b.worsened(s, b.VASOPRESSOR, now)
    if support > 0.0 and not b.excused(s, p, b.HYPOXIA, now):
        told = told or b.worsened(s, b.POSITIVE_PRESSURE, now)
    b.blank(out)
    return told


@kernel
def look_at_pressure(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The hypotension column: a low pressure, the vasopressors, their dose and how long they have been needed."""
    out[b.POLICIES] = 0.0
    crs_hypotension(s, p, now, out)
    said = out[b.REASONS + 2 * PRESSURE_PAIR]
    s[o.PRESSORS] = pressors_of(said, out[b.REASONS + 2 * SECOND_PAIR])
    s[o.LOW] = 1.0 if said == PRESSURE_LOW else o.UNREAD if said == PRESSURE_UNREAD else 0.0
    if s[o.PRESSORS] > o.NONE:
        s[o.LOW] = low_despite(s, p, now, out)
    s[o.ABOUT_PRESSURE] = without(out[b.POLICIES], OF_ASTCT_ALONE)
    s[o.BOLUSES] = 1.0 if s[o.BOLUS_BEFORE] >= s[b.INFUSED_AT] and s[o.BOLUS_BEFORE] >= 0.0 else 0.0
    if s[o.BOLUS_BEFORE] + p[o.P_BOLUS_HOURS] <= now:
        s[o.BOLUSES] = 0.0
    look_at_vasopressors(s, p, now, out)


@kernel
def pressors_of(said: float, second: float) -> float:
    """What acts on the pressure, by the reasons of the column."""
    if said == PRESSORS_MANY:
        return o.MANY
    if said == ONE_PRESSOR:
        return o.ONE_WITH if second == SECOND_PRESSOR else o.ONE
    return o.ALONE if said == VASOPRESSIN_ALONE else o.NONE


@kernel
def low_despite(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Whether the pressure is low although a vasopressor acts; the column then tells the vasopressor alone."""
    place = b.REASONS + 2 * PRESSURE_PAIR
    code, position, policies = out[place], out[place + 1], out[b.POLICIES]
    low = crs_pressure(s, p, now, out)
    out[place], out[place + 1], out[b.POLICIES] = code, position, policies
    return 1.0 if low > 0.0 else low


@kernel
def look_at_vasopressors(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The dose and the time of vasopressors; most courses never have one."""
    s[o.DOSE_CLASS], s[o.LASTING], s[o.ABOUT_DOSE], s[o.ABOUT_LASTING] = o.DOSE_NONE, 0.0, 0.0, 0.0
    s[o.DOSE_POSITION] = out[b.REASONS + 2 * PRESSURE_PAIR + 1]
    if s[b.ANY_PRESSOR] < 0.0:
        return
    out[b.POLICIES] = 0.0
    end_at_discharge(s)
    vasopressin = s[o.PRESSORS] == o.ONE_WITH and p[o.P_VASOPRESSIN] > 0.0
    since(s, o.MANY_SINCE, s[o.PRESSORS] == o.MANY or vasopressin, now)
    look_at_dose(s, p, now, out)
    s[o.ABOUT_DOSE] = out[b.POLICIES]
    look_at_time(s, p, now, out)
    s[o.ABOUT_LASTING] = out[b.POLICIES]


@kernel
def look_at_oxygen(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The hypoxia column: none, little or much oxygen, a mask that presses, ventilation."""
    out[b.POLICIES] = 0.0
    support = crs_hypoxia(s, p, now, out)
    s[o.OXYGEN] = support
    s[o.ABOUT_FRACTION] = 0.0
    if support > 0.0 and out[b.REASONS + 2 * OXYGEN_PAIR] == OXYGEN_PRESSURE:
        s[o.OXYGEN] = o.NONINVASIVE if s[b.DEVICE * b.WIDTH + b.VALUE] < b.BAG_MASK else o.VENTILATED
    elif support > 0.0:
        s[o.OXYGEN] = fraction(s, p, now, out)
    s[o.ABOUT_OXYGEN] = without(out[b.POLICIES], OF_ASTCT_ALONE)


@kernel
def fraction(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """Little or much oxygen: as charted with the device, or estimated from the device and its flow."""
    percent = oxygen_now(s, p, now)
    if percent >= 0.0:
        b.say(out, FLOW_PAIR, o.OXYGEN_READ, s[b.INSPIRED * b.WIDTH + b.POSITION])
        return o.MUCH if percent >= MUCH_PERCENT else o.LITTLE
    estimated = estimate(s, p, now, out)
    if estimated < 0.0:
        return o.UNTOLD
    s[o.ABOUT_FRACTION] = float(1 << o.B_OXYGEN_ESTIMATE)
    if p[o.P_OXYGEN_ESTIMATE] == 0.0:
        b.say(out, FLOW_PAIR, o.OXYGEN_BAND_UNTOLD, b.NEVER)
        return o.UNTOLD
    return o.MUCH if estimated >= MUCH_PERCENT else o.LITTLE


@kernel
def estimate(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The percent of oxygen that a nasal cannula or a non-rebreather mask gives, or NEVER."""
    device = s[b.DEVICE * b.WIDTH + b.VALUE] if b.holds(s, p, b.DEVICE, now) else b.NEVER
    flow = flow_now(s, p, now)
    if device == b.NASAL_CANNULA and flow > 0.0:
        b.say(out, FLOW_PAIR, o.OXYGEN_BY_FLOW, s[b.FLOW * b.WIDTH + b.POSITION])
        return FLOW_BASE + FLOW_STEP * flow
    if device == b.NON_REBREATHER:
        b.say(out, FLOW_PAIR, o.OXYGEN_BY_DEVICE, s[b.DEVICE * b.WIDTH + b.POSITION])
        return MUCH_PERCENT
    b.say(out, FLOW_PAIR, o.OXYGEN_BAND_UNTOLD, b.NEVER)
    return b.NEVER


@kernel
def sign(s: Vector, place: int, value: float) -> bool:
    """Keep one number of the signature; whether it is another than before."""
    if s[o.SIGNED + place] == value:
        return False
    s[o.SIGNED + place] = value
    return True


@kernel
def never_low(p: Vector) -> float:
    """A systolic pressure that is low at no age."""
    return max(p[b.P_ADULT_LIMIT], 90.0)


@kernel
def any_sign(s: Vector, p: Vector) -> bool:
    """Whether the last word on pressure or oxygen, however old, may be a sign."""
    systolic, device = s[b.SYSTOLIC * b.WIDTH + b.VALUE], s[b.DEVICE * b.WIDTH + b.VALUE]
    if 0.0 <= systolic < never_low(p) or device > 0.0:
        return True
    return s[b.FLOW * b.WIDTH + b.VALUE] > 0.0 or s[b.INSPIRED * b.WIDTH + b.VALUE] > 21.0


@kernel
def number_sign(s: Vector, p: Vector, kind: int, now: float) -> float:
    """A signal of the bedside: too old, unreadable, or its value."""
    if b.holds(s, p, kind, now):
        return s[kind * b.WIDTH + b.VALUE]
    return -2.0 if b.stands(s, p, kind, now) else -1.0


@kernel
def temperature_sign(s: Vector, p: Vector, now: float) -> float:
    """The temperature as far as a grade turns on it: too old, unreadable, fever, well below, or the value between."""
    value = number_sign(s, p, b.TEMPERATURE, now)
    if value >= p[b.P_FEVER]:
        return 1.0
    return value if value < 0.0 or value > p[b.P_FEVER] - 0.1 else 0.0


@kernel
def organ_sign(s: Vector, p: Vector, kind: int, now: float) -> float:
    """A laboratory value that holds, as multiples of its limit where one is known."""
    if not lab.value_holds(s, p, kind, now):
        return -1.0
    j = lab.place_of(kind)
    return s[j + b.VALUE] if s[j + lab.LIMIT] <= 0.0 else 1.0e6 + s[j + b.VALUE] / s[j + lab.LIMIT]


@kernel
def older_changed(s: Vector, p: Vector, now: float) -> bool:
    """Whether an older CRS scale may answer otherwise than it last did; asked far more often than it is so.

    Most of the time there is no CRS and no sign of one: then the temperature alone is looked at.
    """
    if s[b.INFUSED_AT] < 0.0 or (s[b.DIED_AT] < 0.0 and not b.covered(s)):
        return sign(s, 0, -3.0)
    if s[b.DIED_AT] >= 0.0:
        return sign(s, 0, s[b.DIED_AT])
    fever = temperature_sign(s, p, now)
    pressors = s[o.ACTING_UNTIL] > now or s[o.RUN_SINCE] >= 0.0
    changed = sign(s, 1, fever)
    changed = sign(s, 2, 1.0 if pressors else 0.0) or changed
    if s[b.CRS_ACTIVE] == 0.0 and fever != 1.0 and not pressors:
        masked = s[b.MASKED_UNTIL] > now and any_sign(s, p)
        return sign(s, 0, -4.0 if masked else -2.0) or changed or masked
    changed = sign(s, 0, s[b.CRS_ACTIVE]) or changed
    changed = sign(s, 15, s[b.CRS_ONSET]) or changed
    changed = bedside_changed(s, p, now) or changed
    changed = organs_changed(s, p, now) or changed
    return pressors or changed or s[b.EXCUSED_LAST] >= 0.0


@kernel
def bedside_changed(s: Vector, p: Vector, now: float) -> bool:
    """The part of the signature about pressure, oxygen and what was so before, while CRS is on."""
    changed = sign(s, 3, min(number_sign(s, p, b.SYSTOLIC, now), never_low(p)))
    changed = sign(s, 4, number_sign(s, p, b.DEVICE, now)) or changed
    changed = sign(s, 5, flow_now(s, p, now)) or changed
    changed = sign(s, 6, oxygen_now(s, p, now)) or changed
    before = s[b.OWN_SYSTOLIC_AT] + s[b.HOME_FLOW_AT] + s[b.HOME_DEVICE_AT] + s[b.AGE_AT] + s[b.INFUSED_LAST]
    changed = sign(s, 7, before) or changed
    counted = b.holds(s, p, b.NEUTROPHILS, now) and s[b.NEUTROPHILS * b.WIDTH + b.VALUE] < p[b.P_NEUTROPENIA]
    changed = sign(s, 8, 1.0 if counted else 0.0) or changed
    changed = sign(s, 9, 1.0 if s[b.MASKED_AT] >= s[b.CRS_ONSET] else 0.0) or changed
    multiple = s[o.BOLUS_BEFORE] >= 0.0 and s[o.BOLUS_BEFORE] + p[o.P_BOLUS_HOURS] > now
    return sign(s, 10, s[o.BOLUS_BEFORE] if multiple else 0.0) or changed


@kernel
def organs_changed(s: Vector, p: Vector, now: float) -> bool:
    """The part of the signature about the organs."""
    changed = sign(s, 11, organ_sign(s, p, lab.CREATININE, now))
    changed = sign(s, 12, organ_sign(s, p, lab.AST, now)) or changed
    changed = sign(s, 13, organ_sign(s, p, lab.ALT, now)) or changed
    return sign(s, 14, organ_sign(s, p, lab.BILIRUBIN, now)) or changed
