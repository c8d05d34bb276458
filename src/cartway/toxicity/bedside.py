"""What the bedside last said, as one flat vector of numbers, and how one more fact changes it.

The vector is shared by every scale: each observation is absorbed once, each scale then reads what it needs. Times are
microseconds UTC held as float64, exact until the year 2255. The same functions run over a list (one course, plain
Python) and over a NumPy array (a cohort, compiled); see `kernel`.

Nothing here depends on the order of arrival: of two readings at one instant the worse stands, of two devices
likewise, of two attributions the later end.
"""

from __future__ import annotations

from collections.abc import MutableSequence

from cartway.toxicity.kernel import kernel

Vector = MutableSequence[float]

# Kinds of fact. The first are signals: readings that stand until a later one, or until they are too old.
TEMPERATURE, SYSTOLIC, DEVICE, FLOW, INSPIRED, ICE, CAPD, CONSCIOUSNESS = range(8)
SEIZURE, MOTOR, EDEMA, PRESSURE_SIGN, HEMORRHAGE, RASS, NEW_CHANGE, USUAL_BEHAVIOR, GCS, NEUTROPHILS = range(8, 18)
SIGNALS = 18
ICE_ITEM = 18  # five: orientation, naming, command, writing, attention
AGE, HOME_OXYGEN, HOME_PRESSURE, BASE_SYSTOLIC, BASE_ICE = range(23, 28)
INFUSION, DISCHARGE, DEATH, DIAGNOSED, MASKING = range(28, 33)
DRIP = 33  # drugs that run: twenty pressors, seven sedatives, opioids
PRESSORS, DRIPS = 20, 28
ATTRIBUTION = DRIP + DRIPS  # eleven, see the features below
UNREADABLE = ATTRIBUTION + 11  # a signal that arrived and could not be read: UNREADABLE + signal
KINDS = UNREADABLE + SIGNALS

# Features that an attribution excuses, in the order of their kinds.
FEVER, HYPOTENSION, HYPOXIA, POSITIVE_PRESSURE, VASOPRESSOR = range(5)
F_CONSCIOUSNESS, F_MOTOR, F_EDEMA, F_SCORE, F_SEIZURE, F_PRESSURE_SIGN = range(5, 11)
FEATURES = 11

# Devices, from the lightest support to the heaviest.
ROOM_AIR, BLOW_BY, NASAL_CANNULA, FACE_TENT, SIMPLE_MASK, VENTURI, PARTIAL_REBREATHER, NON_REBREATHER = range(8)
HIGH_FLOW, CPAP, BIPAP, BAG_MASK, INVASIVE, ECMO = range(8, 14)

# Pressors, in the order of `coding.PRESSORS`: those that count toward "multiple"; vasopressin and its analogue;
# inotropes;
# then what the consensus does not name.
COUNTED_PRESSORS = 6  # norepinephrine, epinephrine, phenylephrine, dopamine, angiotensin II, metaraminol
VASOPRESSIN, TERLIPRESSIN = 6, 7
INOTROPE, OTHER_PRESSOR = 8, 13
SEDATIVE, OPIOID = 20, 27  # see `coding.SEDATIVES`; the last sedative is any other, or a muscle relaxant

