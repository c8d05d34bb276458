"""How each kind of alert rule reads a course: a level (0: it does not fire, the larger the worse), why, and when to
look again.

A judge is asked when something it reads changed, or when the moment came that it named. It is told the level at which
the rule fires already, so that a value that hovers at its limit does not flap. Missing is never normal: where nothing
newer is known, a rule that fires goes on firing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact
from cartway.times import HOUR, Instant, to_datetime
from cartway.watch.asked import EXACT, HOLD, KEEP, NO_NEXT, QUIET, Asked, Judged
from cartway.watch.due import Kept, interval
from cartway.watch.due_rows import setting_of
from cartway.watch.judges_graded import grade, lasts, measured, no_response, undecided, untreated
from cartway.watch.judges_laboratory import doubles, neutropenic_fever, rise
from cartway.watch.reported import held_until, label_of
from cartway.watch.rulebook import Rule
from cartway.watch.seen import last_seen, signal
from cartway.watch.view import View

ADULT = 16  # years: below, a systolic pressure is held against PALS


def beyond(a: Asked) -> Judged:
    """A value at or beyond its limit; each `step` further is a worse level. It is over beyond the `margin` only."""
    fact = _newest(a)
    return QUIET if fact is None or not _of_age(a) else _beyond(a, fact, a.book.number(a.rule.limit))


def _of_age(a: Asked) -> bool:
    """Whether the rule is for the patient's age. Whose age nobody said is taken for an adult."""
    age = a.view.age()
    if age is None:
        return a.rule.below_age is None
    return a.rule.from_age <= age and (a.rule.below_age is None or age < a.rule.below_age)


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
    """The newest reading since the watch began."""
    fact = a.view.last.get(a.rule.what[0])
    return fact if fact is not None and fact.at >= a.view.since else None


def mark(a: Asked) -> Judged:
    """Something that is told once and holds for some hours, unless somebody charts that it is gone.

    Each time it is charted is an event of its own: a second seizure is not the first.
    """
    fact = a.view.last.get(a.rule.what[0])
    level = a.rule.levels.get(fact.choice, 0) if fact is not None else 0
    if fact is None or not level or fact.at < a.view.since:
        return QUIET
    until = held_until(fact, a.book.span(a.rule.hours))
    said = {"choice": label_of(fact)}
    return QUIET if a.view.now >= until else Judged(level, (fact,), said, again=until, since=fact.at)


def stale(a: Asked) -> Judged:
    """Something that the schedule asks for and nobody has observed since the infusion, or for too long."""
    view = a.view
    every = _every(a)
    if every == 0 or view.infused_at is None:
        return QUIET
    begun = view.infused_last
    seen = {part: max(at, begun) for part, at in last_seen(a.rule.task, view.seen_at).items()}
    oldest = min(seen.values())
    late = round(every * a.book.number(a.rule.times))
    level = min((view.now - oldest) // late, 2) if late else 0
    again = begun + ((view.now - begun) // HOUR + 1) * HOUR  # when another row may apply
    if level < 2:
        again = min(again, oldest + late * (level + 1))
    if not level:
        return Judged(0, again=again)
    parts = [part for part, at in seen.items() if view.now - at >= late]
    return Judged(level, (), {"what": ", ".join(parts), "hours": (view.now - oldest) / HOUR}, tuple(parts), again)


def _every(a: Asked) -> Instant:
    """How often the schedule asks for the rule's task now; 0 where it does not, and at home without a grade: who asks
    a patient at home, and when, is the worklist's.
    """
    view, infused = a.view, a.view.infused_last
    hours = (view.now - infused) // HOUR
    grades = tuple((scale, each.held) for scale, each in sorted(view.grades.items()) if scale in _SCHEDULED)
    home = at_home(view, a.book.policies)
    if home and not any(grade for _, grade in grades):
        return 0
    key = (a.rule.task, view.product, hours, grades, home)
    if key not in a.kept:
        on = to_datetime(infused + hours * HOUR).date()
        why = interval(a.rule.task, view.product, hours / 24, dict(grades), on=on, policies=a.book.policies, home=home)
        a.kept[key] = 0 if why is None else why.every
    return int(a.kept[key])


def at_home(view: View, policies: PathwayPolicies) -> bool:
    """Whether the schedule is that of home: discharged, and not on a ward again, as the worklist has it."""
    if not view.home or view.discharged_at is None:
        return False
    kept = Kept()
    kept.milestones["discharge"] = Fact("", view.discharged_at, "discharge")
    kept.rounds = set(view.rounds)
    return setting_of(kept, policies, view.infused_last, view.now)[0] == "home"


_SCHEDULED = frozenset({"crs.astct", "icans.astct"})

JUDGES: Mapping[str, Callable[[Asked], Judged]] = {
    each.__name__: each
    for each in (
        grade, lasts, measured, no_response, undecided, untreated,
        beyond, pressure, neutropenic_fever, rise, doubles, mark, stale,
    )
}  # fmt: skip


def reads(rule: Rule) -> frozenset[str]:
    """The signals after which a rule is to be judged again."""
    found = {rule.scale, *rule.what} - {""}
    found |= {f"{kind}>{rule.scale}" for kind in rule.classes}
    if rule.judge == "pressure":
        found |= {"baseline_systolic_pressure"}
    if rule.judge == "stale":
        found |= {signal(rule.task), *_SCHEDULED}
    return frozenset(found)


__all__ = ["HOLD", "JUDGES", "NO_NEXT", "Asked", "Judged", "reads"]
