"""The center's policies for the road to infusion: named, with a default, why each is open, who set it.

Each room keeps its own file in `policies/`. A center overrides one by a fact of its own record (`center_policy`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact


class PathwayPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One open question: its default (a number in `unit`, or one of `choices`), what it means, why it is open."""

    default: float | str
    meaning: str
    why: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    confirmed: bool = False


class PathwayPolicies(msgspec.Struct, frozen=True):
    """The policies in force, by name. `chosen` holds only what the center set, `by` the facts that set it."""

    policies: Mapping[str, PathwayPolicy]
    chosen: Mapping[str, float | str] = {}
    by: Mapping[str, Fact] = {}

    def number(self, name: str) -> float:
        """The policy's number in force."""
        return float(self.chosen.get(name, self.policies[name].default))

    def text(self, name: str) -> str:
        """The policy's choice in force."""
        return str(self.chosen.get(name, self.policies[name].default))

    def confirmed(self, name: str) -> bool:
        """Whether its number was seen in a source, or set by the center."""
        return name in self.chosen or self.policies[name].confirmed

    def with_value(self, name: str, value: float | str) -> PathwayPolicies | Problem:
        """The policies with one set, or why not. Problems: ``unknown_policy``, ``wrong_policy_value``."""
        policy = self.policies.get(name)
        if policy is None:
            return Problem("unknown_policy", f"There is no policy '{name}'.", "The reference page lists them.")
        if isinstance(value, str) != bool(policy.choices) or (policy.choices and value not in policy.choices):
            allowed = ", ".join(policy.choices) or f"a number [{policy.unit}]"
            return Problem("wrong_policy_value", f"'{value}' is no value of {name}.", f"Give one of: {allowed}.")
        return msgspec.structs.replace(self, chosen={**self.chosen, name: value})


@cache
def load_policies() -> PathwayPolicies:
    """All shipped policies at their defaults."""
    found: dict[str, PathwayPolicy] = {}
    for file in sorted((resources.files(__package__) / "policies").iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            found |= msgspec.convert(tomllib.loads(file.read_text("utf-8")), dict[str, PathwayPolicy], strict=False)
    return PathwayPolicies(found)


def policies_of(center: Course) -> PathwayPolicies:
    """The policies as the center's record sets them; a setting that does not fit is left at its default."""
    policies = load_policies()
    for fact in center.all("center_policy"):
        value = fact.detail.get("choice") or fact.value
        name = fact.about or str(fact.detail.get("policy", ""))
        changed = policies.with_value(name, value) if isinstance(value, float | str) else None
        if isinstance(changed, PathwayPolicies):
            policies = msgspec.structs.replace(changed, by={**changed.by, name: fact})
    return policies