# The vector. A signal holds its value, when it was read, by which fact, and whether another cause excused it as it
# was read.
VALUE, AT, POSITION, SPOILT = range(4)
WIDTH = 4
# The five points of the ICE items of one instant; ICE_PARTIAL: the score that stands is theirs and not complete.
ITEM_VALUE = SIGNALS * WIDTH
ITEM_AT, ITEM_POSITION, ICE_PARTIAL = (ITEM_VALUE + 5 + i for i in range(3))
DEVICE_SINCE, DEVICE_BEFORE, DEVICE_BEFORE_SINCE = (ICE_PARTIAL + i for i in range(1, 4))
# What was so before the infusion: value, time, fact.
AGE_YEARS, AGE_AT = DEVICE_BEFORE_SINCE + 1, DEVICE_BEFORE_SINCE + 2
HOME_FLOW, HOME_FLOW_AT, HOME_FLOW_POSITION = (AGE_AT + i for i in range(1, 4))
HOME_DEVICE, HOME_DEVICE_AT, HOME_DEVICE_POSITION = (HOME_FLOW_POSITION + i for i in range(1, 4))
OWN_SYSTOLIC, OWN_SYSTOLIC_AT, OWN_SYSTOLIC_POSITION = (HOME_DEVICE_POSITION + i for i in range(1, 4))
OWN_ICE, OWN_ICE_AT, OWN_ICE_POSITION = (OWN_SYSTOLIC_POSITION + i for i in range(1, 4))
OWN_CAPD, OWN_CAPD_AT, OWN_CAPD_BEFORE = (OWN_ICE_POSITION + i for i in range(1, 4))
INFUSED_AT, INFUSION_POSITION, DISCHARGED_AT, RESUMED = (OWN_CAPD_BEFORE + i for i in range(1, 5))
DIED_AT, DEATH_CAUSE, DEATH_POSITION = (RESUMED + i for i in range(1, 4))
DIAGNOSED_AT, DIAGNOSED_NEWLY, DIAGNOSED_POSITION = (DEATH_POSITION + i for i in range(1, 4))
MASKED_AT, MASKED_UNTIL, MASKED_POSITION = (DIAGNOSED_POSITION + i for i in range(1, 4))
# The course of CRS: whether it is on (2 by diagnosis, no fever charted; 3 so, but a temperature read since), since
# when, whether a sign is there and the
# last
# moment it was, and the vasopressors that counted in it, as bits.
CRS_ACTIVE, CRS_ONSET, CRS_ONSET_POSITION, CRS_SIGN, CRS_SIGN_AT, CRS_PRESSORS = (
    MASKED_POSITION + i for i in range(1, 7)
)
# Seizures with no assessment between them are one event: the worst of them, the time of the latest.
SEIZURE_WORST, SEIZURE_LATEST, SEIZURE_LAST, SEIZURE_POSITION, ASSESSED_AT = (CRS_PRESSORS + i for i in range(1, 6))
DIRTY_CRS, DIRTY_ICANS, NEXT = (ASSESSED_AT + i for i in range(1, 4))
# Whether there ever was one: most courses never need the look. An event is a seizure or a finding of weakness, edema,
# raised pressure or hemorrhage.
ANY_PRESSOR, ANY_SEDATIVE, ANY_EVENT = NEXT + 1, NEXT + 2, NEXT + 3
INFUSED_LAST, CRS_AFTER = ANY_EVENT + 1, ANY_EVENT + 2  # the latest infusion; how long after it this CRS began
PRIOR = CRS_AFTER + 1  # the reading before the present one of ICE, CAPD and consciousness, as in a signal
PRIOR_PARTIAL, MASKED_THEN = PRIOR + 3 * WIDTH, PRIOR + 3 * WIDTH + 1
# Of weakness, edema and raised pressure: when the latest word that could be read said that it is there, and which fact.
FOUND_AT = MASKED_THEN + 1
FOUND_POSITION = FOUND_AT + 3
RUN_UNTIL = FOUND_POSITION + 3  # one a drip, and so on
RUN_LAST = RUN_UNTIL + DRIPS
RUN_STOPPED = RUN_LAST + DRIPS
PUSHED_AT = RUN_STOPPED + DRIPS
RUN_POSITION = PUSHED_AT + DRIPS
EXCUSED_UNTIL = RUN_POSITION + DRIPS  # one a feature, and so on
EXCUSED_POSITION = EXCUSED_UNTIL + FEATURES
EXCUSED_LEVEL = EXCUSED_POSITION + FEATURES  # how bad the sign was as it was judged; UNJUDGED until that is read
WORSE_UNTIL = EXCUSED_LEVEL + FEATURES  # the same of an attribution whose sign has got worse since: when, which fact
WORSE_AT = WORSE_UNTIL + FEATURES
WORSE_POSITION = WORSE_AT + FEATURES
EXCUSED_LAST = WORSE_POSITION + FEATURES  # the end of the last attribution: most courses have none
SIZE = EXCUSED_LAST + 1

FOREVER = 9.0e15
NEVER = -1.0
UNJUDGED = -2.0

