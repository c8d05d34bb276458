"""What patients are called, for the pages that may say so: kept a minute, so that no page asks anew each time."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence

import msgspec

from cartway.people.people import People
from cartway.people.person import Person
from cartway.record.errors import StoreError
from cartway.times import MINUTE, SECOND, Instant

KEPT = 1 * MINUTE
RETRY = 5 * SECOND  # until the people store is asked again after it failed


class Name(msgspec.Struct, frozen=True):
    """A patient as a page names them. `known` is False where the people store has nobody, or nobody any more, or cannot
    be asked just now.
    """

    name: str
    birth_date: str = ""
    identifier: str = ""
    known: bool = True


class Names:
    """The names behind courses. Every look at the people store is in its own log, one line for many.

    A people store that cannot be asked keeps no grade from anybody: the names known so far stay, others are called by
    their course.
    """

    def __init__(self, people: People, by: str = "web") -> None:
        self._people, self._by, self._lock = people, by, threading.Lock()
        self._kept: dict[str, tuple[Instant, Name]] = {}
        self._again_at: Instant = 0

    def of(self, courses: Iterable[str], now: Instant) -> dict[str, Name]:
        """The names of courses; who is not known is called by the course."""
        wanted = list(courses)
        with self._lock:
            stale = [course for course in wanted if not self._is_fresh(course, now)]
            asks = bool(stale) and not now < self._again_at <= now + RETRY
        if asks:
            self._ask(stale, now)
        with self._lock:
            return {course: self._kept.get(course, (now, Name(course, known=False)))[1] for course in wanted}

    def _ask(self, courses: Sequence[str], now: Instant) -> None:
        try:
            people = self._people.people(courses, now=now, by=self._by)
        except StoreError:
            with self._lock:
                self._again_at = now + RETRY
            return
        with self._lock:
            self._kept.update((course, (now, _name(course, people))) for course in courses)

    def _is_fresh(self, course: str, now: Instant) -> bool:
        kept = self._kept.get(course)
        return kept is not None and 0 <= now - kept[0] < KEPT


def _name(course: str, people: Mapping[str, Person]) -> Name:
    person = people.get(course)
    if person is None or not person.name:
        return Name(course, known=False)
    return Name(person.name, person.birth_date, person.identifiers[0][1] if person.identifiers else "")
