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
def _table() -> Mapping[str, TakesIn]:
    shipped = (resources.files(__package__) / "conditions.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(shipped), dict[str, TakesIn])


@cache
def _own() -> Mapping[str, TakesIn]:
    """What each diagnosis that names an entity or a group takes in. A table of its name goes before the vocabulary."""
    return {name: _table().get(name) or _classes(name) for name in diagnoses() if name not in OPEN}


@cache
def known_terms() -> Mapping[str, TakesIn]:
    """What each known condition takes in, by its words written one way."""
    aliases = {spoken(alias): _narrower(each) for name, each in _own().items() for alias in diagnoses()[name].aliases}
    labels = {spoken(diagnoses()[name].label): each for name, each in _own().items()}
    return aliases | labels | {spoken(term): entry for entry in _table().values() for term in entry.terms}


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
    perhaps = _perhaps(diagnosis)
    if perhaps and perhaps <= entry.members:
        return Answer.yes
    return Answer.no if perhaps and perhaps.isdisjoint(entry.members | entry.unsure) else Answer.unknown


def _perhaps(diagnosis: str) -> frozenset[str]:
    """What a diagnosis of the record may turn out to be: itself, or for one whose kind is not stated each of its kinds.

    Empty where that may be anything.
    """
    kinds = _own().get(diagnosis)
    if kinds is None:
        return frozenset()
    return kinds.members | kinds.unsure if kinds.members - {diagnosis} else frozenset({diagnosis})


_RELAPSED = ("relapsed", "first_relapse", "second_relapse", "later_relapse", "relapse_after_transplant")
_REFRACTORY = ("refractory", "primary_refractory")
_EITHER = (
    *("relapsed or refractory", "relapsed and refractory", "relapsed and/or refractory", "relapsed/refractory", "r/r"),
    *("refractory or relapsed", "refractory/relapsed", "recurrent or refractory"),
)
_STATES: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("relapsed", "recurrent", "relapse"), _RELAPSED),
    "refractory": _REFRACTORY,
    **dict.fromkeys(_EITHER, _RELAPSED + _REFRACTORY),
}
"""What registries put before a condition, in lower case, and the choices of `disease_status` that are it."""


def in_state(condition: str) -> tuple[str, str, tuple[str, ...]] | None:
    """``Relapsed or Refractory Multiple Myeloma`` as the condition, the words of its state and their choices.

    None where a condition says no state, or is not known without it.
    """
    text = " ".join(condition.split())
    for words in sorted(_STATES, key=len, reverse=True):
        rest = text[len(words) :].strip(" ,-")
        if text.casefold().startswith(f"{words} ") and is_known(rest):
            return rest, text[: len(words)], _STATES[words]
    return None


def is_known(condition: str) -> bool:
    """Whether the words of a condition are known at all."""
    return spoken(condition) in known_terms()
