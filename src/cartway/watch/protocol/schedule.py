"""Where in a schedule that steps down a course is, by what was charted."""

from __future__ import annotations

from collections.abc import Sequence

from cartway.record import Fact
from cartway.times import DAY, Instant
from cartway.watch.protocol.model import DoseRule, Stage


def begun(rule: DoseRule, given: Sequence[Fact]) -> Fact | None:
    """The first charted dose that is as large as the schedule's first: a smaller one belonged to another step."""
    first = rule.stages[0].mg
    return next((each for each in given if each.unit == "mg" and each.value is not None and each.value >= first), None)


def day_of(rule: DoseRule, given: Sequence[Fact], now: Instant) -> int:
    """The day of the schedule, 1 on its first, and before it."""
    start = begun(rule, given)
    return 1 if start is None else (now - start.at) // DAY + 1


def stage_of(rule: DoseRule, given: Sequence[Fact], now: Instant) -> Stage | None:
    """The stage that the day falls in; None where the printed days are over."""
    left = day_of(rule, given, now)
    for stage in rule.stages:
        if not stage.days or left <= stage.days:
            return stage
        left -= stage.days
    return None
