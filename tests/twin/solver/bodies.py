"""Virtual bodies for the tests of the solver: the typical patient, others around it, one usual course of treatment."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from cartway.twin.model import TUMOR, load_model
from cartway.twin.solver import Event, Events

Array = NDArray[np.float64]
STATES = load_model().states
PLACES = load_model().parameters
FLOOR = np.array([state.floor for state in load_model().state])

USUAL = (
    *(Event(day, "L", plus=1.0) for day in (-5.0, -4.0, -3.0)),
    Event(0.0, "TI", plus=1e8),
    Event(4.0, "C", plus=90.0),
)
"""Three days of lymphodepletion, the infusion, tocilizumab on day 4."""

STEADY = [STATES[name] for name in STATES if name not in {*TUMOR, "MP"}]
"""States that do not fall by powers of ten within days: all but the tumor and its marker."""


def bodies(n: int, seed: int = 1, **given: Any) -> Array:
    """Parameters of n patients around the medians, float64[n, parameters]; `given` sets single ones.

    They vary moderately and their marrow lives: one killed to a millionth is below its floor, and says nothing here.
    """
    drawn = np.random.default_rng(seed)
    medians = np.array([parameter.median for parameter in load_model().parameter])
    spread = np.minimum([parameter.omega for parameter in load_model().parameter], 0.5)
    found: Array = medians * np.exp(spread * drawn.standard_normal((n, len(medians))))
    for name in ("uP", "uS", "uN"):
        found[:, PLACES[name]] = drawn.random(n)
    for name, value in {"EL": 0.9, **given}.items():
        found[:, PLACES[name]] = value
    return found


def usual(n: int) -> Events:
    """The usual course for each of n patients."""
    return Events.of([USUAL] * n)


def away(found: Array, wanted: Array) -> Array:
    """The relative distance, measured as the solver measures it: an error below the floor is small."""
    distance: Array = np.abs(found - wanted) / (FLOOR + np.abs(wanted))
    return distance
