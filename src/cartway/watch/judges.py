"""How each kind of alert rule reads a course: a level (0: it does not fire, the larger the worse), why, and when to
look again.

A judge is asked when something it reads changed, or when the moment came that it named. It is told the level at which
the rule fires already, so that a value that hovers at its limit does not flap. Missing is never normal: where nothing
newer is known, a rule that fires goes on firing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant, to_datetime
from cartway.toxicity.episode import Episode, Reason
from cartway.toxicity.wording import said
from cartway.vocabulary import vocabulary
from cartway.watch.due import interval
from cartway.watch.rulebook import Rule, Rulebook
from cartway.watch.view import Graded, View, classes_of

HOLD = -1
NO_NEXT: Instant = 2**62
ADULT = 16  # years: NEWS2 is not for those below
CREATININE_WITHIN = 48 * HOUR  # KDIGO 2012
CREATININE_LEVELS = (2.0, 3.0)  # KDIGO 2012, stages 2 and 3
FEVER, FEVER_AT_ONCE, FEVER_FOR = 38.0, 38.3, HOUR  # IDSA 2011
EXACT = 1e-9  # decimal readings are compared as if they were exact
UNSTATED = 2  # the level of a reported symptom of which nobody said how bad it is


class Judged(NamedTuple):
    """What a rule says: its level or HOLD, the facts, what the text names, what is missing, when to look again."""

    level: int
    facts: tuple[Fact, ...] = ()
    said: Mapping[str, Any] = {}
    missing: tuple[str, ...] = ()
    again: Instant = NO_NEXT


class Asked(NamedTuple):
    """What a judge is asked with: the course, the rule, the level at which it fires already (0: not), the rules."""

    view: View
    rule: Rule
    level: int
    book: Rulebook
    kept: dict[Any, Any]  # intervals worked out before


QUIET = Judged(0)
KEEP = Judged(HOLD)


def grade(a: Asked) -> Judged:
    """The grade of a scale, at least `at_least`. A lower bound below what fired is no improvement."""
    graded = a.view.grades.get(a.rule.scale)
    if graded is None:
        return QUIET
    if graded.grade is None or (graded.missing and graded.grade < a.level):
        return KEEP if a.level else QUIET
    if graded.grade < a.rule.at_least:
        return QUIET
    return _of_grade(graded, graded.grade)


def _of_grade(graded: Graded, level: int, again: Instant = NO_NEXT, **more: Any) -> Judged:
    facts, because = reasons(graded.episode)
    told = {"shown": graded.episode.shown, "because": f": {', '.join(because)}" if because else "", **more}
    return Judged(level, facts, told, graded.episode.missing, again)


NOTHING_FOUND = frozenset({
    "no_fever", "pressure_normal", "room_air", "home_oxygen", "not_crs", "ice_full", "ice_as_baseline", "capd_negative",
    "awake", "awake_by_ice", "no_deep_weakness", "no_edema", "no_raised_pressure_sign",
    "fever_unread", "pressure_unread", "oxygen_unread", "score_unread", "consciousness_unread",
})  # fmt: skip
"""Criteria that say that nothing was found, or that nobody looked: no reasons of a grade."""


def reasons(episode: Episode) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """The facts that raise a grade, and the criteria in short; those that say there is nothing are left out."""
    raised = [each for each in episode.because if each.criterion.slug not in NOTHING_FOUND]
    facts = tuple(each.fact for each in raised if each.fact is not None)
    return facts, tuple(dict.fromkeys(map(_in_short, raised)))


def _in_short(reason: Reason) -> str:
    """``hypotension without vasopressor``, ``ICE 2``: without times, and without the number where a word says it."""
    head = reason.criterion.text.partition(":")[0]
    if "{" not in head or reason.fact is None:
        return head.partition(" (")[0].partition("{")[0].strip()
    told = said(reason.fact) if reason.score is None else f"{reason.score:g}"
    bare = head.replace(" at {when}", "").replace(" ({when})", "")
    return bare.format(said=told, when="", last="", cause="", score=told).strip()


def lasts(a: Asked) -> Judged:
    """A grade of 1 or more for longer than `hours` without a break; one that must be low (`at_most`), at that grade."""
    graded = a.view.grades.get(a.rule.scale)
    if graded is None or graded.ill_since is None:
        return QUIET
    if graded.grade is None:
        return KEEP if a.level else QUIET
    if not a.rule.at_least <= graded.grade <= a.rule.at_most:
        return KEEP if a.level and graded.missing else QUIET
    since = graded.same_since if a.rule.at_most <= a.rule.at_least else graded.ill_since
    from_then = since + a.book.span(a.rule.hours)
    if a.view.now < from_then:
        return Judged(0, again=from_then)
    return _of_grade(graded, 1, days=(a.view.now - since) / DAY)


def no_response(a: Asked) -> Judged:
    """A grade no lower so long after the first dose that it was treated with."""
    graded = a.view.grades.get(a.rule.scale)
    given = [found for kind in a.rule.classes if (found := a.view.treated.get((a.rule.scale, kind)))]
    if graded is None or not given:
        return QUIET
    first = min(given, key=lambda each: each.fact.at)
    from_then = first.fact.at + a.book.span(a.rule.hours)
    if a.view.now < from_then:
        return Judged(0, again=from_then)
    if graded.grade is None:
        return KEEP
    drug = vocabulary().variables["drug"].choices[first.fact.choice].label.lower()
    passed = (a.view.now - first.fact.at) / HOUR
    told = _of_grade(graded, max(graded.grade, a.level if graded.missing else 1), drug=drug, hours=passed)
    return told._replace(facts=(first.fact, *told.facts))


def beyond(a: Asked) -> Judged:
    """A value at or beyond its limit; each `step` further is a worse level. It is over beyond the `margin` only."""
    fact = _newest(a)
    if fact is None or (a.rule.adults_only and _child(a.view)):
        return QUIET
    return _beyond(a, fact, a.book.number(a.rule.limit))


def pressure(a: Asked) -> Judged:
    """A low systolic pressure. Below 16 years the limit is PALS's fifth centile; a habitual low one lowers it."""
    fact = _newest(a)
    if fact is None:
        return QUIET
    age, own = a.view.age(), a.view.last.get("baseline_systolic_pressure")
    limit = a.book.number(a.rule.limit) if age is None or age >= ADULT else _pals(age)
    if own is not None and own.value is not None:
        limit = min(limit, own.value * (1 - a.book.number("critical_pressure_own_percent") / 100))
    return _beyond(a, fact, limit)


