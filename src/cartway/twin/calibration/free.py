"""What the fit may change: factors on the medians and variabilities of the tables, by everybody, product or disease."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Literal

import msgspec
import numpy as np

from cartway.twin.population import Patients, Prior, known, patients_of, prior_of
from cartway.twin.population.draw import normals_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Scope = Literal["all", "product", "disease"]


class Free(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One quantity that is fitted: `name` of a parameter or trait, its median or spread, for whom, and at which stage.

    `sd`: how far the logarithm may move before it counts as one standard error: the prior that keeps it home.
    """

    name: str
    sd: float
    stage: str
    of: Scope = "all"
    who: str = ""
    what: Literal["median", "spread"] = "median"

    def concerns(self, product: str, disease: str) -> bool:
        """Whether patients of this product and disease are changed by it."""
        return self.of == "all" or self.who == (product if self.of == "product" else disease)


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    sd: float
    stage: str
    of: Scope = "all"
    what: Literal["median", "spread"] = "median"
    who: tuple[str, ...] = ("",)


class _Rows(msgspec.Struct, frozen=True):
    free: tuple[_Row, ...]


@cache
def load_free() -> tuple[Free, ...]:
    """Every free quantity, those of several products or diseases one by one."""
    text = resources.files("cartway.twin.calibration").joinpath("free.toml").read_text()
    rows = msgspec.toml.decode(text, type=_Rows).free
    return tuple(Free(row.name, row.sd, row.stage, row.of, who, row.what) for row in rows for who in row.who)


def overlaid(prior: Prior, changes: Iterable[tuple[Free, float]]) -> Prior:
    """A prior with factors exp(change) on what each free quantity names, where it concerns product and disease."""
    every, share = dict(prior.every), prior.negative_share
    for free, change in changes:
        if change == 0.0 or not free.concerns(prior.product.name, prior.disease.name):
            continue
        factor = float(np.exp(change))
        if free.name == "negative_share":
            share = share * factor / (1 - share + share * factor)
            continue
        vary = every[free.name]
        if free.what == "median":
            every[free.name] = vary._replace(median=vary.median * factor)
        else:
            every[free.name] = vary._replace(spread=vary.spread * factor)
    return prior._replace(every=every, negative_share=share)


@cache
def _normals(seed: int, n: int, width: int) -> Array:
    return normals_of(seed, np.arange(n, dtype=np.int64), width)


def people(
    product: str, disease: str, n: int, seed: int, free: Sequence[Free], changes: Mapping[int, float] | Array
) -> Patients:
    """n patients of the overlaid prior, the same normals for every `changes` (common random numbers)."""
    prior = overlaid(prior_of(*known(product, disease)), ((f, float(changes[i])) for i, f in enumerate(free)))
    normals = _normals(seed, n, len(prior.every))[:, prior.places]
    return patients_of(product, disease, normals, seed=seed, prior=prior)
