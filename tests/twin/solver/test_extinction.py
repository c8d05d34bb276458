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
from scipy.optimize import brentq

from cartway.twin.solver import Event, Events, begin, solve
from twin.solver.bodies import PLACES, STATES, bodies

Kernel = Literal["lanes", "scalar"]
KERNELS: tuple[Kernel, ...] = ("lanes", "scalar")
CELLS, BIRTH, GROWTH, KILL = 60.0, 0.15 + 0.2, 0.15, 0.55
STILL = {"dM": 0.0, "rM": 0.0, "rME": 0.0, "kM": 0.0, "mu": 0.0, "wM": 1.0, "KE": 1e9, "gE": 2 * KILL, "rB": GROWTH}
SIMPLE = {**STILL, "d0": 0.2, "KB": 1e15, "B0": CELLS, "oS": 0.0, "BN0": 0.0, "eK": 1.0, "ED50": 10.0, "kD": 0.3}


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


def falls_again(first: float, steroid_at: float) -> tuple[float, float]:
    """The chances of dying out while it falls from CELLS, and then, grown back, from 100 cells to day 64.

    Quadrature of Kendall's integral for each fall; who grew back is more by what the others lost.
    """

    def less(low: float, high: float) -> float:
        return float(quad(lambda s: kill(s, steroid_at, 1e6) - GROWTH, low, high, points=[steroid_at], limit=200)[0])

    def gone(number: float, low: float, high: float) -> float:
        def dying(t: float) -> float:
            return float((BIRTH - GROWTH + kill(t, steroid_at, 1e6)) * np.exp(less(low, t)))

        deaths = quad(dying, low, high, points=[steroid_at], epsrel=1e-6, limit=200)[0]
        return float((deaths / (1.0 + deaths)) ** number)

    back = brentq(lambda t: CELLS * np.exp(-less(0.0, t)) - 100.0, first, 40.0)
    g1 = gone(CELLS, 0.0, back)
    again = brentq(lambda t: CELLS * np.exp(-less(0.0, t)) / (1.0 - g1) - 100.0, back + 5.0, 64.0)
    return g1, gone(100.0, again, 64.0)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_clone_that_grew_back_and_falls_again_is_judged_anew(kernel: Kernel) -> None:
    """1 - (1 - g1)(1 - g2): having lived through the first fall says nothing of the second."""
    g1, g2 = falls_again(10.0, 7.0)
    assert 0.2 < g1 < 0.6
    assert 0.2 < g2 < 0.6
    found = cells(2000, [40.0, 64.0], [Event(7.0, "D", plus=1e6)], kernel)
    assert (found == 0.0).mean(axis=0) == pytest.approx([g1, 1.0 - (1.0 - g1) * (1.0 - g2)], abs=0.02)


@pytest.mark.parametrize("kernel", KERNELS)
def test_in_pieces_it_is_judged_as_in_one(kernel: Kernel) -> None:
    """Cut while it falls, grows back, is many, and falls again: nothing that was remembered is lost."""
    p, given = alike(500), Events.of([[Event(6.0, "D", plus=1e6), Event(7.0, "BP", factor=0.8)]] * 500)
    start, day = begin(p), 0.0
    start[:, STATES["TM"]] = 1e9
    whole = solve(p, start, 0.0, np.array([64.0]), given, states=("BP",), kernel=kernel, rtol=1e-6).values[:, 0, 0]
    for until in (2.5, 6.5, 15.0, 33.0, 50.0, 57.0, 60.0, 64.0):
        part = solve(p, start, day, np.array([until]), given, states=("BP",), kernel=kernel, rtol=1e-6)
        start, day = part.end, until
    pieces = part.values[:, 0, 0]
    assert ((pieces == 0.0) == (whole == 0.0)).mean() > 0.99
    both = (pieces > 0.0) & (whole > 0.0)
    assert pieces[both] == pytest.approx(whole[both], rel=0.02)


@pytest.mark.parametrize("kernel", KERNELS)
@pytest.mark.parametrize("kept", [[0.5], [0.7, 0.5], [0.0]])
def test_what_is_taken_away_from_a_small_clone_is_taken_cell_by_cell(kernel: Kernel, kept: list[float]) -> None:
    """Each cell stays with chance f, then lives on: generating functions of the textbook, one put into the other."""

    def generating(s: float, days: float) -> float:
        fade = np.exp((death - BIRTH) * days)
        up, down = death * (1.0 - s), (death - BIRTH * s) * fade
        return float((up - down) / (BIRTH * (1.0 - s) - down))

    death, share = BIRTH - GROWTH + KILL, float(np.prod(kept))
    exact = generating(1.0 - share + share * generating(0.0, 2.0), 3.0) ** CELLS
    found = cells(2000, [5.0], [Event(3.0, "BP", factor=factor) for factor in kept], kernel)
    assert (found == 0.0).mean() == pytest.approx(exact, abs=0.02)


@pytest.mark.parametrize("kernel", KERNELS)
def test_cells_added_to_a_small_clone_come_to_those_that_live(kernel: Kernel) -> None:
    """On average nothing is lost, and who had died out stays away."""
    before = cells(2000, [8.0], [], kernel)[:, 0]
    after = cells(2000, [9.0], [Event(8.0, "BP", plus=1e4)], kernel)[:, 0]
    gone = (before == 0.0).mean()
    assert 0.1 < gone < 0.9
    assert (after[before == 0.0] == 0.0).all()
    lives = CELLS * np.exp((GROWTH - KILL) * 8.0) / (1.0 - gone)
    assert after[before > 0.0] == pytest.approx((1e4 + lives) * np.exp(GROWTH - KILL), rel=1e-4)


@pytest.mark.parametrize("kernel", KERNELS)
def test_a_clone_that_died_out_stays_away_and_one_of_many_cells_never_dies_out(kernel: Kernel) -> None:
    assert (cells(50, [60.0, 90.0], [], kernel) == 0.0).all()
    p = bodies(50, **{**SIMPLE, "B0": 1e9, "gE": 0.0})
    found = solve(p, begin(p), 0.0, np.array([20.0]), Events.of([[]] * 50), states=("BP",), kernel=kernel)
    assert (found.values > 1e9).all()
