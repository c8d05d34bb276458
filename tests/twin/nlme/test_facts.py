"""A study out of facts: exact days since the infusion, limits as the facts state them, what is not there is said."""

from __future__ import annotations

import numpy as np
import pytest

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import parse
from cartway.twin.nlme import Dose, Read, read_courses
from cartway.twin.solver import Event

ZERO = parse("2026-01-10T12:00Z")
HOUR = parse("2026-01-10T13:00Z") - ZERO


def copies(course: str, hours: float, value: float, **detail: object) -> Fact:
    return Fact(course, ZERO + int(hours * HOUR), "car_t_copies", value, "/ug{DNA}", detail=detail)


def infusion(course: str, hours: float = 0, **detail: object) -> Fact:
    return Fact(course, ZERO + int(hours * HOUR), "infusion", choice="tisagenlecleucel", detail=detail)


def weight(course: str, hours: float, value: float) -> Fact:
    return Fact(course, ZERO + int(hours * HOUR), "body_weight", value, "kg")


COURSES = {
    "a": [weight("a", -50, 30), weight("a", -2, 31), infusion("a", dose_million_cells=200.0), copies("a", -1, 7.0),
          copies("a", 36, 800.0), weight("a", 40, 29), copies("a", 2400, 50.0, below=True)],
    "b": [infusion("b", dose_million_cells=50.0), infusion("b", 24, dose_million_cells=150.0),
          copies("b", 240, 9000.0)],
    "c": [copies("c", 240, 9000.0)],
    "d": [infusion("d")],
}  # fmt: skip


def test_courses_become_a_study() -> None:
    found = read_courses(COURSES)
    assert isinstance(found, Read)
    study = found.study
    assert study.ids == ("a", "b")
    assert study.day.tolist() == [1.5, 100, 10], "exact days from the first infusion; nothing before it"
    assert study.value.tolist() == [800, 50, 9000]
    assert study.below.tolist() == [False, True, False]
    assert study.doses[1] == (Dose(0.0, 5e7), Dose(1.0, 1.5e8))
    assert found.left_out == {"no infusion": 1, "no car_t_copies after the infusion": 1}
    assert (study.what, study.unit) == ("car_t_copies", "/ug{DNA}")


def test_drugs_that_the_twin_knows_are_its_events() -> None:
    """Dexamethasone 10 mg and methylprednisolone 80 mg (15 mg of dexamethasone) are jumps of D."""
    drugs = [
        Fact("a", ZERO + 24 * HOUR, "drug", 10.0, "mg", choice="dexamethasone"),
        Fact("a", ZERO + 48 * HOUR, "drug", 80.0, "mg", choice="methylprednisolone"),
    ]
    found = read_courses(COURSES | {"a": [*COURSES["a"], *drugs]})
    assert isinstance(found, Read)
    assert found.study.events == ((Event(1.0, "D", 10.0), Event(2.0, "D", 15.0)), ())


def test_covariates_are_the_last_before_the_infusion() -> None:
    found = read_courses(COURSES)
    assert isinstance(found, Read)
    assert found.study.covariates["body_weight"][0] == 31
    assert np.isnan(found.study.covariates["body_weight"][1])
    assert found.study.covariates["product_tisagenlecleucel"].tolist() == [1, 1]


def test_a_value_below_the_limit_that_others_name_lies_below_it() -> None:
    """As `response.kinetics` reads the same facts."""
    found = read_courses(COURSES | {"a": [*COURSES["a"], copies("a", 2500, 12.0)]})
    assert isinstance(found, Read)
    assert found.study.below.tolist() == [False, True, True, False]


def test_a_level_of_nothing_needs_the_assays_limit() -> None:
    with_zero = COURSES | {"b": [*COURSES["b"], copies("b", 900, 0.0)]}
    found = read_courses(with_zero)
    assert isinstance(found, Problem)
    assert (found.code, found.place) == ("no_limit", "course b")
    read = read_courses(with_zero, limit=40.0)
    assert isinstance(read, Read)
    assert (read.study.value[-1], bool(read.study.below[-1])) == (40.0, True)


@pytest.mark.parametrize(
    ("what", "code"),
    [("infusion", "no_such_variable"), ("nothing", "no_such_variable"), ("car_t_cells", "no_observation")],
)
def test_what_cannot_be_a_study_says_why(what: str, code: str) -> None:
    found = read_courses(COURSES, what)
    assert isinstance(found, Problem)
    assert found.code == code
