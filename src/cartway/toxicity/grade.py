"""Grade courses: facts in, episodes out. The function that grades one patient grades a cohort (see `batch` for the
columns).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import Row, code, words
from cartway.toxicity.episode import Episode, editions, episodes_of
from cartway.toxicity.fold import Fold, fold
from cartway.toxicity.further import ALL_SCALES, SCALES
from cartway.toxicity.rules import Rules

MISSING_INFUSION = "infusion"


def grade(
    facts: Sequence[Fact], rules: Rules, at: Instant | None = None, scales: Sequence[str] = SCALES
) -> list[Episode]:
    """Episodes of some scales (of `ALL_SCALES`; without more, CRS and ICANS by ASTCT) for one course.

    `facts`: those in force (`record.current`), of one course, in any order. `at`: facts later than this are left out
    and time runs to it; None lets the course run to the end of its own record. Scale by scale, in time order.
    """
    ordered = in_time_order(facts, at)
    if not ordered:
        return []
    if all(fact.what != "infusion" or fact.at < 0 for fact in ordered):
        return not_infused(ordered[0].course, ordered[0].at, scales)
    course = fold_course(ordered, rules, at, scales)
    return [
        episode
        for scale, answers in zip(ALL_SCALES, course.answers, strict=True)
        if scale in scales
        for episode in episodes_of(ordered[0].course, scale, answers, ordered)
    ]


def in_time_order(facts: Iterable[Fact], at: Instant | None) -> list[Fact]:
    """The facts that were true by `at`, by time."""
    kept = facts if at is None else (fact for fact in facts if fact.at <= at)
    return sorted(kept, key=attrgetter("at"))


def fold_course(ordered: Sequence[Fact], rules: Rules, at: Instant | None, scales: Sequence[str] = SCALES) -> Fold:
    """Fold one course's facts, sorted by time; a reason's fact is its place in `ordered`."""
    known = words()
    rows = [row for place, fact in enumerate(ordered) if (row := code(fact, place, known)) is not None]
    return fold(rows, rules.vector(scales), float(at) if at is not None else end_of_record(ordered, rows))


def end_of_record(ordered: Sequence[Fact], rows: Sequence[Row]) -> float:
    """The last time at which the record says something was true: the last fact, or the end of an infusion."""
    ends = (row.until for row in rows if b.DRIP <= row.kind < b.ATTRIBUTION and row.until < b.FOREVER)
    return max(float(ordered[-1].at), max(ends, default=0.0))


def not_infused(course: str, first: Instant, scales: Sequence[str] = SCALES) -> list[Episode]:
    """Without an infusion there is nothing to grade yet, and the answer says so, from the course's first fact on."""
    return [
        Episode(course, scale, None, first, None, (), (MISSING_INFUSION,), (), editions()[scale].edition)
        for scale in ALL_SCALES
        if scale in scales
    ]


def by_course(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    """Facts by course, courses in the order they first appear."""
    courses: dict[str, list[Fact]] = {}
    for fact in facts:
        courses.setdefault(fact.course, []).append(fact)
    return courses


def grade_all(
    facts: Iterable[Fact], rules: Rules, at: Instant | None = None, scales: Sequence[str] = SCALES
) -> list[Episode]:
    """Episodes of every course."""
    return [episode for course in by_course(facts).values() for episode in grade(course, rules, at, scales)]
