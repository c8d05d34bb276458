"""Vasopressors by their dose, high or low, and by how long they have been needed.

High-dose limits as printed with Lee DW, Gardner R, Porter DL, et al. Blood 2014;124(2):188-195 and Porter D, Frey N,
Wood PA, et al. J Hematol Oncol 2018;11:35, each for 3 hours or more (not confirmed from the papers themselves):

| given                                    | high dose                                                        |
|------------------------------------------|------------------------------------------------------------------|
| norepinephrine                           | 20 ug/min or more, or 0.2 ug/kg/min where charted per kilogram   |
| epinephrine                              | 10 ug/min or more                                                |
| phenylephrine                            | 200 ug/min or more                                               |
| dopamine                                 | 10 ug/kg/min or more                                             |
| with vasopressin                         | norepinephrine equivalent of 10 ug/min or more                   |
| two or more, vasopressin not among them  | norepinephrine equivalent of 20 ug/min or more                   |

Norepinephrine equivalent in ug/min (VASST, Russell JA, et al. N Engl J Med 2008;358:877-887): norepinephrine +
epinephrine + dopamine [ug/kg/min] / 2 + phenylephrine / 10. Nothing is published for the other drugs: a policy.
"""

from __future__ import annotations

from cartway.times import HOUR
from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity import older_state as o
from cartway.toxicity.bedside import Vector
from cartway.toxicity.crs import counts_as_pressor
from cartway.toxicity.kernel import kernel

DAY_HOURS = 24.0 * HOUR  # MSKCC: less than 24 hours, or 24 and more
ALMOST = 1.0 - 1.0e-9  # limits are inclusive; a rate turned into another unit may miss them by a rounding


@kernel
def absorb_dose(s: Vector, p: Vector, drip: int, dose: float, at: float, until: float, position: float) -> None:
    """Keep the rate of an infusion; of two at one instant the higher. A push has a dose but no rate, a stop neither."""
    s[o.ACTING_UNTIL] = max(s[o.ACTING_UNTIL], until, at + p[b.P_BOLUS])
    if drip >= o.DOSED or until <= at or dose == 0.0:
        return
    if at == s[o.DOSE_AT + drip]:
        dose = max(dose, s[o.DOSE + drip])
    s[o.DOSE + drip] = dose
    s[o.DOSE_AT + drip] = at


@kernel
def absorb_bolus(s: Vector, p: Vector, at: float, position: float) -> None:
    """A fluid bolus: the last two are kept, which is all that "multiple" asks."""
    if s[o.BOLUS_AT] >= 0.0:
        b.soon(s, s[o.BOLUS_AT] + p[o.P_BOLUS_HOURS])
    s[o.BOLUS_BEFORE] = s[o.BOLUS_AT]
    s[o.BOLUS_AT] = at
    s[o.BOLUS_POSITION] = position


@kernel
def per_minute(s: Vector, drip: int) -> float:
    """A running dose in ug/min, or NEVER where it or the weight that it needs is not told."""
    dose = s[o.DOSE + drip]
    if dose >= lab.PER_KG_LIMIT:
        return dose - lab.PER_KG_LIMIT
    weight = s[lab.place_of(lab.WEIGHT) + b.VALUE]
    return dose * weight if dose >= 0.0 and weight > 0.0 else b.NEVER


@kernel
def per_kilogram(s: Vector, drip: int) -> float:
    """A running dose in ug/kg/min, or NEVER."""
    dose = s[o.DOSE + drip]
    if dose < lab.PER_KG_LIMIT:
        return dose
    weight = s[lab.place_of(lab.WEIGHT) + b.VALUE]
    return (dose - lab.PER_KG_LIMIT) / weight if weight > 0.0 else b.NEVER


@kernel
def norepinephrine_share(s: Vector, p: Vector, out: Vector) -> float:
    """Norepinephrine as a share of its high dose: as it is charted, or by policy always per minute. Says where the two
    part.
    """
    minute = per_minute(s, o.NOREPINEPHRINE) / 20.0
    dose = s[o.DOSE + o.NOREPINEPHRINE]
    if dose < 0.0 or dose >= lab.PER_KG_LIMIT:
        return minute
    charted = dose / 0.2
    if minute < 0.0 or (minute >= ALMOST) != (charted >= ALMOST):
        b.flag(out, b.POLICIES, o.B_NOREPINEPHRINE)
    return charted if p[o.P_NOREPINEPHRINE] > 0.0 else minute


