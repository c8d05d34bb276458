"""A course as the pathway reads it: the facts in force that are true by a moment, found by variable and thing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import copy
from functools import cached_property

from cartway.record import RETRACTION, Fact, current
from cartway.record.content import statement
from cartway.times import Instant

CENTER = "center"
"""The course id of the center's own record: calendars, stock, policies. No patient's course may have it."""


class Course:
    """The facts of one course in force at `now`, in time order (ties by content).

    Read only. Facts that begin after `now` are `ahead`: appointments and windows to come.
    """

    def __init__(self, facts: Iterable[Fact], now: Instant, *, known_at: Instant | None = None) -> None:
        self._given, self._known_at = list(facts), known_at
        stated = current(self._given, known_at)
        self.now = now
        self.facts: tuple[Fact, ...] = tuple(fact for fact in stated if fact.at <= now)
        self.ahead: tuple[Fact, ...] = tuple(fact for fact in stated if fact.at > now)
        self._by_what: Mapping[str, tuple[Fact, ...]] = _by_what(self.facts)

    @property
    def id(self) -> str:
        """The course's id, empty where there is no fact."""
        return next((fact.course for fact in (*self.facts, *self.ahead)), "")

    @cached_property
    def withdrawn(self) -> tuple[Fact, ...]:
        """What was stated for a time up to `now`, and is in force no longer: amended or retracted. In time order."""
        stated = (*self.facts, *self.ahead)
        kept, said = {id(fact) for fact in stated}, {statement(fact) for fact in stated}
        gone = [
            fact
            for fact in self._given
            if id(fact) not in kept and fact.what != RETRACTION and fact.at <= self.now
            and statement(fact) not in said and current([fact], self._known_at)
        ]  # fmt: skip
        return tuple(sorted(gone, key=lambda fact: (fact.at, statement(fact))))

    def as_of(self, moment: Instant) -> Course:
        """The same record, as it is at another moment."""
        return Course(self._given, moment, known_at=self._known_at)

    def restated(self, change: Callable[[Fact], Fact]) -> Course:
        """The same course with each fact said otherwise, one for one; itself where nothing changes."""
        facts, gone = tuple(map(change, self.facts)), tuple(map(change, self.withdrawn))
        if all(one is other for one, other in zip((*facts, *gone), (*self.facts, *self.withdrawn), strict=True)):
            return self
        other = copy(self)
        other.facts, other.__dict__["withdrawn"], other._by_what = facts, gone, _by_what(facts)
        return other

    def all(self, *whats: str, about: str | None = None, choice: str | None = None) -> list[Fact]:
        """Facts of these variables in time order, of one thing or with one choice where asked."""
        found = [fact for what in whats for fact in self._by_what.get(what, ())]
        if len(whats) > 1:
            found.sort(key=lambda fact: fact.at)
        if about is None and choice is None:
            return found
        return [
            fact
            for fact in found
            if (about is None or fact.about == about) and (choice is None or fact.choice == choice)
        ]

    def last(self, *whats: str, about: str | None = None, choice: str | None = None) -> Fact | None:
        """The newest of these facts, or None."""
        found = self.all(*whats, about=about, choice=choice)
        return found[-1] if found else None

    def first(self, *whats: str, about: str | None = None, choice: str | None = None) -> Fact | None:
        """The oldest of these facts, or None."""
        found = self.all(*whats, about=about, choice=choice)
        return found[0] if found else None

    def abouts(self, what: str) -> Iterator[str]:
        """The things that a variable was stated of, in the order in which they first came up."""
        return iter(dict.fromkeys(fact.about for fact in self._by_what.get(what, ())))


def _by_what(facts: Iterable[Fact]) -> dict[str, tuple[Fact, ...]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.what, []).append(fact)
    return {what: tuple(each) for what, each in found.items()}
