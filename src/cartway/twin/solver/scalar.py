"""One patient after another: Dormand and Prince's method of order 5 with its dense output, compiled by Numba.

Dormand and Prince 1980, doi 10.1016/0771-050X(80)90013-3; dense output and step control as in Hairer, Norsett, Wanner,
Solving Ordinary Differential Equations I, sections II.4 to II.6.
"""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from cartway.twin.model import load_model
from cartway.twin.solver.generated import model as page

FEWEST_CELLS = 100.0
"""Below so many cells a clone is a birth-death process: it influences nothing else (Kimmel 2021 finds the limit does not matter)."""

MOST_STEPS = 200_000


@cache
def compiled() -> Any:
    """The compiled loop over patients."""
    import numba

    states, clones = len(load_model().state), load_model().clones
    fewest, most_steps = FEWEST_CELLS, MOST_STEPS
    derivative = numba.njit(cache=False, error_model="numpy", nogil=True)(page.derivative)
    clone_rates = numba.njit(cache=False, error_model="numpy", nogil=True)(page.clones)
    clone_state = np.array([state for state, _ in clones])
    clone_draw = np.array([load_model().parameters[clone.draw] for _, clone in clones])
    n_clones = len(clones)

    @numba.njit(cache=False, error_model="numpy", nogil=True)
    def watch_clones(x, memory, p, h, before, rates):  # type: ignore[no-untyped-def]
        """Follow clones of few cells over one step: whether they died out, or grew back (Kendall 1948).

        memory[3 c ...]: whether clone c is small (0, 1; 2: it died out), its cells when it became so, and
        J, the integral of deaths over the expected number.
        """
        clone_rates(x, p, rates)
        for c in range(n_clones):
            i = clone_state[c]
            cells, small = x[i], memory[3 * c]
            if small == 2.0:
                x[i] = 0.0
            elif small == 0.0:
                if 0.0 < cells < fewest:
                    memory[3 * c], memory[3 * c + 1], memory[3 * c + 2] = 1.0, cells, 0.0
            else:
                n0 = memory[3 * c + 1]
                death_then = before[2 * c] - before[2 * c + 1]
                death_now = rates[2 * c] - rates[2 * c + 1]
                cells = max(cells, 1e-280)
                was = max(memory[3 * n_clones + c], 1e-280)
                mean = 0.5 * (death_then + death_now)
                slope = math.log(was / cells)  # the integral of deaths less births over the step
                grown = h if abs(slope) < 1e-9 else h * (math.exp(min(slope, 600.0)) - 1.0) / slope
                memory[3 * c + 2] = min(memory[3 * c + 2] + mean * (n0 / was) * grown, 1e280)
                j = memory[3 * c + 2]
                gone = (j / (1.0 + j)) ** n0
                if gone > p[clone_draw[c]]:
                    memory[3 * c], x[i] = 2.0, 0.0
                elif cells > fewest and cells > n0:
                    x[i] = cells / (1.0 - gone)
                    memory[3 * c] = 0.0
            memory[3 * n_clones + c] = x[i]

    @numba.njit(cache=False, error_model="numpy", nogil=True)
    def one(x, memory, p, t, times, at, which, factor, plus, rtol, floor, chosen, out, work):  # type: ignore[no-untyped-def]
        """Advance one patient from day t to times[-1]; returns the steps taken, negative where it failed."""
        k1, k2, k3, k4, k5, k6, k7, y, z = work
        before, rates = np.zeros(2 * n_clones), np.zeros(2 * n_clones)
        n_out, event, steps, o = len(times), 0, 0, 0
        end = times[n_out - 1]
        while event < len(at) and at[event] < t:
            event += 1
        h, fresh, error_before = 0.01, True, 1e-4
        while True:
            while event < len(at) and at[event] <= t:
                i = which[event]
                x[i] = factor[event] * x[i] + plus[event]
                for c in range(n_clones):  # what is put in by hand is no small clone's own doing
                    if clone_state[c] == i:
                        memory[3 * n_clones + c] = x[i]
                        if memory[3 * c] == 1.0:
                            memory[3 * c] = 0.0
                event += 1
                fresh = True
                h = min(h, 0.05)
            while o < n_out and times[o] <= t:
                for j in range(len(chosen)):
                    out[o, j] = x[chosen[j]]
                o += 1
            if t >= end:
                return steps
            if fresh:
                derivative(x, p, k1)
                fresh = False
            stop = min(end, at[event]) if event < len(at) else end
            last = t + 1.0000001 * h >= stop
            if last:
                h = stop - t
            steps += 1
            if steps > most_steps or not h > 1e-12:
                return -steps
            for i in range(states):
                y[i] = x[i] + h * (k1[i] / 5)
            derivative(y, p, k2)
            for i in range(states):
                y[i] = x[i] + h * (k1[i] * (3 / 40) + k2[i] * (9 / 40))
            derivative(y, p, k3)
            for i in range(states):
                y[i] = x[i] + h * (k1[i] * (44 / 45) - k2[i] * (56 / 15) + k3[i] * (32 / 9))
            derivative(y, p, k4)
            for i in range(states):
                y[i] = x[i] + h * (
                    k1[i] * (19372 / 6561) - k2[i] * (25360 / 2187) + k3[i] * (64448 / 6561) - k4[i] * (212 / 729)
                )
            derivative(y, p, k5)
            for i in range(states):
                y[i] = x[i] + h * (
                    k1[i] * (9017 / 3168)
                    - k2[i] * (355 / 33)
                    + k3[i] * (46732 / 5247)
                    + k4[i] * (49 / 176)
                    - k5[i] * (5103 / 18656)
                )
            derivative(y, p, k6)
            for i in range(states):
                z[i] = x[i] + h * (
                    k1[i] * (35 / 384)
                    + k3[i] * (500 / 1113)
                    + k4[i] * (125 / 192)
                    - k5[i] * (2187 / 6784)
                    + k6[i] * (11 / 84)
                )
            derivative(z, p, k7)
            total = 0.0
            for i in range(states):
                wrong = h * (
                    k1[i] * (71 / 57600)
                    - k3[i] * (71 / 16695)
                    + k4[i] * (71 / 1920)
                    - k5[i] * (17253 / 339200)
                    + k6[i] * (22 / 525)
                    - k7[i] / 40
                )
                share = wrong / (rtol * (floor[i] + max(abs(x[i]), abs(z[i]))))
                total += share * share
            error = math.sqrt(total / states)
            if not error <= 1.0:
                h *= max(0.2, 0.9 * error ** (-0.2)) if error < 1e300 else 0.1
                continue
            reached = stop if last else t + h
            while o < n_out and times[o] < reached:
                u = (times[o] - t) / h
                for j in range(len(chosen)):
                    i = chosen[j]
                    change = z[i] - x[i]
                    bend = h * k1[i] - change
                    late = h * (
                        -k1[i] * (12715105075 / 11282082432)
                        + k3[i] * (87487479700 / 32700410799)
                        - k4[i] * (10690763975 / 1880347072)
                        + k5[i] * (701980252875 / 199316789632)
                        - k6[i] * (1453857185 / 822651844)
                        + k7[i] * (69997945 / 29380423)
                    )
                    out[o, j] = x[i] + u * (
                        change + (1 - u) * (bend + u * ((change - h * k7[i] - bend) + (1 - u) * late))
                    )
                o += 1
            clone_rates(x, p, before)
            for i in range(states):
                x[i] = z[i]
            watch_clones(x, memory, p, h, before, rates)
            t = reached
            same = True
            for c in range(n_clones):
                same = same and x[clone_state[c]] == z[clone_state[c]]
            if same:
                for i in range(states):
                    k1[i] = k7[i]
            else:
                fresh = True
            grow = 0.9 * error ** (-0.17) * error_before**0.04 if error > 0 else 5.0
            error_before = max(error, 1e-4)
            h *= min(5.0, max(0.2, grow))

    @numba.njit(cache=False, error_model="numpy", nogil=True)
    def many(x, memory, p, t, times, first, at, which, factor, plus, rtol, floor, chosen, out, steps, low, high):  # type: ignore[no-untyped-def]
        work = np.zeros((9, states))
        rows = (work[0], work[1], work[2], work[3], work[4], work[5], work[6], work[7], work[8])
        for n in range(low, high):
            a, b = first[n], first[n + 1]
            steps[n] = one(
                x[n], memory[n], p[n], t, times, at[a:b], which[a:b], factor[a:b], plus[a:b], rtol, floor, chosen,
                out[n], rows,
            )  # fmt: skip

    return many
