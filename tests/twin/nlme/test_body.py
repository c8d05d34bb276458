"""The twin as a structure: what it predicts is what the solver gives, and what it is not told is the population's
median.
"""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from cartway.problem import Problem
from cartway.twin.model import ENGINEERED, load_model
from cartway.twin.nlme import Dose, Settings, Study, bound, fit, load_models, started, structure_of
from cartway.twin.nlme.body import Body, body_of, typical_patient
from cartway.twin.nlme.design import Design
from cartway.twin.nlme.model import Model
from cartway.twin.solver import Event, Events, begin, solve

TWIN = msgspec.structs.replace(load_models()["twin"], product="axi-cel", disease="lbcl", output="car_t_cells")
DAYS = np.array([3.0, 7.0, 14.0, 28.0])


def study_of(days: np.ndarray, n: int = 2, doses: tuple[tuple[Dose, ...], ...] = ()) -> Study:
    subject, day = np.repeat(np.arange(n), len(days)), np.tile(days, n)
    return Study(tuple(map(str, range(n))), subject, day, np.ones(len(day)), np.zeros(len(day), bool), doses)


def body() -> Body:
    found = structure_of(TWIN)
    assert isinstance(found, Body)
    return found


def medians() -> np.ndarray:
    row = typical_patient("axi-cel", "lbcl").parameters[0]
    return np.array([row[load_model().parameters[name]] for name in body().parameters])


def test_it_predicts_what_the_solver_gives() -> None:
    """Cells per microliter are all engineered cells of the body over Vb; the dose is the one that the data give."""
    study = study_of(DAYS, doses=((Dose(0.0, 1e8),), (Dose(0.0, 5e7), Dose(2.0, 5e7))))
    found = body().bind(study)(np.broadcast_to(medians(), (1, 2, len(medians()))).copy())
    patient = typical_patient("axi-cel", "lbcl")
    given = [Event(day, "L", 1.0) for day in (-5.0, -4.0, -3.0)]
    events = Events.of([[*given, Event(0, "TI", 1e8)], [*given, Event(0, "TI", 5e7), Event(2, "TI", 5e7)]])
    rows = np.repeat(patient.parameters, 2, axis=0)
    states = solve(rows, begin(rows), -6.0, DAYS, events, rtol=1e-7, states=ENGINEERED).values
    expected = states.sum(axis=2) / rows[:, [load_model().parameters["Vb"]]]
    assert found[0].reshape(2, 4) == pytest.approx(expected, rel=1e-2)


def test_what_else_was_done_acts_too() -> None:
    """Steroids slow the division of effector cells (eP)."""
    values = np.broadcast_to(medians(), (1, 2, len(medians()))).copy()
    steroid = tuple(Event(day, "D", 100.0) for day in (0.5, 1.0, 2.0, 3.0, 4.0))
    found = body().bind(study_of(DAYS)._replace(events=(steroid, ())))(values).reshape(2, 4)
    assert found[0, 0] < 0.98 * found[1, 0]


def test_many_different_days_are_read_off_between_those_solved_for() -> None:
    days = np.sort(np.random.default_rng(1).uniform(1, 80, 200))
    values = np.broadcast_to(medians(), (1, 1, len(medians()))).copy()
    many = body().bind(study_of(days, 1))(values)[0]
    few = body().bind(study_of(days[::4], 1))(values)[0]
    assert many[::4] == pytest.approx(few, rel=0.02)


def test_an_amount_that_counts_no_cells_leaves_the_labels_dose() -> None:
    values = np.broadcast_to(medians(), (1, 2, len(medians()))).copy()
    marked, without = (body().bind(study_of(DAYS, doses=doses))(values) for doses in (((Dose(0.0, 1.0),),) * 2, ()))
    assert marked == pytest.approx(without)


def test_faster_division_gives_more_cells_while_they_grow() -> None:
    values = np.stack([medians(), medians() * np.where(np.array(body().parameters) == "rho", 1.2, 1.0)])[None]
    found = body().bind(study_of(DAYS))(values).reshape(2, 4)
    assert found[1, 0] > 1.1 * found[0, 0]


def test_two_parameters_of_the_twin_are_found_again() -> None:
    """A small fit: 12 patients whose division and decline differ; starts from the population of product and disease."""
    parameters = tuple(msgspec.structs.replace(p, omega=0.2) for p in TWIN.parameters if p.name in ("rho", "dE"))
    model = msgspec.structs.replace(TWIN, parameters=parameters, sigma=0.3)
    structure = structure_of(model)
    assert isinstance(structure, Body)
    random, n = np.random.default_rng(3), 12
    study = study_of(DAYS, n)
    truth = np.array([started(model, study, structure).parameters[i].start for i in range(2)])
    psi = truth * np.exp(0.15 * random.standard_normal((n, 2)))
    value = structure.bind(study)(psi[None])[0] * np.exp(0.2 * random.standard_normal(n * len(DAYS)))
    away = msgspec.structs.replace(
        model, parameters=tuple(msgspec.structs.replace(p, start=1.1 * p.start) for p in parameters)
    )
    design = bound(away, study.with_values(value, study.below), structure)
    assert isinstance(design, Design)
    found = np.exp(fit(design, Settings(25, 25, 1)).estimate.coefficients)
    assert found == pytest.approx(np.exp(np.log(psi).mean(axis=0)), rel=0.06)


WRONG = {
    "unknown_twin_parameter": {"parameters": (msgspec.structs.replace(TWIN.parameters[0], name="rhox"),)},
    "unknown_output": {"output": "infusion"},
    "no_product": {"product": ""},
    "unknown_twin_product": {"product": "aspirin"},
    "unknown_twin_disease": {"disease": "gout"},
    "target_not_on_disease": {"disease": "mm"},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_the_twin_cannot_be_is_told(code: str) -> None:
    model: Model = msgspec.structs.replace(TWIN, **WRONG[code])
    found = body_of(model)
    assert isinstance(found, Problem)
    assert found.code == code