# The policy vector (`rules.py` fills it). How long a signal holds comes first, one entry a signal.
P_VALID = 0
(
    P_FEVER, P_ROUND, P_ADULT_LIMIT, P_BASELINE_PRESSURE, P_BASELINE_FALL, P_VASOPRESSIN_ALONE, P_TERLIPRESSIN,
    P_INOTROPES, P_OTHER_PRESSORS, P_SEQUENTIAL, P_BOLUS, P_HIGH_FLOW, P_LOW_FLOW, P_HOME_PRESSURE, P_AFEBRILE,
    P_SYMPTOM_FREE, P_MASKED_ONSET, P_UNDOCUMENTED, P_LATE_ONSET, P_LATE_AFTER, P_NEUTROPENIC, P_NEUTROPENIA,
    P_ATTRIBUTION, P_UNKNOWN_AGE, P_AGE_SWITCH, P_SCORE_FOR_AGE, P_BASELINE_ICE, P_CAPD_1, P_CAPD_POSITIVE,
    P_SEDATION, P_SEDATED_RASS, P_INTUBATED, P_SEIZURE_HOLDS, P_HEMORRHAGE, P_ICE_AWAKE, P_SEDATIVE_BOLUS,
    P_MASK_ANTIPYRETIC, P_MASK_ANTI_CYTOKINE, P_MASKED_RECURRENCE, P_MASK_STEROID, P_REOPENS,
) = range(SIGNALS, SIGNALS + 41)  # fmt: skip
P_SIZE = SIGNALS + 41

# What a scale answers: the grade, what is missing, which policies decided, what it counted (days, say), then criterion
# and fact in pairs.
GRADE, MISSING, POLICIES, MEASURES = range(4)
MEASURED = 4
REASONS = MEASURES + MEASURED
COLUMN_PAIRS = 6
PAIRS = 8  # the last two tell what was attributed and is worse since: of more than two at once, two are told
SCORE = REASONS + 2 * PAIRS  # the ICE that stands, which may be the sum of its items and so in no single fact
OUT_SIZE = SCORE + 1
NOT_ASSESSABLE, NOT_COVERED = -1.0, -2.0


@kernel
def clear(s: Vector) -> None:
    """Make `s` the state before anything is known."""
    for i in range(SIZE):
        s[i] = NEVER
    s[ICE_PARTIAL] = 0.0
    s[DIRTY_CRS] = 0.0
    s[DIRTY_ICANS] = 0.0
    s[CRS_ACTIVE] = 0.0
    s[CRS_SIGN] = 0.0
    s[CRS_PRESSORS] = 0.0
    s[DIAGNOSED_NEWLY] = 0.0
    s[RESUMED] = 0.0
    s[NEXT] = FOREVER


@kernel
def worse(kind: int, value: float, than: float) -> bool:
    """Whether a reading is worse: lower for pressure, ICE, RASS, GCS and neutrophils, higher for all else."""
    if kind in (SYSTOLIC, ICE, RASS, GCS, NEUTROPHILS):
        return value < than
    return value > than


@kernel
def soon(s: Vector, moment: float) -> None:
    """Remember that the answer may change at `moment` by time alone."""
    s[NEXT] = min(s[NEXT], moment)


@kernel
def new_instant(s: Vector, p: Vector, kind: int, at: float) -> None:
    """A signal is read at a new instant: what it was before is kept for the device, whose flow belongs to it."""
    j = kind * WIDTH
    if kind == DEVICE:
        known = s[j + AT] >= 0.0 and s[j + VALUE] == s[j + VALUE]
        s[DEVICE_BEFORE] = s[j + VALUE] if known else NEVER
        s[DEVICE_BEFORE_SINCE] = s[DEVICE_SINCE]
        s[DEVICE_SINCE] = at
    if ICE <= kind <= CONSCIOUSNESS:
        for i in range(WIDTH):
            s[PRIOR + (kind - ICE) * WIDTH + i] = s[j + i]
    if kind == ICE:
        s[PRIOR_PARTIAL] = s[ICE_PARTIAL]
    s[j + AT] = at
    s[j + SPOILT] = 0.0
    soon(s, at + p[P_VALID + kind])


