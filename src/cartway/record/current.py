"""The facts in force: those that no later amendment or retraction has put aside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from cartway.record.content import NEVER, detail_text
from cartway.record.fact import RETRACTION, Fact
from cartway.times import Instant

_BEGINNING = -(2**63)
_when_and_what = attrgetter("at", "what")


def current(facts: Iterable[Fact], known_at: Instant | None = None) -> list[Fact]:
    """The facts in force, as known at `known_at` (now, where it is None), ordered by time and then by content.

    Versions of one source's key and all that amends them make up one statement; its last recorded version is in force,
    and none is if that is a retraction. A fact that was never stored counts as known from its `source_recorded_at`.
    The order of arrival never matters: equal times are ordered by content, and the same statement twice counts once.
    """
    known = [fact for fact in facts if known_at is None or _known_from(fact) <= known_at]
    if _has_versions(known):
        known.sort(key=_rank)
        later = _later_versions(known)
        known = [fact for n, fact in enumerate(known) if later[n] == n]
    return list(_distinct(_ordered([fact for fact in known if fact.what != RETRACTION])))


def _known_from(fact: Fact) -> Instant:
    if fact.recorded_at is not None:
        return fact.recorded_at
    return _BEGINNING if fact.source_recorded_at is None else fact.source_recorded_at


def _rank(fact: Fact) -> tuple[Any, ...]:
    """Which of two versions was recorded later: by position if stored, else by its source, else by content.

    What amends comes after what it amends, so one that was never stored and states no time counts as the last.
    """
    if fact.position:
        return (fact.position,)
    unstated = NEVER if fact.amends else _BEGINNING
    version = unstated if fact.source_recorded_at is None else fact.source_recorded_at
    return (0, fact.recorded_at or _BEGINNING, version, bool(fact.amends), fact.corrected, *_order(fact))


def _has_versions(facts: list[Fact]) -> bool:
    keyed = [(fact.course, fact.source, fact.key) for fact in facts if fact.key]
    return len(set(keyed)) < len(keyed) or any(fact.amends for fact in facts)


def _later_versions(known: list[Fact]) -> list[int]:
    """For each fact of a list ordered by rank, the index of a later one of its statement; its own if it is the last."""
    later = list(range(len(known)))
    keys: dict[tuple[str, str], dict[str, int]] = {}
    for n, fact in enumerate(known):
        if not fact.position:  # what was never stored has no order of recording: all of it may be named by all
            _note(keys, later, fact, n)
    for n, fact in enumerate(known):
        target = _named(keys.get((fact.course, fact.amends)), fact.source, n) if fact.amends else None
        if target is not None:
            _join(later, target, n)
        if fact.position:
            _note(keys, later, fact, n)
    return later


def _note(keys: dict[tuple[str, str], dict[str, int]], later: list[int], fact: Fact, n: int) -> None:
    """Enter a fact as the last version of its source's key."""
    if fact.key:
        by_source = keys.setdefault((fact.course, fact.key), {})
        _join(later, by_source.get(fact.source, n), n)
        by_source[fact.source] = n


def _named(by_source: dict[str, int] | None, source: str, n: int) -> int | None:
    """The fact that `amends` names: the same source's first, else the only source's. Never the amending fact itself."""
    others = {name: index for name, index in (by_source or {}).items() if index != n}
    if source in others:
        return others[source]
    return next(iter(others.values())) if len(others) == 1 else None


def _join(later: list[int], one: int, other: int) -> None:
    one, other = _last(later, one), _last(later, other)
    later[min(one, other)] = max(one, other)


def _last(later: list[int], n: int) -> int:
    while later[n] != n:
        later[n] = later[later[n]]
        n = later[n]
    return n


def _order(fact: Fact) -> tuple[Any, ...]:
    """The order of content, the same as that of the columns: what none has comes last."""
    until = NEVER if fact.until is None else fact.until
    return (
        fact.at, fact.what, fact.choice, fact.value is None, fact.value or 0.0, until, detail_text(fact), fact.unit,
        fact.about, fact.event, fact.source, fact.key, fact.said, fact.amends, fact.reason, fact.simulated,
        fact.corrected, fact.source_recorded_at or _BEGINNING, fact.recorded_at or _BEGINNING, fact.recorded_by,
    )  # fmt: skip


def _ordered(facts: list[Fact]) -> Iterator[Fact]:
    facts.sort(key=_when_and_what)
    for _, tied in groupby(facts, _when_and_what):
        several = list(tied)
        yield from sorted(several, key=_order) if len(several) > 1 else several


def _distinct(facts: Iterator[Fact]) -> Iterator[Fact]:
    last = None
    for fact in facts:
        if last is None or fact.key or fact != last:
            yield fact
        last = fact
