"""How many CAR T cells are in the blood, and for how long: highest level, area under the curve, persistence.

As the kinetics papers report them (Awasthi 2020, Blood Adv 4:560, JULIET); the rules for the area and the half-life are
customary and were not seen in a guideline. Copies of the transgene and counted cells are never mixed. Days are nominal:
calendar days from the infusion.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response.measured import day_zero, days_between, detail_number, exact
from cartway.response.model import Choices
from cartway.times import Instant

MEASURED = ("car_t_copies", "car_t_cells")
POINTS_AT_LEAST = 3
FIRST_AREA_DAYS, SECOND_AREA_DAYS = 28, 84


class Sample(msgspec.Struct, frozen=True):
    """One sample: `day` from the infusion, `value` in the curve's unit; None where it is below the limit (`below`)."""

    at: Instant
    day: int
    value: Decimal | None
    below: bool
    limit: Decimal | None
    position: int = 0


class Curve(msgspec.Struct, frozen=True):
    """One measure over time. Areas are in unit x days, None where they cannot be worked out (`missing` says why).

    `last_day` is a lower bound of persistence. `half_life_fit` is the R2 of its log-linear fit.
    """

    what: str
    unit: str
    samples: tuple[Sample, ...]
    highest: Decimal | None = None
    highest_at: Instant | None = None
    highest_day: int | None = None
    area_28: Decimal | None = None
    area_84: Decimal | None = None
    last: Decimal | None = None
    last_at: Instant | None = None
    last_day: int | None = None
    detectable_at_last: bool | None = None
    half_life_days: Decimal | None = None
    half_life_fit: Decimal | None = None
    missing: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    confirmed: bool = False


class Kinetics(msgspec.Struct, frozen=True):
    """The CAR T cells of a course: a curve for each way of counting them."""

    day_zero: Instant
    curves: tuple[Curve, ...]

    def of(self, what: str) -> Curve | None:
        """The curve of one variable."""
        return next((curve for curve in self.curves if curve.what == what), None)


def kinetics(course: Course, choices: Choices) -> Kinetics | Problem:
    """The curves of a course.

    Problems: ``no_infusion``.
    """
    start = day_zero(course, choices)
    if isinstance(start, Problem):
        return start
    curves = [_curve(what, course.all(what), start, choices) for what in MEASURED]
    return Kinetics(start, tuple(curve for curve in curves if curve.samples))


def _curve(what: str, facts: Sequence[Fact], start: Instant, choices: Choices) -> Curve:
    after = [fact for fact in facts if fact.at > start and fact.value is not None]
    samples = tuple(_samples(after, start, choices))
    seen = [sample for sample in samples if sample.value is not None]
    curve = Curve(what, after[0].unit if after else "", samples, flags=_flags(after))
    if not samples:
        return curve
    if not seen:
        return msgspec.structs.replace(curve, detectable_at_last=False, missing=("a value above the limit",))
    top, last = max(seen, key=lambda each: (each.value or 0, -each.at)), seen[-1]
    curve = msgspec.structs.replace(
        curve,
        highest=top.value, highest_at=top.at, highest_day=top.day,
        last=last.value, last_at=last.at, last_day=last.day,
        detectable_at_last=samples[-1].value is not None,
    )  # fmt: skip
    return _with_half_life(_with_areas(curve, choices), top)


def _samples(facts: Sequence[Fact], start: Instant, choices: Choices) -> Iterator[Sample]:
    """Samples in time order. A number below the assay's limit of quantification is none."""
    shared = max((exact(fact) or Decimal(0) for fact in facts if fact.detail.get("below")), default=None)
    for fact in facts:
        value = exact(fact)
        limit = detail_number(fact, "lower_limit") or shared
        below = (
            bool(fact.detail.get("below")) or value == 0 or (limit is not None and value is not None and value < limit)
        )
        day = days_between(start, fact.at, choices.zone)
        yield Sample(fact.at, day, None if below else value, below, limit, fact.position)


def _flags(facts: Sequence[Fact]) -> tuple[str, ...]:
    above = any(fact.detail.get("above") for fact in facts)
    methods = {str(fact.detail["method"]) for fact in facts if fact.detail.get("method")}
    return (*("above_range",) * above, *("methods_differ",) * (len(methods) > 1))


# The area under the curve


