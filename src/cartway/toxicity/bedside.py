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
SEIZURE, MOTOR, EDEMA, PRESSURE_SIGN, HEMORRHAGE, RASS, NEW_CHANGE, USUAL_BEHAVIOR, NEUTROPHILS = range(8, 17)
SIGNALS = 17
ICE_ITEM = 17  # five: orientation, naming, command, writing, attention
AGE, HOME_OXYGEN, HOME_PRESSURE, BASE_SYSTOLIC, BASE_ICE = range(22, 27)
INFUSION, DISCHARGE, DEATH, DIAGNOSED, MASKING = range(27, 32)
DRIP = 32  # eighteen drugs that run: twelve pressors, six sedatives
PRESSORS, DRIPS = 12, 18
ATTRIBUTION = 50  # eleven, see the features below
UNREADABLE = 61  # a signal that arrived and could not be read: UNREADABLE + signal
KINDS = UNREADABLE + SIGNALS

# Features that an attribution excuses, in the order of their kinds.
FEVER, HYPOTENSION, HYPOXIA, POSITIVE_PRESSURE, VASOPRESSOR = range(5)
F_CONSCIOUSNESS, F_MOTOR, F_EDEMA, F_SCORE, F_SEIZURE, F_PRESSURE_SIGN = range(5, 11)
FEATURES = 11

# Devices, from the lightest support to the heaviest.
ROOM_AIR, BLOW_BY, NASAL_CANNULA, FACE_TENT, SIMPLE_MASK, VENTURI, PARTIAL_REBREATHER, NON_REBREATHER = range(8)
HIGH_FLOW, CPAP, BIPAP, BAG_MASK, INVASIVE, ECMO = range(8, 14)

# Pressors: the first five count toward "multiple"; then vasopressin and its analogue; inotropes; and what the
# consensus does not name.
COUNTED_PRESSORS = 5  # norepinephrine, epinephrine, phenylephrine, dopamine, angiotensin II
VASOPRESSIN, TERLIPRESSIN = 5, 6
INOTROPE, OTHER_PRESSOR = 7, 9  # dobutamine, milrinone; methylene blue, midodrine, ephedrine
SEDATIVE = 12  # propofol, dexmedetomidine, midazolam, lorazepam, ketamine, any other drug charted as sedation

# The vector. A signal holds its value, when it was read, by which fact, and whether another cause excused it as it
# was read.
VALUE, AT, POSITION, SPOILT = range(4)
WIDTH = 4
ITEM_VALUE = SIGNALS * WIDTH  # five points, all of one instant
ITEM_AT, ITEM_POSITION, ITEM_SPOILT = ITEM_VALUE + 5, ITEM_VALUE + 6, ITEM_VALUE + 7
DEVICE_SINCE, DEVICE_BEFORE, DEVICE_BEFORE_SINCE = (ITEM_SPOILT + i for i in range(1, 4))
AGE_YEARS, AGE_AT, HOME_FLOW, HOME_FLOW_POSITION = (DEVICE_BEFORE_SINCE + i for i in range(1, 5))
HOME_DEVICE, BASELINE_SYSTOLIC, BASELINE_ICE, BASELINE_CAPD = (HOME_FLOW_POSITION + i for i in range(1, 5))
INFUSED_AT, DISCHARGED_AT, RESUMED, DIED_AT, DEATH_CAUSE, DEATH_POSITION = (BASELINE_CAPD + i for i in range(1, 7))
DIAGNOSED_AT, DIAGNOSED_POSITION, MASKED_AT, MASKED_POSITION = (DEATH_POSITION + i for i in range(1, 5))
CRS_ACTIVE, CRS_ONSET, CRS_ONSET_POSITION, CRS_SIGN, CRS_SIGN_AT = (MASKED_POSITION + i for i in range(1, 6))
DIRTY_CRS, DIRTY_ICANS, NEXT = CRS_SIGN_AT + 1, CRS_SIGN_AT + 2, CRS_SIGN_AT + 3
INFUSION_POSITION, BASE_SYSTOLIC_POSITION, BASE_ICE_POSITION = NEXT + 1, NEXT + 2, NEXT + 3
ANY_PRESSOR, ANY_SEDATIVE = NEXT + 4, NEXT + 5  # whether one was ever given: most courses never need the look
RUN_UNTIL = ANY_SEDATIVE + 1  # one a drip, and so on
RUN_SINCE = RUN_UNTIL + DRIPS
RUN_LAST = RUN_SINCE + DRIPS
RUN_STOPPED = RUN_LAST + DRIPS
RUN_POSITION = RUN_STOPPED + DRIPS
EXCUSED_UNTIL = RUN_POSITION + DRIPS  # one a feature
EXCUSED_POSITION = EXCUSED_UNTIL + FEATURES
SIZE = EXCUSED_POSITION + FEATURES

