"""How well readings fit what a virtual patient would show: each reading is a number, or an interval that holds it.

A value below or above the limit of a test is an interval open at one end (method M3 of Beal 2001,
doi 10.1023/A:1012299115260); a level of oxygen support is one between two limits. All stand on the scale on which the
error is normal: the logarithm of a concentration or count, a temperature or pressure as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

LEAST = -745.0  # the logarithm of the smallest number that is told from zero


class Readings(NamedTuple):
    """m readings: `low` and `high` float64[m], equal where a number was read; `sd` float64[m], of the error."""

    low: Array
    high: Array
    sd: Array

    @property
    def exact(self) -> NDArray[np.bool_]:
        """Which are numbers."""
        return np.equal(self.low, self.high)

    def take(self, which: NDArray[np.bool_]) -> Readings:
        """Those of a mask bool[m]."""
        return Readings(self.low[which], self.high[which], self.sd[which])


def log_likelihood(expected: Array, readings: Readings) -> Array:
    """The logarithm of the likelihood of each patient, float64[n], of what is expected, float64[n, m].

    What could not be solved (not a number) is impossible: minus infinity.
    """
    with np.errstate(invalid="ignore"):
        each = _log_each(expected, readings).sum(axis=1)
    return np.where(np.isfinite(each), each, -np.inf)


def _log_each(expected: Array, readings: Readings) -> Array:
    exact = readings.exact
    out = np.empty_like(expected)
    number = readings.take(exact)
    out[:, exact] = -0.5 * ((number.low - expected[:, exact]) / number.sd) ** 2 - np.log(number.sd * np.sqrt(2 * np.pi))
    held = readings.take(~exact)
    out[:, ~exact] = _log_between(*_ends(expected[:, ~exact], held))
    return out


def _ends(expected: Array, held: Readings) -> tuple[Array, Array]:
    return (held.low - expected) / held.sd, (held.high - expected) / held.sd


def _log_between(low: Array, high: Array) -> Array:
    """log(Phi(high) - Phi(low)), in the tail that loses no digits."""
    from scipy.special import log_ndtr

    swap = low > 0
    a, b = np.where(swap, -high, low), np.where(swap, -low, high)
    upper, lower = log_ndtr(b), log_ndtr(a)
    with np.errstate(divide="ignore"):
        found = upper + np.log1p(-np.exp(np.minimum(lower - upper, 0.0)))
    return np.asarray(np.maximum(found, LEAST + upper), np.float64)


def slope_and_weight(expected: Array, readings: Readings) -> tuple[Array, Array]:
    """First derivative of the log-likelihood by what is expected, and minus the second, both float64[n, m]."""
    exact = readings.exact
    slope, weight = np.empty_like(expected), np.empty_like(expected)
    number = readings.take(exact)
    slope[:, exact] = (number.low - expected[:, exact]) / number.sd**2
    weight[:, exact] = 1 / number.sd**2
    held = readings.take(~exact)
    slope[:, ~exact], weight[:, ~exact] = _between(expected[:, ~exact], held)
    return slope, weight


def _between(expected: Array, held: Readings) -> tuple[Array, Array]:
    low, high = _ends(expected, held)
    within = _log_between(low, high)
    at_low, at_high = (_density(each, within) for each in (low, high))
    slope = at_low - at_high
    bent = slope**2 + np.where(np.isfinite(high), high, 0) * at_high - np.where(np.isfinite(low), low, 0) * at_low
    return slope / held.sd, np.clip(bent, 0.0, 1.0) / held.sd**2


def _density(at: Array, within: Array) -> Array:
    """The normal density at a limit, of the probability between both."""
    finite = np.isfinite(at)
    place = np.where(finite, at, 0.0)
    return np.where(finite, np.exp(np.minimum(-0.5 * place**2 - 0.5 * np.log(2 * np.pi) - within, 300.0)), 0.0)
