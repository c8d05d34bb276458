"""A population as a file of facts: drawn, run and charted some patients at a time, and written as they come."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from cartway.problem import Problem
from cartway.times import Instant, parse
from cartway.twin.chart.chart import chart
from cartway.twin.chart.habits import habits_of
from cartway.twin.chart.outcomes import alone
from cartway.twin.course import run
from cartway.twin.model import load_model
from cartway.twin.notes import notes_of
from cartway.twin.policy import policies, policy_of
from cartway.twin.population import disease_of, diseases, draw, mismatch, product_of, products
from cartway.twin.seeds import MOST as SEEDS

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE = 500
"""Patients of one row group: a file's memory, and that of whoever reads it, grows with it and not with the
population.
"""
AHEAD = 2
"""Blocks that may be under way for each process before they are written."""
FIRST_DAY = parse("2026-01-05T00:00Z")
"""The first day on which a simulated patient is infused."""
LEAST_DAYS, MOST_DAYS = 1.0, 730.0
NOTICE = "Simulated. Research use: of no patient, and it promises nobody an outcome."


class Plan(msgspec.Struct, frozen=True):
    """What is simulated: `patients` of a product and disease under a policy, followed for `days`, charted by a site."""

    patients: int
    product: str
    disease: str
    seed: int = 1
    policy: str = "label"
    days: float = 90.0
    site: str = "messy"
    first_day: Instant = FIRST_DAY


def plan_of(plan: Plan) -> Plan | Problem:
    """The plan with its names as the twin knows them, or why it cannot be carried out.

    Problems: ``unknown_twin_product``, ``unknown_twin_disease``, those of `mismatch`, ``unknown_treatment_policy``,
    ``unknown_site``, ``wrong_number``.
    """
    product, disease = product_of(plan.product), disease_of(plan.disease)
    if isinstance(product, Problem):
        return product
    if isinstance(disease, Problem):
        return disease
    for found in (mismatch(product, disease), policy_of(plan.policy), habits_of(plan.site), _numbers(plan)):
        if isinstance(found, Problem):
            return found
    return msgspec.structs.replace(plan, product=product.name, disease=disease.name, policy=plan.policy.strip().lower())


def _numbers(plan: Plan) -> Problem | None:
    if plan.patients < 1:
        return Problem("wrong_number", "There must be at least one patient.", "Give a number of patients from 1 up.")
    if not LEAST_DAYS <= plan.days <= MOST_DAYS:
        remedy = f"Give a number of days from {LEAST_DAYS:g} to {MOST_DAYS:g}."
        return Problem("wrong_number", "Courses are not followed for so many days.", remedy)
    if not 0 <= plan.seed < SEEDS:
        remedy = "Give a whole number from 0 to 2**64 - 1."
        return Problem("wrong_number", "The seed is no such number.", remedy, "seed")
    return None


def notes(plan: Plan) -> tuple[str, ...]:
    """What of a sound plan's numbers is not confirmed, assumed, or outside what the twin was fitted to."""
    return notes_of(products()[plan.product], diseases()[plan.disease])


def simulate(plan: Plan, path: Path, *, threads: int = 1, say: Callable[[int, int], None]) -> int:
    """Write the facts of a plan, in Parquet; how many there are. The same plan gives the same bytes, with any threads.
    More than one are processes: a script that asks for them needs ``if __name__ == "__main__"``.

    `plan`: of `plan_of`. `say(done, of)`: progress, in patients. Each row group holds whole courses, sorted by course
    and time; the file's own metadata tell the plan and the policy in full.
    """
    import pyarrow.parquet as pq

    writer, rows, done = None, 0, 0
    try:
        for number, table in enumerate(tables(plan, threads)):
            writer = writer or pq.ParquetWriter(path, table.schema, store_schema=False, compression="snappy")
            writer.write_table(table, row_group_size=table.num_rows)
            rows, done = rows + table.num_rows, min(plan.patients, (number + 1) * AT_ONCE)
            say(done, plan.patients)
    finally:
        if writer is not None:
            writer.add_key_value_metadata(_metadata(plan))
            writer.close()
    return rows


def tables(plan: Plan, threads: int = 1) -> Iterator[pa.Table]:
    """The facts tables of a plan, some patients each, in order.

    `threads` above 1 are as many processes, since a run is many short steps that one interpreter takes one by one.
    """
    firsts = range(0, plan.patients, AT_ONCE)
    if threads <= 1 or len(firsts) < 2:
        yield from (block(plan, first) for first in firsts)
        return
    waiting: deque[Future[pa.Table]] = deque()
    with ProcessPoolExecutor(min(threads, len(firsts)), mp_context=get_context("spawn"), initializer=alone) as pool:
        for first in firsts:
            waiting.append(pool.submit(block, plan, first))
            if len(waiting) >= AHEAD * threads:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def block(plan: Plan, first: int) -> pa.Table:
    """The facts of up to `AT_ONCE` patients from number `first` on."""
    patients = draw(plan.product, plan.disease, min(AT_ONCE, plan.patients - first), plan.seed, first=first)
    courses = run(patients, plan.policy, plan.days)
    return chart(courses, site=plan.site, seed=plan.seed, t0=plan.first_day)


def _metadata(plan: Plan) -> dict[str, bytes]:
    """What a file tells of itself."""
    return {
        "cartway.simulated": NOTICE.encode(),
        "cartway.notes": " ".join(notes(plan)).encode(),
        "cartway.twin": load_model().version.encode(),
        "cartway.plan": msgspec.json.encode(plan, order="sorted"),
        "cartway.policy": msgspec.json.encode(policies()[plan.policy], order="sorted"),
    }
