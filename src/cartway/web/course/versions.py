"""Which fact took the place of which: what the timeline crosses out, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from cartway.record import Fact


class Versions(msgspec.Struct, frozen=True):
    """By the position of a fact: `later`, what replaced it next; `earlier`, what it took the place of.

    What replaces a fact is an amendment, a newer version under its key, or a retraction. A fact that is in neither was
    said once and stands.
    """

    later: dict[int, Fact]
    earlier: dict[int, Fact]


def versions(facts: Iterable[Fact]) -> Versions:
    """`facts`: recorded ones of one course, in commit order."""
    newest: dict[str, dict[str, Fact]] = {}  # by source and key
    found = Versions({}, {})
    for fact in facts:
        of_source = newest.setdefault(fact.source, {})
        before = of_source.get(fact.key)
        if before is not None:
            _join(found, before, fact)
        if fact.amends:
            _join(found, _amended(fact, newest), fact)
        of_source[fact.key] = fact
    return found


def _join(found: Versions, before: Fact | None, fact: Fact) -> None:
    """The last version of what `before` states is replaced by `fact`."""
    while before is not None and before.position in found.later:
        before = found.later[before.position]
    if before is not None and before.position != fact.position:
        found.later[before.position] = fact
        found.earlier[fact.position] = before


def _amended(fact: Fact, newest: Mapping[str, Mapping[str, Fact]]) -> Fact | None:
    """What a fact says it amends: the same source's, else the only source's (as `record.current` reads it)."""
    named = {source: keys[fact.amends] for source, keys in newest.items() if fact.amends in keys}
    if fact.source in named:
        return named[fact.source]
    return next(iter(named.values())) if len(named) == 1 else None
