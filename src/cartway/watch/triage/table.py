"""The table of symptoms and tiers, read from ``table.toml``: one for the phone, the server and the ward's alerts."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import IntEnum
from functools import cache
from importlib import resources

import msgspec

LANGUAGES = ("en", "es")
EARLY_DAYS = 30  # "in the first 30 days": the window of tremor, after which its tier is a lower one


class Tier(IntEnum):
    """What to do: the larger the sooner."""

    visit = 1
    today = 2
    now = 3
    emergency = 4


FLOORS: Mapping[str, Tier] = {
    "symptom:fever": Tier.now,
    "temperature:fever": Tier.now,
    "temperature:low": Tier.now,
    "temperature:unread": Tier.now,
    "symptom:other": Tier.now,
    "symptom:confusion": Tier.emergency,
    "symptom:speech": Tier.emergency,
    "symptom:sleepiness": Tier.emergency,
    "symptom:breathlessness": Tier.emergency,
    "symptom:breathless_on_stairs": Tier.now,
    "symptom:chest_pain": Tier.emergency,
    "symptom:fainting": Tier.emergency,
    "symptom:seizure": Tier.emergency,
    "symptom:self_harm": Tier.emergency,
    "home_check:changed": Tier.emergency,
}
"""What the table may raise and never lower: a table with less does not load."""


class BelowFloorError(Exception):
    """The table gives an item a tier below its floor."""

    def __init__(self, name: str) -> None:
        super().__init__(f"the table of symptoms puts {name} below its floor")


class Says(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The tiers that one source gives an item: `early` to day 30 and where the day is not known, `late` after it."""

    early: tuple[str, ...]
    late: tuple[str, ...]

    def tier(self, early: bool) -> Tier:
        """The highest that it gives in a window."""
        return max(Tier[name] for name in (self.early if early else self.late))


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that can be told: ``symptom:NAME``, ``feeling:bad`` ... `says`: by source."""

    en: str
    es: str
    says: Mapping[str, Says]
    group: str = ""
    confirmed: bool = False
    name: str = ""

    def words(self, language: str) -> str:
        """In lay words."""
        return self.es if language == "es" else self.en

    def tier(self, early: bool | None) -> Tier:
        """The highest that any source gives; of a day that nobody knows the higher of the two windows."""
        windows = (True, False) if early is None else (early,)
        return max(each.tier(window) for each in self.says.values() for window in windows)

    def sources(self, early: bool | None) -> Mapping[str, Tier]:
        """By source, the tier that it gives: more than one tier is a conflict, and the highest stands."""
        windows = (True, False) if early is None else (early,)
        return {name: max(each.tier(window) for window in windows) for name, each in self.says.items()}

    @property
    def symptom(self) -> str:
        """The choice of ``reported_symptom``; empty for what is none."""
        kind, _, name = self.name.partition(":")
        return name if kind == "symptom" else ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`sources` and `groups` by name, `items` by what can be told. `self_harm`: words, by language. `emergency`,
    `crisis`: telephone numbers by country.
    """

    sources: Mapping[str, str]
    emergency: Mapping[str, str]
    crisis: Mapping[str, str]
    groups: Mapping[str, Mapping[str, str]]
    items: Mapping[str, Item]
    self_harm: Mapping[str, tuple[str, ...]]

    def tier(self, name: str, early: bool | None) -> Tier:
        """The tier of an item. What the table does not know is no less urgent than what nobody can place."""
        item = self.items.get(name, self.items["symptom:other"])
        return max(item.tier(early), FLOORS.get(name, Tier.visit))

    def symptoms(self, group: str) -> tuple[Item, ...]:
        """The symptoms of a group, in the order in which they are asked."""
        return tuple(item for item in self.items.values() if item.group == group and item.symptom)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What speaks of self-harm, in every language: nobody writes only in the one that the page is in."""
        return tuple(words for each in self.self_harm.values() for words in each)


@cache
def load_table() -> Table:
    """The table as shipped. Raises BelowFloorError where it gives less than a floor."""
    text = (resources.files(__package__) / "table.toml").read_text("utf-8")
    raw = msgspec.convert(tomllib.loads(text), Table)
    items = {name: msgspec.structs.replace(item, name=name) for name, item in raw.items.items()}
    for name, floor in FLOORS.items():
        if any(items[name].tier(early) < floor for early in (True, False)):
            raise BelowFloorError(name)
    return msgspec.structs.replace(raw, items=items)