def _pals(age: float) -> float:
    """The last systolic pressure below PALS's limit, mmHg: below 60, 70, 70 + 2 times the age, 90."""
    if age < 28 / 365.2425:
        return 59.0
    if age < 1:
        return 69.0
    return min(70 + 2 * int(age), 90) - 1.0


def _beyond(a: Asked, fact: Fact, limit: float) -> Judged:
    value = fact.value
    if value is None:
        return KEEP
    past = value - limit if a.rule.side == "above" else limit - value
    level = _level(past, _number(a, a.rule.step))
    if level < a.level:  # it eases: by a margin, or not at all
        level = min(a.level, _level(past + _number(a, a.rule.margin), _number(a, a.rule.step)))
    return Judged(level, (fact,), {"value": value}) if level else QUIET


def _level(past: float, step: float) -> int:
    if past < -EXACT:
        return 0
    return 1 + int((past + EXACT) / step) if step else 1


def _number(a: Asked, name: str) -> float:
    return a.book.number(name) if name else 0.0


def _newest(a: Asked) -> Fact | None:
    """The newest reading since the infusion."""
    fact = a.view.last.get(a.rule.what[0])
    return fact if fact is not None and fact.at >= (a.view.infused_at or 0) else None


def _child(view: View) -> bool:
    age = view.age()
    return age is not None and age < ADULT


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


