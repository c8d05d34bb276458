"""The patients of a virtual trial: each arm simulated, charted, and read by Cartway's own derivations."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.record.fact import Fact
from cartway.times import DAY, Instant, parse
from cartway.twin.seeds import chance
from cartway.twin.trial.measures import load_measures
from cartway.twin.trial.plan import Arm, Plan, given_in

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from cartway.twin.course import Run

    Array = NDArray[np.float64]

BATCH = 500
"""Patients that are simulated and charted together."""
APART = 1_000_000
"""Between the numbers of two arms' first patients: more repeats leave the first ones as they are."""
T0: Instant = parse("2026-01-05T00:00Z")
"""When every virtual patient is infused: a day like any other, so that files do not depend on the clock."""
ENTRY = 0x656E7472792E2E2E
"""The stream of chance that says when in the accrual a patient comes."""

Columns = Mapping[str, "Array"]
Say = Callable[[int, int], None]


class Simulated(NamedTuple):
    """All repeats of a trial. `arms`: the outcomes of each arm, a column a measure float64[repeats, size]; `again`: as
    many patients of the control once more, to see how often equal arms seem to differ. `shown`: the facts of the first
    repeat, a list an arm of a list a patient; `followed`: for how many days each of them was.
    """

    arms: tuple[Columns, ...]
    again: Columns
    shown: tuple[tuple[tuple[Fact, ...], ...], ...]
    followed: tuple[Array, ...]


def simulate(plan: Plan, *, threads: int = 1, say: Say = lambda done, of: None) -> Simulated:
    """Every patient of a sound plan. Other arms and repeats have other patients; the same seed gives the same ones.

    `threads` above 1 are as many processes: a script that calls it so needs ``if __name__ == "__main__"``.
    """
    size, each = plan.all_sizes[-1], plan.repeats * plan.all_sizes[-1]
    batches = [
        Batch(plan, arm, number * APART + low, min(BATCH, each - low))
        for number, arm in enumerate((*plan.arm, plan.arm[0]))
        for low in range(0, each, BATCH)
    ]
    found, done = [], 0
    for batch, columns in zip(batches, _each(batches, threads), strict=True):
        found.append(columns)
        done += batch.n
        say(done, plan.patients)
    whole = {name: np.concatenate([part[name] for part in found]).reshape(-1, plan.repeats, size) for name in found[0]}
    parts = [{name: values[number] for name, values in whole.items()} for number in range(len(plan.arm) + 1)]
    shown = [_shown(Batch(plan, arm, number * APART, plan.size)) for number, arm in enumerate(plan.arm)]
    return Simulated(
        tuple(parts[:-1]), parts[-1], tuple(facts for facts, _ in shown), tuple(followed for _, followed in shown)
    )


class Batch(NamedTuple):
    """Patients `first` and on of one arm."""

    plan: Plan
    arm: Arm
    first: int
    n: int


def _each(batches: Sequence[Batch], threads: int) -> Iterator[Columns]:
    if threads <= 1:
        yield from map(outcomes_of, batches)
        return
    with ProcessPoolExecutor(threads, mp_context=get_context("spawn")) as pool:
        yield from pool.map(outcomes_of, batches)


def run_of(batch: Batch) -> Run:
    """The patients of a batch, treated as its arm says."""
    from cartway.twin.course import run
    from cartway.twin.population import draw

    plan, arm = batch.plan, batch.arm
    patients = draw(arm.product, plan.disease, batch.n, plan.seed, first=batch.first, medians=arm.medians)
    return run(patients, arm.policy, plan.days, regimen=given_in(arm, plan.disease))


def followed(plan: Plan, numbers: NDArray[np.int64]) -> Array:
    """For how many days each patient is followed: who comes late in the accrual is seen for less."""
    entered = [chance(plan.seed, n, ENTRY).random() for n in numbers]
    return np.array([plan.days - plan.accrual_days * each for each in entered])


def _charted(batch: Batch) -> tuple[pa.Table, Array]:
    """The facts of some patients as the trial's data cut leaves them, and for how long each is followed."""
    from cartway.twin.chart import chart

    found = run_of(batch)
    ends = followed(batch.plan, found.patients.number)
    table = chart(found, site=batch.plan.site, seed=batch.plan.seed, t0=T0, spread=False)
    return _cut(table, ends) if batch.plan.accrual_days else table, ends


def _cut(table: pa.Table, ends: Array) -> pa.Table:
    """Only facts that were written down by each patient's last day; courses stand in the order of their patients.

    What says not when it was written down was known when it happened.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    courses = table["course"].combine_chunks()
    which = courses.indices.to_numpy()
    at, written = (table[name].cast(pa.int64()).combine_chunks() for name in ("at", "recorded_at"))
    known = pc.max_element_wise(at, written, skip_nulls=True).to_numpy(zero_copy_only=False)
    last = T0 + (ends * DAY).astype(np.int64)
    order = np.argsort(np.argsort(courses.dictionary.to_pylist()))
    return table.filter(pa.array(known <= last[order[which]]))


def outcomes_of(batch: Batch) -> Columns:
    """The columns that measures need, one value a patient, NaN where it could not be derived. A function of its own,
    since other processes call it.
    """
    from cartway.twin.chart import outcomes

    found = outcomes(_charted(batch)[0])
    names = {name for each in load_measures().values() for name in (each.column, each.event) if name}
    return {name: numbers(found, name, batch.n) for name in sorted(names)}


def numbers(found: pa.Table, name: str, n: int) -> Array:
    """A column as numbers; yes is 1, nothing is NaN. Raises ValueError where a patient is missing."""
    import pyarrow as pa

    column = found[name].cast(pa.float64()).combine_chunks()
    if len(column) != n:
        raise ValueError(f"{len(column)} courses of {n} came back")
    return np.asarray(column.fill_null(np.nan).to_numpy(zero_copy_only=False), np.float64)


def _shown(batch: Batch) -> tuple[tuple[tuple[Fact, ...], ...], Array]:
    """The facts of the first repeat's patients at the plan's own size."""
    from cartway.toxicity import by_course
    from cartway.twin.chart import facts_in

    table, ends = _charted(batch)
    return tuple(tuple(facts) for _, facts in sorted(by_course(facts_in(table)).items())), ends
