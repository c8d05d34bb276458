"""IMWG 2016 once more, slowly and from the published table: fractions, one line a row, no state kept between visits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

Values = Mapping[str, Any]
"""Fractions of what was measured, words of an immunofixation, None for what was not done."""
ORDER = ("SD", "MR", "PR", "VGPR", "CR", "sCR")


def level(visits: Sequence[Values], baseline: Values, index: int) -> str:
    """The time-point level of a visit of a disease measured by M-protein in serum, in urine, or in both."""
    now, before = visits[index], visits[:index]
    if progressed(now, before, baseline):
        return "PD"
    serum_counts = baseline["serum"] is not None and baseline["serum"] >= 1
    urine_counts = baseline["urine"] is not None and baseline["urine"] >= 200
    complete = now["sife"] == "negative" and now["uife"] == "negative"
    marrow = next((each["marrow"] for each in (now, *reversed(before)) if each["marrow"] is not None), None)
    if complete and marrow is not None and marrow < 5:
        return "CR"
    if (serum_counts and now["serum"] is None) or (urine_counts and now["urine"] is None):
        return "NE"
    rows = {
        "VGPR": (not serum_counts or share(now, baseline, "serum") >= 90)
        and now["urine"] is not None
        and now["urine"] < 100,
        "PR": (not serum_counts or share(now, baseline, "serum") >= 50)
        and (not urine_counts or share(now, baseline, "urine") >= 90 or now["urine"] < 200),
        "MR": (not serum_counts or share(now, baseline, "serum") >= 25)
        and (not urine_counts or share(now, baseline, "urine") >= 50 or now["urine"] < 200),
    }
    by_fixation = now["serum"] == 0 and now["urine"] == 0 and "positive" in (now["sife"], now["uife"])
    rows["VGPR"] = rows["VGPR"] or by_fixation
    return next((name for name in ("VGPR", "PR", "MR") if rows[name]), "SD")


def share(now: Values, baseline: Values, name: str) -> Fraction:
    """How far a marker fell, in percent."""
    fell: Fraction = (baseline[name] - now[name]) * 100 / baseline[name]
    return fell


def progressed(now: Values, before: Sequence[Values], baseline: Values) -> bool:
    """Whether serum or urine rose enough above the lowest value that two tests in a row reached."""
    serum, urine = now["serum"], now["urine"]
    if serum is not None and (low := lowest(before, baseline, "serum")) is not None:
        rise = serum - low
        if rise >= Fraction(1, 2) and rise * 4 >= low:
            return True
        if low >= 5 and rise >= 1:
            return True
    if urine is not None and (low := lowest(before, baseline, "urine")) is not None:
        return bool(urine - low >= 200 and (urine - low) * 4 >= low)
    return False


def lowest(before: Sequence[Values], baseline: Values, name: str) -> Fraction | None:
    """Baseline, or what any two neighboring tests since then both stayed at or below."""
    values = [each[name] for each in before if each[name] is not None]
    reached = [value for value in [baseline[name]] if value is not None]
    for index in range(1, len(values)):
        reached.append(max(values[index - 1], values[index]))
    return min(reached, default=None)


def confirmed(levels: Sequence[str]) -> list[str]:
    """The confirmed level at each visit, by the table of two time points; no new therapy, nobody died."""
    best, found = "NE", []
    ranks = ["NE", *ORDER, "PD"]
    for index, first in enumerate(levels):
        later = [each for each in levels[index + 1 :] if each != "NE"]
        second = later[0] if later else "none"
        if first == "NE":
            own = "NE"
        elif first == "PD":
            own = "PD" if second == "PD" else "NE"
        elif first == "SD" or second in ("PD", "none", "SD"):
            own = "SD"
        else:
            own = ORDER[min(ORDER.index(first), ORDER.index(second))]
        best = max(best, own, key=ranks.index)
        found.append(best)
    return found
