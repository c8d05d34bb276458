"""A course's newest values at one moment, and how old they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cartway.record.fact import UNREADABLE, Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity.scores.model import Choices, Part
from cartway.vocabulary import vocabulary

Said = tuple[tuple[str, ...], tuple[str, ...]]
"""Notes, and the policies that they rest on."""


class Chart:
    """The facts that were true by `at`, newest first."""

    def __init__(self, facts: Sequence[Fact], at: Instant) -> None:
        self.at = at
        self.facts = sorted((fact for fact in facts if fact.at <= at), key=lambda fact: fact.at, reverse=True)

    def before(self, *milestones: str) -> tuple[str, Chart]:
        """The first of these milestones that there is, and the chart up to and including it; "" and all of it where
        there is none.
        """
        for what in milestones:
            times = [fact.at for fact in self.facts if fact.what == what]
            if times:
                return what, Chart(self.facts, min(times))
        return "", self

    def newest(self, what: str) -> Fact | None:
        """The newest value of a laboratory or vital variable; None also where the newest could not be read.

        Of two at one instant the worse stands.
        """
        told = [fact for fact in self.facts if _is_about(fact, what)]
        return _worst(what, [fact for fact in told if fact.at == told[0].at])

    def fresh(self, what: str, choices: Choices) -> Fact | None:
        """The newest value, where it is not too old for a score at this moment."""
        fact = self.newest(what)
        return None if fact is None or self.at - fact.at > choices.max_age else fact

    def worst(self, what: str, span: Instant) -> Fact | None:
        """The worst value of the last `span`; None where there is none, or the newest of all could not be read."""
        if self.newest(what) is None:
            return None
        return _worst(what, [fact for fact in self.facts if _is_about(fact, what) and self.at - fact.at <= span])

    def detail(self, key: str, *whats: str) -> tuple[Any, Instant | None]:
        """What the newest fact of these that speaks of a detail says of it, and when; None where none does."""
        for fact in self.facts:
            if fact.what in whats and fact.detail.get(key) is not None:
                return fact.detail[key], fact.at
        return None, None


def _is_about(fact: Fact, what: str) -> bool:
    if fact.what == UNREADABLE:
        return fact.detail.get("variable") == what
    return fact.what == what and fact.value is not None


def _worst(what: str, facts: Iterable[Fact]) -> Fact | None:
    """The worst of these that could be read; of equal ones the first."""
    variable = vocabulary().variable(what)
    sign = 1 if variable is not None and variable.worse == "lower" else -1
    return min(
        (fact for fact in facts if fact.value is not None), key=lambda fact: (fact.value or 0.0) * sign, default=None
    )


def ages(chart: Chart, asked: Mapping[str, str], choices: Choices) -> Said:
    """What was too old to count, and how old the oldest is that did. `asked`: the words of each variable."""
    found = [(words, chart.newest(what)) for what, words in asked.items()]
    aged = [(words, chart.at - fact.at) for words, fact in found if fact is not None]
    old = [f"{words} ({duration(age)})" for words, age in aged if age > choices.max_age]
    counted = max((age for _, age in aged if age <= choices.max_age), default=0)
    lost = [f"Older than {choices.max_age_days:g} days, so missing: {', '.join(old)}."] if old else []
    said = [f"The oldest value is {duration(counted)} old."] if counted > choices.apart else []
    return (*lost, *said), ("score_max_age_days",) if old else ()


def duration(age: Instant) -> str:
    """An age in hours, from two days on in days."""
    return f"{age / HOUR:.3g} h" if age < 2 * DAY else f"{age / DAY:.3g} days"


def apart(parts: Iterable[Part], choices: Choices) -> Said:
    """A note, and the policy that it rests on, where a score's values were not taken together."""
    times = [part.at for part in parts if part.at is not None and part.value is not None]
    if not times or max(times) - min(times) <= choices.apart:
        return (), ()
    hours = (max(times) - min(times)) / HOUR
    return (f"The values lie {hours:g} h apart.",), ("score_apart_hours",)


def joined(*said: Said) -> Said:
    """All notes and all policies, in this order."""
    return tuple(note for notes, _ in said for note in notes), tuple(name for _, names in said for name in names)
