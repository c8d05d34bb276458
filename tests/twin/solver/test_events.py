"""What is done to a patient acts at its moment, once, in the order given; a course may be solved in pieces."""

from __future__ import annotations

from itertools import pairwise
from typing import Literal

import numpy as np
import pytest

from cartway.twin.solver import Event, Events, begin, solve
from twin.solver.bodies import PLACES, STATES, STEADY, USUAL, away, bodies, usual

Kernel = Literal["lanes", "scalar"]
KERNELS: tuple[Kernel, ...] = ("lanes", "scalar")


def states(name: str, done: list[Event], times: list[float], kernel: Kernel, day: float = -6.0) -> list[float]:
    """One state of the typical patient at some times."""
    p = bodies(1)
    found = solve(p, begin(p), day, np.array(times), Events.of([done]), states=(name,), kernel=kernel, rtol=1e-9)
    return [float(value) for value in found.values[0, :, 0]]


@pytest.mark.parametrize("kernel", KERNELS)
def test_output_at_the_moment_of_an_event_is_what_it_is_after_it(kernel: Kernel) -> None:
    before, at = states("C", [Event(2.0, "C", plus=90.0)], [1.999, 2.0], kernel)
    assert (before, at) == (0.0, 90.0)


@pytest.mark.parametrize("kernel", KERNELS)
def test_events_of_one_moment_act_in_the_order_given(kernel: Kernel) -> None:
    done = [Event(1.0, "C", plus=90.0), Event(1.0, "C", factor=0.5), Event(1.0, "C", plus=1.0)]
    assert states("C", done, [1.0], kernel) == [46.0]


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_was_done_before_the_first_day_is_left_out(kernel: Kernel) -> None:
    assert states("C", [Event(-7.0, "C", plus=90.0), Event(-6.0, "C", plus=10.0)], [-6.0], kernel) == [10.0]


@pytest.mark.parametrize("kernel", KERNELS)
def test_tocilizumab_leaves_as_its_rate_says(kernel: Kernel) -> None:
    left = states("C", [Event(0.0, "C", plus=90.0)], [10.0], kernel)[0]
    assert left == pytest.approx(90.0 * np.exp(-10.0 * bodies(1)[0, PLACES["kTz"]]), rel=1e-6)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_course_in_pieces_is_the_course_in_one(kernel: Kernel) -> None:
    p, days = bodies(12), np.arange(-6.0, 31.0)
    whole = solve(p, begin(p), -6.0, days, usual(12), rtol=1e-8, kernel=kernel)
    state, steps = begin(p), np.zeros(12, np.int64)
    for low, high in pairwise(days):
        due = Events.of([[event for event in USUAL if low <= event.at < high]] * 12)
        state, more = solve(p, state, low, np.array([high]), due, rtol=1e-8, kernel=kernel)[1:]
        steps += more
    assert away(state[:, : len(STATES)], whole.end[:, : len(STATES)])[:, STEADY].max() < 1e-5
    assert (steps < 2 * whole.steps).all(), "the step is remembered from piece to piece"


def test_the_stiff_method_takes_over_without_doing_anything_twice() -> None:
    p, days = bodies(8), np.array([44.0, 45.0, 46.0, 200.0, 400.0])
    late = [Event(45.0, "C", plus=90.0), Event(45.0, "IgG", plus=3.0), Event(200.0, "C", plus=90.0)]
    done = Events.of([[*USUAL, *late]] * 8)
    mixed = solve(p, begin(p), -6.0, days, done, rtol=1e-5)
    plain = solve(p, begin(p), -6.0, days, done, rtol=1e-5, method="explicit")
    assert (mixed.values[:, 0] == plain.values[:, 0]).all()
    assert mixed.values[:, 1, STATES["C"]] == pytest.approx(plain.values[:, 1, STATES["C"]])
    assert mixed.values[:, 3, STATES["C"]] == pytest.approx(90.0, abs=0.01)
    assert away(mixed.values, plain.values)[:, :, STEADY].max() < 2e-3
    assert mixed.steps.sum() < 0.75 * plain.steps.sum()
