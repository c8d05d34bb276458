"""Values and days in words, as they are read aloud."""

from __future__ import annotations

from datetime import date

from cartway.pathway.candidacy.days import day_of
from cartway.record import Fact
from cartway.vocabulary import vocabulary

_UNITS = {
    "10*9/L": "x 10⁹/L",
    "/uL": "/µL",
    "{score}": "",
    "{count}": "",
    "1": "times the upper limit",
    "[IU]/mL": "IU/mL",
}


def on_day(day: date) -> str:
    """A day as it is read: ``Nov 1, 2026``."""
    return f"{day:%b} {day.day}, {day.year}"


def amount(number: float, unit: str) -> str:
    """A number with its unit: ``60 %``, ``0.9 x 10⁹/L``."""
    return f"{number:g} {_UNITS.get(unit, unit)}".strip()


def stated(fact: Fact) -> str:
    """What a fact says, and of which day: ``60 % on Nov 1, 2026``."""
    return f"{said(fact)} on {on_day(day_of(fact.at))}"


def said(fact: Fact) -> str:
    """What a fact says: its number with the unit, or the label of its choice, the first letter small."""
    if fact.value is not None and not fact.choice:
        return amount(fact.value, fact.unit or vocabulary().variables[fact.what].unit)
    label = vocabulary().variables[fact.what].choices[fact.choice].label
    return label if label[:2].isupper() else label[0].lower() + label[1:]
