"""A course as the pathway reads it: the facts in force that are true by a moment, found by variable and thing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from cartway.record import Fact, current
from cartway.times import Instant

CENTER = "center"
"""The course id of the center's own record: calendars, stock, policies. No patient's course may have it."""


class Course:
    """The facts of one course in force at `now`, in time order (ties by content).

    Read only. Facts that begin after `now` are `ahead`: appointments and windows to come.
    """

    def __init__(self, facts: Iterable[Fact], now: Instant, *, known_at: Instant | None = None) -> None:
        stated = current(facts, known_at)
        self.now = now
        self.facts: tuple[Fact, ...] = tuple(fact for fact in stated if fact.at <= now)
        self.ahead: tuple[Fact, ...] = tuple(fact for fact in stated if fact.at > now)
        self._by_what: Mapping[str, tuple[Fact, ...]] = _by_what(self.facts)

    @property
    def id(self) -> str:
        """The course's id, empty where there is no fact."""
        return next((fact.course for fact in (*self.facts, *self.ahead)), "")

    def all(self, *whats: str, about: str | None = None, choice: str | None = None) -> list[Fact]:
        """Facts of these variables in time order, of one thing or with one choice where asked."""
        found = [fact for what in whats for fact in self._by_what.get(what, ())]
        if len(whats) > 1:
            found.sort(key=lambda fact: fact.at)
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
