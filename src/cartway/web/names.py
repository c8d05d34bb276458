"""What patients are called, for the pages that may say so: kept a minute, so that no page asks anew each time."""

from __future__ import annotations

import threading
from collections.abc import Iterable

import msgspec

from cartway.people.people import People
from cartway.times import MINUTE, Instant

KEPT = 1 * MINUTE


class Name(msgspec.Struct, frozen=True):
    """A patient as a page names them. `known` is False where the people store has nobody, or nobody any more."""

    name: str
    birth_date: str = ""
    identifier: str = ""
    known: bool = True


class Names:
    """The names behind courses. Every look at the people store is in its own log, one line for many."""

    def __init__(self, people: People) -> None:
        self._people, self._lock = people, threading.Lock()
        self._kept: dict[str, tuple[Instant, Name]] = {}

    def of(self, courses: Iterable[str], now: Instant) -> dict[str, Name]:
        """The names of courses; who is not known is called by the course."""
        wanted = list(courses)
        with self._lock:
            stale = [course for course in wanted if not self._is_fresh(course, now)]
            if stale:
                people = self._people.people(stale, now=now, by="web")
                for course in stale:
                    person = people.get(course)
                    identifier = person.identifiers[0][1] if person and person.identifiers else ""
                    found = Name(person.name, person.birth_date, identifier) if person and person.name else None
                    self._kept[course] = (now, found or Name(course, known=False))
            return {course: self._kept[course][1] for course in wanted}

    def _is_fresh(self, course: str, now: Instant) -> bool:
        kept = self._kept.get(course)
        return kept is not None and 0 <= now - kept[0] < KEPT
