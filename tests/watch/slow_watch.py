"""The slow, obvious twin of the alert fold: every rule judged at every quarter of an hour, from the facts anew.

No readers, no checkpoints, no next moments: drawn courses have their facts and every limit of time on the quarter hour,
so that nothing can happen between two looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from cartway.record.fact import Fact
from cartway.times import MINUTE, Instant
from cartway.watch.judges import HOLD, JUDGES, Asked
from cartway.watch.rulebook import Rule, Rulebook
from cartway.watch.view import Change, View

LOOK_EVERY = 15 * MINUTE


class Held(NamedTuple):
    """A rule that fires: level, since when, when it last rose, and what was judged since it was first lower."""

    level: int
    since: Instant
    risen: Instant
    lower: tuple[tuple[Instant, int], ...] = ()


class Found(NamedTuple):
    """One finding, for comparing."""

    rule: str
    level: int
    since: Instant
    until: Instant | None
    risen: Instant


def slow_findings(facts: Sequence[Fact], changes: Sequence[Change], book: Rulebook, now: Instant) -> set[Found]:
    """All findings up to `now`."""
    found: set[Found] = set()
    held: dict[str, Held] = {}
    kept: dict[Any, Any] = {}
    first = min([fact.at for fact in facts] + [change.at for change in changes], default=now)
    for at in range(first, now + 1, LOOK_EVERY):
        view = _view_at(facts, changes, at)
        for rule in book.rules.values():
            if rule.judge in JUDGES:
                _look(rule, view, held, found, book, kept)
    found |= set(_told(facts, book, now))
    return found | {Found(name, h.level, h.since, None, h.risen) for name, h in held.items()}


def _told(facts: Sequence[Fact], book: Rulebook, now: Instant) -> Iterator[Found]:
    """Each symptom that was told in life is there for so long, or until the death."""
    deaths = [fact.at for fact in facts if fact.what == "death"]
    for fact in facts:
        if fact.what != "reported_symptom" or any(death <= fact.at for death in deaths):
            continue
        level = {"confusion": 4}[fact.choice]
        end = min([fact.at + book.span("reported_holds_hours"), *deaths])
        yield Found(f"reported.{fact.choice}", level, fact.at, end if end <= now else None, fact.at)


def _view_at(facts: Sequence[Fact], changes: Sequence[Change], at: Instant) -> View:
    view = View()
    moments = sorted({each.at for each in facts if each.at <= at} | {each.at for each in changes if each.at <= at})
    for moment in moments:
        view.now = moment
        for fact in facts:
            if fact.at == moment:
                view.take(fact)
        for change in changes:
            if change.at == moment:
                view.grade(change)
        list(view.settle())
    view.now = at
    return view


def _look(
    rule: Rule, view: View, held: dict[str, Held], found: set[Found], book: Rulebook, kept: dict[Any, Any]
) -> None:
    """One rule at one moment. What eased, or is over, is looked at again at once."""
    name, at, clears = rule.name, view.now, book.span(rule.clears)
    for _ in range(20):
        h = held.get(name)
        if not view.open_to(rule):
            if h is not None:
                found.add(Found(name, h.level, h.since, at, h.risen))
                del held[name]
            return
        judged = JUDGES[rule.judge](Asked(view, rule, h.level if h else 0, book, kept))
        level = judged.level
        if h is None:
            if level > 0:
                held[name] = Held(level, at, at)
            return
        if level > h.level or (level == h.level and judged.since > h.since):
            found.add(Found(name, h.level, h.since, at, h.risen))
            held[name] = Held(level, at, at)
            return
        if level == h.level:
            held[name] = h._replace(lower=())
            return
        if level != HOLD:
            h = h._replace(lower=(*h.lower, (at, level)))
            held[name] = h
        if not h.lower or at < h.lower[0][0] + clears:
            return
        highest = max(each for _, each in h.lower)
        found.add(Found(name, h.level, h.since, at, h.risen))
        del held[name]
        if highest:
            held[name] = Held(highest, at, h.risen)
    raise AssertionError("a rule eases without end")
