"""The twin's own model as a structure: chosen parameters vary and are estimated, the rest is as in the typical
patient.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from cartway.problem import Problem
from cartway.twin.model import load_model
from cartway.twin.nlme.model import Model
from cartway.twin.population import (
    Patients,
    Regimen,
    disease_of,
    diseases,
    mismatch,
    patients_of,
    prior_of,
    product_of,
    products,
    regimen_of,
)
from cartway.twin.solver import Event, Events, begin, solve

if TYPE_CHECKING:
    from cartway.twin.nlme.study import Array, Dose, Study

OUTPUTS: Mapping[str, str] = {
    "car_t_copies": "cart_copies",
    "car_t_cells": "cart_cells",
    "crp": "crp",
    "ferritin": "ferritin",
    "il6": "il6",
    "neutrophils": "anc",
    "platelets": "platelets",
    "cd19": "cd19",
}
TOLERANCE = 1e-4
FEW = 150
"""So many different days are solved for one by one; of more, days a quarter apart are, and levels between them read
off.
"""

FEWEST_CELLS = 1e4
"""An amount below it is no number of cells: millions, a volume, or 1 for a dose."""


class Body(NamedTuple):
    """The twin with some of its parameters to be estimated. `output`: the sign of the bedside that was measured."""

    parameters: tuple[str, ...]
    product: str
    disease: str
    output: str
    threads: int = 1

    def bind(self, study: Study) -> Callable[[Array], Array]:
        """The solved levels at the study's days."""
        patient = typical_patient(self.product, self.disease)
        regimen = regimen_of(products()[patient.product], diseases()[patient.disease])
        nothing: tuple[tuple[()], ...] = ((),) * len(study.ids)
        given = [
            [*_events(doses, regimen), *events]
            for doses, events in zip(study.doses or nothing, study.events or nothing, strict=True)
        ]
        return _Solved(self, study, patient, given)


class _Solved:
    """The prediction of one study."""

    def __init__(self, body: Body, study: Study, patient: Patients, given: list[list[Event]]) -> None:
        self.body, self.study, self.patient, self.given = body, study, patient, given
        self.places = np.array([load_model().parameters[name] for name in body.parameters])
        self.days, self.exact = _days(study.day)
        self.events: dict[int, Events] = {}

    def __call__(self, parameters: Array) -> Array:
        """Predictions float64[k, N] of parameters float64[k, n, P]."""
        k, n, _ = parameters.shape
        rows = np.repeat(self.patient.parameters, k * n, axis=0)
        rows[:, self.places] = parameters.reshape(k * n, -1)
        first, given = load_model().first_day, self._given(k)
        solved = solve(rows, begin(rows), first, self.days, given, rtol=TOLERANCE, threads=self.body.threads)
        return self._read(self._levels(rows, solved.values).reshape(k, n, -1))

    def _given(self, k: int) -> Events:
        if k not in self.events:
            self.events[k] = Events.of(self.given * k)
        return self.events[k]

    def _levels(self, rows: Array, states: Array) -> Array:
        from cartway.twin.course.signs import signs

        traits = {name: np.repeat(values, len(rows)) for name, values in self.patient.traits.items()}
        patients = self.patient._replace(number=np.arange(len(rows)), parameters=rows, traits=traits)
        return np.asarray(signs(patients, states, self.days)[OUTPUTS[self.body.output]], np.float64)

    def _read(self, levels: Array) -> Array:
        day, subject = self.study.day, self.study.subject
        if self.exact:
            return levels[:, subject, np.searchsorted(self.days, day)]
        after = np.clip(np.searchsorted(self.days, day), 1, len(self.days) - 1)
        share = (day - self.days[after - 1]) / (self.days[after] - self.days[after - 1])
        low, high = (np.log(np.maximum(levels[:, subject, at], 1e-30)) for at in (after - 1, after))
        return np.asarray(np.exp(low + share * (high - low)))


def _days(day: Array) -> tuple[Array, bool]:
    """The days that are solved for, and whether each observation's own is among them."""
    days = np.unique(day)
    if len(days) <= FEW:
        return days, True
    close = np.arange(0.0, min(days[-1], 60.0) + 0.5, 0.25)
    return np.concatenate([close, np.arange(close[-1] + 2.0, days[-1] + 4.0, 2.0)]), False


def _events(doses: tuple[Dose, ...], regimen: Regimen) -> list[Event]:
    """Lymphodepletion as the product has it, and the cells as given; the label's dose where no amount is known."""
    chemotherapy = regimen.lymphodepletion
    cells = regimen.cells or regimen.most_cells or 1e8
    found = [Event(day, "L", chemotherapy.intensity) for day in chemotherapy.days]
    if not doses:
        return found + [Event(part.day, "TI", cells * part.share) for part in regimen.infusions]
    known = all(dose.amount >= FEWEST_CELLS for dose in doses)
    return found + [Event(d.day, "TI", d.amount if known else cells / len(doses)) for d in doses]


def typical_patient(product: str, disease: str) -> Patients:
    """The patient in whom nothing differs from the median."""
    found, met = product_of(product), disease_of(disease)
    assert not isinstance(found, Problem) and not isinstance(met, Problem)
    prior = prior_of(found, met, {})
    return patients_of(product, disease, np.zeros((1, len(prior.names))), seed=0)


def typical_of(body: Body) -> Mapping[str, float]:
    """The population's medians of the parameters to be estimated."""
    row = typical_patient(body.product, body.disease).parameters[0]
    return {name: float(row[load_model().parameters[name]]) for name in body.parameters}


def body_of(model: Model) -> Body | Problem:
    """The structure of a model that names the twin.

    Problems: ``unknown_twin_parameter``, ``unknown_output``, ``no_product`` and those of `product_of`, `disease_of`,
    `mismatch`.
    """
    known = load_model().parameters
    lost = [each.name for each in model.parameters if each.name not in known]
    if lost:
        remedy = "docs/reference/twin-model.md lists them."
        return Problem("unknown_twin_parameter", f"The twin has no parameter '{lost[0]}'.", remedy)
    if model.output not in OUTPUTS:
        return Problem("unknown_output", f"The twin gives no '{model.output}'.", f"Use one of: {', '.join(OUTPUTS)}.")
    if not model.product or not model.disease:
        remedy = "Give --product and --disease, or product and disease in the model's file."
        return Problem("no_product", "The twin needs a product and a disease.", remedy)
    product, disease = product_of(model.product), disease_of(model.disease)
    if isinstance(product, Problem) or isinstance(disease, Problem):
        return product if isinstance(product, Problem) else disease  # type: ignore[return-value]
    problem = mismatch(product, disease)
    return problem or Body(tuple(each.name for each in model.parameters), product.name, disease.name, model.output)
