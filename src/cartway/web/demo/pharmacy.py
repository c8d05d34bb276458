"""The pharmacy of the twin's ward: the tocilizumab is counted twice a day, and there is enough of it."""

from __future__ import annotations

from cartway.pathway.course import CENTER
from cartway.record import Fact
from cartway.times import HOUR, MINUTE, Instant

EVERY = 12 * HOUR
DOSES_A_COURSE = 4
"""So many for each patient of the ward: more than any label asks for whoever was infused of late."""


def counts(after: Instant, until: Instant, courses: int) -> list[Fact]:
    """The counts after a time, up to another."""
    first = after // EVERY + 1
    return [_count(n * EVERY, DOSES_A_COURSE * courses) for n in range(first, until // EVERY + 1)]


def _count(at: Instant, doses: int) -> Fact:
    return Fact(
        CENTER, at, "stock", float(doses), "{count}", about="tocilizumab", detail={"item": "tocilizumab doses"},
        source="demo", key=f"stock-{at // MINUTE}", simulated=True,
    )  # fmt: skip
