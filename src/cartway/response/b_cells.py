"""B-cell aplasia after products against CD19: a sign that the CAR T cells still work.

In leukemia its early loss warns of relapse; in large B-cell lymphoma responses last despite B-cell recovery. Cut-offs
in use differ, so the limit is a policy of the center and counts between the customary ones are flagged.
"""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.products import product
from cartway.problem import Problem
from cartway.response.measured import day_zero, days_between, exact
from cartway.response.model import Choices
from cartway.times import Instant, to_datetime

CUSTOMARY_PER_UL = (Decimal(20), Decimal(50))
EARLY_MONTHS = 6
_LEUKEMIA = ("b_all", "all")


class BCellCount(msgspec.Struct, frozen=True):
    """One count of CD19 B cells, per uL, and whether it is aplasia by the center's limit."""

    at: Instant
    day: int
    count: Decimal
    aplasia: bool
    position: int = 0


class BCellAplasia(msgspec.Struct, frozen=True):
    """B-cell counts since the infusion. `now` is None where nothing was counted.

    `recovered_at`: the first count at or above the limit after one below it. `days`: from the infusion to that, or to
    the last count where it goes on (`censored`). `applies` is False for products that are not against CD19.
    """

    applies: bool
    counts: tuple[BCellCount, ...]
    now: bool | None = None
    recovered_at: Instant | None = None
    days: int | None = None
    censored: bool = True
    flags: tuple[str, ...] = ()
    policies: tuple[str, ...] = ("response_b_cell_aplasia_per_ul",)


def b_cell_aplasia(course: Course, choices: Choices) -> BCellAplasia | Problem:
    """B-cell aplasia over time.

    Problems: ``no_infusion``.
    """
    start = day_zero(course, choices)
    if isinstance(start, Problem):
        return start
    counts = tuple(_counts(course, start, choices))
    recovered = _recovered(counts)
    end = recovered or (counts[-1].at if counts and any(each.aplasia for each in counts) else None)
    return BCellAplasia(
        applies=_against_cd19(course),
        counts=counts,
        now=counts[-1].aplasia if counts else None,
        recovered_at=recovered,
        days=None if end is None else days_between(start, end, choices.zone),
        censored=recovered is None,
        flags=_flags(course, counts, recovered, start, choices),
    )


def _counts(course: Course, start: Instant, choices: Choices) -> list[BCellCount]:
    found = [(fact, exact(fact)) for fact in course.all("cd19") if fact.at > start]
    limit = choices.b_cell_aplasia_per_ul
    return [
        BCellCount(fact.at, days_between(start, fact.at, choices.zone), count, count < limit, fact.position)
        for fact, count in found
        if count is not None
    ]


def _recovered(counts: tuple[BCellCount, ...]) -> Instant | None:
    aplastic = False
    for each in counts:
        if aplastic and not each.aplasia:
            return each.at
        aplastic = aplastic or each.aplasia
    return None


def _against_cd19(course: Course) -> bool:
    given = course.first("infusion")
    found = product(given.choice) if given is not None else None
    return found is None or not found.targets or "CD19" in found.targets


def _flags(
    course: Course, counts: tuple[BCellCount, ...], recovered: Instant | None, start: Instant, choices: Choices
) -> tuple[str, ...]:
    least, most = CUSTOMARY_PER_UL
    between = any(least < each.count < most for each in counts)
    diagnosis = course.last("diagnosis")
    leukemia = diagnosis is not None and diagnosis.choice in _LEUKEMIA
    early = leukemia and recovered is not None and _within_months(start, recovered, EARLY_MONTHS, choices)
    return (*("loss_of_BCA_before_6_months",) * early, *("b_cell_limits_differ",) * between)


def _within_months(start: Instant, then: Instant, months: int, choices: Choices) -> bool:
    first = to_datetime(start).astimezone(choices.zone).date()
    return to_datetime(then).astimezone(choices.zone).date() < months_after(first, months)


def months_after(day: date, months: int) -> date:
    """The same day of a later month, its last where that has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
