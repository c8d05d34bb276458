"""What a fact says, in the vocabulary's words."""

from __future__ import annotations

from cartway.record import Fact
from cartway.vocabulary import vocabulary


def chosen(fact: Fact, *, plain: bool = False) -> str:
    """The label of a fact's choice, or its plain words; the choice as it is where the vocabulary no longer knows it."""
    variable = vocabulary().variables.get(fact.what)
    choice = variable.choices.get(fact.choice) if variable is not None else None
    if choice is None:
        return fact.choice.replace("_", " ") or "not stated"
    return choice.plain if plain else choice.label
