"""One patient after another, compiled by Numba: the kernel of lanes.c again, for machines without a C compiler.

Dormand and Prince's method of order 5: J. Comput. Appl. Math. 6 (1980), doi 10.1016/0771-050X(80)90013-3; dense output
and step control as in Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, sections II.4 to II.6. Small
clones: Kendall, Ann. Math. Stat. 19 (1948), doi 10.1214/aoms/1177730285. The functions are plain Python until
`compiled` is called.
"""

from __future__ import annotations

import hashlib
import math
import sys
from functools import cache
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any

import numpy as np

from cartway.twin.model import load_model
from cartway.twin.solver.generated import model as page

if TYPE_CHECKING:
    from cartway.twin.solver.job import Array, Job, Whole

FEWEST_CELLS = 100.0
"""Below so many cells a clone is a birth-death process: it influences nothing else. The limit does not matter (Kimmel
2021, doi 10.1098/rspb.2021.0229).
"""
FIRST_STEP, AFTER_EVENT = 0.01, 0.05
LEAST_ERROR = 1e-4
MOST_STEPS = 200_000
LEAST_CELLS, MOST_DEATHS = 1e-280, 1e280

STATES = len(load_model().state)
FLOOR = np.array([state.floor for state in load_model().state])
CLONES = len(load_model().clones)
CLONE_STATE = np.array([state for state, _ in load_model().clones])

