"""Products and diseases that the twin knows: read once from their tables, found by any of their names."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, TypeVar

import msgspec

from cartway.problem import Problem
from cartway.vocabulary import read_choice, vocabulary

PEDIATRIC_BELOW = 26.0
"""B-ALL below this age is that of children and young adults (Maude 2018: up to 25 at the infusion)."""


class Effect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a product or a disease does to one median: `times` it, or put `value` in its place.

    `spread` replaces its variability; `source`, `standing` and `confirmed` as for parameters.
    """

    times: float = 1.0
    value: float | None = None
    spread: float | None = None
    standing: str = "assumed"
    source: str = ""
    confirmed: bool = True


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One infusion: its `day`, its `share` of the cells, and its share where the marrow is full of blasts."""

    day: float = 0.0
    share: float = 1.0
    share_if_many_blasts: float | None = None
    component: str = ""


class Lymphodepletion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Chemotherapy before the cells: its days, and what each adds to L (1: Flu 30, Cy 500 mg/m2)."""

    days: tuple[float, ...] = (-5.0, -4.0, -3.0)
    intensity: float = 1.0
    drugs: str = ""


class Regimen(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a product is given: cells for each kilogram or flat, or one of several `levels` (cells, share of patients).

    `spread`: variability of the cells received; `bridged`: the share of patients who get bridging therapy.
    `diseases`: names it is for; empty for any other. `confirmed`: whether the dose was read in a source.
    """

    diseases: tuple[str, ...] = ()
    cells_per_kg: float | None = None
    cells: float | None = None
    most_cells: float | None = None
    levels: tuple[tuple[float, float], ...] = ()
    spread: float = 0.1
    infusions: tuple[Part, ...] = (Part(),)
    lymphodepletion: Lymphodepletion = Lymphodepletion()
    bridged: float = 0.0
    confirmed: bool = True


class Product(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A product: its target, how it is given, and its effects on the medians of parameters and bedside traits.

    `like`: the product whose effects it shares for want of published figures; its own `times` multiply them.
    """

    name: str
    short: str
    target: str
    costimulation: str
    source: str
    regimen: tuple[Regimen, ...]
    effects: dict[str, Effect] = {}
    aliases: tuple[str, ...] = ()
    like: str = ""
    least_stay_days: float = 7.0
    copies_per_cell: float = 1.5


class Negative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Tumor cells without the antigen at the start: the share of patients who carry some, how many (log-uniform)."""

    share: float
    low: float = 1.0
    high: float = 1e6
    standing: str = "assumed"
    source: str = ""


class Disease(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A disease as it meets the cells. `marker`: what a response is read from (lesions, marrow, m_protein).

    `like`: the disease whose effects it shares; its own `times` multiply them, a value replaces them.
    """

    name: str
    short: str
    diagnosis: str
    antigens: tuple[str, ...]
    marker: str
    negative: Negative
    after_progression_days: float
    source: str
    effects: dict[str, Effect] = {}
    aliases: tuple[str, ...] = ()
    like: str = ""


Named = TypeVar("Named", bound=Product | Disease)


class _Products(msgspec.Struct, frozen=True):
    product: tuple[Product, ...]


class _Diseases(msgspec.Struct, frozen=True):
    disease: tuple[Disease, ...]


def _table(name: str, of: Any) -> Any:
    return msgspec.toml.decode(resources.files("cartway.twin.population").joinpath(name).read_text(), type=of)


def _beside(base: Effect, own: Effect) -> Effect:
    """An effect beside that of what one is like: a value or a spread replaces, `times` multiplies."""
    if own.value is not None:
        return own
    spread = base.spread if own.spread is None else own.spread
    return msgspec.structs.replace(own, value=base.value, times=base.times * own.times, spread=spread)


def _like(base: Mapping[str, Effect], own: Mapping[str, Effect]) -> dict[str, Effect]:
    return {**base, **{name: _beside(base.get(name, Effect()), effect) for name, effect in own.items()}}


def _by_name(rows: tuple[Named, ...]) -> Mapping[str, Named]:
    """The rows by name, each with the effects of the row above that it is like."""
    found: dict[str, Named] = {}
    for row in rows:
        effects = _like(found[row.like].effects, row.effects) if row.like else row.effects
        found[row.name] = msgspec.structs.replace(row, effects=effects)
    return found


@cache
def products() -> Mapping[str, Product]:
    """Every product by its name in the vocabulary."""
    return _by_name(_table("products.toml", _Products).product)


@cache
def diseases() -> Mapping[str, Disease]:
    """Every disease by its name."""
    return _by_name(_table("diseases.toml", _Diseases).disease)


def _spoken(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())


def _find(text: str, among: Mapping[str, Named]) -> Named | None:
    said = _spoken(text)
    return next((x for x in among.values() if said in {_spoken(n) for n in (x.name, x.short, *x.aliases)}), None)


def product_of(text: str) -> Product | Problem:
    """The product that goes by this name, here or in the vocabulary. Problem: ``unknown_twin_product``."""
    name = read_choice(vocabulary().variables["infusion"], text)
    found = _find(text, products()) or (products().get(name) if isinstance(name, str) else None)
    known = "Known: " + ", ".join(p.short for p in products().values()) + "."
    return found or Problem("unknown_twin_product", "The twin does not know this product.", known)


def disease_of(text: str, age_years: float | None = None) -> Disease | Problem:
    """The disease that goes by this name, here or in the vocabulary; B-ALL below 26 years is that of the young.

    Problem: ``unknown_twin_disease``.
    """
    name = read_choice(vocabulary().variables["diagnosis"], text)
    found = _find(text, diseases()) or (_find(name, diseases()) if isinstance(name, str) else None)
    if found and found.name == "b_all" and age_years is not None and age_years < PEDIATRIC_BELOW:
        return diseases()["pediatric_b_all"]
    known = "Known: " + ", ".join(diseases()) + "."
    return found or Problem("unknown_twin_disease", "The twin does not know this disease.", known)


def mismatch(product: Product, disease: Disease) -> Problem | None:
    """None where the product's target is on the disease. Problem: ``target_not_on_disease``."""
    if product.target in disease.antigens:
        return None
    reason = f"{product.short} finds {product.target}, which {disease.short} does not carry."
    return Problem("target_not_on_disease", reason, "Choose a product against " + " or ".join(disease.antigens) + ".")


def regimen_of(product: Product, disease: Disease) -> Regimen:
    """How the product is given in this disease: the one that names it or what it is like, else that for any other."""
    named = [r for name in (disease.name, disease.like) for r in product.regimen if name in r.diseases]
    return (named or [r for r in product.regimen if not r.diseases] or list(product.regimen))[0]