@kernel
def read_signal(s: Vector, p: Vector, kind: int, value: float, at: float, position: float) -> None:
    """Take one reading of a signal."""
    j = kind * WIDTH
    if at == s[j + AT]:
        if not (s[j + VALUE] != s[j + VALUE] or worse(kind, value, s[j + VALUE])):
            return
    else:
        new_instant(s, p, kind, at)
    s[j + VALUE] = value
    s[j + POSITION] = position
    if MOTOR <= kind <= PRESSURE_SIGN:
        s[FOUND_AT + kind - MOTOR] = at if value >= (2.0 if kind == MOTOR else 1.0) else NEVER
        s[FOUND_POSITION + kind - MOTOR] = position
    if kind == DEVICE:
        s[DEVICE_SINCE] = s[DEVICE_BEFORE_SINCE] if value == s[DEVICE_BEFORE] else at


@kernel
def spoil_signal(s: Vector, p: Vector, kind: int, at: float, position: float) -> None:
    """A reading that arrived and could not be read: what stood before no longer does.

    A readable one at the same instant stands.
    """
    j = kind * WIDTH
    if at > s[j + AT]:
        new_instant(s, p, kind, at)
        s[j + VALUE] = float("nan")
        s[j + POSITION] = position


@kernel
def item_points(item: int) -> float:
    """The most that an ICE item gives (Lee 2019): orientation 4, naming 3, command, writing and attention 1 each."""
    if item == 0:
        return 4.0
    if item == 1:
        return 3.0
    return 1.0


@kernel
def read_ice_item(s: Vector, p: Vector, item: int, points: float, at: float, position: float) -> None:
    """Take one ICE item. The items of one instant make a score; of two answers to one item the lower stands."""
    if at != s[ITEM_AT]:
        s[ITEM_AT] = at
        s[ITEM_POSITION] = position
        for i in range(5):
            s[ITEM_VALUE + i] = NEVER
        soon(s, at + p[P_VALID + ICE])
    held = s[ITEM_VALUE + item]
    if held < 0.0 or points < held:
        s[ITEM_VALUE + item] = points


@kernel
def run_drip(s: Vector, p: Vector, drip: int, rate: float, at: float, until: float, position: float) -> None:
    """A drug that runs: `until` ends the infusion, FOREVER while it runs, `at` itself for a push dose; rate 0 stops it.

    At one instant running wins over stopped. A push neither stops nor ends an infusion.
    """
    s[ANY_PRESSOR if drip < SEDATIVE else ANY_SEDATIVE] = 1.0
    stopped = s[RUN_STOPPED + drip] > s[RUN_LAST + drip]
    if rate == 0.0:
        if not stopped:
            s[RUN_STOPPED + drip] = at
        return
    s[RUN_POSITION + drip] = position
    if until <= at:
        s[PUSHED_AT + drip] = at
        soon(s, at + p[P_BOLUS])
        return
    before = s[RUN_UNTIL + drip]
    if (stopped and s[RUN_STOPPED + drip] < at) or before < at:
        before = NEVER
    if s[RUN_LAST + drip] < at and before >= FOREVER:
        before = NEVER  # a rate charted with its end replaces one left open
    s[RUN_UNTIL + drip] = max(before, until)
    s[RUN_LAST + drip] = at
    soon(s, s[RUN_UNTIL + drip])


@kernel
def infusing(s: Vector, drip: int, now: float) -> bool:
    """Whether an infusion of a drug runs at `now`."""
    return s[RUN_UNTIL + drip] > now and s[RUN_STOPPED + drip] <= s[RUN_LAST + drip]


@kernel
def running(s: Vector, p: Vector, drip: int, now: float) -> bool:
    """Whether a drug acts at `now`: an infusion runs, or a push dose still counts."""
    if infusing(s, drip, now):
        return True
    return s[PUSHED_AT + drip] >= 0.0 and s[PUSHED_AT + drip] + p[P_BOLUS] > now


@kernel
def excuse(s: Vector, p: Vector, feature: int, at: float, until: float, position: float) -> None:
    """A clinician attributes a feature to another cause; one left open holds for the policy's time.

    Each judges the sign anew: as it stands now is what is excused (see `judge`).
    """
    end = until if until > at else at + p[P_ATTRIBUTION]
    s[EXCUSED_LEVEL + feature] = UNJUDGED
    s[EXCUSED_LAST] = max(s[EXCUSED_LAST], end)
    if end > s[EXCUSED_UNTIL + feature]:
        s[EXCUSED_UNTIL + feature] = end
        s[EXCUSED_POSITION + feature] = position
    soon(s, end)


