"""Taking back a whole resource: its parts were stored under keys of their own (``Observation/bp#8480-6``)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from cartway.record.fact import RETRACTION, Fact

PART = "#"


def parts(retraction: Fact, keys: Iterable[str]) -> list[Fact]:
    """A retraction of each part that `keys` holds of what it names; itself where that has no parts."""
    begins = retraction.amends + PART
    found = sorted(key for key in set(keys) if key.startswith(begins))
    return [msgspec.structs.replace(retraction, amends=key) for key in found] or [retraction]


def whole_withdrawals(facts: list[Fact]) -> list[Fact]:
    """The facts, with each retraction of a whole turned into retractions of its parts."""
    if not any(fact.what == RETRACTION for fact in facts):
        return facts
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for fact in facts:
        keys[fact.course].add(fact.key)
    return [one for fact in facts for one in _withdrawn(fact, keys[fact.course])]


def _withdrawn(fact: Fact, keys: set[str]) -> list[Fact]:
    return [fact] if fact.what != RETRACTION or fact.amends in keys else parts(fact, keys)
