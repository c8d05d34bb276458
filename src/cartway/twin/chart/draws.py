"""The chances of charting: numbers from the seed and each patient's number alone, moment by moment.

A course followed longer has the same numbers for the time before; so has a patient drawn among others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.chart.habits import load_signs
from cartway.twin.seeds import chance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Chances = NDArray[np.float32]

CHART = 0x63686172742E2E2E
"""Sets the chances of charting apart from those of patients, of policies and of assays."""
PERSON = 64
"""Chances that belong to a person as a whole."""
ROUND = ("minutes", "round", "late", "lag", "device", "flow", "score", "scan", "reader", "second", "third", "fourth")


class Draws(NamedTuple):
    """`person` float32[n, PERSON]; `moment` float32[n, k, m], `names` of its columns; all from 0 to below 1."""

    person: Chances
    moment: Chances
    names: dict[str, int]

    def of(self, name: str) -> Chances:
        """One column, [n, k]."""
        return self.moment[:, :, self.names[name]]


SLIPS = 0x736C6970732E2E2E
"""Keeps the chances of slips apart from all else that is charted."""


def slip_draws_of(seed: int, numbers: NDArray[np.int64], moments: int) -> Draws:
    """The chances of slips: one for each value, and ``minutes`` until it is put right."""
    names = {name: i for i, name in enumerate(("minutes", *(sign.what for sign in load_signs().sign)))}
    moment = np.empty((len(numbers), moments, len(names)), np.float32)
    for i, number in enumerate(numbers.tolist()):
        chance(seed ^ CHART, number, SLIPS).random(out=moment[i], dtype=np.float32)
    return Draws(np.empty((len(numbers), 0), np.float32), moment, names)


def draws_of(seed: int, numbers: NDArray[np.int64], moments: int) -> Draws:
    """The chances of patients over so many moments of the grid."""
    names = {name: i for i, name in enumerate((*ROUND, *(sign.what for sign in load_signs().sign)))}
    person = np.empty((len(numbers), PERSON), np.float32)
    moment = np.empty((len(numbers), moments, len(names)), np.float32)
    for i, number in enumerate(numbers.tolist()):
        drawn = chance(seed ^ CHART, number)
        drawn.random(out=person[i], dtype=np.float32)
        drawn.random(out=moment[i], dtype=np.float32)
    return Draws(person, moment, names)


def normal(chance: Chances) -> NDArray[np.float64]:
    """Standard normals of chances."""
    from scipy.special import ndtri

    return np.asarray(ndtri(np.clip(chance.astype(np.float64), 1e-7, 1.0 - 1e-7)))
