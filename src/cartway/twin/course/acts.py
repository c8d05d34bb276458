"""What is done to patients: acts as rows, and the jumps of states that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.model import load_model
from cartway.twin.solver import Event, Events

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

JUMPS = {
    "lymphodepletion": ("L", 1.0),
    "infusion": ("TI", 1.0),
    "tocilizumab": ("C", 90.0 / 8),
    "dexamethasone": ("D", 1.0),
    "methylprednisolone": ("D", 0.75 / 4),
    "anakinra": ("AN", 1.0 / 100),
    "filgrastim": ("G", 1.0 / 5),
    "immunoglobulin": ("IgG", 3.0 / 0.4),
    "platelet_transfusion": ("PLT", 20.0),
}
"""Drug: state, and what one unit of dose adds to it. 8 mg/kg tocilizumab make 90 ug/mL, 0.4 g/kg immunoglobulin 3 g/L."""

UNITS = {"lymphodepletion": "1", "infusion": "cells", "bridging": "1", "red_cells": "1"}


class Acts(NamedTuple):
    """m acts in order of patient and day. `patient` int64[m]: the row of the run; `drug`, `unit`, `why`: text [m]; `dose` float64[m].

    Bridging's dose is the share of tumor that it leaves; `why` of an infusion names its component or part.
    """

    patient: NDArray[np.int64]
    day: Array
    drug: NDArray[np.str_]
    dose: Array
    unit: NDArray[np.str_]
    why: NDArray[np.str_]

    def of(self, patient: int) -> Acts:
        """Those of one patient."""
        return Acts(*(column[self.patient == patient] for column in self))


class Act(NamedTuple):
    """One drug for several patients at one moment: `patient` int64[m], `dose` float64[m]."""

    patient: NDArray[np.int64]
    day: float
    drug: str
    dose: Array
    unit: str
    why: str


def gathered(acts: Sequence[Act]) -> Acts:
    """All acts as columns, by patient and day."""
    counts = [len(act.patient) for act in acts]
    patient = np.concatenate([act.patient for act in acts]) if acts else np.empty(0, np.int64)
    day = np.repeat([act.day for act in acts], counts)
    dose = np.concatenate([act.dose for act in acts]) if acts else np.empty(0)
    texts = [
        np.repeat(np.array([getattr(act, name) for act in acts], np.str_), counts) for name in ("drug", "unit", "why")
    ]
    order = np.lexsort((day, patient))
    return Acts(patient[order], day[order], texts[0][order], dose[order], texts[1][order], texts[2][order])


class Jump(NamedTuple):
    """One state of several patients at one moment becomes `factor` times what it was, plus `plus` [m]."""

    patient: NDArray[np.int64]
    day: float
    state: int
    factor: Array
    plus: Array


def jumps_of(act: Act) -> list[Jump]:
    """What an act does to the states."""
    places, none = load_model().states, np.zeros(len(act.dose))
    if act.drug == "bridging":
        return [Jump(act.patient, act.day, places[s], act.dose, none) for s in ("BP", "BN")]
    if act.drug == "stem_cell_boost":
        return [Jump(act.patient, act.day, places["P"], none, none + 1)]
    state, each = JUMPS[act.drug]
    return [Jump(act.patient, act.day, places[state], none + 1, act.dose * each)]


def events_of(n: int, jumps: Sequence[Jump]) -> Events:
    """The jumps as the solver takes them."""
    if not jumps:
        return Events.of([[] for _ in range(n)]) if n == 0 else _none(n)
    counts = [len(j.patient) for j in jumps]
    patient = np.concatenate([j.patient for j in jumps])
    at = np.repeat([j.day for j in jumps], counts)
    order = np.lexsort((at, patient))
    first = np.concatenate([[0], np.cumsum(np.bincount(patient, minlength=n))]).astype(np.int64)
    state = np.repeat(np.array([j.state for j in jumps], np.int64), counts)
    factor, plus = np.concatenate([j.factor for j in jumps]), np.concatenate([j.plus for j in jumps])
    return Events(first, at[order], state[order], factor[order], plus[order])


def _none(n: int) -> Events:
    empty = np.empty(0)
    return Events(np.zeros(n + 1, np.int64), empty, np.empty(0, np.int64), empty, empty)


def given_jumps(given: Sequence[Sequence[Event]], first: int) -> list[Jump]:
    """Events written by hand, those of patient `first + i` in given[i], as jumps."""
    places = load_model().states
    return [
        Jump(np.array([first + i]), e.at, places[e.state], np.array([e.factor]), np.array([e.plus]))
        for i, events in enumerate(given)
        for e in events
    ]
