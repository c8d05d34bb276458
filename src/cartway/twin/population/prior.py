"""How patients of one product and disease vary: what is random, around which median, how far, what goes together."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.model import load_model
from cartway.twin.population.bedside import load_bedside
from cartway.twin.population.catalog import Disease, Effect, Product

if TYPE_CHECKING:
    from numpy.typing import NDArray

NOTHING: Mapping[str, float] = {}


class Vary(NamedTuple):
    """One quantity over patients: `kind` lognormal, normal or uniform."""

    kind: str
    median: float
    spread: float
    low: float = float("-inf")
    high: float = float("inf")


class Prior(NamedTuple):
    """`every`: all parameters and traits; `names`: those that differ between patients, and `places` of these among all.

    `root` float64[m, m]: what makes independent normals of `names` correlated ones (lower triangular).
    """

    product: Product
    disease: Disease
    every: Mapping[str, Vary]
    names: tuple[str, ...]
    places: NDArray[np.int64]
    root: NDArray[np.float64]
    negative_share: float


@cache
def _usual() -> Mapping[str, Vary]:
    """Parameters and traits before product and disease, in the order of the two tables."""
    drawn = {p.name: p.standing == "drawn" for p in load_model().parameter}
    body = {
        p.name: Vary("uniform" if drawn[p.name] else "lognormal", p.median, p.omega) for p in load_model().parameter
    }
    return body | {t.name: Vary(t.kind, t.median, t.spread, t.low, t.high) for t in load_bedside().trait}


def _with(vary: Vary, effect: Effect) -> Vary:
    median = vary.median if effect.value is None else effect.value
    spread = vary.spread if effect.spread is None else effect.spread
    return vary._replace(median=median * effect.times, spread=spread)


def _all(product: Product, disease: Disease, medians: Mapping[str, float]) -> dict[str, Vary]:
    every = dict(_usual())
    every["copies_per_cell"] = every["copies_per_cell"]._replace(median=product.copies_per_cell)
    for name, effect in (*disease.effects.items(), *product.effects.items()):
        every[name] = _with(every[name], effect)
    return every | {name: every[name]._replace(median=m) for name, m in medians.items() if name != "negative_share"}


def _differs(vary: Vary) -> bool:
    return vary.kind == "uniform" or vary.spread > 0


def _root(names: tuple[str, ...]) -> NDArray[np.float64]:
    matrix, at = np.eye(len(names)), {name: i for i, name in enumerate(names)}
    for c in load_bedside().correlation:
        if c.of[0] in at and c.of[1] in at:
            matrix[at[c.of[0]], at[c.of[1]]] = matrix[at[c.of[1]], at[c.of[0]]] = c.value
    return np.asarray(np.linalg.cholesky(matrix), np.float64)


def prior_of(product: Product, disease: Disease, medians: Mapping[str, float] = NOTHING) -> Prior:
    """How patients of this product and disease vary. `medians` replace those of the tables (also `negative_share`)."""
    every = _all(product, disease, medians)
    places = [i for i, vary in enumerate(every.values()) if _differs(vary)]
    names = tuple(name for name, vary in every.items() if _differs(vary))
    share = medians.get("negative_share", disease.negative.share)
    return Prior(product, disease, every, names, np.array(places, np.int64), _root(names), share)