FOREVER = 9.0e15
NEVER = -1.0

# The policy vector (`rules.py` fills it). How long a signal holds comes first, one entry a signal.
P_VALID = 0
(
    P_FEVER, P_ROUND, P_ADULT_LIMIT, P_BASELINE_PRESSURE, P_BASELINE_FALL, P_VASOPRESSIN_ALONE, P_TERLIPRESSIN,
    P_INOTROPES, P_OTHER_PRESSORS, P_SEQUENTIAL, P_BOLUS, P_HIGH_FLOW, P_LOW_FLOW, P_HOME_PRESSURE, P_AFEBRILE,
    P_SYMPTOM_FREE, P_MASKED_ONSET, P_UNDOCUMENTED, P_LATE_ONSET, P_LATE_AFTER, P_NEUTROPENIC, P_NEUTROPENIA,
    P_ATTRIBUTION, P_UNKNOWN_AGE, P_AGE_SWITCH, P_SCORE_FOR_AGE, P_BASELINE_ICE, P_CAPD_1, P_CAPD_POSITIVE,
    P_SEDATION, P_SEDATED_RASS, P_INTUBATED, P_SEIZURE_HOLDS, P_HEMORRHAGE, P_ICE_AWAKE,
) = range(SIGNALS, SIGNALS + 35)  # fmt: skip
P_SIZE = SIGNALS + 35

# What a scale answers: the grade, what is missing, which policies decided, then criterion and fact in pairs.
GRADE, MISSING, POLICIES, REASONS = range(4)
PAIRS = 6
OUT_SIZE = REASONS + 2 * PAIRS
NOT_ASSESSABLE, NOT_COVERED = -1.0, -2.0


@kernel
def clear(s: Vector) -> None:
    """Make `s` the state before anything is known."""
    for i in range(SIZE):
        s[i] = NEVER
    s[DIRTY_CRS] = 0.0
    s[DIRTY_ICANS] = 0.0
    s[CRS_ACTIVE] = 0.0
    s[CRS_SIGN] = 0.0
    s[RESUMED] = 0.0
    s[NEXT] = FOREVER


@kernel
def worse(kind: int, value: float, than: float) -> bool:
    """Whether a reading is worse: lower for pressure, ICE, RASS and neutrophils, higher for all else."""
    if kind in (SYSTOLIC, ICE, RASS, NEUTROPHILS):
        return value < than
    return value > than


@kernel
def soon(s: Vector, moment: float) -> None:
    """Remember that the answer may change at `moment` by time alone."""
    s[NEXT] = min(s[NEXT], moment)


@kernel
def read_signal(s: Vector, p: Vector, kind: int, value: float, at: float, position: float) -> None:
    """Take one reading of a signal."""
    j = kind * WIDTH
    if at == s[j + AT]:
        if not (s[j + VALUE] != s[j + VALUE] or worse(kind, value, s[j + VALUE])):
            return
    elif kind == DEVICE:
        s[DEVICE_BEFORE] = s[j + VALUE] if s[j + AT] >= 0.0 else NEVER
        s[DEVICE_BEFORE_SINCE] = s[DEVICE_SINCE]
    s[j + VALUE] = value
    s[j + AT] = at
    s[j + POSITION] = position
    s[j + SPOILT] = 0.0
    if kind == DEVICE:
        s[DEVICE_SINCE] = s[DEVICE_BEFORE_SINCE] if value == s[DEVICE_BEFORE] else at
    soon(s, at + p[P_VALID + kind])


