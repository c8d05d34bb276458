"""One call for all kernels: n patients from a day on, what is done to them, and their states on the days asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.model import load_model
from cartway.twin.solver.events import Events
from cartway.twin.solver.generated import model as page

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MEMORY = 4 * len(load_model().clones)
"""Columns behind the states of a patient: what the solver must remember of small clones, to go on from there."""


class Solution(NamedTuple):
    """`values` float64[n, times, states]; `end` float64[n, states + MEMORY], from which `solve` goes on; `steps` int64[n],
    how many were tried, negative where a patient's solution failed (its values are then not numbers).
    """

    values: Array
    end: Array
    steps: NDArray[np.int64]


def begin(parameters: Array) -> Array:
    """States (and memory) at the start of a course, float64[n, states + MEMORY], of parameters float64[n, parameters]."""
    states = len(load_model().state)
    start = np.zeros((len(parameters), states + MEMORY))
    columns = [np.empty(len(parameters)) for _ in range(states)]
    page.begin([], list(parameters.T), columns)
    for i, column in enumerate(columns):
        start[:, i] = column
    for c, (state, _) in enumerate(load_model().clones):
        start[:, states + MEMORY // 4 * 3 + c] = start[:, state]
    return start


def solve(
    parameters: Array,
    start: Array,
    day: float,
    times: Array,
    events: Events,
    *,
    rtol: float = 1e-4,
    states: Sequence[str] | None = None,
    threads: int = 1,
) -> Solution:
    """Advance n patients from `day` to the last of `times` (ascending days, shared by all).

    `parameters` float64[n, parameters], `start` float64[n, states + MEMORY] (of `begin`, or the `end` of an earlier call).
    Events before `day` are left out; those at `day` act first. Output at a moment is what it is after its events.
    """
    from concurrent.futures import ThreadPoolExecutor

    from cartway.twin.solver.scalar import compiled

    model = load_model()
    chosen = np.array([model.states[name] for name in (states or model.states)], np.int64)
    n, many = len(parameters), len(model.state)
    floor = np.array([state.floor for state in model.state])
    x, memory = np.ascontiguousarray(start[:, :many]).copy(), np.ascontiguousarray(start[:, many:]).copy()
    out, steps = np.empty((n, len(times), len(chosen))), np.zeros(n, np.int64)
    kernel = compiled()
    edges = np.linspace(0, n, threads + 1).astype(int)

    def part(low: int, high: int) -> None:
        kernel(x, memory, parameters, float(day), times, *events, rtol, floor, chosen, out, steps, low, high)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, edges[:-1], edges[1:]))
    out[steps < 0] = np.nan
    return Solution(out, np.concatenate([x, memory], axis=1), steps)
