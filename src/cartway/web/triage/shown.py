"""The table of symptoms as the pages draw it, and whom to call about each tier."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.watch.triage import Item, Table, Tier, load_table
from cartway.web.office import Office
from cartway.web.speech import language
from cartway.words.telephone import dialed


class Tick(msgspec.Struct, frozen=True):
    """One thing to tick. `early`, `late`: its tiers as numbers, by which the phone works out what to do."""

    name: str
    words: str
    early: int
    late: int


class Numbers(msgspec.Struct, frozen=True):
    """Whom to call: the country's emergency number and its line for thoughts of suicide; empty where not known."""

    emergency: str
    crisis: str
    dial_emergency: str
    dial_crisis: str


def numbers(office: Office) -> Numbers:
    """The numbers of the center's country."""
    table, country = load_table(), office.config.country
    emergency, crisis = table.emergency.get(country, ""), table.crisis.get(country, "")
    return Numbers(emergency, crisis, dialed(emergency), dialed(crisis))


def tick(item: Item, table: Table) -> Tick:
    """An item as it is drawn, in the language of the request."""
    early, late = (int(table.tier(item.name, window)) for window in (True, False))
    return Tick(item.symptom or item.name.partition(":")[2], item.words(language()), early, late)


def groups() -> Sequence[tuple[str, Sequence[Tick]]]:
    """The symptoms by part of the body: heading, ticks."""
    table = load_table()
    return [
        (words[language()], [tick(item, table) for item in table.symptoms(name)])
        for name, words in table.groups.items()
    ]


def by_tier() -> Mapping[int, Sequence[Tick]]:
    """The symptoms by the tier that they have where nobody knows the day, the most urgent first."""
    table = load_table()
    ticks = [tick(item, table) for item in table.items.values() if item.symptom]
    return {int(tier): [each for each in ticks if max(each.early, each.late) == tier] for tier in reversed(Tier)}


def marks() -> Mapping[str, Tick]:
    """What the diary asks beside the symptoms, by name: ``temperature:fever``, ``feeling:bad`` ..."""
    table = load_table()
    return {name: tick(item, table) for name, item in table.items.items() if not item.symptom}
