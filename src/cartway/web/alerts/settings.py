"""What a center may set of its alerts: each rule on or off, and the numbers that the rules read, by name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cartway.pathway.policies import exact
from cartway.watch.rulebook import Rule, Rulebook

ON, OFF = "on", "off"
OF_ALL = (
    "escalation_high_minutes", "escalation_medium_minutes", "escalation_low_minutes", "alert_joins_hours",
    "alert_unanswered_hours", "acted_within_hours",
)  # fmt: skip


_UNIT = re.compile(r"_(mmhg|percent|minutes|hours|days|celsius|g_dl|mg_dl|ng_ml|mmol_l)$")


class Setting(msgspec.Struct, frozen=True):
    """One thing that can be set. `now`, `shipped`: as texts; `choices`: what it may be, empty where it is a number."""

    name: str
    label: str
    meaning: str
    now: str
    shipped: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    is_rule: bool = False
    confirmed: bool = True
    source: str = ""

    @property
    def is_changed(self) -> bool:
        """Whether the center has set it to something else than it was shipped as."""
        return self.now != self.shipped


class Group(msgspec.Struct, frozen=True):
    """A rule with the numbers that it reads; of all rules together where `rule` is None."""

    rule: Setting | None
    numbers: Sequence[Setting]


def setting(name: str, book: Rulebook, shipped: Rulebook) -> Setting | None:
    """A rule or a policy by its name, as the center has it; None where there is none of that name here."""
    if name in book.rules:
        return _rule(book.rules[name], book, shipped)
    known = {each for rule in book.rules.values() for each in read_by(rule)} | set(OF_ALL)
    return _policy(name, book) if name in known else None


def groups(book: Rulebook, shipped: Rulebook) -> Iterator[Group]:
    """Everything that can be set: of all rules together first, then rule by rule."""
    yield Group(None, [_policy(name, book) for name in OF_ALL])
    for rule in book.rules.values():
        yield Group(_rule(rule, book, shipped), [_policy(name, book) for name in read_by(rule)])


def read_by(rule: Rule) -> list[str]:
    """The policies that a rule reads, each once."""
    named = (rule.limit, rule.step, rule.margin, rule.times, rule.rise, rule.floor, rule.hours, rule.clears)
    return [name for name in dict.fromkeys(named) if name]


def readers(name: str, book: Rulebook) -> list[Rule]:
    """The rules that a rule's own name or a policy's decides."""
    return [rule for rule in book.rules.values() if rule.name == name or name in read_by(rule)]


def _rule(rule: Rule, book: Rulebook, shipped: Rulebook) -> Setting:
    event = book.events[rule.event].title
    meaning = f"{event}. {rule.note}".strip()
    now, before = (ON if each.on else OFF for each in (rule, shipped.rules[rule.name]))
    choices, confirmed = (ON, OFF), book.confirmed(rule)
    return Setting(rule.name, rule.label, meaning, now, before, "", choices, True, confirmed, rule.source)


def _policy(name: str, book: Rulebook) -> Setting:
    policy = book.policies.policies[name]
    now = book.policies.chosen.get(name, policy.default)
    label = _UNIT.sub("", name).replace("_", " ").capitalize()
    return Setting(
        name, label, policy.meaning, _text(now), _text(policy.default), policy.unit, policy.choices,
        confirmed=book.policies.confirmed(name), source=policy.why,
    )  # fmt: skip


def _text(value: float | str) -> str:
    return value if isinstance(value, str) else exact(value)
