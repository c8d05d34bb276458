"""From what is likely of the patient to what is likely to come: courses go on from now under a treatment policy."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
import numpy as np

from cartway.twin.course import Run, Start, quick, run
from cartway.twin.course.acts import JUMPS, Acts, Jumps, events_of, joined
from cartway.twin.course.fate import regrown
from cartway.twin.course.look import Reaction
from cartway.twin.course.signs import signs
from cartway.twin.forecast.case import SOONEST, parts_left
from cartway.twin.forecast.past import JUST_AFTER, Past, noise_of
from cartway.twin.forecast.sampler import STREAM, Weighted
from cartway.twin.forecast.standing import Standing
from cartway.twin.model import load_model
from cartway.twin.population import draw, regimen_of
from cartway.twin.seeds import chance
from cartway.twin.solver import Events, solve

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

KEPT = 500  # courses that go on: quantiles of 2.5 % rest on a dozen of them
USUAL = 1000  # patients of whom nothing is known, for comparison
USUAL_SEED = 7
LAST_DAY = 730.0
SPARE = 2  # draws taken for each that goes on
FEWEST_FREE = 50
SOON_DAYS = 14.0
LAST_CLOSE_LOOK = 30.0  # after this day a run looks once a week, and later once a month
RTOL = 1e-4


class Ahead(NamedTuple):
    """Likely courses: `past` of each sign float64[n, j] on `past_days`, `coming` on `coming_days`, as it would be read;
    `run` from now on; `baseline`: tumor cells on the first day, float64[n].
    """

    run: Run
    start: float
    past_days: Array
    past: dict[str, Array]
    baseline: Array
    coming_days: Array
    coming: dict[str, Array]


def go_on(past: Past, found: Weighted, policy: str, seed: int, *, until: float = LAST_DAY) -> Ahead:
    """Draws taken by weight, and their courses from now to `until`, each patient's noise its own.

    Of more draws than go on those are kept whose tumor had not grown again by the last assessment that found none.
    """
    case, now = past.case, max(past.case.day, SOONEST) + 2 * JUST_AFTER  # all that was given so far has acted
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
    coming = _coming(went, solved.end[rows], now, past.threads, seed)
    return Ahead(_whole(went, tumor[rows], days, now), now, days, shown, tumor[rows, 0], *coming)


def _coming(went: Run, state: Array, now: float, threads: int, seed: int) -> tuple[Array, dict[str, Array]]:
    """Days of the coming two weeks and what will be read: at the looks of the run, or, where these are weeks apart,
    twice a day, the bodies solved again under what was given.
    """
    if now + SOON_DAYS <= LAST_CLOSE_LOOK:
        looks = (went.days >= now) & (went.days <= now + SOON_DAYS)
        return np.asarray(went.days[looks], np.float64), {
            name: went.seen[name][:, looks].astype(float) for name in FANNED
        }
    days = now + np.arange(0.5, SOON_DAYS + 0.25, 0.5)
    n = len(went.died_day)
    solved = solve(went.patients.parameters, state, now, days, _given(went.acts, n), rtol=RTOL, threads=threads)
    read = _read(signs(went.patients, solved.values, days), seed + 1)
    gone = days > went.died_day[:, None]
    return days, {name: np.where(gone, np.nan, values) for name, values in read.items()}


def _given(acts: Acts, n: int) -> Events:
    """What was given in a run, once more for the solver."""
    drugs = [_jumps(acts, drug) for drug in JUMPS]
    return events_of(n, joined(drugs))


def _jumps(acts: Acts, drug: str) -> Jumps:
    mine, (state, each) = acts.drug == drug, JUMPS[drug]
    many = int(mine.sum())
    place = np.full(many, load_model().states[state], np.int64)
    return Jumps(acts.patient[mine], acts.day[mine], place, np.ones(many), acts.dose[mine] * each)


def tumor_of(states: Array) -> Array:
    """Tumor cells with and without the antigen, float64[n, k], of states float64[n, k, S]."""
    return load_model().total(states)


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
    offset = chance(seed, 1, STREAM).random()
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
    rng = chance(seed, 2, STREAM)
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