def mark(a: Asked) -> Judged:
    """Something that is told once and holds for some hours, unless somebody charts that it is gone."""
    fact = a.view.last.get(a.rule.what[0])
    level = a.rule.levels.get(fact.choice, 0) if fact is not None else 0
    if fact is None or not level or fact.at < (a.view.infused_at or 0):
        return QUIET
    return _for_hours(a, fact, level, choice=_label(fact))


def reported(a: Asked) -> Judged:
    """A symptom that the patient or a caregiver reported; mild 1, moderate or unstated 2, severe 3."""
    fact = a.view.last.get(a.rule.what[0])
    if fact is None:
        return QUIET
    severity = str(fact.detail.get("severity", "")).strip().casefold()
    level = {"mild": 1, "moderate": 2, "severe": 3}.get(severity, UNSTATED)
    return _for_hours(a, fact, level, choice=_label(fact), severity=f", {severity}" if severity else "")


def _for_hours(a: Asked, fact: Fact, level: int, **told: str) -> Judged:
    until = fact.at + a.book.span(a.rule.hours)
    return QUIET if a.view.now >= until else Judged(level, (fact,), told, again=until)


def _label(fact: Fact) -> str:
    choice = vocabulary().variables[fact.what].choices.get(fact.choice)
    return choice.label.lower() if choice is not None else fact.choice


_TASKS = {"vital_signs": ("temperature", "pressure", "oxygen"), "neurology": ("neurology",)}
_PARTS = {"oxygen": "oxygen saturation or support", "neurology": "ICE, CAPD or another neurological check"}


def stale(a: Asked) -> Judged:
    """Something that the schedule asks for and nobody has observed since the infusion, or for too long."""
    view = a.view
    every = _every(a)
    if every == 0 or view.infused_at is None:
        return QUIET
    seen = {part: max(view.seen_at.get(part, 0), view.infused_at) for part in _TASKS[a.rule.task]}
    oldest = min(seen.values())
    late = round(every * a.book.number(a.rule.times))
    level = min((view.now - oldest) // late, 2) if late else 0
    again = view.infused_at + ((view.now - view.infused_at) // HOUR + 1) * HOUR  # when another row may apply
    if level < 2:
        again = min(again, oldest + late * (level + 1))
    if not level:
        return Judged(0, again=again)
    parts = [_PARTS.get(part, part) for part, at in seen.items() if view.now - at >= late]
    return Judged(level, (), {"what": ", ".join(parts), "hours": (view.now - oldest) / HOUR}, tuple(parts), again)


def _every(a: Asked) -> Instant:
    """How often the schedule asks for the rule's task now; 0 where it does not."""
    view, infused = a.view, a.view.infused_at or 0
    hours = (view.now - infused) // HOUR
    grades = tuple((scale, each.grade or 0) for scale, each in sorted(view.grades.items()) if scale in _SCHEDULED)
    key = (a.rule.task, view.product, hours, grades)
    if key not in a.kept:
        on = to_datetime(infused + hours * HOUR).date()
        why = interval(a.rule.task, view.product, hours / 24, dict(grades), on=on, policies=a.book.policies)
        a.kept[key] = 0 if why is None else why.every
    return int(a.kept[key])


_SCHEDULED = frozenset({"crs.astct", "icans.astct"})

JUDGES: Mapping[str, Callable[[Asked], Judged]] = {
    each.__name__: each
    for each in (grade, lasts, no_response, beyond, pressure, neutropenic_fever, rise, doubles, mark, reported, stale)
}


def reads(rule: Rule) -> frozenset[str]:
    """The signals after which a rule is to be judged again."""
    found = {rule.scale, *rule.what} - {""}
    found |= {f"{kind}>{rule.scale}" for kind in rule.classes}
    if rule.judge == "pressure":
        found |= {"baseline_systolic_pressure"}
    if rule.judge == "stale":
        found |= {*_TASKS[rule.task], *_SCHEDULED}
    return frozenset(found)


__all__ = ["HOLD", "JUDGES", "NO_NEXT", "Asked", "Judged", "classes_of", "reads"]
