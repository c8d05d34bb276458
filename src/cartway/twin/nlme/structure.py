"""The kinetics of CAR T cells in blood, in closed form.

Stein 2019 (doi 10.1002/psp4.12388): exponential growth to the highest level, then two-phase decline. Ogasawara 2021
(doi 10.1007/s40262-021-01039-5): the same, after a lag during which the level is flat.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array, Study

LOG_2 = float(np.log(2.0))


class Structure(Protocol):
    """What predicts the observations of a study, of the parameters of its subjects."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of its parameters, in their order."""

    def bind(self, study: Study) -> Callable[[Array], Array]:
        """A function from parameters float64[k, n, parameters] to predictions float64[k, N]."""


Formula = Callable[..., "Array"]


class ClosedForm(NamedTuple):
    """A structure whose prediction is a formula of the day and the parameters."""

    parameters: tuple[str, ...]
    formula: Formula

    def bind(self, study: Study) -> Callable[[Array], Array]:
        """The formula at the study's days."""
        day, subject = study.day, study.subject

        def predict(parameters: Array) -> Array:
            of_each = parameters[:, subject, :]
            return self.formula(day, *(of_each[..., i] for i in range(len(self.parameters))))

        return predict


def _decline(after: Array, share: Array, fast: Array, slow: Array) -> Array:
    late = np.maximum(after, 0.0)
    return (1 - share) * np.exp(-fast * late) + share * np.exp(-slow * late)


def stein(day: Array, foldx: Array, tmax: Array, cmax: Array, alpha: Array, fb: Array, beta: Array) -> Array:
    """Level on a day: `foldx` times the first level is reached on day `tmax` (`cmax`), then decline at `alpha` (share
    1 - fb) and `beta` (share fb) per day.
    """
    rising = foldx ** (np.minimum(day / tmax, 1.0) - 1.0)
    return cmax * rising * _decline(day - tmax, np.minimum(fb, 1.0), alpha, beta)


def ogasawara(
    day: Array, lag: Array, doubling: Array, tmax: Array, cmax: Array, half_life: Array, fb: Array, terminal: Array
) -> Array:
    """Level on a day: flat to `lag`, doubling every `doubling` days to `cmax` on day `tmax`, then decline with
    half-lives `half_life` (share 1 - fb) and `terminal` (share fb), all in days.
    """
    growing = np.clip(day, np.minimum(lag, tmax), tmax) - tmax
    rising = np.exp(np.maximum(LOG_2 * growing / doubling, -300.0))
    return cmax * rising * _decline(day - tmax, np.minimum(fb, 1.0), LOG_2 / half_life, LOG_2 / terminal)


CLOSED_FORMS: Mapping[str, ClosedForm] = {
    "stein": ClosedForm(("foldx", "tmax", "cmax", "alpha", "fb", "beta"), stein),
    "ogasawara": ClosedForm(("lag", "doubling", "tmax", "cmax", "half_life", "fb", "terminal"), ogasawara),
}
