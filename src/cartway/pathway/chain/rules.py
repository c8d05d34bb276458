"""The table of breaks (`breaks.toml`): which are missing evidence and which contradict, in words, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.chain.model import Break, BreakKind
from cartway.record import Fact
from cartway.times import Instant

STEPS = {
    "collection": "at the collection",
    "label": "of the label",
    "pickup": "at the pickup",
    "receipt": "at the receipt",
    "thaw": "before the thaw",
    "bedside": "at the bedside",
}
"""The steps at which two people check, and how a sentence says so."""

CHECKS = ("not_checked", "one_signature", "incomplete", "mismatched")
"""The rules of a check by two people. A break's code is the step and the rule: ``bedside_not_checked``."""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One way to break. `words` has places to fill in; `why` says why it is of its kind and who may vouch."""

    kind: BreakKind
    words: str
    remedy: str
    why: str
    stand_in: bool = False


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by its code; those of checks once for each step."""
    text = (resources.files(__package__) / "breaks.toml").read_text("utf-8")
    written = msgspec.convert(tomllib.loads(text), dict[str, Rule])
    checks = {f"{step}_{name}": written[name] for step in STEPS for name in CHECKS}
    return {code: rule for code, rule in written.items() if code not in CHECKS} | checks


def broken(code: str, thing: str, at: Instant, facts: Iterable[Fact] = (), **words: str) -> Break:
    """The break of this rule, its words filled in."""
    rule = rules()[code]
    said = rule.words.format(step=STEPS.get(code.partition("_")[0], ""), **words)
    return Break(code, rule.kind, thing, at, said, rule.remedy, tuple(facts), rule.stand_in)
