"""One peer solves the twin's equations: run by the interpreter of an environment that holds the peers (see twin.py).

`python twin_peers.py PEER MODEL.py JOB.npz OUT.npz`: solves the courses of the job at each tolerance, one by one,
and writes values float64[tolerances, n, days, states] and CPU seconds float64[tolerances]. Compiling and a warm-up are
left out. Every peer gets the same formulas, restarts after each event as we do, and measures its error as we do:
states are divided by their floors where it takes a single absolute tolerance.
"""

from __future__ import annotations

import re
import runpy
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

Array = Any
Solve = Callable[
    [Array, Array, Array, float], Array
]  # parameters, state, days from now on, tolerance: states at these days


class Job:
    """Parameters [n, P], starts [n, S], floors [S], days [k]; events (day, state, plus), the same for all."""

    def __init__(self, path: str) -> None:
        loaded = np.load(path)
        self.p, self.x, self.floor, self.days = (loaded[name] for name in ("p", "x", "floor", "days"))
        self.events = list(zip(loaded["at"], loaded["which"], loaded["plus"], strict=True))

    def pieces(self) -> list[tuple[Array, list[tuple[int, float]]]]:
        """Days from one event to the next (the first one known), and what is done at the end of them."""
        ends = [*sorted({float(at) for at, _, _ in self.events}), float(self.days[-1])]
        begins = [float(self.days[0]), *ends[:-1]]
        return [
            (
                self.days[(self.days >= low) & (self.days <= high)],
                [(int(which), float(plus)) for at, which, plus in self.events if at == high],
            )
            for low, high in zip(begins, ends, strict=True)
        ]


def one_by_one(job: Job, solve: Solve, rtol: float, many: int) -> Array:
    """Solve patient after patient, piece after piece."""
    out = np.empty((many, len(job.days), len(job.floor)))
    for n in range(many):
        x, o = job.x[n].copy(), 0
        for days, done in job.pieces():
            y = solve(job.p[n], x, days - days[0], rtol)
            out[n, o : o + len(days)] = y
            x, o = np.array(y[-1]), o + len(days) - 1
            for which, plus in done:
                x[which] += plus
        # output at the moment of an event is what it is after it: the next piece wrote it over
    return out


def numbalsoda(job: Job, derivative: Any, source: str) -> Callable[[float, int], Array]:
    """DOP853 of numbalsoda; its loop over patients is compiled too."""
    from numba import carray, cfunc, njit
    from numbalsoda import dop853, lsoda_sig

    states, parameters = len(job.floor), job.p.shape[1]
    rates = njit(error_model="numpy")(derivative)

    @cfunc(lsoda_sig)
    def scaled(t, u, du, data):  # type: ignore[no-untyped-def]
        y, out, p = carray(u, (states,)), carray(du, (states,)), carray(data, (parameters + states,))
        x = np.empty(states)
        for i in range(states):
            x[i] = y[i] * p[parameters + i]
        rates(x, p, out)
        for i in range(states):
            out[i] /= p[parameters + i]

    address = scaled.address

    @njit
    def piece(x, days, p, rtol):  # type: ignore[no-untyped-def]
        return dop853(address, x, days, p, rtol, rtol)[0]

    def solve(p: Array, x: Array, days: Array, rtol: float) -> Array:
        return piece(x / job.floor, days, np.concatenate([p, job.floor]), rtol) * job.floor

    return lambda rtol, many: one_by_one(job, solve, rtol, many)


def scikit_sundae(job: Job, derivative: Any, source: str) -> Callable[[float, int], Array]:
    """CVODE (Adams) of scikit-sundae; the right-hand side compiled by Numba."""
    from numba import njit
    from sksundae.cvode import CVODE

    rates = njit(error_model="numpy")(derivative)

    def right(t: float, y: Array, out: Array, p: tuple[Array]) -> None:
        rates(y, p[0], out)

    def solve(p: Array, x: Array, days: Array, rtol: float) -> Array:
        solver = CVODE(right, rtol=rtol, atol=rtol * job.floor, method="Adams", userdata=(p,), max_num_steps=100_000)
        more = np.append(
            days, days[-1] + 1e-3
        )  # of two days it would give all its steps, and of the last one not always any
        return solver.solve(more, x).y[: len(days)]

    return lambda rtol, many: one_by_one(job, solve, rtol, many)


def pydiffsol(job: Job, derivative: Any, source: str) -> Callable[[float, int], Array]:
    """Tsit45 of diffsol, compiled by LLVM."""
    import pydiffsol as ds

    names, shorthand, rates = read(source)
    states, parameters = len(job.floor), job.p.shape[1]
    inside = [f"p{i} = 1" for i in range(parameters)] + [f"s{i} = 1" for i in range(states)]
    lines = [f"in_i {{ {', '.join(inside)} }}", f"u_i {{ {', '.join(f'x{i} = s{i}' for i in range(states))} }}"]

    def text(formula: str) -> str:
        whole = re.sub(r"\b[A-Za-z]\w*_\b", lambda found: names[found.group()], formula)
        return re.sub(r"\bx(\d+)\b", lambda found: f"(x{found[1]}*{job.floor[int(found[1])]!r})", whole)

    lines += [f"{name} {{ {text(formula)} }}" for name, formula in shorthand]
    lines.append(f"F_i {{ {', '.join(f'({text(rate)})/{job.floor[i]!r}' for i, rate in enumerate(rates))} }}")
    ode = ds.Ode(
        "\n".join(line.replace("np.float64(", "(") for line in lines),
        matrix_type=ds.nalgebra_dense,
        jit_backend=ds.llvm,
        ode_solver=ds.tsit45,
    )

    def solve(p: Array, x: Array, days: Array, rtol: float) -> Array:
        ode.rtol = ode.atol = rtol
        ode.h0 = 0.01
        return np.asarray(ode.solve_dense(np.concatenate([p, x / job.floor]), days).ys).T * job.floor

    return lambda rtol, many: one_by_one(job, solve, rtol, many)


