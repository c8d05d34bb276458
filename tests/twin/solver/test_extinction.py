"""A clone of few cells is a birth-death process: it dies out with exactly the chance that it has, and on average
nothing is lost (Kendall 1948, doi 10.1214/aoms/1177730285).

Bodies here have memory cells that neither die nor grow: they kill tumor cells at a constant rate, less under steroids.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad

from cartway.twin.solver import Event, Events, begin, solve
from twin.solver.bodies import PLACES, STATES, bodies

Kernel = Literal["lanes", "scalar"]
KERNELS: tuple[Kernel, ...] = ("lanes", "scalar")
CELLS, BIRTH, GROWTH, KILL = 60.0, 0.15 + 0.2, 0.15, 0.55
STILL = {"dM": 0.0, "rM": 0.0, "rME": 0.0, "kM": 0.0, "mu": 0.0, "wM": 1.0, "KE": 1e9, "gE": 2 * KILL, "rB": GROWTH}
SIMPLE = {**STILL, "d0": 0.2, "KB": 1e15, "B0": CELLS, "BN0": 0.0, "eK": 1.0, "ED50": 10.0, "kD": 0.3}


def alike(n: int) -> NDArray[np.float64]:
    """n bodies alike but for their draws, which are spread evenly from 0 to 1."""
    p = np.repeat(bodies(1, **SIMPLE), n, axis=0)
    p[:, PLACES["uP"]] = (np.arange(n) + 0.5) / n
    return p


def cells(n: int, days: list[float], done: list[Event], kernel: Kernel) -> NDArray[np.float64]:
    """Tumor cells of n such bodies, float64[n, days], under 1e9 memory cells: half of the greatest killing.

    Each day ends a solution of its own: that a clone died out is settled where a step ends, not within it.
    """
    p, given = alike(n), Events.of([done] * n)
    start = begin(p)
    start[:, STATES["TM"]] = 1e9
    ends = [solve(p, start, 0.0, np.array([day]), given, states=("BP",), kernel=kernel, rtol=1e-6) for day in days]
    return np.column_stack([end.values[:, 0, 0] for end in ends])


def kill(day: float, steroid_at: float, dose: float = 1000.0) -> float:
    """The killing rate, with a dose of dexamethasone given on a day, mg (half-effect 10 mg, loss 0.3 a day)."""
    left = dose * np.exp(-0.3 * (day - steroid_at)) if day >= steroid_at else 0.0
    return float(KILL * (1.0 - left / (left + 10.0)))


def chance(day: float, steroid_at: float) -> float:
    """The chance that the clone has died out by a day, by quadrature of Kendall's integral."""

    def shrunk(t: float) -> float:  # the integral of deaths less births
        whole = quad(lambda s: kill(s, steroid_at) - GROWTH, 0.0, t, points=[min(steroid_at, t)], limit=200)
        return float(whole[0])

    def dying(t: float) -> float:
        return float((BIRTH - GROWTH + kill(t, steroid_at)) * np.exp(shrunk(t)))

    deaths = quad(dying, 0.0, day, points=[min(steroid_at, day)], epsrel=1e-6, limit=200)[0]
    return float((deaths / (1.0 + deaths)) ** CELLS)


@pytest.mark.parametrize("kernel", KERNELS)
def test_under_constant_rates_the_share_that_died_out_is_the_textbook_formula(kernel: Kernel) -> None:
    days, death = [5.0, 8.0, 12.0, 20.0], BIRTH - GROWTH + KILL
    gone = (cells(2000, days, [], kernel) == 0.0).mean(axis=0)
    shrink = np.exp(-(death - BIRTH) * np.array(days))
    assert gone == pytest.approx((death * (1 - shrink) / (death - BIRTH * shrink)) ** CELLS, abs=0.02)


@pytest.mark.parametrize("kernel", KERNELS)
def test_under_changing_rates_it_is_the_quadrature_of_kendalls_integral(kernel: Kernel) -> None:
    gone = (cells(2000, [9.0, 25.0], [Event(6.0, "D", plus=1000.0)], kernel) == 0.0).mean(axis=0)
    assert gone == pytest.approx([chance(9.0, 6.0), chance(25.0, 6.0)], abs=0.02)


def test_it_is_what_cell_by_cell_simulation_gives() -> None:
    """Gillespie 1977 with thinning, exact for rates that change with time: 4,000 clones, cell by cell."""
    drawn, n, last = np.random.default_rng(7), 4000, 14.0
    number, t, most = np.full(n, CELLS), np.zeros(n), BIRTH + (BIRTH - GROWTH + KILL)
    while (going := (t < last) & (number > 0)).any():
        t[going] += drawn.exponential(1.0 / (most * number[going]))
        going &= t < last
        left = np.where(t >= 6.0, 1000.0 * np.exp(-0.3 * (t - 6.0)), 0.0)
        death = BIRTH - GROWTH + KILL * (1.0 - left / (left + 10.0))
        u = drawn.random(n) * most
        number += going * ((u < BIRTH) * 1.0 - ((u >= BIRTH) & (u < BIRTH + death)) * 1.0)
    gone = (cells(2000, [last], [Event(6.0, "D", plus=1000.0)], "lanes") == 0.0).mean()
    assert gone == pytest.approx((number == 0).mean(), abs=4 * np.sqrt(0.25 / n))


@pytest.mark.parametrize("kernel", KERNELS)
def test_what_grows_back_makes_up_for_what_died_out(kernel: Kernel) -> None:
    """The mean over all draws is the deterministic course: survivors are larger by just what the others lost."""
    found = cells(4000, [40.0], [Event(9.0, "D", plus=1e6)], kernel)[:, 0]
    killed = quad(lambda day: kill(day, 9.0, 1e6), 0.0, 40.0, points=[9.0], limit=200)[0]
    assert 0.2 < (found == 0.0).mean() < 0.8
    assert found.mean() == pytest.approx(CELLS * np.exp(40.0 * GROWTH - killed), rel=0.02)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_clone_that_died_out_stays_away_and_one_of_many_cells_never_dies_out(kernel: Kernel) -> None:
    assert (cells(50, [60.0, 90.0], [], kernel) == 0.0).all()
    p = bodies(50, **{**SIMPLE, "B0": 1e9, "gE": 0.0})
    found = solve(p, begin(p), 0.0, np.array([20.0]), Events.of([[]] * 50), states=("BP",), kernel=kernel)
    assert (found.values > 1e9).all()