@kernel
def judge(s: Vector, feature: int, level: float, now: float) -> bool:
    """Hold a sign's `level` (0 where it is not there or not read), looked at as if not excused, against the level at
    which it was attributed, or else against the first seen since. Returns whether it has got worse at `now`.
    """
    if s[EXCUSED_UNTIL + feature] <= now:
        return False
    allowed = s[EXCUSED_LEVEL + feature]
    if allowed < 0.0:  # attributed at this instant, or before the sign was there
        s[EXCUSED_LEVEL + feature] = level if level > 0.0 else NEVER
        return False
    if level <= allowed:
        return False
    if s[EXCUSED_UNTIL + feature] > s[WORSE_UNTIL + feature]:
        s[WORSE_UNTIL + feature] = s[EXCUSED_UNTIL + feature]
        s[WORSE_POSITION + feature] = s[EXCUSED_POSITION + feature]
    s[WORSE_AT + feature] = now
    s[EXCUSED_UNTIL + feature] = NEVER
    return True


@kernel
def worsened(s: Vector, feature: int, now: float) -> bool:
    """Whether what would cover `feature` at `now` is only an attribution whose sign has got worse since."""
    return s[EXCUSED_UNTIL + feature] <= now < s[WORSE_UNTIL + feature]


@kernel
def excused(s: Vector, p: Vector, feature: int, now: float) -> bool:
    """Whether an attribution covers `feature` at `now`: by policy also one whose sign has got worse since."""
    return s[EXCUSED_UNTIL + feature] > now or (s[WORSE_UNTIL + feature] > now and p[P_REOPENS] == 0.0)


@kernel
def excuse_of(s: Vector, feature: int, now: float) -> float:
    """The fact by which `feature` is, or was last, excused."""
    return s[WORSE_POSITION + feature] if worsened(s, feature, now) else s[EXCUSED_POSITION + feature]