@kernel
def high_share(s: Vector, p: Vector, drip: int, out: Vector) -> float:
    """A drug's running dose as a share of its high dose, or below 0 where it is not told."""
    if drip == o.NOREPINEPHRINE:
        return norepinephrine_share(s, p, out)
    if drip == o.EPINEPHRINE:
        return per_minute(s, drip) / 10.0
    if drip == o.PHENYLEPHRINE:
        return per_minute(s, drip) / 200.0
    return per_kilogram(s, drip) / 10.0


@kernel
def equivalent(s: Vector, drip: int) -> float:
    """A drug's running dose as norepinephrine in ug/min, or below 0 where it is not told."""
    if drip == o.DOPAMINE:
        return per_kilogram(s, drip) / 2.0
    return per_minute(s, drip) / (10.0 if drip == o.PHENYLEPHRINE else 1.0)


@kernel
def dose_class(s: Vector, p: Vector, now: float, out: Vector) -> float:
    """The dose of what infuses at `now`: none, low, high, or not told by the dose or by the weight."""
    count = 0
    analogue, undefined, untold, weightless, partless = False, False, False, False, False
    share, total = 0.0, 0.0
    for drip in range(o.DOSED):
        if not b.infusing(s, drip, now):
            continue
        if drip >= b.VASOPRESSIN:
            analogue = True
            continue
        count += 1
        if drip > o.DOPAMINE:
            undefined = True
            continue
        one, part = high_share(s, p, drip, out), equivalent(s, drip)
        share = max(share, one)
        total += max(part, 0.0)
        untold = untold or s[o.DOSE + drip] < 0.0
        weightless = weightless or one < 0.0
        partless = partless or part < 0.0
    weightless = weightless or (partless and (count > 1 or analogue))
    return dose_verdict(p, count, analogue, undefined, untold, weightless, share, total, out)


@kernel
def dose_verdict(
    p: Vector, count: int, analogue: bool, undefined: bool, untold: bool, weightless: bool, share: float,
    total: float, out: Vector,
) -> float:  # fmt: skip
    """The class of a dose: high by one drug or by all together; what is not told may be high."""
    if count == 0 and not analogue:
        return o.DOSE_NONE
    b.flag(out, b.POLICIES, o.B_HIGH_DOSE)
    together = (analogue and count > 0 and total >= 10.0 * ALMOST) or (count > 1 and total >= 20.0 * ALMOST)
    if share >= ALMOST or together:
        return o.DOSE_HIGH
    if untold:
        return o.DOSE_UNTOLD
    if weightless:
        return o.WEIGHT_UNTOLD
    if undefined or count == 0:
        b.flag(out, b.POLICIES, o.B_UNDEFINED_DOSE)
        return o.DOSE_HIGH if p[o.P_UNDEFINED_DOSE] > 0.0 else o.DOSE_LOW
    return o.DOSE_LOW


@kernel
def since(s: Vector, place: int, held: bool, now: float) -> float:
    """For how long something has held without a pause; the time since when is kept at `place`."""
    if not held:
        s[place] = b.NEVER
        return 0.0
    if s[place] < 0.0:
        s[place] = now
    return now - s[place]