def libroadrunner(job: Job, derivative: Any, source: str) -> Callable[[float, int], Array]:
    """CVODE of libRoadRunner, the model as SBML compiled by LLVM."""
    import antimony
    import roadrunner

    names, shorthand, rates = read(source)

    def text(formula: str) -> str:
        return re.sub(r"\b[A-Za-z]\w*_\b", lambda found: names[found.group()], formula).replace("log(", "ln(")

    lines = [f"{name} := {text(formula)};" for name, formula in shorthand]
    lines += [f"x{i}' = {text(rate)}; x{i} = 1;" for i, rate in enumerate(rates)]
    lines += [f"p{i} = 1;" for i in range(job.p.shape[1])]
    assert antimony.loadAntimonyString("model twin\n" + "\n".join(lines) + "\nend\n") >= 0, antimony.getLastError()
    runner = roadrunner.RoadRunner(antimony.getSBMLString("twin"))
    columns = [f"x{i}" for i in range(len(job.floor))]
    runner.timeCourseSelections = columns
    integrator = runner.getIntegrator()
    integrator.setValue("stiff", False)
    integrator.setValue("maximum_num_steps", 100_000)
    ids = list(runner.model.getGlobalParameterIds())
    places = [ids.index(name) for name in [*columns, *(f"p{i}" for i in range(job.p.shape[1]))]]

    def solve(p: Array, x: Array, days: Array, rtol: float) -> Array:
        integrator.setValue("relative_tolerance", rtol)
        integrator.setValue("absolute_tolerance", rtol * float(job.floor.min()))
        runner.resetAll()
        runner.model.setGlobalParameterValues(places, np.concatenate([x, p]))
        return np.asarray(runner.simulate(times=list(days)))

    return lambda rtol, many: one_by_one(job, solve, rtol, many)


def diffrax(job: Job, derivative: Any, source: str) -> Callable[[float, int], Array]:
    """Tsit5 of diffrax under vmap and jit, on the CPU, in double precision."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    import diffrax as dx

    scope = {"exp": jnp.exp, "log": jnp.log}
    body = source.replace("from math import exp, log", "")
    exec(compile(body, "model", "exec"), scope)  # noqa: S102 - our own generated module

    def right(t: Any, y: Any, p: Any) -> Any:
        out: list[Any] = [None] * len(job.floor)
        scope["derivative"](y * job.floor, p, out)
        return jnp.stack(out) / job.floor

    def piece(x: Any, p: Any, days: Any, rtol: Any) -> Any:
        control = dx.PIDController(rtol=rtol, atol=rtol)
        saved = dx.SaveAt(ts=days)
        solved = dx.diffeqsolve(
            dx.ODETerm(right), dx.Tsit5(), days[0], days[-1], 0.01, x / job.floor, p, saveat=saved,
            stepsize_controller=control, max_steps=100_000, throw=False,
        )  # fmt: skip
        return solved.ys * job.floor

    batch = jax.jit(jax.vmap(piece, in_axes=(0, 0, None, None)))

    def solve(rtol: float, many: int) -> Array:
        out, x, o = np.empty((many, len(job.days), len(job.floor))), job.x[:many].copy(), 0
        for days, done in job.pieces():
            y = np.asarray(batch(x, job.p[:many], days - days[0], rtol))
            out[:, o : o + len(days)] = y
            x, o = y[:, -1].copy(), o + len(days) - 1
            for which, plus in done:
                x[:, which] += plus
        return out

    return solve


def read(source: str) -> tuple[dict[str, str], list[tuple[str, str]], list[str]]:
    """The first function of the generated module: what each name stands for, the shorthand, the rates."""
    body = source.partition("def derivative")[2].partition("\ndef ")[0]
    names, shorthand, rates = {}, [], []
    for line in body.splitlines():
        name, _, formula = line.strip().partition(" = ")
        if found := re.fullmatch(r"([xp])\[(\d+)\]", formula):
            names[name] = f"{found[1]}{found[2]}"
        elif name.startswith("out["):
            rates.append(formula)
        elif formula:
            shorthand.append((name, formula))
    return names, shorthand, rates


PEERS = {each.__name__: each for each in (numbalsoda, pydiffsol, libroadrunner, diffrax, scikit_sundae)}


def main(peer: str, model: str, job_path: str, out_path: str) -> None:
    """Measure one peer at all tolerances; fewer patients where it is slow."""
    job, rtols = Job(job_path), np.load(job_path)["rtols"]
    solve = PEERS[peer](job, runpy.run_path(model)["derivative"], Path(model).read_text())
    for rtol in rtols[:2]:
        solve(float(rtol), len(job.p) if peer == "diffrax" else 2)
    values, seconds = [], []
    for rtol in rtols:
        started = time.process_time()
        values.append(solve(float(rtol), len(job.p)))
        seconds.append(time.process_time() - started)
    np.savez(out_path, values=np.array(values), seconds=np.array(seconds))


if __name__ == "__main__":
    main(*sys.argv[1:])