@kernel
def stands(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a signal's latest message is of the close watch (since infusion and discharge) and not too old."""
    at = s[kind * WIDTH + AT]
    if at < 0.0 or at + p[P_VALID + kind] <= now:
        return False
    return at >= s[INFUSED_AT] and at > s[DISCHARGED_AT]


@kernel
def holds(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a signal's latest message stands and could be read."""
    return stands(s, p, kind, now) and s[kind * WIDTH + VALUE] == s[kind * WIDTH + VALUE]


@kernel
def unreadable(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a signal's latest message stands but could not be read."""
    return stands(s, p, kind, now) and s[kind * WIDTH + VALUE] != s[kind * WIDTH + VALUE]


@kernel
def mark_excused(s: Vector, p: Vector, kind: int, feature: int, now: float) -> bool:
    """Whether another cause excuses the signal: covered now, or as it was read."""
    j = kind * WIDTH
    if excused(s, p, feature, now):
        if s[j + AT] == now:
            s[j + SPOILT] = 1.0
        return True
    return s[j + SPOILT] == 1.0


@kernel
def age_at(s: Vector, now: float) -> float:
    """Age in years at `now`, or NEVER."""
    if s[AGE_YEARS] < 0.0:
        return NEVER
    return s[AGE_YEARS] + (now - s[AGE_AT]) / 31556952000000.0


@kernel
def set_baseline(s: Vector, place: int, value: float, at: float, position: float, higher: bool) -> None:
    """What was so before: the later statement stands; of two at one instant the one that grades worse.

    `higher`: a higher baseline grades worse.
    """
    if at == s[place + 1] and not (value > s[place] if higher else value < s[place]):
        return
    s[place] = value
    s[place + 1] = at
    s[place + 2] = position


@kernel
def note_capd_before(s: Vector, value: float, at: float) -> None:
    """Keep the last CAPD before the infusion; one of the infusion's own instant is a reading and no baseline."""
    if at > s[OWN_CAPD_AT]:
        s[OWN_CAPD_BEFORE] = s[OWN_CAPD]
        s[OWN_CAPD] = value
        s[OWN_CAPD_AT] = at
    elif value < s[OWN_CAPD]:
        s[OWN_CAPD] = value


@kernel
def set_milestone(s: Vector, kind: int, value: float, at: float, position: float) -> None:
    """The first infusion is time zero; discharge pauses the watch until the next reading; death ends it."""
    if kind == INFUSION:
        s[INFUSED_LAST] = at
        if s[INFUSED_AT] < 0.0:
            s[INFUSED_AT] = at
            s[INFUSION_POSITION] = position
            s[MASKED_UNTIL] = s[MASKED_THEN] if s[MASKED_AT] == at else NEVER  # what was given before masks nothing
            if s[OWN_CAPD_AT] == at:
                s[OWN_CAPD] = s[OWN_CAPD_BEFORE]
    elif kind == DISCHARGE:
        s[DISCHARGED_AT] = at
        s[RESUMED] = 0.0
        for i in range(DRIPS):  # nobody goes home on a drip
            if s[RUN_LAST + i] < at and s[RUN_STOPPED + i] <= s[RUN_LAST + i]:
                s[RUN_STOPPED + i] = at
    elif s[DIED_AT] < 0.0 or (s[DIED_AT] == at and value > s[DEATH_CAUSE]):
        s[DIED_AT] = at
        s[DEATH_CAUSE] = value
        s[DEATH_POSITION] = position


@kernel
def touch(s: Vector, kind: int, at: float) -> None:
    """Note which scales a fact may change, and that a message after discharge resumes the watch."""
    reading = kind - UNREADABLE if kind >= UNREADABLE else kind
    if reading < ICE or reading == NEUTROPHILS or DRIP <= kind < DRIP + SEDATIVE:
        s[DIRTY_CRS] = 1.0
    elif reading < AGE or DRIP + SEDATIVE <= kind < ATTRIBUTION:
        s[DIRTY_ICANS] = 1.0
        if SEIZURE <= reading <= HEMORRHAGE:
            s[ANY_EVENT] = 1.0
    else:
        s[DIRTY_CRS] = 1.0
        s[DIRTY_ICANS] = 1.0
    if reading < AGE and reading != NEUTROPHILS and at > s[DISCHARGED_AT] and s[RESUMED] == 0.0:
        s[RESUMED] = 1.0
        s[DIRTY_CRS] = 1.0
        s[DIRTY_ICANS] = 1.0


@kernel
def absorb_baseline(s: Vector, kind: int, value: float, at: float, position: float) -> None:
    """Age, support at home, and the patient's own pressure and ICE. What is at home and is none is no support."""
    if kind == AGE:
        if s[AGE_YEARS] < 0.0 or at > s[AGE_AT] or value < s[AGE_YEARS]:
            s[AGE_YEARS] = value
            s[AGE_AT] = at
    elif kind == HOME_OXYGEN:
        set_baseline(s, HOME_FLOW, value, at, position, False)
    elif kind == HOME_PRESSURE:
        set_baseline(s, HOME_DEVICE, value, at, position, False)
    elif kind == BASE_SYSTOLIC:
        set_baseline(s, OWN_SYSTOLIC, value, at, position, True)
    else:
        set_baseline(s, OWN_ICE, value, at, position, True)


@kernel
def mask(s: Vector, p: Vector, strength: float, at: float, position: float) -> None:
    """A drug that may mask a fever: an antipyretic (1), a steroid (2), an anti-cytokine drug (3), each for its time."""
    until = at + p[P_MASK_ANTI_CYTOKINE]
    if strength < 3.0:
        until = at + (p[P_MASK_ANTIPYRETIC] if strength == 1.0 else p[P_MASK_STEROID])
    s[MASKED_THEN] = max(until, s[MASKED_THEN]) if at == s[MASKED_AT] else until
    s[MASKED_AT] = at
    if until > s[MASKED_UNTIL]:
        s[MASKED_UNTIL] = until
        s[MASKED_POSITION] = position
    soon(s, s[MASKED_UNTIL])


@kernel
def absorb(s: Vector, p: Vector, kind: int, value: float, at: float, until: float, position: float) -> None:
    """Take one fact into the state. Facts come in time order; within one instant in any order."""
    touch(s, kind, at)
    if kind < SIGNALS:
        if kind == CAPD and s[INFUSED_AT] < 0.0:
            note_capd_before(s, value, at)
        if kind == DEVICE and (value == INVASIVE or s[DEVICE * WIDTH + VALUE] == INVASIVE):
            s[DIRTY_ICANS] = 1.0  # a tube comes or goes
        read_signal(s, p, kind, value, at, position)
    elif kind < AGE:
        read_ice_item(s, p, kind - ICE_ITEM, value, at, position)
    elif kind < INFUSION:
        absorb_baseline(s, kind, value, at, position)
    elif kind <= DEATH:
        set_milestone(s, kind, value, at, position)
    elif kind == DIAGNOSED:
        if value > 0.0:
            s[DIAGNOSED_AT] = at
            s[DIAGNOSED_NEWLY] = 1.0
            s[DIAGNOSED_POSITION] = position
    elif kind == MASKING:
        mask(s, p, value, at, position)
    elif kind < ATTRIBUTION:
        run_drip(s, p, kind - DRIP, value, at, until, position)
    elif kind < UNREADABLE:
        excuse(s, p, kind - ATTRIBUTION, at, until, position)
    else:
        s[DIRTY_ICANS] = 1.0
        spoil_signal(s, p, kind - UNREADABLE, at, position)


@kernel
def earliest(soonest: float, moment: float, now: float) -> float:
    """The earlier of `soonest` and `moment`, where `moment` is still to come."""
    if now < moment < soonest:
        return moment
    return soonest


@kernel
def next_moment(s: Vector, p: Vector, now: float) -> float:
    """The first moment after `now` at which time alone may change an answer, or FOREVER."""
    soonest = FOREVER
    for kind in range(SIGNALS):
        if s[kind * WIDTH + AT] >= 0.0:
            soonest = earliest(soonest, s[kind * WIDTH + AT] + p[P_VALID + kind], now)
    if s[SEIZURE_LATEST] >= 0.0:
        soonest = earliest(soonest, s[SEIZURE_LATEST] + p[P_VALID + SEIZURE], now)
    if s[ANY_PRESSOR] > 0.0 or s[ANY_SEDATIVE] > 0.0:
        for i in range(DRIPS):
            soonest = earliest(soonest, s[RUN_UNTIL + i], now)
            if s[PUSHED_AT + i] >= 0.0:
                soonest = earliest(soonest, s[PUSHED_AT + i] + p[P_BOLUS], now)
    for i in range(FEATURES):
        soonest = earliest(soonest, s[EXCUSED_UNTIL + i], now)
        soonest = earliest(soonest, s[WORSE_UNTIL + i], now)
    if s[CRS_ACTIVE] > 0.0 and s[CRS_SIGN] == 0.0:
        soonest = earliest(soonest, s[CRS_SIGN_AT] + p[P_SYMPTOM_FREE], now)
    return earliest(soonest, s[MASKED_UNTIL], now)


@kernel
def covered(s: Vector) -> bool:
    """Whether the close watch is on: infused, not discharged (or heard of again since)."""
    return s[INFUSED_AT] >= 0.0 and (s[DISCHARGED_AT] < 0.0 or s[RESUMED] > 0.0)


@kernel
def say(out: Vector, pair: int, criterion: int, position: float) -> None:
    """Write one reason: the criterion met and the fact that met it."""
    out[REASONS + 2 * pair] = criterion
    out[REASONS + 2 * pair + 1] = position


@kernel
def tell_worse(s: Vector, p: Vector, feature: int, now: float, criterion: int, out: Vector) -> bool:
    """Whether `feature`, which is there, was attributed and is worse since. Where that reopens it, says so."""
    if not worsened(s, feature, now):
        return False
    if p[P_REOPENS] > 0.0:
        first = COLUMN_PAIRS if out[REASONS + 2 * COLUMN_PAIRS] == 0.0 else COLUMN_PAIRS + 1
        say(out, first, criterion, s[WORSE_POSITION + feature])
    return True


@kernel
def flag(out: Vector, place: int, bit: int) -> None:
    """Set one bit of `out[MISSING]` or `out[POLICIES]`."""
    if (int(out[place]) >> bit) & 1 == 0:
        out[place] += float(1 << bit)


@kernel
def blank(out: Vector) -> None:
    """Empty the answer."""
    for i in range(OUT_SIZE):
        out[i] = 0.0


def same_answer(a: Vector, b: Vector) -> bool:
    """Whether two answers are one: the same grade, the same missing, policies and measures."""
    return a[:REASONS] == b[:REASONS]