@kernel
def spoil_signal(s: Vector, kind: int, at: float, position: float) -> None:
    """A reading that arrived and could not be read: what stood before no longer does. A readable one at the same
    instant stands.
    """
    j = kind * WIDTH
    if at > s[j + AT]:
        s[j + VALUE] = float("nan")
        s[j + AT] = at
        s[j + POSITION] = position
        s[j + SPOILT] = 0.0


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
        s[ITEM_SPOILT] = 0.0
        for i in range(5):
            s[ITEM_VALUE + i] = NEVER
        soon(s, at + p[P_VALID + ICE])
    held = s[ITEM_VALUE + item]
    if held < 0.0 or points < held:
        s[ITEM_VALUE + item] = points


@kernel
def run_drip(s: Vector, p: Vector, drip: int, rate: float, at: float, until: float, position: float) -> None:
    """A drug that runs: `until` is the end of the infusion, FOREVER while it runs, `at` itself for a push dose; rate
    0 stops it.

    A push dose is taken to act for the policy's time. At one instant running wins over stopped.
    """
    s[ANY_PRESSOR if drip < SEDATIVE else ANY_SEDATIVE] = 1.0
    stopped = s[RUN_STOPPED + drip] > s[RUN_LAST + drip]
    if rate == 0.0:
        if not stopped:
            s[RUN_STOPPED + drip] = at
        return
    stopped = stopped and s[RUN_STOPPED + drip] < at
    end = until if until > at else at + p[P_BOLUS]
    before = s[RUN_UNTIL + drip]
    if stopped or before < at:
        s[RUN_SINCE + drip] = at
        before = NEVER
    if s[RUN_LAST + drip] < at and before >= FOREVER:
        before = NEVER  # a rate charted with its end replaces one left open
    s[RUN_UNTIL + drip] = max(before, end)
    s[RUN_LAST + drip] = at
    s[RUN_POSITION + drip] = position
    soon(s, s[RUN_UNTIL + drip])


@kernel
def running(s: Vector, drip: int, now: float) -> bool:
    """Whether a drug runs at `now`."""
    return s[RUN_UNTIL + drip] > now and s[RUN_STOPPED + drip] <= s[RUN_LAST + drip]


@kernel
def excuse(s: Vector, p: Vector, feature: int, at: float, until: float, position: float) -> None:
    """A clinician attributes a feature to another cause; one left open holds for the policy's time."""
    end = until if until > at else at + p[P_ATTRIBUTION]
    if end > s[EXCUSED_UNTIL + feature]:
        s[EXCUSED_UNTIL + feature] = end
        s[EXCUSED_POSITION + feature] = position
    soon(s, end)


@kernel
def excused(s: Vector, feature: int, now: float) -> bool:
    """Whether an attribution covers `feature` at `now`."""
    return s[EXCUSED_UNTIL + feature] > now