def _with_areas(curve: Curve, choices: Choices) -> Curve:
    points = _points(curve, choices)
    embedded = any(sample.value is None for sample in curve.samples if _between(sample, curve))
    missing = [f"a sample on day {end} or later, and three in all" for end in _ends() if area(points, end) is None]
    early = any(sample.day == 0 for sample in curve.samples)
    return msgspec.structs.replace(
        curve,
        flags=curve.flags if early else (*curve.flags, "area_from_nothing"),
        area_28=area(points, FIRST_AREA_DAYS),
        area_84=area(points, SECOND_AREA_DAYS),
        missing=(*curve.missing, *missing),
        policies=("response_below_quantification",) if embedded else (),
    )


def _ends() -> tuple[int, int]:
    return FIRST_AREA_DAYS, SECOND_AREA_DAYS


def _between(sample: Sample, curve: Curve) -> bool:
    return curve.highest_at is not None and curve.last_at is not None and curve.highest_at < sample.at < curve.last_at


def _points(curve: Curve, choices: Choices) -> list[tuple[int, Decimal]]:
    """Day and level, one a day (the highest), from nothing at the infusion."""
    found: dict[int, Decimal] = {}
    for sample in curve.samples:
        value = sample.value if sample.value is not None else _below(sample, curve, choices)
        found[sample.day] = max(value, found.get(sample.day, value))
    return sorted(({0: Decimal(0)} | found).items())


def _below(sample: Sample, curve: Curve, choices: Choices) -> Decimal:
    """What a level below the limit counts for: nothing before the highest and after the last; else by the policy."""
    if choices.below_quantification == "half_limit" and _between(sample, curve) and sample.limit is not None:
        return sample.limit / 2
    return Decimal(0)


def area(points: Sequence[tuple[int, Decimal]], end: int) -> Decimal | None:
    """The area from day 0 to day `end`: linear where it rises, logarithmic where it falls.

    Interpolated at `end` where no sample is of that day; never extrapolated. None with fewer than three samples.
    """
    measured = [point for point in points if point != (0, Decimal(0))]
    used = [point for point in measured if point[0] <= end]
    later = [point for point in measured if point[0] > end]
    reaches = bool(used) and (used[-1][0] == end or bool(later))
    if not reaches or len(used) + (used[-1][0] != end) < POINTS_AT_LEAST:
        return None
    within = [point for point in points if point[0] <= end]
    whole = sum((_slice(one, other) for one, other in pairwise(within)), Decimal(0))
    return whole if within[-1][0] == end else whole + _slice(within[-1], later[0], end)


def _slice(one: tuple[int, Decimal], other: tuple[int, Decimal], end: int | None = None) -> Decimal:
    """The area between two samples, or from the first to day `end`; its shape is that of the whole stretch."""
    first, then, length = one[1], other[1], Decimal(other[0] - one[0])
    days = length if end is None else Decimal(end - one[0])
    if first > then > 0:
        rate = (first / then).ln() / length
        return first * (1 - (-rate * days).exp()) / rate
    return (first + first + (then - first) * days / length) / 2 * days


# The half-life


def _with_half_life(curve: Curve, top: Sample) -> Curve:
    falling = [
        (Decimal(each.day), each.value.ln()) for each in curve.samples if each.at > top.at and each.value is not None
    ]
    if len(falling) < POINTS_AT_LEAST or len({day for day, _ in falling}) < POINTS_AT_LEAST:
        return msgspec.structs.replace(
            curve, missing=(*curve.missing, "three values after the highest, for a half-life")
        )
    slope, fit = _line(falling)
    if slope >= 0:
        return msgspec.structs.replace(curve, flags=(*curve.flags, "no_decline"))
    return msgspec.structs.replace(curve, half_life_days=-Decimal(2).ln() / slope, half_life_fit=fit)


def _line(points: Sequence[tuple[Decimal, Decimal]]) -> tuple[Decimal, Decimal]:
    """Slope and R2 of a least-squares line."""
    count = Decimal(len(points))
    mean_x, mean_y = sum(x for x, _ in points) / count, sum(y for _, y in points) / count
    across = sum((x - mean_x) * (y - mean_y) for x, y in points)
    wide, high = sum((x - mean_x) ** 2 for x, _ in points), sum((y - mean_y) ** 2 for _, y in points)
    return Decimal(across / wide), Decimal(across**2 / (wide * high)) if high else Decimal(1)
