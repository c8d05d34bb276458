"""The kernel in C is built where there is a compiler, is used only when it is of these sources, and is not needed."""

from __future__ import annotations

import runpy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import twin_model
from cartway.twin.solver import begin, build, kernel_here, lanes, make_ready, solve
from twin.solver.bodies import bodies, usual
from twin_sparse import c_functions, plan

ROOT = Path(__file__).parents[3]
FRESH = """
import sys, numpy as np
from cartway.twin.model import load_model
from cartway.twin.solver import Events, begin, solve
p = np.array([[each.median for each in load_model().parameter]])
solve(p, begin(p), -6.0, np.array([90.0]), Events.of([[]]))
print("numba" in sys.modules, "scipy" in sys.modules)
"""


@pytest.fixture
def no_cache() -> Any:
    lanes.loaded.cache_clear()
    yield
    lanes.loaded.cache_clear()


def test_the_generated_files_are_as_the_page_says() -> None:
    assert {name: (twin_model.OUT / name).read_text() for name in twin_model.files()} == twin_model.files()


def test_the_kernel_of_lanes_is_built_here() -> None:
    assert kernel_here() == "lanes", (
        "no C compiler, or `python src/cartway/twin/solver/build.py` has not run since a change"
    )


def test_a_library_of_other_sources_is_not_used(monkeypatch: pytest.MonkeyPatch, no_cache: None) -> None:
    monkeypatch.setattr(build, "digest", lambda: "another")
    assert kernel_here() == "scalar"


def test_without_a_compiler_nothing_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "compiler", lambda: None)
    assert build.build() == []


def test_a_library_that_cannot_be_loaded_is_none(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, no_cache: None
) -> None:
    (tmp_path / "broken.so").write_bytes(b"no library")
    monkeypatch.setattr(build, "library", lambda lanes: tmp_path / "broken.so")
    assert kernel_here() == "scalar"


def test_numba_says_that_it_compiles_and_then_solves(monkeypatch: pytest.MonkeyPatch, no_cache: None) -> None:
    monkeypatch.setattr(build, "digest", lambda: "another")
    said: list[str] = []
    assert make_ready(said.append) == "scalar"
    assert "Numba compiles" in said[0]
    p = bodies(2)
    assert np.isfinite(solve(p, begin(p), -6.0, np.array([30.0]), usual(2)).values).all()


def test_with_the_kernel_in_c_nothing_is_compiled_and_no_numba_loaded() -> None:
    make_ready(pytest.fail)
    done = subprocess.run([sys.executable, "-c", FRESH], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_a_wheel_carries_the_libraries_and_the_name_of_its_platform() -> None:
    hook = runpy.run_path(str(ROOT / "hatch_build.py"))["CustomBuildHook"]
    says = SimpleNamespace(display_info=lambda line: None, display_warning=pytest.fail)
    data: dict[str, Any] = {"artifacts": []}
    hook(str(ROOT), {}, None, None, "", "wheel", says).initialize("standard", data)
    assert data["pure_python"] is False
    assert data["tag"].startswith("py3-none-")
    assert "src/cartway/twin/solver/built/lanes_2.so" in data["artifacts"]


def test_the_written_out_factors_solve_the_system() -> None:
    """The statements in C, read as Python, against NumPy's solver."""
    algebra = twin_model.Algebra(twin_model.load_model())
    places = [(i, j) for i, j, _ in algebra.jacobian()]
    size, drawn = len(algebra.x), np.random.default_rng(5)
    jac, b = drawn.standard_normal(len(places)), drawn.standard_normal(size)
    dense = 30.0 * np.eye(size)
    for (i, j), value in zip(places, jac, strict=True):
        dense[i, j] -= value
    x = b.copy()
    scope: dict[str, Any] = {
        "jac": jac,
        "shift": 30.0,
        "lu": np.empty(len(plan(size, places).slots)),
        "b": x,
        "splat": float,
    }
    for line in c_functions(size, places).splitlines():
        if line.startswith("    "):
            exec(line.strip().removeprefix("V ").removesuffix(";"), scope)  # noqa: S102
    assert x == pytest.approx(np.linalg.solve(dense, b))
