"""Virtual patients: drawn from a seed, patient by patient, the same whatever is drawn beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.problem import Problem
from cartway.twin.model import load_model
from cartway.twin.population.body import height_cm, weight_kg
from cartway.twin.population.catalog import Disease, Product, disease_of, mismatch, product_of
from cartway.twin.population.prior import NOTHING, Prior, Vary, prior_of
from cartway.twin.seeds import chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MALE = 0.6
FAR = 6.0
"""Normals beyond so many standard deviations are held there."""


class Patients(NamedTuple):
    """n virtual patients of one product and disease; `number` int64[n] names each under the `seed`.

    `parameters` float64[n, P] in the order of the model's page; `traits`: float64[n] each, of bedside.toml, with
    `weight_kg`, `height_cm`, `male` (0, 1) beside.
    """

    product: str
    disease: str
    seed: int
    number: NDArray[np.int64]
    parameters: Array
    traits: Mapping[str, Array]

    def take(self, which: NDArray[np.int64]) -> Patients:
        """Some of them, in the order asked for."""
        traits = {name: values[which] for name, values in self.traits.items()}
        return self._replace(number=self.number[which], parameters=self.parameters[which], traits=traits)


def normals_of(seed: int, numbers: NDArray[np.int64], width: int) -> Array:
    """Standard normals float64[n, width], each row from the seed and that patient's number alone."""
    rows = np.empty((len(numbers), width))
    for row, number in zip(rows, numbers.tolist(), strict=True):
        chance(seed, number).standard_normal(width, out=row)
    return rows


def _correlated(row: Array, normals: Array) -> Array:
    """One row of the root times the normals, term by term: a product of matrices rounds otherwise for other n."""
    total = np.zeros(len(normals))
    for place in np.flatnonzero(row):
        total += row[place] * normals[:, place]
    return total


def _value(vary: Vary, normal: Array) -> Array:
    from scipy.special import ndtr

    match vary.kind:
        case "uniform":
            return np.asarray(ndtr(normal))
        case "normal":
            return np.clip(vary.median + vary.spread * normal, vary.low, vary.high)
        case _:
            return np.clip(vary.median * np.exp(vary.spread * normal), vary.low, vary.high)


def _negative_cells(prior: Prior, values: Mapping[str, Array]) -> Array:
    n = prior.disease.negative
    cells = n.low * (n.high / n.low) ** values["u_negative_cells"]
    return np.where(values["u_negative"] < prior.negative_share, cells, 0.0)


def _people(values: dict[str, Array]) -> dict[str, Array]:
    age, male = values["age_years"], (values["u_sex"] < MALE).astype(float)
    height = height_cm(age, male) * values["height_of_usual"]
    return values | {"male": male, "height_cm": height, "weight_kg": weight_kg(age, male) * values["weight_of_usual"]}


def patients_of(
    product: str,
    disease: str,
    normals: Array,
    *,
    seed: int,
    first: int = 0,
    medians: Mapping[str, float] = NOTHING,
    prior: Prior | None = None,
) -> Patients:
    """The patients beneath independent standard normals, float64[n, m], one column each of `prior_of(...).names`.

    The same normals give the same patients; `seed` and `first` only name them (and choose their later noise).
    Raises ValueError for a product and disease that do not meet: ask `mismatch` first.
    """
    prior = prior or prior_of(*known(product, disease), medians)
    column = {name: np.clip(_correlated(prior.root[i], normals), -FAR, FAR) for i, name in enumerate(prior.names)}
    still = np.zeros(len(normals))
    values = {name: _value(vary, column.get(name, still)) for name, vary in prior.every.items()}
    values["BN0"] = _negative_cells(prior, values)
    parameters = np.stack([values.pop(p.name) for p in load_model().parameter], axis=1)
    numbers = np.arange(first, first + len(normals), dtype=np.int64)
    return Patients(prior.product.name, prior.disease.name, seed, numbers, parameters, _people(values))


def known(product: str, disease: str) -> tuple[Product, Disease]:
    """The product and the disease of these names; raises ValueError where there are none or they do not meet."""
    p, d = product_of(product), disease_of(disease)
    if isinstance(p, Problem) or isinstance(d, Problem):
        raise ValueError(str(p if isinstance(p, Problem) else d))
    if (problem := mismatch(p, d)) is not None:
        raise ValueError(str(problem))
    return p, d


def draw(
    product: str, disease: str, n: int, seed: int, *, first: int = 0, medians: Mapping[str, float] = NOTHING
) -> Patients:
    """n virtual patients, numbers `first` up. Patient k of a seed is the same whatever n.

    `medians` replace population medians by name (parameters, traits, `negative_share`). Raises ValueError for a
    product and disease that do not meet: ask `mismatch` first.
    """
    prior = prior_of(*known(product, disease), medians)
    normals = normals_of(seed, np.arange(first, first + n, dtype=np.int64), len(prior.every))[:, prior.places]
    return patients_of(product, disease, normals, seed=seed, first=first, prior=prior)
