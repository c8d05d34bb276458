"""What is asked is checked before it is fitted; coefficients are least squares."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.problem import Problem
from cartway.twin.nlme import (
    Covariate,
    Design,
    Model,
    Parameter,
    bound,
    checked,
    load_models,
    read_model,
    started,
    structure_of,
)
from cartway.twin.nlme.design import Estimate
from cartway.twin.nlme.saem import regression
from cartway.twin.nlme.scale import normal, own, slope
from cartway.twin.nlme.structure import CLOSED_FORMS

from .straight import LINE, line_design, lines

STUDY = lines(20, 2, np.diag([1.0, 0.2]), 0.1)
LINES = Model("line", (Parameter("level", 8, 2, "normal"), Parameter("slope", 1, 1, "normal")), error="additive")


def test_coefficients_of_diagonal_omega_are_ordinary_least_squares() -> None:
    design = line_design(STUDY, age=True)
    random = np.random.default_rng(1)
    mean = random.normal((10, -1), 1, (20, 2))
    found = regression(mean, design, Estimate(np.zeros(3), np.diag([2.0, 0.5]), 1.0))
    x = np.stack([np.ones(20), STUDY.covariates["age"] - 50], axis=1)
    assert found[:2] == pytest.approx(np.linalg.lstsq(x, mean[:, 0], rcond=None)[0])
    assert found[2] == pytest.approx(mean[:, 1].mean())


def test_with_full_omega_a_covariate_of_one_parameter_learns_from_the_other() -> None:
    """Generalized least squares (Zellner 1962): the likelihood's own maximum, here by brute force."""
    design = line_design(STUDY, age=True, full=True)
    omega = np.array([[2.0, 0.9], [0.9, 0.6]])
    mean = np.random.default_rng(1).normal((10, -1), 1, (20, 2))
    found = regression(mean, design, Estimate(np.zeros(3), omega, 1.0))

    def square(coefficients: np.ndarray) -> float:
        away = mean - design.typical(coefficients)
        return float(np.einsum("ni,ij,nj->", away, np.linalg.inv(omega), away))

    assert all(square(found) <= square(found + step) for step in 1e-3 * np.vstack([np.eye(3), -np.eye(3)]))


PARAMETERS = [Parameter("a", 2.0), Parameter("b", -3.0, distribution="normal"),
              Parameter("c", 0.2, distribution="logit"),
              Parameter("d", 5.0, distribution="logit", low=1.0, high=9.0)]  # fmt: skip


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda each: each.name)
@given(phi=st.floats(-5, 5))
def test_scales_go_there_and_back(parameter: Parameter, phi: float) -> None:
    value = float(own(np.array(phi), parameter))
    assert normal(value, parameter) == pytest.approx(phi, abs=1e-9)
    wide = 1e-5
    about = float(own(np.array(phi + wide), parameter) - own(np.array(phi - wide), parameter)) / (2 * wide)
    assert slope(phi, parameter) == pytest.approx(about, rel=1e-5, abs=1e-9)


def replaced(**changes: object) -> Model:
    return msgspec.structs.replace(LINES, **changes)


WRONG = {
    "parameter_twice": replaced(parameters=(Parameter("level", 1), Parameter("level", 1))),
    "wrong_parameters": replaced(parameters=(Parameter("level", 1), Parameter("height", 1))),
    "start_outside": replaced(parameters=(Parameter("level", -1), Parameter("slope", 1))),
    "nothing_varies": replaced(parameters=(Parameter("level", 1, 0.0), Parameter("slope", 1, 0.0))),
    "unknown_parameter": replaced(covariates=(Covariate("height", "age"),)),
    "unknown_covariate": replaced(covariates=(Covariate("level", "weight"),)),
    "covariate_constant": replaced(covariates=(Covariate("level", "one"),)),
    "covariate_missing": replaced(covariates=(Covariate("level", "some"),)),
    "covariate_not_positive": replaced(covariates=(Covariate("level", "signed"),)),
}


@pytest.mark.parametrize("code", WRONG)
def test_what_does_not_fit_is_told(code: str) -> None:
    some = np.where(np.arange(20) == 7, np.nan, 1.0)
    covariates = {"age": STUDY.covariates["age"], "one": np.ones(20), "some": some, "signed": np.linspace(-1, 1, 20)}
    found = bound(WRONG[code], STUDY._replace(covariates=covariates), LINE)
    assert isinstance(found, Problem)
    assert found.code == code
    if code == "covariate_missing":
        assert "s7" in found.reason


def test_a_logarithmic_error_needs_levels_above_zero() -> None:
    value = STUDY.value.copy()
    value[9] = 0.0
    found = bound(replaced(error="log_normal"), STUDY.with_values(value, STUDY.below), LINE)
    assert isinstance(found, Problem)
    assert found.code == "value_not_positive"
    assert "s2" in found.reason


def test_a_fixed_typical_value_is_not_estimated() -> None:
    fixed = replaced(parameters=(Parameter("level", 8, 2, "normal", fixed=True), Parameter("slope", 1, 1, "normal")))
    design = bound(fixed, STUDY, LINE)
    assert isinstance(design, Design)
    assert [design.names[c] for c in design.free] == ["slope"]


@pytest.mark.parametrize("name", load_models())
def test_every_model_with_a_name_is_sound(name: str) -> None:
    model = load_models()[name]
    assert checked(model) == model
    if name in CLOSED_FORMS:
        assert {each.name for each in model.parameters} == set(CLOSED_FORMS[name].parameters)


def test_a_model_of_a_file() -> None:
    text = (
        'structure = "stein"\nparameters = [{ name = "foldx", start = 100.0, fixed = true }]\nerror = "proportional"\n'
    )
    model = read_model(text)
    assert isinstance(model, Model)
    assert model.parameters[0].fixed
    for wrong in ("structure = 1", text.replace("error", "errors"), "not toml ["):
        found = read_model(wrong)
        assert isinstance(found, Problem)
        assert found.code == "not_a_model"
    unknown = structure_of(msgspec.structs.replace(model, structure="cube"))
    assert isinstance(unknown, Problem)
    assert unknown.code == "unknown_structure"


def test_starts_come_from_the_data() -> None:
    """The median of highest levels and of their days: a model for copies then also fits counted cells."""
    study = STUDY.with_values(np.abs(STUDY.value), STUDY.below)
    found = started(load_models()["stein"], study, CLOSED_FORMS["stein"])
    tops = study.value.reshape(20, 4).max(axis=1)
    cmax = found.parameter("cmax")
    assert cmax is not None
    assert cmax.start == pytest.approx(np.median(tops))
