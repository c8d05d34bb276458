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
from cartway.twin.solver.job import EXPLICIT, STIFF, Job

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Whole = NDArray[np.int64]

Kernel = Literal["lanes", "scalar"]
Method = Literal["auto", "explicit", "stiff"]

STIFF_FROM, STIFF_FOR, STIFF_RTOL = 45.0, 5.0, 1e-5
"""The stiff method is taken from this day on, for at least so many days, at this tolerance or a looser one: there its
steps are several times as long (measured: docs/explanation/twin-solver.md).
"""

MEMORY = 4 * len(load_model().clones) + 1
"""Columns behind the states of a patient: what is remembered of small clones and of the step, to go on from there."""


class Solution(NamedTuple):
    """`values` float64[n, times, states]; `end` float64[n, states + MEMORY], from which `solve` goes on.

    `steps` int64[n], how many were tried, negative where a patient's solution failed (its values are then not numbers).
    """

    values: Array
    end: Array
    steps: Whole


def begin(parameters: Array) -> Array:
    """States (and memory) at the start, float64[n, states + MEMORY], of parameters float64[n, parameters]."""
    states = len(load_model().state)
    start = np.zeros((len(parameters), states + MEMORY))
    columns = [np.empty(len(parameters)) for _ in range(states)]
    page.begin([], list(parameters.T), columns)
    for i, column in enumerate(columns):
        start[:, i] = column
    for c, (_, clone) in enumerate(load_model().clones):
        start[:, states + 4 * c + 3] = parameters[:, load_model().parameters[clone.draw]]
    return start


def kernel_here() -> Kernel:
    """The kernel that `solve` takes of itself: that of lanes (C) where it was built, else the scalar one (Numba)."""
    return "lanes" if lanes.loaded() is not None else "scalar"


def make_ready(say: Callable[[str], None], kernel: Kernel | None = None) -> Kernel:
    """Load what `solve` needs, telling `say` where that takes long: Numba compiles some seconds, once on a machine.

    `kernel`: that one, instead of the one which `solve` takes of itself.
    """
    kernel = kernel or kernel_here()
    if kernel == "scalar":
        say("Numba compiles the kernel of the twin, once on a machine (some ten seconds)")
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
    method: Method = "auto",
) -> Solution:
    """Advance n patients from `day` to the last of `times` (ascending days, shared by all).

    `parameters` float64[n, parameters]; `start` float64[n, states + MEMORY], of `begin` or an earlier `end`.
    Events before `day` are left out; those at `day` act first. Output at a moment is what it is after its events.
    A patient's result is the same to the last bit whatever the other patients, their order and the threads; the two
    kernels agree within the tolerance. `method`: auto takes the stiff one late in long courses (STIFF_FROM).
    """
    model = load_model()
    chosen = np.array([model.states[name] for name in (states or model.states)], np.int64)
    n, many = len(parameters), len(model.state)
    job = Job(
        EXPLICIT,
        0,
        float(day),
        float(times[-1]) if len(times) else float(day),
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
    steps = _solved(job, kernel or kernel_here(), method, threads) if n and len(times) else job.steps
    job.out[steps < 0] = np.nan
    return Solution(job.out, np.concatenate([job.x, job.memory], axis=1), steps)


def _solved(job: Job, kernel: Kernel, method: Method, threads: int) -> Whole:
    """Do the job, in one part or two; the steps tried, negative where any part failed."""
    parts = _parts(job, kernel, method)
    for part in parts:
        _advance(part, kernel, threads)
    tried = sum((np.abs(part.steps) for part in parts), np.zeros_like(job.steps))
    return np.where(np.any([part.steps < 0 for part in parts], axis=0), -tried, tried)


def _parts(job: Job, kernel: Kernel, method: Method) -> list[Job]:
    """The job, or its two parts where the stiff method takes over on the way."""
    if kernel == "scalar":
        assert method != "stiff", "the kernel in Numba has no stiff method"
        return [job]
    if method != "auto":
        return [job._replace(method=STIFF if method == "stiff" else EXPLICIT)]
    if job.rtol < STIFF_RTOL or job.end < max(job.day, STIFF_FROM) + STIFF_FOR:
        return [job]
    if job.day >= STIFF_FROM:
        return [job._replace(method=STIFF)]
    later = job._replace(method=STIFF, day=STIFF_FROM, going_on=1, next=np.zeros(1, np.int64), steps=job.steps.copy())
    return [job._replace(end=STIFF_FROM), later]


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
