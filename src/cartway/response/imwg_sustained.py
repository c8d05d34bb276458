"""IMWG 2016, residual disease beyond one test: with imaging, and sustained for a year.

Kumar 2016, doi 10.1016/S1470-2045(16)30206-6: marrow and imaging both negative, at least one year apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from decimal import Decimal

from msgspec.structs import replace

from cartway.response.imwg_visit import Visit
from cartway.response.model import Level, Mrd
from cartway.response.residual import NEGATIVE, at_visit
from cartway.times import Instant, to_datetime

COMPLETE = ("CR", "sCR")


def sustained(
    levels: Sequence[Level], visits: Sequence[Visit], mrd: Sequence[Sequence[Mrd]], zone: tzinfo
) -> Iterator[Level]:
    """The levels, each with what its tests for residual disease and its imaging amount to."""
    marrow_since: Instant | None = None
    imaging_since: Instant | None = None
    for level, visit, tests in zip(levels, visits, mrd, strict=True):
        said = at_visit(tests)
        marrow_since = _since(marrow_since, visit.at, said, said == NEGATIVE)
        imaging_since = _since(imaging_since, visit.at, visit.imaging, visit.imaging == "negative")
        if said == NEGATIVE and marrow_since is not None:
            named = replace(level, labels={**level.labels, "mrd_category": _category(level, visit, tests)})
            yield _told(named, visit, marrow_since, imaging_since, zone)
        else:
            yield level


def _since(since: Instant | None, at: Instant, said: str, negative: bool) -> Instant | None:
    """Since when it is negative without a break; a visit without the test breaks nothing."""
    if not said:
        return since
    return (since if since is not None else at) if negative else None


def _category(level: Level, visit: Visit, tests: Sequence[Mrd]) -> str:
    if level.level not in COMPLETE:
        return "mrd_negative_without_cr"
    if visit.imaging == "negative":
        return "imaging_mrd_negative"
    by = next((test.method for test in tests if test.category == NEGATIVE), "")
    return "sequencing_mrd_negative" if by in ("ngs", "clonoseq") else "flow_mrd_negative"


def _told(level: Level, visit: Visit, marrow: Instant, imaging: Instant | None, zone: tzinfo) -> Level:
    """Whether the absence of residual disease lasted: both kinds of test negative now and a year before."""
    today, since = _date(visit.at, zone), _date(marrow if imaging is None else max(marrow, imaging), zone)
    lasted = imaging is not None and visit.imaging == "negative" and today >= _a_year_after(since)
    yes = lasted and level.level in COMPLETE
    days = (today - since).days
    if not days:
        return replace(level, labels={**level.labels, "sustained_mrd_negative": "no"})
    missing = () if visit.imaging else ("imaging, for sustained absence of residual disease",)
    return replace(
        level,
        labels={**level.labels, "sustained_mrd_negative": "yes" if yes else "no"},
        numbers={**level.numbers, "days_apart": Decimal(days)},
        because=(
            *level.because,
            f"No residual disease for {days} days{'' if yes else '; a year with imaging is asked'}.",
        ),
        missing=(*level.missing, *missing),
    )


def _date(at: Instant, zone: tzinfo) -> date:
    return to_datetime(at).astimezone(zone).date()


def _a_year_after(day: date) -> date:
    """The same date a year later; of February 29 the 28th."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)
