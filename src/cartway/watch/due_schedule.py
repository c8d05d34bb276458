"""The schedules: which observation is due how often, by setting, day, label window and grade, as dated rows.

One file a task in ``schedules/``. A row's number is a policy (`pathway/policies/due.toml`), so that a center may change
it; the row says where it applies, from when to when it was in force, and who says so.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Literal

import msgspec

from cartway.pathway.answer import Source
from cartway.record import Fact

Setting = Literal["", "before", "ward", "home"]
Window = Literal["", "daily", "near"]


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Facts that answer a part of a task: all of `what` together, with one of `choices` or a value of at most `at_most`
    where those are named.
    """

    what: tuple[str, ...]
    choices: tuple[str, ...] = ()
    at_most: float | None = None

    def fits(self, fact: Fact) -> bool:
        """Whether a fact of one of its variables answers. A reading without a value answers nothing."""
        if self.choices:
            return fact.choice in self.choices
        if fact.value is None:
            return bool(fact.choice)
        return self.at_most is None or fact.value <= self.at_most


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing to be observed, and what answers it: any of `by`."""

    name: str
    by: tuple[Answer, ...]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """When a task is due, how often: every `policy`, or with `once` within `policy` of the row's beginning.

    `setting`: ``before`` the infusion, on the ``ward``, at ``home``; empty for the last two. `until`: to the end of a
    window of the product's label; `until_policy`: to the day (after the infusion) that a policy names. `scale` and
    `at_least`: only with such a grade. `fever`: only with a fever, in any setting. `within`: the policy that says how
    long after it is due it is overdue, where not the common share. `role`: who does it, where not the task's.
    """

    id: str
    words: str
    policy: str
    effective_from: date
    source: Source
    effective_to: date | None = None
    setting: Setting = ""
    until: Window = ""
    until_policy: str = ""
    scale: str = ""
    at_least: int = 0
    products: tuple[str, ...] = ()
    fever: bool = False
    within: str = ""
    once: bool = False
    role: str = ""

    def in_force(self, on: date) -> bool:
        """Whether it is the text of that day."""
        return self.effective_from <= on and (self.effective_to is None or on <= self.effective_to)


class Task(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something to be done again and again: what it is called, who does it, its parts, when it is due."""

    label: str
    short: str
    role: str
    parts: tuple[Part, ...]
    rows: tuple[Row, ...]


@cache
def load_schedules() -> Mapping[str, Task]:
    """All tasks by name, in the order of a round at the bedside."""
    folder = resources.files(__package__) / "schedules"
    found = {
        file.name.removesuffix(".toml"): msgspec.convert(tomllib.loads(file.read_text("utf-8")), Task)
        for file in folder.iterdir()
        if file.name.endswith(".toml")
    }
    return {name: found[name] for name in sorted(found, key=_order)}


ORDER = ("vital_signs", "neurology", "monitoring", "blood_cultures", "inflammation", "blood_count", "chemistry",
         "coagulation", "tumor_lysis", "weight")  # fmt: skip


def _order(name: str) -> tuple[int, str]:
    return (ORDER.index(name) if name in ORDER else len(ORDER)), name
