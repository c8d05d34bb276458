"""How fast the error falls as the steps get shorter, and how far the answer is from an independent solver's.

Order 5 for Dormand and Prince's method (1980), order 4 for RODAS (Hairer and Wanner 1996); a wrong coefficient or a
wrong entry of the Jacobian shows at once as a lower order.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import solve_ivp

from cartway.twin.solver import Event, Events, begin, solve
from cartway.twin.solver.generated import model as page
from twin.solver.bodies import STATES, STEADY, away, bodies

TIMES = np.array([0.5, 1.3, 2.0, 3.7, 5.0])
INFUSED = Event(0.0, "TI", plus=1e8)


@cache
def exact() -> NDArray[np.float64]:
    """The course of one patient by SciPy's method of order 8, at a tolerance far below those asked for."""
    p = bodies(1)[0]
    x = begin(bodies(1))[0, : len(STATES)]
    x[STATES["TI"]] += 1e8

    def rates(_t: float, x: NDArray[np.float64]) -> NDArray[np.float64]:
        out = np.empty(len(x))
        page.derivative(x, p, out)
        return out

    found = solve_ivp(rates, (0, TIMES[-1]), x, "DOP853", TIMES, rtol=1e-13, atol=1e-13)
    return np.asarray(found.y.T)


def run(rtol: float, **how: str) -> tuple[float, float]:
    """Steps taken and the greatest error (all states but the tumor) at one tolerance."""
    p = bodies(1)
    found = solve(p, begin(p), 0.0, TIMES, Events.of([[INFUSED]]), rtol=rtol, **how)  # type: ignore[arg-type]
    return float(found.steps[0]), float(away(found.values[0], exact())[:, STEADY].max())


@pytest.mark.parametrize(
    ("how", "order"),
    [
        ({"kernel": "lanes", "method": "explicit"}, 5),
        ({"kernel": "lanes", "method": "stiff"}, 4),
        ({"kernel": "scalar"}, 5),
    ],
)
def test_the_error_falls_with_the_order_of_the_method(how: dict[str, str], order: int) -> None:
    (few, coarse), (many, fine) = run(1e-6, **how), run(1e-9, **how)
    assert np.log(coarse / fine) / np.log(many / few) == pytest.approx(order, abs=0.6)


@pytest.mark.parametrize("method", ["explicit", "stiff"])
@pytest.mark.parametrize("rtol", [1e-4, 1e-6, 1e-8])
def test_the_error_stays_near_the_tolerance(method: str, rtol: float) -> None:
    assert run(rtol, kernel="lanes", method=method)[1] < 30 * rtol
