"""From what is likely of the patient to what is likely to come: courses go on from now under a treatment policy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cartway.twin.course import Run, Start, quick, run
from cartway.twin.course.fate import regrown
from cartway.twin.course.look import Reaction
from cartway.twin.course.signs import signs
from cartway.twin.forecast.case import SOONEST, parts_left
from cartway.twin.forecast.chance import generator
from cartway.twin.forecast.past import Past, noise_of
from cartway.twin.forecast.sampler import Weighted
from cartway.twin.forecast.standing import Standing
from cartway.twin.model import load_model
from cartway.twin.population import draw, regimen_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

KEPT = 500  # courses that go on: quantiles of 2.5 % rest on a dozen of them
USUAL = 1000  # patients of whom nothing is known, for comparison
USUAL_SEED = 7
LAST_DAY = 730.0
SPARE = 2  # draws taken for each that goes on
FEWEST_FREE = 50
RTOL = 1e-4


class Ahead(NamedTuple):
    """Likely courses: `past` of each sign float64[n, j] on `past_days`, as it would be read; `run` from now on."""

    run: Run
    start: float
    past_days: Array
    past: dict[str, Array]
    baseline: Array


def go_on(past: Past, found: Weighted, policy: str, seed: int, *, until: float = LAST_DAY) -> Ahead:
    """Draws taken by weight, and their courses from now to `until`, each patient's noise its own.

    Of more draws than go on those are kept whose tumor had not grown again by the last assessment that found none.
    """
    case, now = past.case, max(past.case.day, SOONEST)
    days = _days_before(now)
    taken = found.draws[_taken(found.weights, SPARE * KEPT, seed)]
    everybody = past.patients(taken)
    solved = past.solved(everybody, np.append(days, now), RTOL)
    tumor = tumor_of(solved.values[:, :-1])
    rows = _free(tumor, days, case.answer.free_until)
    patients = everybody.take(rows)._replace(seed=seed, number=np.arange(len(rows), dtype=np.int64))
    start = Start(now, solved.end[rows], _reaction(case.standing, len(rows)))
    regimen = msgspec.structs.replace(regimen_of(case.product, case.disease), infusions=parts_left(case))
    given = [case.events] * len(rows)
    went = run(patients, policy, until, regimen=regimen, given=given, start_from=start, threads=past.threads)
    shown = _read(signs(patients, solved.values[rows, :-1], days), seed)
    return Ahead(_whole(went, tumor[rows], days, now), now, days, shown, tumor[rows, 0])


def tumor_of(states: Array) -> Array:
    """Tumor cells with and without the antigen, float64[n, k], of states float64[n, k, S]."""
    at = load_model().states
    return np.asarray(np.maximum(states[..., at["BP"]] + states[..., at["BN"]], 0), np.float64)


def _free(tumor: Array, days: Array, until: float) -> NDArray[np.int64]:
    """Rows of draws without regrowth up to a day, as many as go on; of all, where hardly any are."""
    every = np.arange(0, len(tumor), SPARE)
    grown = (regrown(tumor, days) & (days <= until)).any(axis=1)
    free = np.flatnonzero(~grown)
    if not grown.any() or len(free) < FEWEST_FREE:
        return every
    return free[np.linspace(0, len(free) - 1, min(KEPT, len(free))).astype(np.int64)]


def _whole(went: Run, tumor: Array, days: Array, now: float) -> Run:
    """The run with the day of regrowth as the whole course has it: what grew before now has not begun to grow now."""
    coming = went.days >= now
    both = np.concatenate([tumor, quick.tumor(went)[:, coming]], axis=1)
    every = np.concatenate([days, went.days[coming]])
    grown = regrown(both, every)
    first = np.where(grown.any(axis=1), every[grown.argmax(axis=1)], np.nan)
    return went._replace(regrowth_day=np.where(first > went.died_day, np.nan, first))


def _days_before(now: float) -> Array:
    """Every half day from the day before the infusion up to now, and the first day of all."""
    first = load_model().first_day
    return np.array([first, -1.0, -0.5, *np.arange(0.0, now, max(0.5, np.ceil(now / 30) / 2))])


def _taken(weights: Array, many: int, seed: int) -> NDArray[np.int64]:
    """Places of draws taken evenly by weight (systematic resampling)."""
    offset = generator(seed, 1).random()
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
    rng = generator(seed, 2)
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
