"""Which fact took the place of which: what the timeline crosses out, and where its links lead."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from cartway.record import Fact


def replacements(facts: Iterable[Fact]) -> dict[int, Fact]:
    """By the position of a fact: what replaced it next, an amendment, a newer version of its key, or a retraction.

    `facts`: recorded ones of one course, in commit order. Those of no position here are in force, or retractions.
    """
    newest: dict[tuple[str, str], Fact] = {}  # by source and key: the last of that statement so far
    sources: dict[str, list[str]] = {}
    replaced: dict[int, Fact] = {}
    for fact in facts:
        for before in (newest.get((fact.source, fact.key)), _amended(fact, newest, sources)):
            last = _last(before, replaced)
            if last is not None and last.position != fact.position:
                replaced[last.position] = fact
        if (fact.source, fact.key) not in newest:
            sources.setdefault(fact.key, []).append(fact.source)
        newest[fact.source, fact.key] = fact
    return replaced


def _amended(fact: Fact, newest: Mapping[tuple[str, str], Fact], sources: Mapping[str, list[str]]) -> Fact | None:
    """What a fact says it amends: the same source's, else the only source's (as `record.current` reads it)."""
    if not fact.amends:
        return None
    found = newest.get((fact.source, fact.amends))
    if found is not None:
        return found
    others = sources.get(fact.amends, [])
    return newest[others[0], fact.amends] if len(others) == 1 else None


def _last(fact: Fact | None, replaced: Mapping[int, Fact]) -> Fact | None:
    while fact is not None and fact.position in replaced:
        fact = replaced[fact.position]
    return fact


def corrected_by(replaced: Mapping[int, Fact], facts: Mapping[int, Fact]) -> dict[int, Fact]:
    """The other way round: by the position of an amendment or retraction, the fact that it took the place of."""
    return {later.position: facts[position] for position, later in replaced.items()}
