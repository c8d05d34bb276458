"""Reading the products: a TOML file each, named as the product's choice of the vocabulary's `infusion`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import msgspec

from cartway.pathway.answer import Source
from cartway.pathway.products.model import Statement
from cartway.pathway.products.product import Product
from cartway.vocabulary import vocabulary


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that changed labels: the day and what happened."""

    on: date
    words: str
    source: Source
    products: tuple[str, ...] = ()


@cache
def products() -> Mapping[str, Product]:
    """All products by name, in the vocabulary's order."""
    known = list(vocabulary().variables["infusion"].choices)
    files = sorted(
        (file for file in _folder("data").iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    found = {file.name.removesuffix(".toml"): file for file in files}
    order = sorted(found, key=lambda name: known.index(name) if name in known else len(known))
    return {name: _read(name, found[name]) for name in order}


def product(name: str) -> Product | None:
    """The product of that name, brand, short name or alias of the vocabulary; None where none is held."""
    exact = products().get(name)
    return exact or _by_spelling().get(_spoken(name))


@cache
def timeline() -> tuple[Event, ...]:
    """What changed labels over time, oldest first."""
    return msgspec.convert(_general("events")["events"], tuple[Event, ...])


@cache
def common() -> Mapping[str, Statement]:
    """What all labels say alike: `filter`, `infection`, `renal`, ..."""
    return msgspec.convert(_general("common"), dict[str, Statement])


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How far a place's table of approvals is known: complete as of a day."""

    complete_as_of: date
    source: Source


@cache
def places() -> Mapping[str, Place]:
    """The places whose table of approvals is complete; elsewhere a product without a row answers unknown."""
    return msgspec.convert(_general("places"), dict[str, Place])


@cache
def _by_spelling() -> Mapping[str, Product]:
    choices = vocabulary().variables["infusion"].choices
    spellings: dict[str, Product] = {}
    for name, one in products().items():
        aliases = choices[name].aliases if name in choices else ()
        for text in (name, one.brand, one.short, *aliases):
            if text:
                spellings.setdefault(_spoken(text), one)
    return spellings


def _spoken(text: str) -> str:
    return "".join(each for each in text.casefold() if each.isalnum())


def _read(name: str, file: Traversable) -> Product:
    return msgspec.convert({"name": name, **tomllib.loads(file.read_text("utf-8"))}, Product, strict=False)


def _general(name: str) -> dict[str, Any]:
    return tomllib.loads((_folder("data") / "general" / f"{name}.toml").read_text("utf-8"))


def _folder(name: str) -> Traversable:
    return resources.files(__package__) / name