@kernel
def look_at_dose(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """The class of the dose, once it has lasted: a high one counts as such after the policy's hours, as low before."""
    charted = dose_class(s, p, now, out)
    wait = p[o.P_HIGH_DOSE]
    high = since(s, o.HIGH_SINCE, charted == o.DOSE_HIGH, now)
    maybe = since(s, o.MAYBE_SINCE, charted >= o.DOSE_HIGH, now)
    if s[o.HIGH_SINCE] >= 0.0 and high < wait:
        b.soon(s, s[o.HIGH_SINCE] + wait)
    if s[o.MAYBE_SINCE] >= 0.0 and maybe < wait:
        b.soon(s, s[o.MAYBE_SINCE] + wait)
    if charted == o.DOSE_HIGH and high < wait:
        charted = o.DOSE_LOW if maybe < wait else o.DOSE_UNTOLD
    elif charted > o.DOSE_HIGH and maybe < wait:
        charted = o.DOSE_LOW
    s[o.DOSE_CLASS] = charted


@kernel
def acting(s: Vector, p: Vector, now: float, out: Vector) -> bool:
    """Whether any vasopressor acts, vasopressin and its analogue among them. Notes where no such drug acts at all."""
    acts, any_drug = False, False
    for drip in range(b.PRESSORS):
        if b.running(s, p, drip, now):
            any_drug = True
            acts = acts or drip in (b.VASOPRESSIN, b.TERLIPRESSIN) or counts_as_pressor(p, drip, out)
    if not any_drug:
        s[o.ACTING_UNTIL] = b.NEVER
    return acts


@kernel
def end_run(s: Vector, until: float) -> None:
    """A run of vasopressors is over: its time is kept."""
    if s[o.RUN_SINCE] >= 0.0:
        s[o.RUN_BEFORE] = max(s[o.RUN_BEFORE], 0.0) + until - s[o.RUN_SINCE]
    s[o.RUN_SINCE] = b.NEVER


@kernel
def end_at_discharge(s: Vector) -> None:
    """Nobody goes home on a drip: what ran then has ended there, though nobody looked."""
    if 0.0 <= s[o.RUN_SINCE] < s[b.DISCHARGED_AT]:
        end_run(s, s[b.DISCHARGED_AT])
        s[o.HIGH_SINCE] = b.NEVER
        s[o.MAYBE_SINCE] = b.NEVER
        s[o.MANY_SINCE] = b.NEVER


@kernel
def look_at_time(s: Vector, p: Vector, now: float, out: Vector) -> None:
    """Whether vasopressors have been needed for 24 hours: without a pause, or by policy in all in this CRS."""
    if s[o.RUN_ONSET] != s[b.CRS_ONSET]:
        s[o.RUN_ONSET] = s[b.CRS_ONSET]
        s[o.RUN_BEFORE] = 0.0
    acts = acting(s, p, now, out)
    if not acts:
        end_run(s, now)
    lasts = since(s, o.RUN_SINCE, acts, now)
    before = max(s[o.RUN_BEFORE], 0.0)
    out[b.POLICIES] = 0.0
    s[o.LASTING] = 0.0
    if not acts:
        return
    if lasts >= DAY_HOURS:
        s[o.LASTING] = 1.0
        return
    b.soon(s, s[o.RUN_SINCE] + DAY_HOURS)
    if lasts + before >= DAY_HOURS:
        b.flag(out, b.POLICIES, o.B_PRESSOR_TIME)
        s[o.LASTING] = p[o.P_PRESSOR_TIME]
    else:
        b.soon(s, s[o.RUN_SINCE] + DAY_HOURS - before)


@kernel
def older_moment(s: Vector, p: Vector, now: float, soonest: float) -> float:
    """The first moment after `now` at which time alone may change an older scale, if that is before `soonest`.

    That is what has lasted; what a reading or a laboratory value does by growing old is found with it.
    """
    if s[o.HIGH_SINCE] >= 0.0:
        soonest = b.earliest(soonest, s[o.HIGH_SINCE] + p[o.P_HIGH_DOSE], now)
    if s[o.MAYBE_SINCE] >= 0.0:
        soonest = b.earliest(soonest, s[o.MAYBE_SINCE] + p[o.P_HIGH_DOSE], now)
    if s[o.RUN_SINCE] >= 0.0:
        soonest = b.earliest(soonest, s[o.RUN_SINCE] + DAY_HOURS, now)
        soonest = b.earliest(soonest, s[o.RUN_SINCE] + DAY_HOURS - max(s[o.RUN_BEFORE], 0.0), now)
    if s[o.BOLUS_BEFORE] >= 0.0:
        soonest = b.earliest(soonest, s[o.BOLUS_BEFORE] + p[o.P_BOLUS_HOURS], now)
    return soonest
