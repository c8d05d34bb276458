"""Alert rules that read a grade: what it is, how long it has lasted, whether treatment helped."""

from __future__ import annotations

from typing import Any

from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity.episode import Episode, Reason
from cartway.toxicity.wording import said
from cartway.vocabulary import vocabulary
from cartway.watch.asked import KEEP, NO_NEXT, QUIET, Asked, Judged
from cartway.watch.grades import Graded

NOTHING_FOUND = frozenset({
    "no_fever", "pressure_normal", "room_air", "home_oxygen", "not_crs", "ice_full", "ice_as_baseline", "capd_negative",
    "awake", "awake_by_ice", "no_deep_weakness", "no_edema", "no_raised_pressure_sign",
    "fever_unread", "pressure_unread", "oxygen_unread", "score_unread", "consciousness_unread",
})  # fmt: skip
"""Criteria that say that nothing was found, or that nobody looked: no reasons of a grade."""


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


def measured(a: Asked) -> Judged:
    """What a scale counts beside its grade: `measure` is there, as a laboratory syndrome that no grade tells yet."""
    graded = a.view.grades.get(a.rule.scale)
    if graded is None:
        return QUIET
    told = graded.episode.measures.get(a.rule.measure)
    if told is None:
        return KEEP if a.level else QUIET
    return _of_grade(graded, 1) if told > 0 else QUIET


def undecided(a: Asked) -> Judged:
    """A scale that cannot tell for one reason of `because`, although the feature `measure` is there: that is told."""
    graded = a.view.grades.get(a.rule.scale)
    if graded is None:
        return QUIET
    slugs = {each.criterion.slug for each in graded.episode.because}
    if graded.grade is not None or a.rule.measure not in slugs or slugs.isdisjoint(a.rule.because):
        return QUIET
    return _of_grade(graded, 1)


def untreated(a: Asked) -> Judged:
    """A severe grade for so long, twice so long, without any drug of `classes` charted in this episode of it."""
    graded = a.view.grades.get(a.rule.scale)
    if graded is None or graded.severe_since is None:
        return QUIET
    if any((a.rule.scale, kind) in a.view.treated for kind in a.rule.classes):
        return QUIET
    every, since = a.book.span(a.rule.hours), graded.severe_since
    level = min((a.view.now - since) // every, 2) if every else 0
    again = since + every * (level + 1) if level < 2 else NO_NEXT
    if not level:
        return Judged(0, again=again)
    return _of_grade(graded, level, again, hours=(a.view.now - since) / HOUR)


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
