"""In which course a fact has its home where courses were merged.

Facts stay where they were recorded. What a merged course already holds under the key, or is to be amended in it, goes
there: after a merge the laboratory goes on correcting what it sent before, and files are imported again.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from cartway.intake.withdrawals import PART
from cartway.record import RETRACTION, Fact, Log
from cartway.record.content import derived_key


class Homes:
    """The merged courses of each course, with the keys that they hold, looked up once."""

    def __init__(self, log: Log, merged: Callable[[str], list[str]]) -> None:
        self._log, self._merged = log, merged
        self._keys: dict[str, dict[str, frozenset[str]]] = {}

    def forget(self) -> None:
        """Courses were merged, or facts recorded."""
        self._keys = {}

    def home(self, fact: Fact) -> Fact:
        """The fact in the course that holds what it repeats or amends; else in its own."""
        for course, keys in self._merged_keys(fact.course).items():
            moved = msgspec.structs.replace(fact, course=course)
            if _holds(keys, moved):
                return moved
        return fact

    def _merged_keys(self, course: str) -> dict[str, frozenset[str]]:
        if course not in self._keys:
            self._keys[course] = {
                old: frozenset(fact.key for fact in self._log.facts(old)) for old in self._merged(course)
            }
        return self._keys[course]


def _holds(keys: frozenset[str], fact: Fact) -> bool:
    """Whether these keys hold what a fact names; of a withdrawal of a whole resource, a part of it."""
    named = fact.amends or fact.key or derived_key(fact)
    if named in keys or fact.what != RETRACTION:
        return named in keys
    return any(key.startswith(named + PART) for key in keys)
