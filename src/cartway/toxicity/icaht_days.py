"""Counts day by day: the lowest of each day since the infusion, days without one filled in, and how long it was low.

Shared by the gradings of neutrophils (`icaht`) and platelets (`t_icaht`). Day 0 is the 24 hours from the infusion on.
Nothing here depends on the order in which the facts of one instant arrive.
"""

from __future__ import annotations

from cartway.times import DAY as DAY_LENGTH
from cartway.toxicity import bedside as b
from cartway.toxicity import laboratory as lab
from cartway.toxicity.bedside import Vector
from cartway.toxicity.kernel import kernel

DAY = float(DAY_LENGTH)
EARLY_END, LATE_END = 30, 100  # last day of the early window, and of the late one that is counted in days
DAYS = LATE_END + 1

# One block of numbers for neutrophils, one for platelets: the newest day with a count and the one before it, the last
# count before the infusion, then each day's lowest count and the fact that told it.
(
    FIRST_DAY, LAST_DAY, LAST, LAST_AT, LAST_POSITION, PREVIOUS_DAY, PREVIOUS, EARLIER, EARLIER_AT, EARLIER_POSITION,
    ANY_FILLED, ANY_AT_LIMIT,
) = range(12)  # fmt: skip
LOWEST = 12
COUNT = LOWEST + DAYS
NEUTROPHIL_DAYS = lab.PRIVATE_ICAHT
PLATELET_DAYS = NEUTROPHIL_DAYS + COUNT + DAYS
TRANSFUSED = PLATELET_DAYS + COUNT + DAYS  # one a day: whether platelets were transfused
TRANSFUSED_EARLIER, ANY_TRANSFUSION, CUT_AT, CUT_POSITION = (TRANSFUSED + DAYS + i for i in range(4))
# The lowest late count of neutrophils and the lowest of another day.
NADIR, NADIR_DAY, NADIR_POSITION, SECOND, SECOND_DAY, SECOND_POSITION, LATE_DAYS, NEWEST_DAY = (
    CUT_POSITION + i for i in range(1, 9)
)
EARLY, LATE, T_EARLY, T_LATE = range(4)
FIRST_PAIR, SECOND_PAIR, THIRD_PAIR, LAST_PAIR = range(4)
# The answers under which days are counted just now: those of the policies, one of them turned round to see whether it
# decides; and whether days without a count are taken for low. In the order of the policies' flags.
ASKED = NEWEST_DAY + 1
UNKNOWN_LOW = 7
# What each of the four scales answered last, and until when that holds.
TOLD_PAIRS = 4
TOLD = b.REASONS + 2 * TOLD_PAIRS
KEPT = ASKED + UNKNOWN_LOW + 1
KEPT_WIDTH = TOLD + 2
END = KEPT + 4 * KEPT_WIDTH
FILLED = -2.0
TRANSFUSED_BELOW = 20.0  # platelets: a transfusion hides what is below it

# Policies of all four scales.
(
    P_DAYS, P_MISSING_DAYS, P_GAP, P_RECOVERY, P_NO_RECOVERY, P_LATE_GRADE, P_SINGLE, P_LATE_UNTIL, P_LIMIT,
    P_T_RECOVERY, P_TRANSFUSION, P_TRANSFUSION_DAYS,
) = range(lab.P_ICAHT, lab.P_ICAHT + 12)  # fmt: skip
PLACES: dict[str, tuple[int, float]] = {
    "icaht_days": (P_DAYS, 1.0),
    "icaht_missing_days": (P_MISSING_DAYS, 1.0),
    "icaht_gap_days": (P_GAP, 1.0),
    "icaht_recovery_days": (P_RECOVERY, 1.0),
    "icaht_no_recovery": (P_NO_RECOVERY, 1.0),
    "icaht_late_grade": (P_LATE_GRADE, 1.0),
    "icaht_single_count": (P_SINGLE, 1.0),
    "icaht_late_until_day": (P_LATE_UNTIL, 1.0),
    "t_icaht_limit": (P_LIMIT, 1.0),
    "t_icaht_recovery_days": (P_T_RECOVERY, 1.0),
    "t_icaht_transfusion": (P_TRANSFUSION, 1.0),
    "t_icaht_transfusion_days": (P_TRANSFUSION_DAYS, 1.0),
}
B_DAYS, B_MISSING_DAYS, B_NO_RECOVERY, B_LATE_GRADE, B_SINGLE, B_LIMIT, B_TRANSFUSION = range(7)
M_NEUTROPHILS, M_PLATELETS = range(2)