@kernel
def holds(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a signal was read since the infusion (and since discharge), can be read, and is not too old at `now`."""
    j = kind * WIDTH
    at = s[j + AT]
    if at < 0.0 or at + p[P_VALID + kind] <= now or s[j + VALUE] != s[j + VALUE]:
        return False
    return at >= s[INFUSED_AT] and at > s[DISCHARGED_AT]


@kernel
def mark_spoilt(s: Vector, kind: int, feature: int, now: float) -> bool:
    """Whether another cause excuses the signal: covered now, or as it was read (a score taken under sedation stays
    so).
    """
    j = kind * WIDTH
    if excused(s, feature, now):
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
def set_baseline(s: Vector, kind: int, value: float, position: float) -> None:
    """What was so before the infusion; of two statements the later one stands (they arrive in time order)."""
    if kind == HOME_OXYGEN:
        s[HOME_FLOW] = value
        s[HOME_FLOW_POSITION] = position
    elif kind == HOME_PRESSURE:
        s[HOME_DEVICE] = value
        s[HOME_FLOW_POSITION] = position
    elif kind == BASE_SYSTOLIC:
        s[BASELINE_SYSTOLIC] = value
        s[BASE_SYSTOLIC_POSITION] = position
    else:
        s[BASELINE_ICE] = value
        s[BASE_ICE_POSITION] = position


@kernel
def set_milestone(s: Vector, kind: int, value: float, at: float, position: float) -> None:
    """The first infusion is time zero; discharge pauses the watch until the next reading; death ends it."""
    if kind == INFUSION:
        if s[INFUSED_AT] < 0.0:
            s[INFUSED_AT] = at
            s[INFUSION_POSITION] = position
    elif kind == DISCHARGE:
        s[DISCHARGED_AT] = at
        s[RESUMED] = 0.0
    elif s[DIED_AT] < 0.0 or (s[DIED_AT] == at and value > s[DEATH_CAUSE]):
        s[DIED_AT] = at
        s[DEATH_CAUSE] = value
        s[DEATH_POSITION] = position


@kernel
def touch(s: Vector, kind: int, at: float) -> None:
    """Note which scales a fact may change, and that a reading after discharge resumes the watch."""
    if kind < ICE or kind == NEUTROPHILS or DRIP <= kind < DRIP + SEDATIVE:
        s[DIRTY_CRS] = 1.0
    elif kind < AGE or DRIP + SEDATIVE <= kind < ATTRIBUTION:
        s[DIRTY_ICANS] = 1.0
    else:
        s[DIRTY_CRS] = 1.0
        s[DIRTY_ICANS] = 1.0
    if kind < AGE and kind != NEUTROPHILS and at > s[DISCHARGED_AT] and s[RESUMED] == 0.0:
        s[RESUMED] = 1.0
        s[DIRTY_CRS] = 1.0
        s[DIRTY_ICANS] = 1.0


@kernel
def absorb(s: Vector, p: Vector, kind: int, value: float, at: float, until: float, position: float) -> None:
    """Take one fact into the state. Facts come in time order; within one instant in any order."""
    touch(s, kind, at)
    if kind < SIGNALS:
        if kind == CAPD and s[INFUSED_AT] < 0.0:
            s[BASELINE_CAPD] = value
        read_signal(s, p, kind, value, at, position)
    elif kind < AGE:
        read_ice_item(s, p, kind - ICE_ITEM, value, at, position)
    elif kind == AGE:
        s[AGE_YEARS] = value
        s[AGE_AT] = at
    elif kind <= BASE_ICE:
        set_baseline(s, kind, value, position)
    elif kind <= DEATH:
        set_milestone(s, kind, value, at, position)
    elif kind == DIAGNOSED:
        s[DIAGNOSED_AT] = at if value > 0.0 else NEVER
        s[DIAGNOSED_POSITION] = position
    elif kind == MASKING:
        s[MASKED_AT] = at
        s[MASKED_POSITION] = position
    elif kind < ATTRIBUTION:
        run_drip(s, p, kind - DRIP, value, at, until, position)
    elif kind < UNREADABLE:
        excuse(s, p, kind - ATTRIBUTION, at, until, position)
    else:
        spoil_signal(s, kind - UNREADABLE, at, position)


@kernel
def next_moment(s: Vector, p: Vector, now: float) -> float:
    """The first moment after `now` at which time alone may change an answer, or FOREVER."""
    soonest = FOREVER
    for kind in range(SIGNALS):
        moment = s[kind * WIDTH + AT] + p[P_VALID + kind]
        if s[kind * WIDTH + AT] >= 0.0 and now < moment < soonest:
            soonest = moment
    moment = s[ITEM_AT] + p[P_VALID + ICE]
    if s[ITEM_AT] >= 0.0 and now < moment < soonest:
        soonest = moment
    for i in range(DRIPS):
        if now < s[RUN_UNTIL + i] < soonest:
            soonest = s[RUN_UNTIL + i]
    for i in range(FEATURES):
        if now < s[EXCUSED_UNTIL + i] < soonest:
            soonest = s[EXCUSED_UNTIL + i]
    moment = s[CRS_SIGN_AT] + p[P_SYMPTOM_FREE]
    if s[CRS_ACTIVE] > 0.0 and s[CRS_SIGN] == 0.0 and now < moment < soonest:
        soonest = moment
    return soonest


@kernel
def covered(s: Vector) -> bool:
    """Whether the close watch is on: infused, not discharged (or read again since)."""
    return s[INFUSED_AT] >= 0.0 and (s[DISCHARGED_AT] < 0.0 or s[RESUMED] > 0.0)


@kernel
def say(out: Vector, pair: int, criterion: int, position: float) -> None:
    """Write one reason: the criterion met and the fact that met it."""
    out[REASONS + 2 * pair] = criterion
    out[REASONS + 2 * pair + 1] = position


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


@kernel
def same_answer(a: Vector, b: Vector) -> bool:
    """Whether two answers make one episode: the same grade, the same things missing, the same policies."""
    return a[GRADE] == b[GRADE] and a[MISSING] == b[MISSING] and a[POLICIES] == b[POLICIES]
