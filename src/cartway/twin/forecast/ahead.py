"""From what is likely of the patient to what is likely to come: courses go on from now under a treatment policy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.twin.course import Run, Start, quick, run
from cartway.twin.course.look import Reaction
from cartway.twin.course.signs import signs
from cartway.twin.forecast.past import Past, noise_of
from cartway.twin.forecast.sampler import Weighted
from cartway.twin.forecast.standing import Standing
from cartway.twin.model import load_model
from cartway.twin.population import draw

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

KEPT = 500  # courses that go on: quantiles of 2.5 % rest on a dozen of them
USUAL = 1000  # patients of whom nothing is known, for comparison
USUAL_SEED = 7
LAST_DAY = 730.0
JUST_INFUSED = 0.05  # days: earlier than this the infusion itself is still under way
RTOL = 1e-4


class Ahead(NamedTuple):
    """Likely courses: `past` of each sign float64[n, j] on `past_days`, as it would be read; `run` from now on."""

    run: Run
    start: float
    past_days: Array
    past: dict[str, Array]
    baseline: Array


def go_on(past: Past, found: Weighted, policy: str, seed: int, *, until: float = LAST_DAY) -> Ahead:
    """Draws taken by weight, and their courses from now to `until`, each patient's noise its own."""
    case = past.case
    draws = found.draws[_taken(found.weights, KEPT, seed)]
    patients = past.patients(draws)._replace(seed=seed, number=np.arange(len(draws), dtype=np.int64))
    now = max(case.day, JUST_INFUSED)
    days = _days_before(now)
    solved = past.solved(patients, np.append(days, now), RTOL)
    start = Start(now, solved.end, _reaction(case.standing, len(draws)))
    given = [case.events] * len(draws)
    went = run(patients, policy, until, given=given, start_from=start, threads=past.threads)
    shown = _read(signs(patients, solved.values[:, :-1], days), seed)
    tumor = solved.values[:, 0, [load_model().states["BP"], load_model().states["BN"]]].sum(axis=1)
    return Ahead(went, now, days, shown, tumor)


def _days_before(now: float) -> Array:
    """Every half day from the day before the infusion up to now, and the first day of all."""
    first = load_model().first_day
    return np.array([first, *np.arange(-1.0, now, max(0.5, np.ceil(now / 30) / 2))])


def _taken(weights: Array, many: int, seed: int) -> NDArray[np.int64]:
    """Places of draws taken evenly by weight (systematic resampling)."""
    offset = np.random.Generator(np.random.Philox(key=[seed % 2**64, 1])).random()
    return np.searchsorted(np.cumsum(weights), (np.arange(many) + offset) / many * (1 - 1e-12)).clip(
        0, len(weights) - 1
    )


def _reaction(standing: Standing, n: int) -> Reaction:
    """The reaction as it stands, the same of every draw: it was seen."""
    on, zero = standing.crs > 0, np.zeros(n)
    return Reaction(
        np.full(n, on),
        np.full(n, standing.crs, np.int8),
        zero + standing.crs_days[0],
        zero + standing.crs_days[1],
        zero,
    )


def _read(expected: Mapping[str, NDArray[np.floating[Any]]], seed: int) -> dict[str, Array]:
    """Signs as they would be read: with the whole noise of their assays."""
    rng = np.random.Generator(np.random.Philox(key=[seed % 2**64, 2]))
    found = {}
    for name in FANNED:
        values = expected[name]
        noise = noise_of(name)
        stray = np.hypot(noise.sd, noise.steady) * rng.standard_normal(values.shape)
        found[name] = values * np.exp(stray) if noise.kind == "lognormal" else values + stray
    return found


FANNED = ("temperature", "crp", "ferritin", "cart_cells", "cart_copies", "anc", "platelets")


@lru_cache(maxsize=32)
def usual(product: str, disease: str, policy: str, threads: int) -> tuple[Run, Array]:
    """Patients of whom nothing is known but product and disease, and their tumor on the first day."""
    went = run(draw(product, disease, USUAL, USUAL_SEED), policy, LAST_DAY, threads=threads)
    return went, np.asarray(quick.tumor(went)[:, 0], np.float64)
