"""The virtual patient's solver: courses of 90 days per CPU-second, with their error, beside others at equal error."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.line import Line, Part
from benchmarks.measure import measured
from cartway.twin.model import load_model
from cartway.twin.solver import Event, Events, begin, build, kernel_here, solve
from cartway.twin.solver.generated import model as page
from cartway.twin.solver.lanes import loaded

FOLDER = Path(__file__).parent / ".cache" / "twin-peers"
PYTHON = FOLDER / "bin" / "python"
PACKAGES = {
    "numbalsoda": ("numbalsoda==0.3.4", "numba"),
    "pydiffsol": ("pydiffsol==0.6.2",),
    "libroadrunner": ("libroadrunner==2.10.0", "antimony"),
    "diffrax": ("diffrax==0.7.2",),
    "scikit_sundae": ("scikit-sundae==1.2.0", "numba"),
    "amici": ("amici",),
}
METHODS = {
    "numbalsoda": "DOP853",
    "pydiffsol": "Tsit45",
    "libroadrunner": "CVODE, Adams",
    "diffrax": "Tsit5, vmap, CPU",
    "scikit_sundae": "CVODE, Adams",
}
DAYS = np.arange(-6.0, 91.0)
EVENTS = (
    *(Event(day, "L", plus=1.0) for day in (-5.0, -4.0, -3.0)),
    Event(0.0, "TI", plus=1e8),
    Event(4.0, "C", plus=90.0),
)
RTOLS = (1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9)
PATIENTS, PEER_PATIENTS, LEAST_REPEATS = 1000, 24, 15
CPU_TARGETS = {8: 9000.0, 4: 6000.0}


class Speed(NamedTuple):
    """Courses per CPU-second and the error at each tolerance (see `error`)."""

    courses: Sequence[float]
    errors: Sequence[float]

    def at(self, error: float) -> float:
        """Courses per CPU-second at an error, between tolerances on logarithmic axes; outside them as at the end."""
        order = np.argsort(self.errors)
        found = np.interp(np.log(error), np.log(np.array(self.errors)[order]), np.log(np.array(self.courses)[order]))
        return float(np.exp(found))


def patients(n: int) -> np.ndarray[Any, Any]:
    """Parameters of n patients around the medians; no clone dies out, since no peer knows of that."""
    model, drawn = load_model(), np.random.default_rng(7)
    spread = np.minimum([parameter.omega for parameter in model.parameter], 0.5)
    found = np.array([parameter.median for parameter in model.parameter]) * np.exp(
        spread * drawn.standard_normal((n, len(model.parameter)))
    )
    found[:, [model.parameters["uP"], model.parameters["uN"]]] = 1.0
    return found


def error(values: np.ndarray[Any, Any], reference: np.ndarray[Any, Any]) -> float:
    """The median over patients of the greatest error, relative to the state or its floor."""
    floor = np.array([state.floor for state in load_model().state])
    away = np.abs(values - reference) / (floor + np.abs(reference))
    return float(np.median(np.nan_to_num(away, nan=np.inf).max(axis=(1, 2))))


def run(rows: int, repeats: int, say: Callable[[str], None]) -> Part:
    """Measure ourselves at several tolerances, then each peer that can be installed."""
    say(f"ours, kernel {kernel_here()}")
    p = patients(PATIENTS)
    few = p[:PEER_PATIENTS]
    reference = solve(few, begin(few), -6.0, DAYS, Events.of([EVENTS] * len(few)), rtol=1e-12, method="explicit").values
    ours = Speed(*zip(*(_ours(p, rtol, reference, repeats) for rtol in RTOLS), strict=True))
    at = RTOLS.index(1e-6)
    lines = [_itself(ours, at), _threads(p, repeats), _first_use(repeats)]
    peers, remarks = _peers(few, reference, say)
    lines += [
        Line(
            what=f"at equal error {ours.errors[at]:.1e}",
            ours=ours.courses[at],
            theirs=peer.at(ours.errors[at]),
            unit="courses/CPU-s",
            target=8.0,
            peer=f"{name} ({METHODS[name]})",
            leaves_out="clones that die out",
        )
        for name, peer in peers.items()
    ]
    remarks = [_told("ours", ours), *(_told(name, peer) for name, peer in peers.items()), *remarks]
    states = len(load_model().state)
    title = f"The virtual patient's solver: {states} states, 90 days, output each day, five events, one of tocilizumab"
    return Part(title=title, lines=lines, remarks=remarks)


def _ours(p: np.ndarray[Any, Any], rtol: float, reference: np.ndarray[Any, Any], repeats: int) -> tuple[float, float]:
    events, start = Events.of([EVENTS] * len(p)), begin(p)
    took = measured(lambda: solve(p, start, -6.0, DAYS, events, rtol=rtol), max(repeats, LEAST_REPEATS))
    return len(p) / took.median, error(took.result.values[: len(reference)], reference)


def _itself(ours: Speed, at: int) -> Line:
    lanes = next((variant.lanes for variant in build.variants() if loaded(variant.lanes) is not None), 0)
    what = f"rtol 1e-6, {lanes} lanes, error {ours.errors[at]:.1e}" if lanes else f"Numba, error {ours.errors[at]:.1e}"
    return Line(what=what, ours=ours.courses[at], unit="courses/CPU-s", target=CPU_TARGETS.get(lanes))


def _threads(p: np.ndarray[Any, Any], repeats: int) -> Line:
    events, start, walls = Events.of([EVENTS] * len(p)), begin(p), {1: [], 2: []}
    for _ in range(max(repeats, LEAST_REPEATS)):
        for threads, seconds in walls.items():
            began = time.perf_counter()
            solve(p, start, -6.0, DAYS, events, rtol=1e-6, threads=threads)
            seconds.append(time.perf_counter() - began)
    one, two = (
        min(walls[threads]) for threads in (1, 2)
    )  # the quickest: another process on the core is no fault of ours
    rate = len(p) / two
    return Line(
        what="two threads beside one", ours=rate, theirs=len(p) / one, unit="courses/s", target=1.8, peer="one thread"
    )


FRESH = """
import numpy as np
from cartway.twin.model import load_model
from cartway.twin.solver import Events, begin, solve
p = np.array([[each.median for each in load_model().parameter]])
solve(p, begin(p), -6.0, np.array([90.0]), Events.of([[]]))
"""


def _first_use(repeats: int) -> Line:
    seconds = []
    for _ in range(repeats):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", FRESH], check=True)
        seconds.append(time.perf_counter() - began)
    return Line(what="first course in a fresh process", ours=statistics.median(seconds), unit="s", target=3.0)


def _told(name: str, speed: Speed) -> str:
    both = zip(RTOLS, speed.courses, speed.errors, strict=True)
    return f"{name}: " + "; ".join(
        f"rtol {rtol:.0e}: {rate:,.0f}/CPU-s, error {wrong:.1e}" for rtol, rate, wrong in both
    )


def _peers(
    p: np.ndarray[Any, Any], reference: np.ndarray[Any, Any], say: Callable[[str], None]
) -> tuple[dict[str, Speed], list[str]]:
    found, remarks = {}, []
    states = load_model().states
    with tempfile.TemporaryDirectory() as folder:
        job = Path(folder) / "job.npz"
        np.savez(
            job, p=p, x=begin(p)[:, : len(states)], days=DAYS, rtols=RTOLS, at=[event.at for event in EVENTS],
            floor=[state.floor for state in load_model().state], which=[states[event.state] for event in EVENTS],
            plus=[event.plus for event in EVENTS],
        )  # fmt: skip
        for name in PACKAGES:
            say(f"peer {name}")
            problem = _install(name) or (name not in METHODS and "it was not adapted") or ""
            result = problem or _measure(name, job, Path(folder) / f"{name}.npz")
            if result:
                remarks.append(f"{name} was not measured: {result}")
                continue
            told = np.load(Path(folder) / f"{name}.npz")
            wrong = [error(values, reference) for values in told["values"]]
            found[name] = Speed([len(p) / seconds for seconds in told["seconds"]], wrong)
    return found, remarks


def _install(name: str) -> str:
    """Install a peer into an environment of its own; what went wrong, or nothing."""
    if not PYTHON.exists():
        venv.create(FOLDER, with_pip=True)
    command = [str(PYTHON), "-m", "pip", "install", "-q", "--disable-pip-version-check", *PACKAGES[name]]
    if name == "amici":
        command.append("--only-binary=amici")  # from its sources it builds SUNDIALS for many minutes
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"it cannot be installed here ({_last(done.stderr)})"


def _measure(name: str, job: Path, out: Path) -> str:
    script = Path(__file__).with_name("twin_peers.py")
    one = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false"}
    command = [str(PYTHON), str(script), name, str(page.__file__), str(job), str(out)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600, env=one)
    except subprocess.TimeoutExpired:
        return "it did not finish in ten minutes"
    return "" if done.returncode == 0 else _last(done.stderr)


def _last(text: str) -> str:
    return next((line.strip()[:120] for line in reversed(text.splitlines()) if line.strip()), "no word of why")