A = np.array(
    [
        [1 / 5, 0, 0, 0, 0, 0],
        [3 / 40, 9 / 40, 0, 0, 0, 0],
        [44 / 45, -56 / 15, 32 / 9, 0, 0, 0],
        [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729, 0, 0],
        [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656, 0],
        [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
    ]
)
ERROR = np.array([71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40])
LATE = np.array(
    [
        -12715105075 / 11282082432,
        0,
        87487479700 / 32700410799,
        -10690763975 / 1880347072,
        701980252875 / 199316789632,
        -1453857185 / 822651844,
        69997945 / 29380423,
    ]
)
GAUSS = np.array([0.1127016653792583, 0.5, 0.8872983346207417])
GAUSS_WEIGHT = np.array([5 / 18, 4 / 9, 5 / 18])

derivative, clone_rates = page.derivative, page.clones


def within(u: float, i: int, x: Array, k: Array, h: float) -> float:
    """State i at share u of the step."""
    total: float = x[i]
    rest = 1.0 - u
    for s in range(7):
        full = A[5, s] if s < 6 else 0.0
        first, last = 1.0 if s == 0 else 0.0, 1.0 if s == 6 else 0.0
        bend = (first - full) + u * ((2.0 * full - first - last) + rest * LATE[s])
        total += h * u * (full + rest * bend) * k[s, i]
    return total


def stages(x: Array, z: Array, y: Array, k: Array, p: Array, h: float) -> None:
    """The stages of one step: y is scratch, z the new states, k[6] their rates."""
    for s in range(6):
        target = z if s == 5 else y
        for i in range(STATES):
            change = 0.0
            for j in range(s + 1):
                change += A[s, j] * k[j, i]
            target[i] = x[i] + h * change
        derivative(target, p, k[s + 1])


def wrong(x: Array, z: Array, k: Array, h: float, rtol: float) -> float:
    """Root mean square of the error over what is allowed."""
    total = 0.0
    for i in range(STATES):
        error = 0.0
        for s in range(7):
            error += ERROR[s] * k[s, i]
        share = h * error / (rtol * (FLOOR[i] + max(abs(x[i]), abs(z[i]))))
        total += share * share
    return math.sqrt(total / STATES)


def deaths(c: int, x: Array, k: Array, p: Array, h: float, few: float, state: Array, rates: Array) -> float:
    """What the step adds to J of clone c: the integral of the death rate times `few` over the expected cells."""
    total = 0.0
    for g in range(3):
        for i in range(STATES):
            state[i] = within(GAUSS[g], i, x, k, h)
        clone_rates(state, p, rates)
        cells = max(state[CLONE_STATE[c]], LEAST_CELLS)
        total += GAUSS_WEIGHT[g] * (rates[2 * c] - rates[2 * c + 1]) * few / cells
    return h * total


def extinct(few: float, j: float) -> float:
    """The chance that a clone of so many cells has died out."""
    return math.exp(-few * math.log(1.0 + 1.0 / max(j, LEAST_CELLS)))


def watch(x: Array, z: Array, k: Array, p: Array, h: float, memory: Array, state: Array, rates: Array) -> bool:
    """Follow clones of few cells over the step that was accepted: did they die out, or grow back? True where z changed.

    A clone of n cells has died out with chance (J/(1 + J))^n (Kendall 1948). memory[4 c ...]: whether clone c is small
    (0, 1; 2: it died out), its cells when it became so, J, and its draw. Who grows back has used up that share of the
    draw: what is left, stretched to 0 to 1, judges the clone when it falls again.
    """
    changed = False
    for c in range(CLONES):
        i = CLONE_STATE[c]
        if memory[4 * c] == 2.0:
            changed = changed or z[i] != 0.0
            z[i] = 0.0
        elif memory[4 * c] == 0.0:
            if 0.0 < z[i] < FEWEST_CELLS:
                memory[4 * c], memory[4 * c + 1], memory[4 * c + 2] = 1.0, z[i], 0.0
        else:
            few = memory[4 * c + 1]
            memory[4 * c + 2] = min(memory[4 * c + 2] + deaths(c, x, k, p, h, few, state, rates), MOST_DEATHS)
            gone = extinct(few, memory[4 * c + 2])
            if gone > memory[4 * c + 3]:
                memory[4 * c], z[i] = 2.0, 0.0
                changed = True
            elif z[i] > FEWEST_CELLS and z[i] > few:
                memory[4 * c], z[i] = 0.0, z[i] / (1.0 - gone)
                memory[4 * c + 3] = (memory[4 * c + 3] - gone) / (1.0 - gone)
                changed = True
    return changed


def tamper(x: Array, memory: Array, c: int, factor: float, plus: float) -> None:
    """What a change by hand is to clone c, followed as a small one: taking cells away is a pulse of deaths, J goes on.

    Where cells are added it begins anew, with those that are there if it lives, and what is left of its draw. Judged
    here too: two things may be done at one moment.
    """
    i, few, less = CLONE_STATE[c], memory[4 * c + 1], plus == 0.0 and factor <= 1.0
    if less:
        pulse = few * (1.0 / max(factor * x[i], LEAST_CELLS) - 1.0 / max(x[i], LEAST_CELLS))
        memory[4 * c + 2] = min(memory[4 * c + 2] + pulse, MOST_DEATHS)
    gone = extinct(few, memory[4 * c + 2])
    if gone > memory[4 * c + 3]:
        memory[4 * c], x[i] = 2.0, 0.0
    elif not less:
        memory[4 * c], x[i] = 0.0, x[i] / (1.0 - gone)
        memory[4 * c + 3] = (memory[4 * c + 3] - gone) / (1.0 - gone)


def act(x: Array, memory: Array, i: int, factor: float, plus: float) -> None:
    """Change state i by hand."""
    for c in range(CLONES):
        if CLONE_STATE[c] == i and memory[4 * c] == 1.0:
            tamper(x, memory, c, factor, plus)
    x[i] = factor * x[i] + plus


def one(
    x: Array,
    memory: Array,
    p: Array,
    t: float,
    times: Array,
    at: Array,
    which: Whole,
    factor: Array,
    plus: Array,
    rtol: float,
    chosen: Whole,
    out: Array,
    work: Array,
) -> int:
    """Advance one patient from day t to times[-1]; returns the steps tried, negative where it failed."""
    k, y, z, rates = work[:7], work[7], work[8], work[9]
    n_out, event, steps, o = len(times), 0, 0, 0
    end = times[n_out - 1]
    while event < len(at) and at[event] < t:
        event += 1
    h = memory[4 * CLONES] if memory[4 * CLONES] > 0.0 else FIRST_STEP
    fresh, before = True, LEAST_ERROR
    while True:
        while event < len(at) and at[event] <= t:
            act(x, memory, which[event], factor[event], plus[event])
            h, fresh = min(h, AFTER_EVENT), True
            event += 1
        while o < n_out and times[o] <= t:
            for j in range(len(chosen)):
                out[o, j] = x[chosen[j]]
            o += 1
        if t >= end:
            memory[4 * CLONES] = h
            return steps
        if fresh:
            derivative(x, p, k[0])
        stop = min(end, at[event]) if event < len(at) else end
        stops = t + 1.0000001 * h >= stop
        step = stop - t if stops else h
        steps += 1
        stages(x, z, y, k, p, step)
        error = wrong(x, z, k, step, rtol)
        if error <= 1.0:
            reached = stop if stops else t + step
            while o < n_out and times[o] < reached:
                for j in range(len(chosen)):
                    out[o, j] = within((times[o] - t) / step, chosen[j], x, k, step)
                o += 1
            fresh = watch(x, z, k, p, step, memory, y, rates)
            for i in range(STATES):
                x[i], k[0, i] = z[i], k[6, i]
            t = reached
            held = max(error, LEAST_ERROR)
            following = step * min(5.0, max(0.2, 0.9 * held**-0.17 * before**0.04))
            h, before = max(following, h) if stops else following, held
        else:
            fresh = False
            h = step * (max(0.2, 0.9 * error**-0.2) if error < 1e150 else 0.1)
        if steps > MOST_STEPS or not h > 1e-12:
            memory[4 * CLONES] = 0.0
            return -steps


def many(
    x: Array,
    memory: Array,
    p: Array,
    t: float,
    times: Array,
    first: Whole,
    at: Array,
    which: Whole,
    factor: Array,
    plus: Array,
    rtol: float,
    chosen: Whole,
    out: Array,
    steps: Whole,
    low: int,
    high: int,
) -> None:
    """Advance patients low up to high."""
    work = np.zeros((10, STATES))
    for n in range(low, high):
        a, b = first[n], first[n + 1]
        steps[n] = one(
            x[n], memory[n], p[n], t, times, at[a:b], which[a:b], factor[a:b], plus[a:b], rtol, chosen, out[n], work
        )  # fmt: skip


@cache
def compiled() -> Any:
    """`many`, compiled. The first call on a machine compiles for some seconds; later ones load the cache."""
    import numba
    import platformdirs

    scope = dict(globals())
    functions = (page.derivative, page.clones, within, stages, wrong, deaths, extinct, watch, tamper, act, one, many)
    kept, folder = numba.config.CACHE_DIR, Path(platformdirs.user_cache_dir("cartway")) / fingerprint()  # type: ignore[attr-defined]
    numba.config.CACHE_DIR = str(folder)  # type: ignore[attr-defined]
    try:
        for function in functions:
            bound = FunctionType(function.__code__, {**function.__globals__, **scope}, function.__name__)
            bound.__module__, bound.__qualname__ = function.__module__, function.__qualname__
            name = "clone_rates" if function is page.clones else function.__name__
            scope[name] = numba.njit(cache=True, nogil=True, error_model="numpy")(bound)
    finally:
        numba.config.CACHE_DIR = kept  # type: ignore[attr-defined]
    return scope["many"]


def fingerprint() -> str:
    """A digest of all that is compiled, under which it is kept: code of an older model is never served."""
    found = hashlib.sha256(sys.version.encode())
    for file in (__file__, page.__file__):
        found.update(Path(file).read_bytes())
    return found.hexdigest()[:16]


def advance(job: Job, low: int, high: int) -> None:
    """Advance patients low up to high of the job; the step is this kernel's own, whatever method is asked for."""
    compiled()(
        job.x, job.memory, job.p, job.day, job.time, job.first, job.at, job.which, job.factor, job.plus, job.rtol,
        job.chosen, job.out, job.steps, low, high,
    )  # fmt: skip
