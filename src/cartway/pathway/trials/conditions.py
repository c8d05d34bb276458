"""Which diagnoses a trial's condition takes in: by the vocabulary's words and a table of exact headings, nothing near.

A condition whose words are not known is unknown. Where the record's own diagnosis is wider than the condition (a
lymphoma whose subtype is not stated), or usage puts it now inside and now outside, that is unknown too.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Answer
from cartway.vocabulary import Choice, vocabulary
from cartway.vocabulary.load import spoken

OPEN = frozenset({"solid_tumor", "autoimmune", "other"})
"""Diagnoses that name no entity: what lies behind them may be any of their kind."""


class TakesIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The diagnoses that some words take in for sure, and those of which it is not sure."""

    members: frozenset[str]
    unsure: frozenset[str] = frozenset()
    terms: tuple[str, ...] = ()


@cache
def known_terms() -> Mapping[str, TakesIn]:
    """What each known condition takes in, by its words written one way. A table entry goes before the vocabulary."""
    shipped = (resources.files(__package__) / "conditions.toml").read_text("utf-8")
    table = msgspec.convert(tomllib.loads(shipped), dict[str, TakesIn])
    own = {name: table.get(name) or _classes(name) for name in diagnoses() if name not in OPEN}
    aliases = {spoken(alias): _narrower(own[name]) for name in own for alias in diagnoses()[name].aliases}
    names = {spoken(text): entry for name, entry in own.items() for text in (name, diagnoses()[name].label)}
    return aliases | names | {spoken(term): entry for entry in table.values() for term in entry.terms}


def diagnoses() -> Mapping[str, Choice]:
    """The diagnoses of the vocabulary, by name."""
    return vocabulary().variables["diagnosis"].choices


def _classes(name: str) -> TakesIn:
    """A diagnosis takes in itself, and those that bear its name as a class; those that share a class are not sure."""
    classes = {each: set(choice.classes) for each, choice in diagnoses().items()}
    inside = {each for each in classes if each == name or name in classes[each]}
    near = {each for each in classes if classes[each] & classes[name]}
    return TakesIn(frozenset(inside), frozenset(near - inside))


def _narrower(entry: TakesIn) -> TakesIn:
    """What an alias takes in: it may say more than its diagnosis does ("Ph-positive B-ALL"), so nothing for sure."""
    return TakesIn(frozenset(), entry.members | entry.unsure)


def takes_in(condition: str, diagnosis: str, *, in_words: str = "") -> Answer:
    """Whether a condition as a trial words it takes in a diagnosis, which the record may also state `in_words`."""
    entry = known_terms().get(spoken(condition))
    if entry is None:
        return Answer.unknown
    if diagnosis in entry.members or (in_words and spoken(in_words) == spoken(condition)):
        return Answer.yes
    return Answer.unknown if diagnosis in entry.unsure or diagnosis in OPEN else Answer.no


def is_known(condition: str) -> bool:
    """Whether the words of a condition are known at all."""
    return spoken(condition) in known_terms()
