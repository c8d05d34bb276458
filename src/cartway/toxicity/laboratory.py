"""What the laboratory and the notes last said: the part of the state vector that the further scales read.

It follows the bedside's part in the one vector. A value stands until a newer one, or until it is too old; of two at one
instant the worse stands. The last value up to the infusion is kept as the patient's own.
"""

from __future__ import annotations

from cartway.toxicity import bedside as b
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

# Kinds of fact, after those of the bedside.
FIRST = b.KINDS
(
    NEUTROPHILS, PLATELETS, LEUKOCYTES, LYMPHOCYTES, HEMOGLOBIN, FIBRINOGEN, CALCIUM, FERRITIN, AST, ALT, BILIRUBIN,
    LDH, TRIGLYCERIDES, URIC_ACID, POTASSIUM, PHOSPHATE, CREATININE, CRP, WEIGHT,
) = range(FIRST, FIRST + 19)  # fmt: skip
VALUES = 19
LOWER_IS_WORSE = CALCIUM  # up to this kind a lower value is worse, and the limit kept is the laboratory's lower one
COUNTS_END = HEMOGLOBIN
NOTED = FIRST + VALUES
(
    IEC_CONTEXT, ARRHYTHMIA, FLUID_BOLUS, PROGRESSION, NEXT_THERAPY, LAST_FOLLOW_UP, PLATELET_TRANSFUSION,
    LYMPHODEPLETION,
) = range(NOTED, NOTED + 8)  # fmt: skip
NOTES = 8
END = NOTED + NOTES

# A value's slots, after the four of a signal (`bedside.VALUE` and on; SPOILT is not used).
LIMIT, BASE, BASE_AT, BASE_POSITION = range(4, 8)
WIDTH = 8
# A note's slots: what it last said, when, which fact, and when it was first said.
SAID, SAID_AT, SAID_POSITION, SAID_FIRST = range(4)

START = b.SIZE
NOTES_START = START + VALUES * WIDTH
DIRTY_OLDER, DIRTY_COUNTS, DIRTY_CHEMISTRY = (NOTES_START + NOTES * 4 + i for i in range(3))
CRS_NOW, CRS_WORST, CRS_WORST_AT, CRS_CHANGED_AT, WOKEN_AT = (DIRTY_CHEMISTRY + i for i in range(1, 6))
PRIVATE_ICAHT = WOKEN_AT + 1
PRIVATE_OLDER = PRIVATE_ICAHT + 700
PRIVATE_IEC_HS = PRIVATE_OLDER + 80
PRIVATE_TLS = PRIVATE_IEC_HS + 28
SIZE = PRIVATE_TLS + 20

# Policies, after the bedside's. P_FURTHER: whether the further scales are asked for at all.
P_VALID, P_FURTHER = b.P_SIZE, b.P_SIZE + 1
P_ICAHT = P_FURTHER + 1
P_OLDER = P_ICAHT + 12
P_IEC_HS = P_OLDER + 20
P_TLS = P_IEC_HS + 10
P_CYTOPENIAS = P_TLS + 8
P_SIZE = P_CYTOPENIAS + 6

PER_KG_LIMIT = 1.0e6  # a vasopressor's dose below it is per kilogram; see `dose_of`
UNTOLD = 1.0e12  # and from here on its unit was not told


@kernel
def clear_all(s: Vector) -> None:
    """Make `s` the state before anything is known, of the bedside and the laboratory."""
    b.clear(s)
    for i in range(START, SIZE):
        s[i] = b.NEVER
    s[DIRTY_OLDER] = 0.0
    s[DIRTY_COUNTS] = 0.0
    s[DIRTY_CHEMISTRY] = 0.0


@kernel
def place_of(kind: int) -> int:
    """Where a value's slots begin."""
    return START + (kind - FIRST) * WIDTH


@kernel
def note_of(kind: int) -> int:
    """Where a note's slots begin."""
    return NOTES_START + (kind - NOTED) * 4


@kernel
def value_holds(s: Vector, p: Vector, kind: int, now: float) -> bool:
    """Whether a value could be read, was taken since the infusion and is not too old."""
    j = place_of(kind)
    if s[j + b.AT] < 0.0 or not readable(s[j + b.VALUE]):
        return False
    return s[j + b.AT] >= s[b.INFUSED_AT] and s[j + b.AT] + p[P_VALID] > now


@kernel
def readable(value: float) -> bool:
    """Whether a value is a number; NaN stands for one that could not be read."""
    return abs(value) < 1.0e300


@kernel
def worse_of(kind: int, value: float, than: float) -> bool:
    """Whether a laboratory value is worse than another of its kind; one that could not be read is no value."""
    if not readable(than):
        return readable(value)
    return value < than if kind <= LOWER_IS_WORSE else value > than


@kernel
def read_value(s: Vector, p: Vector, kind: int, value: float, limit: float, moment: float, position: float) -> None:
    """Take one laboratory value; NaN is one that arrived and could not be read."""
    j = place_of(kind)
    if limit >= 0.0:
        s[j + LIMIT] = limit
    if moment == s[j + b.AT] and not worse_of(kind, value, s[j + b.VALUE]):
        return
    s[j + b.VALUE] = value
    s[j + b.AT] = moment
    s[j + b.POSITION] = position
    b.soon(s, moment + p[P_VALID])
    if (s[b.INFUSED_AT] < 0.0 or moment <= s[b.INFUSED_AT]) and readable(value):
        s[j + BASE] = value
        s[j + BASE_AT] = moment
        s[j + BASE_POSITION] = position


@kernel
def note(s: Vector, kind: int, value: float, moment: float, position: float) -> None:
    """Take what was noted; of two at one instant the larger stands."""
    j = note_of(kind)
    if s[j + SAID_FIRST] < 0.0:
        s[j + SAID_FIRST] = moment
    if moment == s[j + SAID_AT] and value <= s[j + SAID]:
        return
    s[j + SAID] = value
    s[j + SAID_AT] = moment
    s[j + SAID_POSITION] = position


@kernel
def absorb_laboratory(
    s: Vector, p: Vector, kind: int, value: float, limit: float, moment: float, position: float
) -> None:
    """Take one fact of the laboratory or the notes. `limit`: the limit of normal told with it, or NEVER."""
    if kind < NOTED:
        read_value(s, p, kind, value, limit, moment, position)
    else:
        note(s, kind, value, moment, position)
    s[DIRTY_CHEMISTRY] = 1.0
    if kind == FLUID_BOLUS:
        s[DIRTY_OLDER] = 1.0
    if kind <= COUNTS_END or kind >= PROGRESSION:
        s[DIRTY_COUNTS] = 1.0
    if AST <= kind <= BILIRUBIN or kind in (CREATININE, WEIGHT):
        s[DIRTY_OLDER] = 1.0


@kernel
def laboratory_moment(s: Vector, p: Vector, now: float, soonest: float) -> float:
    """The first moment after `now` at which a value grows too old, if that is before `soonest`."""
    for kind in range(FIRST, NOTED):
        j = place_of(kind)
        if s[j + b.AT] >= 0.0:
            soonest = b.earliest(soonest, s[j + b.AT] + p[P_VALID], now)
    return soonest


@kernel
def dose_of(value: float) -> float:
    """A vasopressor's coded dose as `absorb_dose` takes it: ug/kg/min below 1e6, 1e6 + ug/min, NEVER where not told.

    Coded as a row's value it keeps 0 for a stop: ug/kg/min as it is, ug/min negative, times 1e12 where no rate is told.
    """
    if value >= PER_KG_LIMIT:
        return b.NEVER
    return PER_KG_LIMIT - value if value < 0.0 else value
