"""What a regimen held, from its name: see `regimens.toml`. What is not read is told, never guessed.

>>> read("pola-BR x6").names, read("XYZ-9 trial").unread
(('bendamustine', 'anti_cd20', 'cd79b_adc', 'chemotherapy'), ('xyz', 'trial'))
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.candidacy.classes import drug_class, drug_classes, is_known, spelled_plainly
from cartway.vocabulary import vocabulary

LONGEST_SHORT = 6  # a longer word may be a drug that only a table of washouts or targets knows
VAGUE = frozenset({"chemotherapy", "chemoimmunotherapy", "intensive_chemotherapy", "antibody", "targeted_therapy"})
"""Classes that hide drugs with a wait of their own: fludarabine, cladribine, asparaginase, checkpoint inhibitors."""
_NAMES_CHEMOTHERAPY = frozenset({"auto_hct", "fludarabine", "clofarabine", "cladribine", "asparaginase"})


class Read(msgspec.Struct, frozen=True):
    """The classes and ingredients that a regimen names, and its words that nobody could read."""

    names: tuple[str, ...]
    unread: tuple[str, ...]
    whole: bool
    """Whether a drug or regimen was read and no word was left."""


class Regimens(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table: who says so, the words that name no drug, the regimens by their plain spelling."""

    source: str
    ignored: tuple[str, ...]
    regimens: dict[str, tuple[str, ...]]


@cache
def regimens() -> Regimens:
    """The shipped table."""
    return msgspec.convert(tomllib.loads(_text("regimens.toml")), Regimens)


@cache
def read(regimen: str) -> Read:
    """The words of a regimen: known regimens first, the longest first, then ingredients, then classes."""
    words, names, unread, told = tuple(re.findall(r"[a-z0-9]+", regimen.casefold())), [], [], False
    at = 0
    while at < len(words):
        taken, found = _regimen_at(words, at)
        if not taken:
            taken, found = 1, _word(words[at])
            if not _is_read(words[at]):
                unread.append(words[at])
        told = told or any(name not in VAGUE for name in found)
        names += found
        at += taken
    return Read(tuple(dict.fromkeys(names)), tuple(unread), told and not unread)


def hides_drugs(classes: Iterable[object], regimen: str) -> bool:
    """Whether a therapy may have held a drug that neither its classes nor its regimen name."""
    stated, found = {drug_class(str(each)) for each in classes}, read(regimen)
    vague = stated & VAGUE
    if (stated and not vague) or found.whole:
        return False
    if found.unread or not stated:
        return True
    return not all(_named(each, stated) for each in vague)


def _named(vague: str, stated: set[str]) -> bool:
    """Whether a kind of a vague class is stated with it."""
    kinds = set(drug_classes()[vague].kinds) - VAGUE if vague in drug_classes() else set()
    return bool(stated & (kinds | _NAMES_CHEMOTHERAPY))


def _regimen_at(words: tuple[str, ...], at: int) -> tuple[int, list[str]]:
    """How many words a known regimen takes from here, and what it holds; ``rchop`` is CHOP with rituximab."""
    table = regimens().regimens
    for count in (3, 2, 1):
        found = table.get("_".join(words[at : at + count])) if at + count <= len(words) else None
        if found is not None:
            return count, list(found)
    rest = words[at][1:]
    if words[at].startswith("r") and len(rest) > 1 and rest in table:
        return 1, ["anti_cd20", *table[rest]]
    return 0, []


@cache
def _word(word: str) -> list[str]:
    """A word that is an ingredient or a class: itself and its classes; of another one a long word as it stands."""
    within = [name for name, each in drug_classes().items() if word in each.drugs]
    known = vocabulary().variables["drug"].choices.get(word)
    classes = [drug_class(each) for each in known.classes] if known else []
    if not within and not known and is_known(word):
        return [drug_class(word)]
    kept = within or known or (len(word) > LONGEST_SHORT and word not in regimens().ignored)
    return list(dict.fromkeys([word, *within, *classes])) if kept else []


def _is_read(word: str) -> bool:
    if word in regimens().ignored or word.isdigit() or re.fullmatch(r"x?\d+x?", word):
        return True
    if is_known(word) or word in vocabulary().variables["drug"].choices or word in _of_washouts():
        return True
    return any(word in each.drugs for each in drug_classes().values())


@cache
def _of_washouts() -> frozenset[str]:
    """The ingredients that a washout table names."""
    tables: Mapping[str, list[dict[str, list[str]]]] = tomllib.loads(_text("washouts.toml"))
    return frozenset(spelled_plainly(drug) for rows in tables.values() for row in rows for drug in row.get("drugs", []))


def _text(name: str) -> str:
    return (resources.files(__package__) / name).read_text("utf-8")