@kernel
def day_of(s: Vector, at: float) -> int:
    """The day of an instant, 0 from the infusion on; before it negative."""
    return int((at - s[b.INFUSED_AT]) // DAY)


@kernel
def absorb_count(s: Vector, p: Vector, kind: int, value: float, at: float, position: float) -> None:
    """Take a count of neutrophils or platelets, or a platelet transfusion. A count that could not be read is none."""
    if kind == lab.PLATELET_TRANSFUSION:
        transfuse(s, at)
        return
    if not value >= 0.0:
        return
    block = NEUTROPHIL_DAYS if kind == lab.NEUTROPHILS else PLATELET_DAYS
    if s[b.INFUSED_AT] < 0.0:
        keep_earlier(s, block, value, at, position)
        return
    begin_days(s, p, block)
    take_count(s, p, block, value, at, position)


@kernel
def transfuse(s: Vector, at: float) -> None:
    """Mark the day of a platelet transfusion."""
    forget(s, T_EARLY)
    forget(s, T_LATE)
    if s[b.INFUSED_AT] < 0.0:
        s[TRANSFUSED_EARLIER] = at
        return
    s[ANY_TRANSFUSION] = 1.0
    day = day_of(s, at)
    if day <= LATE_END:
        s[TRANSFUSED + day] = 1.0


@kernel
def keep_earlier(s: Vector, block: int, value: float, at: float, position: float) -> None:
    """Keep the last count before the infusion; of two at one instant the lower."""
    if at > s[block + EARLIER_AT] or value < s[block + EARLIER]:
        s[block + EARLIER] = value
        s[block + EARLIER_AT] = at
        s[block + EARLIER_POSITION] = position


@kernel
def begin_days(s: Vector, p: Vector, block: int) -> None:
    """What was told at the infusion's own instant, whichever came first, is of day 0."""
    if s[TRANSFUSED_EARLIER] == s[b.INFUSED_AT]:
        s[TRANSFUSED] = 1.0
        s[ANY_TRANSFUSION] = 1.0
    if s[block + EARLIER_AT] == s[b.INFUSED_AT] and s[block + LAST_DAY] < 0.0:
        take_count(s, p, block, s[block + EARLIER], s[block + EARLIER_AT], s[block + EARLIER_POSITION])


@kernel
def take_count(s: Vector, p: Vector, block: int, value: float, at: float, position: float) -> None:
    """Take a count since the infusion: of several on one day the lowest stands."""
    note_cut(s)
    censored = 0.0 <= s[CUT_AT] < at
    if censored and block == PLATELET_DAYS:
        return
    day = day_of(s, at)
    forget_answers(s, block)
    s[block + LAST_AT] = at
    if day > s[block + LAST_DAY]:
        earlier = day_of(s, s[block + EARLIER_AT]) if s[block + EARLIER_AT] >= 0.0 else -1000
        s[block + PREVIOUS_DAY] = s[block + LAST_DAY] if s[block + LAST_DAY] >= 0.0 else float(earlier)
        s[block + PREVIOUS] = s[block + LAST] if s[block + LAST_DAY] >= 0.0 else s[block + EARLIER]
        s[block + LAST_DAY] = day
        if s[block + FIRST_DAY] < 0.0:
            s[block + FIRST_DAY] = day
    elif value >= s[block + LAST]:
        return
    s[block + LAST] = value
    s[block + LAST_POSITION] = position
    if day <= LATE_END:
        s[block + LOWEST + day] = value
        s[block + COUNT + day] = position
        note_limit(s, block, value)
    fill_days(s, p, block, day)
    if block == NEUTROPHIL_DAYS and EARLY_END < day <= p[P_LATE_UNTIL] and not censored:
        take_late(s, day, value, position)


@kernel
def fill_days(s: Vector, p: Vector, block: int, day: int) -> None:
    """Fill the days without a count before `day` along a straight line, where they are few enough.

    Neutrophils are rounded to 10/uL, platelets to whole 10*9/L.
    """
    before = int(s[block + PREVIOUS_DAY])
    if day - before < 2 or day - before - 1 > p[P_GAP]:
        return
    step = 100.0 if block == NEUTROPHIL_DAYS else 1.0
    slope = (s[block + LAST] - s[block + PREVIOUS]) / float(day - before)
    for between in range(max(before + 1, 0), min(day, DAYS)):
        count = s[block + PREVIOUS] + slope * float(between - before)
        s[block + LOWEST + between] = float(int(count * step + 0.5)) / step
        note_limit(s, block, s[block + LOWEST + between])
        s[block + COUNT + between] = FILLED
        s[block + ANY_FILLED] = 1.0


@kernel
def note_limit(s: Vector, block: int, value: float) -> None:
    """Note that a day's platelets are exactly at a limit of the table."""
    if value in (20.0, 50.0, 100.0):
        s[block + ANY_AT_LIMIT] = 1.0


@kernel
def take_late(s: Vector, day: int, value: float, position: float) -> None:
    """Keep the two lowest late counts of different days."""
    if day != s[NEWEST_DAY]:
        s[NEWEST_DAY] = day
        s[LATE_DAYS] = max(s[LATE_DAYS], 0.0) + 1.0
    if day == s[NADIR_DAY]:
        s[NADIR], s[NADIR_POSITION] = value, position
    elif s[NADIR_DAY] < 0.0 or value < s[NADIR]:
        s[SECOND], s[SECOND_DAY], s[SECOND_POSITION] = s[NADIR], s[NADIR_DAY], s[NADIR_POSITION]
        s[NADIR], s[NADIR_DAY], s[NADIR_POSITION] = value, float(day), position
    elif s[SECOND_DAY] < 0.0 or value < s[SECOND]:
        s[SECOND], s[SECOND_DAY], s[SECOND_POSITION] = value, float(day), position


@kernel
def note_cut(s: Vector) -> None:
    """Keep the first progression or next therapy since the infusion: what comes later is not counted."""
    for kind in (lab.PROGRESSION, lab.NEXT_THERAPY):
        j = lab.note_of(kind)
        if s[j + lab.SAID_AT] > s[b.INFUSED_AT] and (s[CUT_AT] < 0.0 or s[j + lab.SAID_AT] < s[CUT_AT]):
            s[CUT_AT] = s[j + lab.SAID_AT]
            s[CUT_POSITION] = s[j + lab.SAID_POSITION]


@kernel
def forget_answers(s: Vector, block: int) -> None:
    """A count comes: its late grade is to be counted anew; its early one, where the count before was of that time."""
    early, late = (EARLY, LATE) if block == NEUTROPHIL_DAYS else (T_EARLY, T_LATE)
    forget(s, late)
    if s[block + LAST_DAY] <= EARLY_END or s[block + PREVIOUS_DAY] <= EARLY_END:
        forget(s, early)


@kernel
def forget(s: Vector, scale: int) -> None:
    """Count a scale anew when it is next asked for."""
    s[KEPT + scale * KEPT_WIDTH] = b.NEVER
