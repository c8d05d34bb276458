"""Reading values, choices and details: what is refused, with what reason, and what is understood."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.problem import Problem
from cartway.vocabulary import Variable, check_detail, convert_detail, read_choice, read_unit, read_value, vocabulary


def variable(name: str) -> Variable:
    return vocabulary().variables[name]


def code(found: object) -> str:
    return found.code if isinstance(found, Problem) else ""


IMPOSSIBLE = [
    ("body_temperature", 101.8, "Cel"),  # a Fahrenheit reading under the wrong label
    ("body_temperature", 95.0, "C"),
    ("body_temperature", 110.0, "C"),
    ("body_temperature", 38.5, "F"),
    ("inspired_oxygen", 40, "fraction"),
    ("inspired_oxygen", 0.4, "%"),
    ("oxygen_saturation", 0.97, "%"),
    ("oxygen_saturation", 101, "%"),
    ("systolic_pressure", 120, "kPa"),
    ("systolic_pressure", 12, "mmHg"),
    ("hemoglobin", 82, "g/dL"),
    ("creatinine", 106, "mg/dL"),  # micromoles
    ("platelets", 150_000, "10*9/L"),
    ("neutrophils", 2600, "10*9/L"),
    ("neutrophils", -1, "/uL"),
    ("ice_score", 11, ""),
    ("ice_score", 7.5, "{score}"),
    ("ice_orientation", 5, ""),
    ("ice_naming", 4, ""),
    ("ice_command", 2, ""),
    ("capd_score", 33, ""),
    ("rass_score", -6, ""),
    ("rass_score", 5, ""),
    ("gcs_score", 2, ""),
    ("gcs_score", 16, ""),
    ("age", 200, "a"),
    ("drug", -5, "mg"),
]


@pytest.mark.parametrize(("name", "value", "unit"), IMPOSSIBLE)
def test_an_impossible_value_is_refused_and_never_corrected(name: str, value: float, unit: str) -> None:
    assert code(read_value(variable(name), value, unit)) == "impossible_value"


EXTREME = [
    ("body_temperature", 42.5, "Cel"),
    ("body_temperature", 28.0, "Cel"),
    ("systolic_pressure", 32, "mmHg"),
    ("systolic_pressure", 300, "mmHg"),
    ("diastolic_pressure", 0, "mmHg"),
    ("oxygen_saturation", 31, "%"),
    ("heart_rate", 0, "/min"),
    ("ferritin", 1_200_000, "ng/mL"),
    ("il6", 1_000_000, "pg/mL"),
    ("ast", 25_000, "U/L"),
    ("leukocytes", 900, "10*9/L"),
    ("neutrophils", 0, "/uL"),
    ("platelets", 1, "10*9/L"),
    ("hemoglobin", 2.1, "g/dL"),
    ("potassium", 9.8, "mmol/L"),
    ("body_weight", 1.1, "kg"),
    ("rass_score", -5, ""),
    ("gcs_score", 3, ""),
    ("capd_score", 32, ""),
    ("oxygen_flow", 80, "L/min"),
]


@pytest.mark.parametrize(("name", "value", "unit"), EXTREME)
def test_a_true_extreme_passes(name: str, value: float, unit: str) -> None:
    assert read_value(variable(name), value, unit) == value or name == "neutrophils"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_not_a_number_is_said_to_be_none(value: float) -> None:
    assert code(read_value(variable("crp"), value, "mg/L")) == "not_a_number"
    assert code(read_value(variable("body_temperature"), value, "F")) == "not_a_number"


@pytest.mark.parametrize(
    "name", [name for name, one in vocabulary().variables.items() if one.kind == "number" and "" not in one.units]
)
def test_a_number_without_its_unit_is_not_guessed(name: str) -> None:
    assert code(read_value(variable(name), 1.0, "")) == "missing_unit"
    assert code(read_value(variable(name), 1.0, "  ")) == "missing_unit"


def test_only_scores_counts_and_the_inr_go_without_a_unit() -> None:
    bare = {one.unit for one in vocabulary().variables.values() if "" in one.units}
    assert bare == {"{score}", "{count}", "{INR}"}


def test_a_number_for_what_is_not_one_is_a_problem() -> None:
    assert code(read_value(variable("oxygen_device"), 3.0, "L/min")) == "unexpected_value"
    assert code(read_unit(variable("discharge"), "mg")) == "unexpected_value"


def test_a_problem_names_the_remedy_and_not_the_patients_value() -> None:
    problem = read_value(variable("body_temperature"), 101.8, "Cel")
    assert isinstance(problem, Problem)
    assert "25 to 45 Cel" in problem.remedy
    assert "101.8" not in str(problem)


@given(st.text(max_size=60), st.floats())
def test_any_text_as_unit_gives_a_number_or_a_problem(unit: str, value: float) -> None:
    for name in ("body_temperature", "neutrophils", "drug", "ice_score", "oxygen_device"):
        found = read_value(variable(name), value, unit)
        assert isinstance(found, Problem) or math.isfinite(found)


CHOICES = [
    ("oxygen_device", "Nasal Cannula", "nasal_cannula"),
    ("oxygen_device", "HFNC", "high_flow_nasal_cannula"),
    ("oxygen_device", "High-flow nasal cannula", "high_flow_nasal_cannula"),
    ("oxygen_device", "non-rebreather", "non_rebreather_mask"),
    ("oxygen_device", "NRB", "non_rebreather_mask"),
    ("oxygen_device", "Face tent", "face_tent"),
    ("oxygen_device", "None", "room_air"),
    ("oxygen_device", "BVM", "bag_mask"),
    ("drug", "Noradrenaline", "norepinephrine"),
    ("drug", "paracetamol", "acetaminophen"),
    ("drug", "Levophed", "norepinephrine"),
    ("drug", "PHENYLEPHrine", "phenylephrine"),
    ("drug", "Midazolam (Versed)", "midazolam"),
    ("infusion", "Yescarta", "axicabtagene_ciloleucel"),
    ("infusion", "tisa-cel", "tisagenlecleucel"),
    ("infusion", "Ciltacabtagene Autoleucel", "ciltacabtagene_autoleucel"),
    ("intracranial_hemorrhage", "present", "yes"),
    ("intracranial_hemorrhage", "absent", "no"),
    ("capd_score", "unable to perform", "unable_to_perform"),
    ("consciousness", "Alert", "awake"),
    ("seizure", "generalised", "generalized"),
    ("raised_pressure_sign", "papilloedema", "papilledema"),
    ("sex", "F", "female"),
    ("diagnosis", "DLBCL", "dlbcl"),
    ("death", "IEC-HS", "iec_hs"),
    ("attribution", "seizure", "seizure"),
    ("attribution", "raised_pressure_sign", "raised_pressure_sign"),
    ("last_follow_up", "yes", "yes"),
    ("oxygen_device", "Trach collar", "tracheostomy_mask"),
    ("oxygen_device", "T-piece", "tracheostomy_mask"),
    ("oxygen_device", "oxyhood", "oxygen_hood"),
    ("oxygen_device", "reservoir cannula", "nasal_cannula"),
    ("oxygen_device", "Helmet CPAP", "cpap"),
    ("oxygen_device", "helmet NIV", "bipap"),
    ("drug", "Akrinor", "cafedrine_theodrenaline"),
]


@pytest.mark.parametrize(("name", "text", "expected"), CHOICES)
def test_a_choice_is_understood_as_people_write_it(name: str, text: str, expected: str) -> None:
    assert read_choice(variable(name), text) == expected


@pytest.mark.parametrize(
    ("name", "text"), [("oxygen_device", "trach"), ("drug", "holy water"), ("referral", "x"), ("sex", "")]
)
def test_an_unknown_choice_is_a_problem_with_the_known_ones(name: str, text: str) -> None:
    problem = read_choice(variable(name), text)
    assert isinstance(problem, Problem)
    assert problem.code == "unknown_choice"


def test_a_pressure_that_could_not_be_measured_has_a_way_to_be_charted() -> None:
    problem = read_value(variable("systolic_pressure"), 0.0, "mm[Hg]")
    assert isinstance(problem, Problem)
    assert problem.code == "impossible_value"
    assert "no pressure could be measured, chart 20 mm[Hg]" in problem.remedy


DETAILS = [
    ("drug", {"continuous": True}),
    ("drug", {"sedation": True, "route": "IV"}),
    ("ast", {"upper_limit": 40}),
    ("ferritin", {"upper_limit": 400.0, "lower_limit": 30}),
    ("seizure", {"duration_min": 7, "returned_to_baseline": True}),
    ("motor_weakness", {"text": "right hemiparesis 2/5"}),
    ("attribution", {"cause": "dehydration"}),
    ("home_positive_pressure", {"schedule": "nocturnal"}),
    ("iec_hs_context", {"infection_excluded": True, "haemophagocytosis": True, "bleeding": "none"}),
    ("iec_hs_context", {"new_organ_failure": "none", "interventions": ["anakinra", "cryoprecipitate"], "course": "x"}),
    ("hscore_context", {"organomegaly": "splenomegaly", "immunosuppression": False, "haemophagocytosis": False}),
    ("unreadable", {"variable": "body_temperature", "value": "101.8", "unit": "Cel", "problem": "impossible_value"}),
    ("infusion", {}),
]


@pytest.mark.parametrize(("name", "detail"), DETAILS)
def test_a_declared_detail_passes(name: str, detail: dict[str, object]) -> None:
    assert check_detail(variable(name), detail) is None


@pytest.mark.parametrize(
    ("name", "detail", "expected"),
    [
        ("drug", {"colour": "blue"}, "unknown_detail"),
        ("drug", {"continuous": "yes"}, "wrong_detail_type"),
        ("drug", {"continuous": 1}, "wrong_detail_type"),
        ("ast", {"upper_limit": "40"}, "wrong_detail_type"),
        ("ast", {"upper_limit": True}, "wrong_detail_type"),
        ("ast", {"upper_limit": math.nan}, "wrong_detail_type"),
        ("iec_hs_context", {"interventions": "anakinra"}, "wrong_detail_type"),
        ("iec_hs_context", {"interventions": [1]}, "wrong_detail_type"),
        ("motor_weakness", {"text": 3}, "wrong_detail_type"),
        ("retraction", {"x": 1}, "unknown_detail"),
    ],
)
def test_any_other_detail_is_refused(name: str, detail: dict[str, object], expected: str) -> None:
    assert code(check_detail(variable(name), detail)) == expected


def test_a_limit_of_normal_converts_with_its_value() -> None:
    """AST 1.0 ukat/L with a limit of 0.6 ukat/L is 60 U/L with a limit of 36: the ratio is what a grade reads."""
    ast = variable("ast")
    unit = read_unit(ast, "ukat/L")
    assert not isinstance(unit, Problem)
    assert convert_detail(ast, {"upper_limit": 0.6, "method": "IFCC"}, unit) == {"upper_limit": 36.0, "method": "IFCC"}


def test_drops_and_sprays_are_local_and_a_vein_is_not() -> None:
    """ATC S01FB01, R01AA04 and R03AA01 are no vasopressors."""
    words = vocabulary()
    assert all(words.is_local_route(route) for route in ("ophthalmic", "Eye drops", "nasal", "Inhaled", "TP", "IH"))
    assert not any(words.is_local_route(route) for route in ("", "IV", "intravenous", "central line", "intraosseous"))
