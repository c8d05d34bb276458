"""One call for all kernels: n patients from a day on, what is done to them, and their states on the days asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np

from cartway.twin.model import load_model
from cartway.twin.solver import lanes
from cartway.twin.solver.events import Events
from cartway.twin.solver.generated import model as page
from cartway.twin.solver.job import EXPLICIT, Job

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Kernel = Literal["lanes", "scalar"]

MEMORY = 3 * len(load_model().clones) + 1
"""Columns behind the states of a patient: what is remembered of small clones and of the step, to go on from there."""


class Solution(NamedTuple):
    """`values` float64[n, times, states]; `end` float64[n, states + MEMORY], from which `solve` goes on.

    `steps` int64[n], how many were tried, negative where a patient's solution failed (its values are then not numbers).
    """

    values: Array
    end: Array
    steps: NDArray[np.int64]


def begin(parameters: Array) -> Array:
    """States (and memory) at the start, float64[n, states + MEMORY], of parameters float64[n, parameters]."""
    states = len(load_model().state)
    start = np.zeros((len(parameters), states + MEMORY))
    columns = [np.empty(len(parameters)) for _ in range(states)]
    page.begin([], list(parameters.T), columns)
    for i, column in enumerate(columns):
        start[:, i] = column
    return start


def kernel_here() -> Kernel:
    """The kernel that `solve` takes of itself: that of lanes (C) where it was built, else the scalar one (Numba)."""
    return "lanes" if lanes.loaded() is not None else "scalar"


def make_ready(say: Callable[[str], None]) -> Kernel:
    """Load what `solve` needs, telling `say` where that takes long: Numba compiles some seconds, once on a machine."""
    kernel = kernel_here()
    if kernel == "scalar":
        say("no compiled kernel of lanes here: Numba compiles the model, once (some ten seconds)")
        medians = np.array([[parameter.median for parameter in load_model().parameter]])
        solve(medians, begin(medians), 0.0, np.array([0.0, 0.1]), Events.of([[]]), kernel=kernel)
    return kernel


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
    kernel: Kernel | None = None,
) -> Solution:
    """Advance n patients from `day` to the last of `times` (ascending days, shared by all).

    `parameters` float64[n, parameters]; `start` float64[n, states + MEMORY], of `begin` or an earlier `end`.
    Events before `day` are left out; those at `day` act first. Output at a moment is what it is after its events.
    A patient's result is the same to the last bit whatever the other patients, their order and the threads; the two
    kernels agree far within the tolerance.
    """
    model = load_model()
    chosen = np.array([model.states[name] for name in (states or model.states)], np.int64)
    n, many = len(parameters), len(model.state)
    job = Job(
        EXPLICIT,
        float(day),
        float(rtol),
        np.array(start[:, :many], order="C"),
        np.array(start[:, many:], order="C"),
        np.ascontiguousarray(parameters, np.float64),
        np.ascontiguousarray(times, np.float64),
        *events,
        chosen,
        np.empty((n, len(times), len(chosen))),
        np.zeros(n, np.int64),
        np.zeros(1, np.int64),
    )
    assert len(start) == n == len(events.first) - 1, "one row of parameters, start and events for each patient"
    if n and len(times):
        _advance(job, kernel or kernel_here(), threads)
    job.out[job.steps < 0] = np.nan
    return Solution(job.out, np.concatenate([job.x, job.memory], axis=1), job.steps)


def _advance(job: Job, kernel: Kernel, threads: int) -> None:
    if kernel == "lanes":
        library = lanes.loaded()
        assert library is not None, "the kernel of lanes was not built"
        _together([partial(lanes.advance, library, job)] * threads)
    else:
        from cartway.twin.solver import scalar

        edges = np.linspace(0, len(job.x), threads + 1).astype(int)
        _together([partial(scalar.advance, job, low, high) for low, high in pairwise(edges)])


def _together(works: Sequence[Callable[[], Any]]) -> None:
    """All at once, each in a thread of its own: the kernels let go of Python's lock."""
    if len(works) == 1:
        works[0]()
        return
    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(work) for work in works]:
            done.result()
