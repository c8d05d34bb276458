"""Alert rules that read the laboratory: a fever with few neutrophils, creatinine and ferritin that rise."""

from __future__ import annotations

from collections.abc import Iterable

from cartway.record import Fact
from cartway.times import DAY, HOUR
from cartway.watch.asked import EXACT, KEEP, QUIET, Asked, Judged

CREATININE_WITHIN = 48 * HOUR  # KDIGO 2012
CREATININE_LEVELS = (2.0, 3.0)  # KDIGO 2012, stages 2 and 3
FEVER, FEVER_AT_ONCE, FEVER_FOR = 38.0, 38.3, HOUR  # IDSA 2011


def neutropenic_fever(a: Asked) -> Judged:
    """38.3 degrees once, or 38.0 for an hour, with few neutrophils counted not long ago."""
    warm, count = (a.view.last.get(what) for what in a.rule.what)
    if warm is None or warm.value is None or warm.at < (a.view.infused_at or 0):
        return KEEP if a.level else QUIET
    if warm.value < FEVER:
        return QUIET
    counted = count is not None and a.view.now - count.at < a.book.span(a.rule.hours)
    if not counted or count is None or count.value is None:
        return KEEP if a.level else Judged(0, missing=("neutrophils",))
    since = a.view.warm_since
    fever = warm.value >= FEVER_AT_ONCE or (since is not None and warm.at - since >= FEVER_FOR) or a.level > 0
    if not fever or count.value >= a.book.number(a.rule.limit):
        return QUIET
    return Judged(1, (warm, count), {"value": warm.value, "count": count.value})


def rise(a: Asked) -> Judged:
    """Creatinine that has risen: by so much in 48 hours, or so many times the lowest of 7 days; twice, three times."""
    series = a.view.series.get(a.rule.what[0], ())
    newest = series[-1] if series else None
    if newest is None or newest.value is None or newest.at < (a.view.infused_at or 0):
        return KEEP if a.level else QUIET
    least = _least(series)
    recent = _least(each for each in series if each.at >= newest.at - CREATININE_WITHIN)
    times = newest.value / least.value if least.value else 1.0
    risen = newest.value - (recent.value or 0.0) >= a.book.number(a.rule.rise) - EXACT
    if not risen and times < a.book.number(a.rule.times) - EXACT:
        return QUIET
    level = 1 + sum(times >= limit - EXACT for limit in CREATININE_LEVELS)
    days = max(1.0, (newest.at - least.at) / DAY)
    return Judged(level, (least, newest), {"value": newest.value, "times": times, "days": days})


def doubles(a: Asked) -> Judged:
    """Ferritin so many times the lowest of the last hours, above a floor; above an extreme as a worse level."""
    series = a.view.series.get(a.rule.what[0], ())
    newest = series[-1] if series else None
    if newest is None or newest.value is None or newest.at < (a.view.infused_at or 0):
        return KEEP if a.level else QUIET
    within = a.book.span(a.rule.hours)
    least = _least(each for each in series if each.at >= newest.at - within)
    times = newest.value / least.value if least.value else 1.0
    if times < a.book.number(a.rule.times) - EXACT or newest.value < a.book.number(a.rule.floor):
        return QUIET
    level = 2 if newest.value > a.book.number(a.rule.limit) else 1
    return Judged(level, (least, newest), {"value": newest.value, "times": times, "hours": within / HOUR})


def _least(facts: Iterable[Fact]) -> Fact:
    """The lowest value; readable ones only (the newest is one)."""
    return min((fact for fact in facts if fact.value is not None), key=lambda each: (each.value or 0.0, each.at))
