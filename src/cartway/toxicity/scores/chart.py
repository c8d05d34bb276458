"""A course's newest values at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from cartway.record.fact import UNREADABLE, Fact
from cartway.times import HOUR, Instant
from cartway.toxicity.scores.model import Choices, Part
from cartway.vocabulary import vocabulary


class Chart:
    """The facts that were true by `at`, newest first."""

    def __init__(self, facts: Sequence[Fact], at: Instant) -> None:
        self.facts = sorted((fact for fact in facts if fact.at <= at), key=lambda fact: fact.at, reverse=True)

    def before(self, *milestones: str) -> Chart:
        """The chart up to and including the first of these milestones that there is; all of it where there is none."""
        for what in milestones:
            times = [fact.at for fact in self.facts if fact.what == what]
            if times:
                return Chart(self.facts, min(times))
        return self

    def newest(self, what: str) -> Fact | None:
        """The newest value of a laboratory or vital variable; None also where the newest could not be read.

        Of two at one instant the worse stands.
        """
        told = [fact for fact in self.facts if _is_about(fact, what)]
        same = [fact for fact in told if fact.at == told[0].at and fact.value is not None] if told else []
        variable = vocabulary().variable(what)
        lower = variable is not None and variable.worse == "lower"
        return min(same, key=lambda fact: (fact.value or 0.0) * (1 if lower else -1), default=None)

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


def apart(parts: Iterable[Part], choices: Choices) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """A note, and the policy that it rests on, where a score's values were not taken together."""
    times = [part.at for part in parts if part.at is not None]
    if not times or max(times) - min(times) <= choices.apart:
        return (), ()
    hours = (max(times) - min(times)) / HOUR
    return (f"The values lie {hours:g} h apart.",), ("score_apart_hours",)
