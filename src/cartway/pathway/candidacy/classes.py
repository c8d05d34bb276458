"""One spelling for a drug class, however a source writes it: ``BTK inhibitor``, ``BTKi`` and ``btk_inhibitor`` are one.

An unknown class keeps its own spelling and is told, never dropped.

>>> drug_class("BTK-Inhibitor"), drug_class("anti-CD38"), is_known("something new")
('btki', 'anti_cd38', False)
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources

import msgspec


class DrugClass(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class: its other spellings, ingredients of it, and the classes that are kinds of it.

    `within` is the class a line must state before this drug can be in it; `regimens` hold the drug, `others` another.
    """

    label: str
    synonyms: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    within: str = ""
    regimens: tuple[str, ...] = ()
    others: tuple[str, ...] = ()


@cache
def drug_classes() -> Mapping[str, DrugClass]:
    """All known classes by their one spelling."""
    text = (resources.files(__package__) / "drugclasses.toml").read_text("utf-8")
    return msgspec.convert(tomllib.loads(text), dict[str, DrugClass])


def drug_class(text: str) -> str:
    """The one spelling of a class; an unknown one in lower case with ``_`` for blanks and signs."""
    word = spelled_plainly(text)
    return _spellings().get(word, word)


def is_known(text: str) -> bool:
    """Whether the class is one of the table."""
    return drug_class(text) in drug_classes()


def unknown_classes(texts: Iterable[str]) -> tuple[str, ...]:
    """Those that the table does not know, as they were written: to be shown, not dropped."""
    return tuple(text for text in texts if not is_known(text))


def spelled_plainly(text: str) -> str:
    """Lower case, with ``_`` for whatever is no letter or digit."""
    return re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")


@cache
def _spellings() -> Mapping[str, str]:
    return {word: name for name, each in drug_classes().items() for word in (*each.synonyms, name)}
