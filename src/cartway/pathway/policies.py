"""The center's policies for the road to infusion: named, with a default, why each is open, who set it.

Each room keeps its own file in `policies/`. A center overrides one by a fact of its own record (`center_policy`).
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact

TENFOLD = 10  # a number further than this from the shipped one is a slip, where its file names no range


class PathwayPolicy(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One open question: its default (a number in `unit`, or one of `choices`), what it means, why it is open.

    `least`, `most`: what a number may be at all, both included; where they are not stated, tenfold either way. They
    keep slips out, and say nothing of what is right.
    """

    default: float | str
    meaning: str
    why: str
    unit: str = ""
    choices: tuple[str, ...] = ()
    confirmed: bool = False
    least: float | None = None
    most: float | None = None

    @property
    def range(self) -> tuple[float, float]:
        """The least and the most that it may be; of a choice, nothing."""
        shipped = 0.0 if isinstance(self.default, str) else self.default
        least = shipped / TENFOLD if self.least is None else self.least
        return least, shipped * TENFOLD if self.most is None else self.most


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
        """The policies with one set, or why not.

        Problems: ``unknown_policy``, ``wrong_policy_value``, ``policy_out_of_range``.
        """
        policy = self.policies.get(name)
        if policy is None:
            return Problem("unknown_policy", f"There is no policy '{name}'.", "The reference page lists them.")
        if isinstance(value, str) != bool(policy.choices) or (policy.choices and value not in policy.choices):
            allowed = ", ".join(policy.choices) or f"a number [{policy.unit}]"
            return Problem("wrong_policy_value", f"'{value}' is no value of {name}.", f"Give one of: {allowed}.")
        least, most = policy.range
        if isinstance(value, float | int) and not (math.isfinite(value) and least <= value <= most):
            within = f"Give a number from {exact(least)} to {exact(most)}."
            return Problem("policy_out_of_range", f"{exact(value)} is out of the range of {name}.", within)
        return msgspec.structs.replace(self, chosen={**self.chosen, name: value})


def exact(number: float) -> str:
    """A number as text that reads back as just that number: ``90``, ``0.35``, ``999999999``."""
    return str(int(number)) if math.isfinite(number) and number == int(number) else repr(float(number))


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
