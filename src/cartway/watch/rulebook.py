"""The alert rules in force: dated data, one file an event, with the center's policies and its changes of rules."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, load_policies, policies_of
from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.watch.model import Priority

_UNITS = {"d": DAY, "h": HOUR, "min": MINUTE}


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A physiological event: what an alert is called, who is to answer, who is told when nobody does.

    `acts`: variables and classes of drugs that count as acting on it where no outcome was recorded. `heals`: that it
    ended is its answer, as where an overdue observation was made. `named_by`: rules one of which must have fired before
    the episode is called by `title`; until then it is called `until_named`, since nobody knows the cause yet.
    """

    title: str
    owner: str
    escalation: tuple[str, ...]
    acts: tuple[str, ...] = ()
    heals: bool = False
    named_by: tuple[str, ...] = ()
    until_named: str = ""

    def called(self, rules: Collection[str]) -> str:
        """What an episode is called in which these rules fired."""
        return self.title if not self.named_by or any(name in rules for name in self.named_by) else self.until_named


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One alert rule as its file tells it.

    `judge`: the function that reads the course (see `judges`). `priority`: by level from 1 on, the last for all above.
    `text`: what is said, with the judge's numbers in braces. `clears`: the policy that says for how long it must stay
    away before it is over. `source`, `confirmed`: of its clinical number. `always`: asked at any time in life;
    `prepared`: from lymphodepletion on; else under the close watch. `from_age`, `below_age`: years for which it is. The
    rest is what the judge reads.
    """

    label: str
    judge: str
    text: str
    priority: tuple[str, ...]
    source: str
    effective_from: str
    confirmed: bool = False
    note: str = ""
    clears: str = ""
    on: bool = True
    always: bool = False
    what: tuple[str, ...] = ()
    side: str = "above"
    limit: str = ""
    step: str = ""
    margin: str = ""
    times: str = ""
    rise: str = ""
    floor: str = ""
    hours: str = ""
    scale: str = ""
    at_least: int = 1
    at_most: int = 9
    classes: tuple[str, ...] = ()
    levels: Mapping[str, int] = {}
    from_age: float = 0
    below_age: float | None = None
    prepared: bool = False
    measure: str = ""
    because: tuple[str, ...] = ()
    task: str = ""
    event: str = ""
    name: str = ""

    @property
    def stays(self) -> bool:
        """Whether nobody can switch it off: who tells something from home is promised that it rings."""
        return self.event == "reported"

    def priority_of(self, level: int) -> Priority:
        """The priority of a level."""
        return Priority[self.priority[min(max(level, 1), len(self.priority)) - 1]]


class Rulebook(msgspec.Struct, frozen=True):
    """Events and rules by name, the policies, and the facts that switched a rule."""

    events: Mapping[str, Event]
    rules: Mapping[str, Rule]
    policies: PathwayPolicies
    switched: Mapping[str, Fact] = {}

    def number(self, name: str) -> float:
        """A policy's number in force."""
        return self.policies.number(name)

    def span(self, name: str) -> Instant:
        """A policy's time in microseconds; 0 where no policy is named."""
        return round(self.number(name) * _UNITS[self.policies.policies[name].unit]) if name else 0

    def confirmed(self, rule: Rule) -> bool:
        """Whether every clinical number that decides was seen in its source, or set by the center."""
        named = (rule.limit, rule.times, rule.rise, rule.floor, rule.hours)
        chosen = [name for name in named if name in self.policies.chosen]
        return bool(chosen) or rule.confirmed


@cache
def load_rulebook() -> Rulebook:
    """The shipped rules at their shipped policies."""
    events: dict[str, Event] = {}
    rules: dict[str, Rule] = {}
    for file in sorted((resources.files(__package__) / "rules").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            raw: dict[str, Any] = tomllib.loads(file.read_text("utf-8"))
            event = file.name.removesuffix(".toml")
            events[event] = msgspec.convert(raw["event"], Event)
            rules |= {name: _rule(table, event, name) for name, table in raw["rules"].items()}
    return Rulebook(events, rules, load_policies())


def _rule(table: Mapping[str, Any], event: str, name: str) -> Rule:
    dated = str(table["effective_from"])
    return msgspec.convert({**table, "effective_from": dated, "event": event, "name": name}, Rule)


def rulebook_of(center: Course | None) -> Rulebook:
    """The rules as the center's record sets them: its policies, and each rule that a `rule_change` switched on or off.

    A rule change names its rule as `about`; `detail.after` is ``off`` or ``on``. Any other text only documents.
    """
    book = load_rulebook()
    if center is None:
        return book
    switched = {
        fact.about: fact
        for fact in center.all("rule_change", choice="changed")
        if fact.about in book.rules and fact.detail.get("after") in ("on", "off") and not book.rules[fact.about].stays
    }
    rules = {
        name: rule if name not in switched else msgspec.structs.replace(rule, on=switched[name].detail["after"] == "on")
        for name, rule in book.rules.items()
    }
    return Rulebook(book.events, rules, policies_of(center), switched)


def with_policies(book: Rulebook, policies: PathwayPolicies) -> Rulebook:
    """The same rules under other policies."""
    return msgspec.structs.replace(book, policies=policies)


def switched(book: Rulebook, name: str, on: bool) -> Rulebook:
    """The same rules with one of them on or off."""
    return msgspec.structs.replace(book, rules={**book.rules, name: msgspec.structs.replace(book.rules[name], on=on)})
