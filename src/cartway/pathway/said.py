"""What a fact says, in the vocabulary's words."""

from __future__ import annotations

from datetime import date

from cartway.record import Fact
from cartway.vocabulary import vocabulary


def chosen(fact: Fact, *, plain: bool = False) -> str:
    """The label of a fact's choice, or its plain words; the choice as it is where the vocabulary no longer knows it."""
    variable = vocabulary().variables.get(fact.what)
    choice = variable.choices.get(fact.choice) if variable is not None else None
    if choice is None:
        return fact.choice.replace("_", " ") or "not stated"
    return choice.plain if plain else choice.label


def told(day: date, today: date) -> str:
    """``Nov 24``, as sentences name a day; with the year where it is another one than today's."""
    return f"{day:%b} {day.day}" + (f", {day.year}" if day.year != today.year else "")
