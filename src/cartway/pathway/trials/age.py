"""Whether an age lies within bounds on a day. An age charted in whole years is a year wide, and may leave it open."""

from __future__ import annotations

import calendar
import math
from datetime import date, timedelta

import msgspec

from cartway.pathway.answer import Answer, is_so
from cartway.pathway.course import Course
from cartway.pathway.trials.trial import AgeRule, Bound
from cartway.record import Fact
from cartway.times import to_datetime

DAYS = {"week": 7.0, "day": 1.0, "hour": 1 / 24, "minute": 1 / 1440}
DAYS_IN_YEAR = 365.2425
MOST_YEARS = 200.0


class Born(msgspec.Struct, frozen=True):
    """Between which days somebody was born, ends included, and the fact that says so."""

    earliest: date
    latest: date
    fact: Fact


def born(course: Course) -> Born | None:
    """From the birth date, or else from the age as it was last charted; None where neither is known."""
    known = course.last("birth_date")
    if known is not None:
        day = to_datetime(known.at).date()
        return Born(day, day, known)
    charted = course.last("age")
    if charted is None or charted.value is None or not 0 <= charted.value <= MOST_YEARS:
        return None
    return _from_age(charted, charted.value)


def _from_age(charted: Fact, years: float) -> Born:
    """Whole years are completed ones: somebody of 67 may turn 68 tomorrow."""
    day = to_datetime(charted.at).date()
    if not float(years).is_integer():
        near = day - timedelta(days=round(years * DAYS_IN_YEAR))
        return Born(near, near, charted)
    return Born(
        _years_before(day, int(years) + 1) + timedelta(days=1),
        _years_before(day, int(years)),
        charted,
    )


def _years_before(day: date, years: int) -> date:
    last = calendar.monthrange(day.year - years, day.month)[1]
    return date(day.year - years, day.month, min(day.day, last))


def within(rule: AgeRule, person: Born, on: date) -> Answer:
    """Yes or no where it is so for every day on which they may have been born, else unknown."""
    oldest, youngest = _fits(rule, person.earliest, on), _fits(rule, person.latest, on)
    if oldest == youngest and (oldest or not _between(rule, person, on)):
        return is_so(oldest)
    return Answer.unknown


def _between(rule: AgeRule, person: Born, on: date) -> bool:
    """Whether the range lies inside the days of birth: too old at the one end, too young at the other."""
    return _old_enough(rule.lowest, person.earliest, on) and _young_enough(rule.highest, person.latest, on)


def _fits(rule: AgeRule, birth: date, on: date) -> bool:
    return _old_enough(rule.lowest, birth, on) and _young_enough(rule.highest, birth, on)


def _old_enough(bound: Bound | None, birth: date, on: date) -> bool:
    if bound is None:
        return True
    reached = reached_on(birth, bound)
    return on >= reached if bound.included else on > reached


def _young_enough(bound: Bound | None, birth: date, on: date) -> bool:
    if bound is None:
        return True
    reached = reached_on(birth, bound)
    return on <= reached if bound.included else on < reached


def reached_on(birth: date, bound: Bound) -> date:
    """The day on which somebody born on `birth` reaches an age. Born on 29 February: on 1 March of a common year."""
    if bound.unit in ("year", "month") and float(bound.count).is_integer():
        return _months_after(birth, int(bound.count) * (12 if bound.unit == "year" else 1))
    each = {"year": DAYS_IN_YEAR, "month": DAYS_IN_YEAR / 12}.get(bound.unit) or DAYS[bound.unit]
    return birth + timedelta(days=math.ceil(bound.count * each))


def _months_after(birth: date, months: int) -> date:
    whole = birth.month - 1 + months
    year, month = birth.year + whole // 12, whole % 12 + 1
    last = calendar.monthrange(year, month)[1]
    if birth.day <= last:
        return date(year, month, birth.day)
    return date(year, month, last) + timedelta(days=1)
