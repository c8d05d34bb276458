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
    newest: dict[tuple[str, str], Fact] = {}  # by source and key
    sources: dict[str, list[str]] = {}
    found = Versions({}, {})
    for fact in facts:
        name = (fact.source, fact.key)
        before = newest.get(name)
        if before is not None:
            _join(found, before, fact)
        if fact.amends:
            _join(found, _amended(fact, newest, sources), fact)
        if before is None:
            sources.setdefault(fact.key, []).append(fact.source)
        newest[name] = fact
    return found


def _join(found: Versions, before: Fact | None, fact: Fact) -> None:
    """The last version of what `before` states is replaced by `fact`."""
    while before is not None and before.position in found.later:
        before = found.later[before.position]
    if before is not None and before.position != fact.position:
        found.later[before.position] = fact
        found.earlier[fact.position] = before


def _amended(fact: Fact, newest: Mapping[tuple[str, str], Fact], sources: Mapping[str, list[str]]) -> Fact | None:
    """What a fact says it amends: the same source's, else the only source's (as `record.current` reads it)."""
    found = newest.get((fact.source, fact.amends))
    if found is not None:
        return found
    others = sources.get(fact.amends, [])
    return newest[others[0], fact.amends] if len(others) == 1 else None
