"""One answer, whatever the kernel, the vectors' width, the neighbors, the order and the threads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.twin.solver import Event, Events, begin, build, lanes, solve
from cartway.twin.solver.lanes import loaded
from twin.solver.bodies import STATES, STEADY, away, bodies, usual

DAYS = np.arange(-6.0, 91.0)
WIDTHS = [width for variant in build.variants() if loaded(width := variant.lanes) is not None]

events = st.builds(
    Event,
    st.floats(-6, 40),
    st.sampled_from(["TI", "C", "D", "AN", "G", "IgG", "PLT", "BP", "P"]),
    st.sampled_from([0.0, 1.0, 20.0]),
    st.sampled_from([1.0, 0.5, 0.0]),
)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.lists(st.lists(events, max_size=6), min_size=1, max_size=5))
def test_the_kernel_in_numba_gives_what_the_kernel_in_c_gives(seed: int, done: list[list[Event]]) -> None:
    p, days = bodies(len(done), seed), np.arange(-6.0, 45.0)
    c = solve(p, begin(p), -6.0, days, Events.of(done), rtol=1e-7, kernel="lanes", method="explicit")
    numba = solve(p, begin(p), -6.0, days, Events.of(done), rtol=1e-7, kernel="scalar")
    assert away(c.values, numba.values)[:, :, STEADY].max() < 1e-5


def test_for_most_patients_the_kernels_differ_by_rounding_alone() -> None:
    p = bodies(100)
    c = solve(p, begin(p), -6.0, DAYS, usual(100), rtol=1e-6, kernel="lanes", method="explicit")
    numba = solve(p, begin(p), -6.0, DAYS, usual(100), rtol=1e-6, kernel="scalar")
    assert np.median(away(c.values, numba.values).max(axis=(1, 2))) < 1e-7
    assert (c.steps == numba.steps).mean() > 0.7


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(23)), st.integers(1, 23), st.integers(1, 3), st.sampled_from(["explicit", "stiff"]))
def test_a_patient_gets_the_same_bits_in_any_company(order: list[int], many: int, threads: int, method: str) -> None:
    p, alone = bodies(23), usual(1)
    chosen = order[:many]
    found = solve(p[chosen], begin(p[chosen]), -6.0, DAYS, usual(many), threads=threads, method=method)  # type: ignore[arg-type]
    mine = p[chosen[-1:]]
    single = solve(mine, begin(mine), -6.0, DAYS, alone, method=method)  # type: ignore[arg-type]
    assert (found.values[-1:] == single.values).all()
    assert (found.end[-1:] == single.end).all()


@pytest.mark.parametrize("width", WIDTHS)
def test_every_width_of_vectors_gives_the_same_course(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    p = bodies(40)
    wide = solve(p, begin(p), -6.0, DAYS, usual(40), method="explicit")
    monkeypatch.setattr(lanes, "loaded", lambda: loaded(width))
    assert away(solve(p, begin(p), -6.0, DAYS, usual(40), method="explicit").values, wide.values).max() < 1e-8


def test_states_asked_for_by_name_are_those_of_the_whole(n: int = 9) -> None:
    p = bodies(n)
    whole = solve(p, begin(p), -6.0, DAYS, usual(n))
    some = solve(p, begin(p), -6.0, DAYS, usual(n), states=("IL6", "TE"))
    assert (some.values[:, :, 0] == whole.values[:, :, STATES["IL6"]]).all()
    assert (some.values[:, :, 1] == whole.values[:, :, STATES["TE"]]).all()


def test_nobody_is_solved_for_nobody() -> None:
    p = bodies(0)
    assert solve(p, begin(p), -6.0, DAYS, Events.of([])).values.shape == (0, 97, len(STATES))


@pytest.mark.parametrize("kernel", ["lanes", "scalar"])
def test_a_solution_that_fails_is_told_and_spoils_no_neighbor(kernel: str) -> None:
    p = bodies(3)
    p[1, 0] = np.nan
    found = solve(p, begin(p), -6.0, DAYS, usual(3), kernel=kernel)  # type: ignore[arg-type]
    assert (found.steps < 0).tolist() == [False, True, False]
    assert np.isnan(found.values).any(axis=(1, 2)).tolist() == [False, True, False]
