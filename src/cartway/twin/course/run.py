"""Courses of virtual patients under a policy: what the body did, what was seen and given, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from cartway.problem import Problem
from cartway.twin.course.acts import Act, Acts, gathered
from cartway.twin.course.chance import noise
from cartway.twin.course.fate import Fate, fate_of
from cartway.twin.course.grid import looks
from cartway.twin.course.see import see
from cartway.twin.course.ward import Start, Watched, watch
from cartway.twin.policy import Policy, policy_of
from cartway.twin.population import Patients, Regimen, known, regimen_of
from cartway.twin.solver import Event

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.floating[Any]]

BLOCK = 500
"""Patients that advance together: enough to keep numpy busy, few enough to stay in memory."""
RTOL = 1e-4


class Run(NamedTuple):
    """n simulated courses. `days` float64[k]; `states` float32[n, k, S]; `seen`: readings float32[n, k], not a number
    after death. `judged`: bedside grades `crs` and `icans` int8[n, k], for policies and pictures only. `died_day`,
    `discharged_day` and `regrowth_day` float64[n]: not a number where it has not come. `end` goes into `Start`.
    """

    patients: Patients
    policy: Policy
    regimen: Regimen
    days: Array
    states: NDArray[np.float32]
    seen: Mapping[str, NDArray[np.float32]]
    judged: Mapping[str, NDArray[np.int8]]
    acts: Acts
    died_day: Array
    cause: NDArray[np.str_]
    discharged_day: Array
    regrowth_day: Array
    end: NDArray[np.float64]


def _of_rows(start: Start, rows: NDArray[np.int64]) -> Start:
    return Start(start.day, start.state[rows], start.reaction and start.reaction.of(rows))


class _Block(NamedTuple):
    watched: Watched
    seen: Mapping[str, NDArray[np.float32]]
    fate: Fate


def _silent(done: int, of: int) -> None:
    """Progress that nobody asked for."""


def _policy(policy: str | Policy) -> Policy:
    found = policy_of(policy) if isinstance(policy, str) else policy
    if isinstance(found, Problem):
        raise ValueError(str(found))
    return found


def run(
    patients: Patients,
    policy: str | Policy = "label",
    until: float = 90.0,
    *,
    regimen: Regimen | None = None,
    given: Sequence[Sequence[Event]] | None = None,
    start_from: Start | None = None,
    threads: int = 1,
    say: Callable[[int, int], None] = _silent,
    rtol: float = RTOL,
) -> Run:
    """Courses of `patients` from day -6 to `until`, looked at on the days of `grid`; each depends on its patient alone.

    `given`: further events by hand, one sequence a patient, beside the plan; with `start_from` those before its day are
    history. `regimen`: another dose or lymphodepletion than the product's. `say(done, of)`: progress, in patients.
    Raises ValueError for a policy that there is not: ask `policy_of` first.
    """
    product, disease = known(patients.product, patients.disease)
    chosen, plan, days = _policy(policy), regimen or regimen_of(product, disease), looks(until)
    n, done = len(patients.number), 0

    def block(low: int) -> _Block:
        rows = np.arange(low, min(low + BLOCK, n))
        some, stray = patients.take(rows), noise(patients.seed, patients.number[rows], len(days))
        begun = start_from and _of_rows(start_from, rows)
        by_hand = [given[i] for i in rows.tolist()] if given else ()
        watched = watch(some, chosen, plan, days, stray, by_hand, begun, rtol)
        fate = fate_of(some, watched, disease, days, product.least_stay_days)
        return _Block(watched, see(some, watched, stray, days, fate), fate)

    blocks = []
    with ThreadPoolExecutor(threads) as pool:
        for part in pool.map(block, range(0, n, BLOCK)):
            blocks.append(part)
            done += len(part.fate.died_day)
            say(done, n)
    return _joined(patients, chosen, plan, days, blocks)


def _acts(blocks: Sequence[_Block]) -> list[Act]:
    """All acts, rows counted over all blocks, without those that death came before."""
    found = []
    for b, block in enumerate(blocks):
        for act in block.watched.acts:
            alive = ~(act.day > block.fate.died_day[act.patient])
            found.append(act._replace(patient=act.patient[alive] + b * BLOCK, dose=act.dose[alive]))
    return found


def _joined(patients: Patients, policy: Policy, regimen: Regimen, days: Array, blocks: Sequence[_Block]) -> Run:
    return Run(
        patients,
        policy,
        regimen,
        days,
        np.concatenate([b.watched.states for b in blocks]),
        {name: np.concatenate([b.seen[name] for b in blocks]) for name in blocks[0].seen},
        {name: np.concatenate([getattr(b.watched, name) for b in blocks]) for name in ("crs", "icans")},
        gathered(_acts(blocks)),
        np.concatenate([b.fate.died_day for b in blocks]),
        np.concatenate([b.fate.cause for b in blocks]),
        np.concatenate([b.fate.discharged_day for b in blocks]),
        np.concatenate([b.fate.regrowth_day for b in blocks]),
        np.concatenate([b.watched.end for b in blocks]),
    )
