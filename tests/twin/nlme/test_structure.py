"""The closed forms against the differential equations that they solve."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from cartway.twin.nlme.structure import CLOSED_FORMS, ogasawara, stein

DAYS = np.array([0.5, 3.0, 8.0, 12.0, 30.0, 200.0])
SHARES = {"foldx": st.floats(5, 1e4), "tmax": st.floats(4, 20), "cmax": st.floats(10, 1e5),
          "alpha": st.floats(0.05, 0.6), "fb": st.floats(0.001, 0.5), "beta": st.floats(0.001, 0.04)}  # fmt: skip


def slowly(foldx: float, tmax: float, cmax: float, alpha: float, fb: float, beta: float) -> np.ndarray:
    """Stein 2019's equations: effectors grow at ln(foldx) / tmax, then contract at alpha while some become memory,
    which declines at beta.
    """
    k = fb * (alpha - beta)
    rising = np.array([[np.log(foldx) / tmax, 0.0], [0.0, 0.0]])
    falling = np.array([[-alpha, 0.0], [k, -beta]])
    start = np.array([cmax / foldx, 0.0])
    peak = solved(rising, start, tmax)
    return np.array([
        (solved(rising, start, day) if day < tmax else solved(falling, peak, day - tmax)).sum() for day in DAYS
    ])  # fmt: skip


def solved(rates: np.ndarray, start: np.ndarray, days: float) -> np.ndarray:
    """Where linear rates lead in so many days: the end of a solution of its own, less exact between its steps."""
    if days == 0.0:
        return start
    found = solve_ivp(lambda _, x: rates @ x, (0.0, days), start, rtol=1e-10, atol=1e-12, method="DOP853")
    return np.asarray(found.y[:, -1])


@given(st.fixed_dictionaries(SHARES))
def test_stein_solves_its_equations(values: dict[str, float]) -> None:
    """E falls at alpha in all (contraction and flow to memory), so E + M is cmax times (1 - fb) and fb of two
    exponentials.
    """
    found = stein(DAYS, **values)  # type: ignore[arg-type]
    assert found == pytest.approx(slowly(**values), rel=1e-6)


def test_the_highest_level_is_cmax_on_day_tmax() -> None:
    found = stein(np.array([9.2, 9.3, 9.4]), *(np.full(3, v) for v in (3900, 9.3, 24000, 0.16, 0.0079, 0.0032)))
    assert found[1] == pytest.approx(24000)
    assert found.argmax() == 1


def test_the_doubling_time_printed_by_stein_is_that_of_its_typical_values() -> None:
    """0.78 d (Stein 2019)."""
    one, other = stein(np.array([1.0, 1.78]), *(np.full(2, v) for v in (3900, 9.3, 24000, 0.16, 0.0079, 0.0032)))
    assert other / one == pytest.approx(2, rel=0.01)


def level(day: float) -> float:
    typical = (3.27, 0.755, 9.29, 24000.0, 5.0, 0.01, 352.0)
    return float(ogasawara(np.array([day]), *(np.array([v]) for v in typical))[0])


def test_ogasawara_is_flat_until_the_lag_and_then_doubles() -> None:
    assert level(0.1) == pytest.approx(level(3.2))
    assert level(4.0 + 0.755) == pytest.approx(2 * level(4.0))


def test_ogasawara_halves_in_its_half_lives() -> None:
    assert level(9.29) == pytest.approx(24000)
    assert level(9.29 + 5) == pytest.approx(24000 * (0.99 / 2 + 0.01 * 2 ** (-5 / 352)))
    assert level(1000) / level(1352) == pytest.approx(2, rel=1e-6)


def test_a_lag_beyond_the_highest_level_leaves_it_flat() -> None:
    found = ogasawara(np.array([1.0, 9.0]), *(np.full(2, v) for v in (12.0, 0.755, 9.29, 500.0, 5.0, 0.01, 352.0)))
    assert found == pytest.approx([500, 500])


@pytest.mark.parametrize("name", CLOSED_FORMS)
@given(st.lists(st.floats(1e-12, 1e12), min_size=7, max_size=7))
def test_no_parameter_makes_it_no_number(name: str, values: list[float]) -> None:
    form = CLOSED_FORMS[name]
    found = form.formula(DAYS, *(np.full(len(DAYS), v) for v in values[: len(form.parameters)]))
    assert np.isfinite(found).all()
    assert (found >= 0).all()
