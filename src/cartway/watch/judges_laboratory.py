"""Alert rules that read the laboratory: a fever with few neutrophils, creatinine and ferritin that rise."""

from __future__ import annotations

from collections.abc import Iterable

from cartway.record import Fact
from cartway.times import DAY, HOUR
from cartway.watch.asked import EXACT, KEEP, QUIET, Asked, Judged

CREATININE_WITHIN = 48 * HOUR  # KDIGO 2012
CREATININE_LEVELS = (2.0, 3.0)  # KDIGO 2012, stages 2 and 3
FEVER, FEVER_AT_ONCE, FEVER_FOR = 38.0, 38.3, HOUR  # IDSA 2011
COUNTED_FEW = 2


def neutropenic_fever(a: Asked) -> Judged:
    """38.3 degrees once, or 38.0 for an hour: with few neutrophils counted not long ago (2), or with nobody knowing
    how many there are (1). After lymphodepletion few is the rule, so that unknown is told.
    """
    warm, count = (a.view.last.get(what) for what in a.rule.what)
    if warm is None or warm.value is None or warm.at < a.view.since:
        return KEEP if a.level else QUIET
    if warm.value < FEVER or not _feverish(a, warm):
        return QUIET
    counted = count is not None and count.value is not None and a.view.now - count.at < a.book.span(a.rule.hours)
    if not counted or count is None:
        return KEEP if a.level else _uncounted(a, warm, count)
    if (count.value or 0.0) >= a.book.number(a.rule.limit):
        return Judged(0, again=count.at + a.book.span(a.rule.hours))
    told = {"words": "neutropenic fever", "value": warm.value, "count": f"neutrophils {count.value:g} ×10⁹/L"}
    return Judged(COUNTED_FEW, (warm, count), told)


def _feverish(a: Asked, warm: Fact) -> bool:
    since = a.view.warm_since
    long = since is not None and warm.at - since >= FEVER_FOR
    return (warm.value or 0.0) >= FEVER_AT_ONCE or long or a.level > 0


def _uncounted(a: Asked, warm: Fact, count: Fact | None) -> Judged:
    last = "" if count is None else f" (last {_number(count)}, {(a.view.now - count.at) / HOUR:.0f} h ago)"
    told = {"words": "fever", "value": warm.value, "count": f"neutrophils not known{last}"}
    return Judged(1, (warm,) if count is None else (warm, count), told, ("neutrophils",))


def _number(count: Fact) -> str:
    return "unreadable" if count.value is None else f"{count.value:g}"


def rise(a: Asked) -> Judged:
    """Creatinine that has risen: by so much in 48 hours, or so many times the lowest of 7 days; twice, three times."""
    series = a.view.series.get(a.rule.what[0], ())
    newest = series[-1] if series else None
    if newest is None or newest.value is None or newest.at < a.view.since:
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
    """Ferritin so many times the lowest of the last hours, above a floor (1); above an extreme whatever it was before
    (2): no earlier value is not that it has not risen.
    """
    series = a.view.series.get(a.rule.what[0], ())
    newest = series[-1] if series else None
    if newest is None or newest.value is None or newest.at < a.view.since:
        return KEEP if a.level else QUIET
    within, extreme = a.book.span(a.rule.hours), a.book.number(a.rule.limit)
    least = _least(each for each in series if each.at >= newest.at - within)
    times = newest.value / least.value if least.value else 1.0
    doubled = times >= a.book.number(a.rule.times) - EXACT and newest.value >= a.book.number(a.rule.floor)
    if not doubled and newest.value <= extreme:
        return QUIET
    words = f"{times:.1f} times the lowest of {within / HOUR:.0f} h" if doubled else f"above {extreme:.0f}"
    return Judged(2 if newest.value > extreme else 1, (least, newest) if doubled else (newest,),
                  {"value": newest.value, "words": words})  # fmt: skip


def _least(facts: Iterable[Fact]) -> Fact:
    """The lowest value; readable ones only (the newest is one)."""
    return min((fact for fact in facts if fact.value is not None), key=lambda each: (each.value or 0.0, each.at))
