"""What is done to a virtual patient: jumps of single states at given times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.model import load_model

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Event(NamedTuple):
    """At day `at` the state named `state` becomes `factor` times what it is, plus `plus` (in the state's unit)."""

    at: float
    state: str
    plus: float = 0.0
    factor: float = 1.0


class Events(NamedTuple):
    """The events of n patients, each patient's in time order: those of patient i are first[i] up to first[i + 1].

    `first` int64[n + 1]; `at` float64[m], days; `state` int64[m]; `factor`, `plus` float64[m].
    """

    first: NDArray[np.int64]
    at: NDArray[np.float64]
    state: NDArray[np.int64]
    factor: NDArray[np.float64]
    plus: NDArray[np.float64]

    @classmethod
    def of(cls, patients: Sequence[Sequence[Event]]) -> Events:
        """The events of each patient, given in any order; those of one moment act in the order given."""
        places = load_model().states
        ordered = [event for events in patients for event in sorted(events, key=lambda event: event.at)]
        return cls(
            np.concatenate([[0], np.cumsum([len(events) for events in patients], dtype=np.int64)]).astype(np.int64),
            np.array([event.at for event in ordered], np.float64),
            np.array([places[event.state] for event in ordered], np.int64),
            np.array([event.factor for event in ordered], np.float64),
            np.array([event.plus for event in ordered], np.float64),
        )
