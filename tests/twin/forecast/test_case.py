"""What a forecast reads out of a course: drawn courses, one question each."""

from __future__ import annotations

import math
from typing import Any

import pytest

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import DAY, HOUR, parse
from cartway.twin.forecast import Case, case_of
from cartway.twin.forecast.disease import Answer
from cartway.twin.forecast.measured import Reading

ZERO = parse("2026-03-02T10:00Z")
INFUSED = Fact("c", ZERO, "infusion", choice="axicabtagene_ciloleucel", detail={"dose_million_cells": 180})
LYMPHOMA = Fact("c", ZERO - 20 * DAY, "diagnosis", choice="dlbcl")


def at(day: float, what: str, value: float | None = None, **more: Any) -> Fact:
    return Fact("c", ZERO + round(day * DAY), what, value, **more)


def case(*facts: Fact, day: float = 5.0) -> Case:
    found = case_of(Course([INFUSED, LYMPHOMA, *facts], ZERO + round(day * DAY)))
    assert isinstance(found, Case), found
    return found


def code(*facts: Fact, day: float = 5.0) -> str:
    found = case_of(Course(facts, ZERO + round(day * DAY)))
    assert isinstance(found, Problem)
    return found.code


def read(name: str, *facts: Fact) -> list[Reading]:
    return [each for each in case(*facts).readings if each.name == name]


# Nothing is forecast without product, disease and time zero


def test_without_an_infusion_there_is_no_forecast() -> None:
    assert code(LYMPHOMA) == "no_infusion"


def test_without_a_product_there_is_no_forecast() -> None:
    assert code(LYMPHOMA, Fact("c", ZERO, "infusion")) == "no_product"


def test_two_products_are_a_contradiction() -> None:
    assert code(INFUSED, LYMPHOMA, at(1, "infusion", choice="tisagenlecleucel")) == "no_product"


def test_without_a_diagnosis_there_is_no_forecast() -> None:
    assert code(INFUSED) == "no_disease"


def test_a_disease_that_the_twin_does_not_know() -> None:
    assert code(INFUSED, at(-9, "diagnosis", choice="stiff_person_syndrome")) == "unknown_twin_disease"


def test_a_product_whose_target_the_disease_does_not_carry() -> None:
    assert code(INFUSED, at(-9, "diagnosis", choice="multiple_myeloma")) == "target_not_on_disease"


def test_after_death_there_is_nothing_to_forecast() -> None:
    assert code(INFUSED, LYMPHOMA, at(4, "death")) == "course_ended"


def test_a_child_with_b_all_is_of_the_young() -> None:
    facts = (Fact("c", ZERO, "infusion", choice="tisagenlecleucel"), at(-9, "diagnosis", choice="b_all"))
    found = case_of(Course([*facts, at(-9, "age", 9.0)], ZERO + DAY))
    assert isinstance(found, Case)
    assert found.disease.name == "pediatric_b_all"


# Treatments


def jumps(state: str, *facts: Fact) -> list[tuple[float, float]]:
    return [(round(event.at, 3), round(event.plus, 3)) for event in case(*facts).events if event.state == state]


def test_cells_are_those_charted() -> None:
    assert jumps("TI") == [(0.0, 180e6)]


def test_a_dose_that_is_not_charted_is_the_regimens_and_said_to_be() -> None:
    found = case_of(Course([Fact("c", ZERO, "infusion", choice="axicabtagene_ciloleucel"), LYMPHOMA], ZERO + DAY))
    assert isinstance(found, Case)
    assert [event.plus for event in found.events if event.state == "TI"] == [2e6 * 70]
    assert any("dose of cells is not charted" in note for note in found.notes)


def test_lymphodepletion_on_the_days_when_fludarabine_was_given() -> None:
    days = [at(day, "drug", 30.0, unit="mg/m2", choice="fludarabine") for day in (-4.9, -3.9, -2.9)]
    assert [day for day, _ in jumps("L", *days)] == [-5.0, -4.0, -3.0]


def test_tocilizumab_by_weight() -> None:
    given = at(2, "drug", 640.0, unit="mg", choice="tocilizumab")
    assert jumps("C", given, at(-8, "body_weight", 80.0)) == [(2.0, 90.0)], "8 mg/kg make 90 ug/mL"


def test_steroids_count_as_dexamethasone() -> None:
    given = at(2, "drug", 1.0, unit="g", choice="methylprednisolone")
    assert jumps("D", given) == [(2.0, 187.5)], "4 mg of methylprednisolone are 0.75 mg of dexamethasone"


def test_what_was_given_after_the_moment_is_not_known() -> None:
    assert jumps("C", at(6, "drug", 640.0, unit="mg", choice="tocilizumab")) == []


def test_a_drug_that_the_model_lacks_is_told() -> None:
    assert any("ruxolitinib" in note for note in case(at(2, "drug", choice="ruxolitinib")).notes)


# Readings


def test_values_as_charted() -> None:
    assert read("crp", at(3, "crp", 88.0)) == [Reading("crp", 3.0, 88.0, 88.0)]


def test_a_value_below_the_limit_is_an_open_interval() -> None:
    assert read("il6", at(3, "il6", 2.0, detail={"below": True})) == [Reading("il6", 3.0, -math.inf, 2.0)]


def test_a_value_above_the_limit_is_an_open_interval() -> None:
    assert read("il6", at(3, "il6", 400.0, detail={"above": True})) == [Reading("il6", 3.0, 400.0, math.inf)]


