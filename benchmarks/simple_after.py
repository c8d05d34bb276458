"""A slow and obvious twin of two derivations: every question goes through all facts again, with fractions and dates.

Myeloma's time-point levels by the published table, and the days of the follow-up visits from the infusion. No other
program is known that works either out from measurements; this one is what they would be without care for speed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, timedelta
from fractions import Fraction
from itertools import pairwise

from cartway.record import Fact
from cartway.times import to_datetime

Found = Mapping[str, Fraction | str]


def myeloma_levels(facts: Sequence[Fact]) -> list[str]:
    """The level of every visit with M-protein; none where it was not measurable."""
    infused = min(fact.at for fact in facts if fact.what == "infusion")
    events = sorted({(fact.at, fact.event) for fact in facts if fact.what == "serum_m_protein"})
    baseline = visit(facts, next(event for at, event in events if at < infused))
    after = [event for at, event in events if at > infused]
    return [level(facts, after, index, baseline) for index in range(len(after))]


def visit(facts: Sequence[Fact], event: str) -> dict[str, Fraction | str]:
    """What one visit tells."""
    found: dict[str, Fraction | str] = {}
    for fact in facts:
        if fact.event == event and fact.value is not None:
            found[fact.what] = Fraction(str(fact.value))
        elif fact.event == event:
            found[fact.what] = fact.choice
    return found


def level(facts: Sequence[Fact], events: Sequence[str], index: int, baseline: Found) -> str:
    """The level of one visit: rows of the table from the top, progression first."""
    now, before = visit(facts, events[index]), [visit(facts, event) for event in events[:index]]
    if any(rose(now, before, baseline, *row) for row in (("serum_m_protein", "0.5"), ("urine_m_protein", "200"))):
        return "PD"
    marrow = next(
        (each["marrow_plasma_cells"] for each in (now, *reversed(before)) if "marrow_plasma_cells" in each), 99
    )
    fixed = (now["serum_immunofixation"], now["urine_immunofixation"])
    if fixed == ("negative", "negative") and number(marrow) < 5:
        return "CR"
    serum, urine = fallen(now, baseline, "serum_m_protein"), fallen(now, baseline, "urine_m_protein")
    milligrams, in_urine = number(now["urine_m_protein"]), number(baseline["urine_m_protein"]) >= 200
    if serum >= 90 and milligrams < 100:
        return "VGPR"
    if serum >= 50 and (not in_urine or urine >= 90 or milligrams < 200):
        return "PR"
    return "MR" if serum >= 25 and (not in_urine or urine >= 50 or milligrams < 200) else "SD"


def number(value: Fraction | str | int) -> Fraction:
    """A number as a fraction."""
    return Fraction(value)


def fallen(now: Found, baseline: Found, what: str) -> Fraction:
    """How far a marker fell from baseline, in percent."""
    before = number(baseline[what])
    return (before - number(now[what])) * 100 / before if before else Fraction(0)


def rose(now: Found, before: Sequence[Found], baseline: Found, what: str, least: str) -> bool:
    """Whether a marker rose enough above the lowest value that two visits in a row reached."""
    values = [number(each[what]) for each in before]
    pairs = [max(one, other) for one, other in pairwise(values)]
    low = min([number(baseline[what]), *pairs])
    rise = number(now[what]) - low
    high = what == "serum_m_protein" and low >= 5 and rise >= 1
    return high or (rise >= Fraction(least) and rise > 0 and rise * 4 >= low)


def visit_days(facts: Sequence[Fact], every_months: int) -> list[date]:
    """The days of the visits from day 30 to year 15."""
    infused = min(to_datetime(fact.at).astimezone(UTC).date() for fact in facts if fact.what == "infusion")
    months = [2, 3, 6, 9, 12, *range(12 + every_months, 61, every_months), *range(72, 181, 12)]
    return [infused + timedelta(days=30), *(later(infused, count) for count in months)]


def later(day: date, months: int) -> date:
    """The same day some months later, or the month's last: one month at a time, then back until it exists."""
    year, month = day.year, day.month
    for _ in range(months):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    number_of_day = day.day
    while True:
        try:
            return date(year, month, number_of_day)
        except ValueError:
            number_of_day -= 1
