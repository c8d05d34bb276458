"""What is done to patients: acts as rows, and the jumps of states that they mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.twin.model import TUMOR, load_model
from cartway.twin.solver import Event, Events

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

JUMPS = {
    "lymphodepletion": ("L", 1.0),
    "infusion": ("TI", 1.0),
    "tocilizumab": ("C", 90.0 / 8),
    "dexamethasone": ("D", 1.0),
    "anakinra": ("AN", 1.0 / 100),
    "filgrastim": ("G", 1.0 / 5),
    "immunoglobulin": ("IgG", 3.0 / 0.4),
    "platelet_transfusion": ("PLT", 20.0),
}
"""Drug: state, and what one unit of dose adds to it. 8 mg/kg tocilizumab: 90 ug/mL; 0.4 g/kg immunoglobulin: 3 g/L."""


class Acts(NamedTuple):
    """m acts in order of patient and day; columns [m]. `patient`: the row of the run; `drug`, `unit` and `why`: text.

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


class Jumps(NamedTuple):
    """m jumps: at `day` the state of a patient (row) becomes `factor` times what it was, plus `plus`. Columns [m]."""

    patient: NDArray[np.int64]
    day: Array
    state: NDArray[np.int64]
    factor: Array
    plus: Array

    def within(self, low: float, high: float) -> Jumps:
        """Those from `low` up to, without, `high`."""
        return self.take((self.day >= low) & (self.day < high))

    def take(self, which: NDArray[np.bool_] | NDArray[np.int64]) -> Jumps:
        """Some of them."""
        return Jumps(self.patient[which], self.day[which], self.state[which], self.factor[which], self.plus[which])


def joined(jumps: Sequence[Jumps]) -> Jumps:
    """All of them, in the order given."""
    none = Jumps(np.empty(0, np.int64), np.empty(0), np.empty(0, np.int64), np.empty(0), np.empty(0))
    patient, day, state, factor, plus = (np.concatenate(column) for column in zip(none, *jumps, strict=True))
    return Jumps(patient, day, state, factor, plus)


def jumps_of(act: Act) -> Jumps:
    """What an act does to the states."""
    if act.drug == "bridging":
        return joined([_jump(act, state, act.dose, 0 * act.dose) for state in TUMOR])
    if act.drug == "stem_cell_boost":
        return _jump(act, "P", 0 * act.dose, 1 + 0 * act.dose)
    state, each = JUMPS[act.drug]
    return _jump(act, state, 1 + 0 * act.dose, act.dose * each)


def _jump(act: Act, state: str, factor: Array, plus: Array) -> Jumps:
    m = len(act.patient)
    place = np.full(m, load_model().states[state], np.int64)
    return Jumps(act.patient, np.full(m, act.day), place, factor, plus)


def events_of(n: int, jumps: Jumps) -> Events:
    """The jumps of n patients as the solver takes them; those of one moment act in the order given."""
    ordered = jumps.take(np.lexsort((jumps.day, jumps.patient)))
    first = np.concatenate([[0], np.cumsum(np.bincount(jumps.patient, minlength=n))]).astype(np.int64)
    return Events(first, ordered.day, ordered.state, ordered.factor, ordered.plus)


def given_jumps(given: Sequence[Sequence[Event]]) -> Jumps:
    """Events written by hand, those of patient i in given[i]."""
    rows = [(i, e) for i, events in enumerate(given) for e in events]
    places = load_model().states
    return Jumps(
        np.array([i for i, _ in rows], np.int64),
        np.array([e.at for _, e in rows], float),
        np.array([places[e.state] for _, e in rows], np.int64),
        np.array([e.factor for _, e in rows], float),
        np.array([e.plus for _, e in rows], float),
    )