def test_no_cells_found_lie_below_the_limit_of_the_assay() -> None:
    assert read("cart_cells", at(3, "car_t_cells", 0.0)) == [Reading("cart_cells", 3.0, -math.inf, 1.0)]


def test_units_of_the_record_become_the_twins() -> None:
    assert read("igg", at(-1, "igg", 800.0))[0].low == pytest.approx(8.0), "mg/dL to g/L"
    assert read("m_protein", at(-1, "serum_m_protein", 3.0))[0].low == pytest.approx(30.0), "g/dL to g/L"


def test_a_baseline_before_the_models_first_day_counts_on_that_day() -> None:
    assert read("ferritin", at(-12, "ferritin", 500.0)) == [Reading("ferritin", -6.0, 500.0, 500.0)]
    assert read("ferritin", at(-60, "ferritin", 500.0)) == []


def test_a_monitors_readings_are_thinned() -> None:
    hourly = [at(1 + hour / 24, "body_temperature", 38.0 + hour / 100) for hour in range(8)]
    assert [each.low for each in read("temperature", *hourly)] == [38.03, 38.07], "the last of each four hours"


def test_pressures_of_both_kinds_make_a_mean() -> None:
    both = (at(1, "systolic_pressure", 120.0), at(1, "diastolic_pressure", 60.0))
    assert read("pressure_untreated", *both) == [Reading("pressure_untreated", 1.0, 80.0, 80.0)]


def test_under_a_vasopressor_the_pressure_says_only_that_it_had_fallen() -> None:
    running = at(2, "drug", 5.0, unit="ug/min", choice="norepinephrine", until=ZERO + 3 * DAY)
    found = read("pressure_untreated", running, at(2.5, "mean_arterial_pressure", 70.0))
    assert found == [Reading("pressure_untreated", 2.0, -math.inf, 59.0)], "65 mmHg less what fluids raise"


def test_on_oxygen_the_saturation_says_only_that_it_had_fallen() -> None:
    facts = (
        at(2, "oxygen_device", choice="room_air"), at(2, "oxygen_saturation", 96.0),
        at(3, "oxygen_device", choice="nasal_cannula"), at(3.2, "oxygen_saturation", 97.0),
    )  # fmt: skip
    found = read("saturation_room_air", *facts)
    assert found == [
        Reading("saturation_room_air", 2.0, 96.0, 96.0), Reading("saturation_room_air", 3.0, -math.inf, 92.0)
    ]  # fmt: skip


@pytest.mark.parametrize(("score", "low"), [(10, -math.inf), (9, 1), (7, 1), (6, 2), (3, 2), (2, 3), (0, 3)])
def test_an_ice_score_lies_between_two_grades(score: float, low: float) -> None:
    """Lee 2019, doi 10.1016/j.bbmt.2018.12.758: 7 to 9 is grade 1, 3 to 6 grade 2, 0 to 2 grade 3."""
    assert read("neurotoxicity", at(3, "ice_score", score))[0].low == low


def test_of_two_readings_at_one_moment_neither_is_chosen_for_its_height() -> None:
    one, other = at(1, "body_temperature", 39.0, key="a"), at(1, "body_temperature", 37.0, key="b")
    assert len(read("temperature", one, other)) == 1
    assert read("temperature", one, other) == read("temperature", other, one)


def test_a_saturation_at_the_end_of_its_scale_is_no_number() -> None:
    facts = (at(2, "oxygen_device", choice="room_air"), at(2, "oxygen_saturation", 100.0))
    assert read("saturation_room_air", *facts) == []


def test_who_cannot_be_woken_has_the_highest_grade() -> None:
    assert read("neurotoxicity", at(3, "consciousness", choice="unarousable"))[0].low == 4.0


def test_a_dose_that_is_not_charted_as_a_mass_is_told() -> None:
    assert any("tocilizumab is not charted" in note for note in case(at(2, "drug", choice="tocilizumab")).notes)


# Where the reaction stands


def test_crs_as_cartway_grades_it() -> None:
    fever = [at(day / 4, "body_temperature", 39.0) for day in range(8, 21)]
    low = [
        at(5 - 1 / 24, "systolic_pressure", 80.0), at(5 - 1 / 24, "diastolic_pressure", 45.0),
    ]  # fmt: skip
    found = case(*fever, *low).standing
    assert found.crs == 2
    assert found.crs_days[0] == pytest.approx(3.0, abs=0.01)
    assert found.crs_days[1] < 2 * HOUR / DAY


# Where the disease stands


def test_the_next_treatment_of_the_cancer_ends_what_the_cells_did() -> None:
    assert case(at(40, "next_therapy", choice="yes"), day=60.0).answer.ended.endswith("begun on day 40")


def test_disease_that_was_never_assessed_has_no_answer() -> None:
    assert case().answer == Answer()


def test_progression_is_read_as_cartway_derives_it() -> None:
    """Lugano 2014: the lesion of 6 x 4 cm is gone at day 28, and as large as before at day 90."""

    def scan(day: float, event: str, longest: float, across: float, score: float) -> list[Fact]:
        detail = {"short_axis": across, "site": "node"}
        return [
            at(day, "imaging", choice="pet_ct", event=event),
            at(day, "lesion", longest, unit="cm", about="1", event=event, detail=detail),
            at(day, "deauville_score", score, event=event),
        ]

    facts = [*scan(-10, "a", 6.0, 4.0, 5), *scan(28, "b", 1.2, 0.8, 2), *scan(90, "c", 6.5, 4.5, 5)]
    assert case(*facts, day=60.0).answer == Answer("", 28.0)
    assert "progressed on day 90" in case(*facts, day=100.0).answer.ended
