"""The older CRS scales as a specification: a drawn course, one question, the table's answer."""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from toxicity.drawn import (
    Saying,
    age,
    at,
    attributed,
    born,
    conscious,
    course,
    crs,
    died,
    discharged,
    flow,
    infused,
    inspired,
    measured,
    oxygen,
    pressure,
    push,
    temperature,
)
from toxicity.older import (
    CARTOX,
    CTCAE4,
    CTCAE5,
    LEE,
    MSKCC,
    PENN,
    asked,
    because,
    bolus,
    decided,
    lab,
    lacking,
    older,
    rate,
)
from toxicity.slow_older import OLDER

NORMAL = (
    lab("creatinine", 0.9, 1.2), lab("ast", 30, 40), lab("alt", 30, 40), lab("bilirubin", 0.6, 1.2),
    measured("body_weight", 70),
)  # fmt: skip
FEBRILE = (temperature(39.0), pressure(120), oxygen("room_air"))
ILL = course(age(58), infused(), at(46, *NORMAL), at(48, *FEBRILE))
LOW = course(ILL, at(49, pressure(80)))
TWO = (rate("norepinephrine", 5), rate("epinephrine", 2))


def all_scales(facts: list[Fact], hour: float) -> tuple[int | None, ...]:
    """ASTCT, then Lee 2014, Penn, MSKCC, CARTOX, CTCAE v4.03 and v5.0."""
    return (crs(facts, hour), *(older(facts, scale, hour) for scale in OLDER))


# --- the same patient by every scale


@pytest.mark.parametrize(
    ("facts", "hour", "grades"),
    [
        (ILL, 48, (1, 1, 1, 1, 1, 1, 1)),
        (LOW, 49, (2, 2, 2, 1, 2, 2, 2)),
        (course(LOW, at(50, rate("norepinephrine", 5))), 50, (3, 2, 3, 2, 2, 4, 3)),
        (course(LOW, at(50, rate("norepinephrine", 25)), at(51, pressure(100))), 53, (3, 3, 4, 2, 3, 4, 3)),
        (course(LOW, at(50, *TWO), at(51, pressure(100))), 55, (4, 3, 3, 2, 3, 4, 4)),
        (course(ILL, at(49, lab("alt", 900, 40))), 49, (1, 3, 3, 1, 3, 1, 1)),
        (course(ILL, at(49, oxygen("nasal_cannula"), flow(3))), 49, (2, 2, 3, 2, 2, 2, 2)),
        (course(ILL, at(49, oxygen("venturi_mask"), inspired(50))), 49, (3, 3, 3, 3, 3, 2, 3)),
        (course(ILL, at(49, oxygen("bipap"), inspired(50))), 49, (4, 4, 3, 3, 3, 4, 3)),
        (course(ILL, at(49, oxygen("invasive_ventilation"), inspired(50))), 49, (4, 4, 4, 4, 4, 4, 4)),
        (course(ILL, died(60, "crs")), 60, (5, 5, 5, 5, 5, 5, 5)),
    ],
)  # fmt: skip
def test_one_course_has_a_grade_by_each_scale(facts: list[Fact], hour: float, grades: tuple[int, ...]) -> None:
    assert all_scales(facts, hour) == grades


# --- vasopressors by dose


@pytest.mark.parametrize(
    ("drips", "grade"),
    [
        ([rate("norepinephrine", 19)], 2),
        ([rate("norepinephrine", 20)], 3),
        ([rate("norepinephrine", 1.2, "mg/h")], 3),
        ([rate("norepinephrine", 0.19, "ug/kg/min")], 2),
        ([rate("norepinephrine", 0.2, "ug/kg/min")], 3),
        ([rate("epinephrine", 9.9)], 2),
        ([rate("epinephrine", 10)], 3),
        ([rate("epinephrine", 0.15, "ug/kg/min")], 3),  # 70 kg: 10.5 ug/min
        ([rate("phenylephrine", 199)], 2),
        ([rate("phenylephrine", 200)], 3),
        ([rate("dopamine", 9.9, "ug/kg/min")], 2),
        ([rate("dopamine", 10, "ug/kg/min")], 3),
        ([rate("dopamine", 700)], 3),  # 70 kg: 10 ug/kg/min
        ([rate("vasopressin", 0.04, "[iU]/min")], 2),
    ],
)
def test_a_high_dose_for_three_hours_is_lee_grade_3(drips: list[Saying], grade: int) -> None:
    ill = course(LOW, at(50, *drips), at(51, pressure(100)))
    assert older(ill, LEE, 52.9) == 2
    assert older(ill, LEE, 53) == grade
    assert older(ill, PENN, 53) == grade + 1


def test_several_small_doses_are_high_by_their_norepinephrine_equivalent() -> None:
    """12 + 4 + 100/10 = 26 ug/min: Penn counts the dose, not the drugs."""
    small = at(50, rate("norepinephrine", 12), rate("epinephrine", 4))
    assert older(course(LOW, small), PENN, 54) == 3
    assert older(course(LOW, small, at(50, rate("phenylephrine", 100))), PENN, 54) == 4


def test_with_vasopressin_half_the_dose_is_high() -> None:
    beside = at(50, rate("vasopressin", 0.03, "[iU]/min"))
    assert older(course(LOW, beside, at(50, rate("norepinephrine", 9))), PENN, 54) == 3
    assert older(course(LOW, beside, at(50, rate("norepinephrine", 10))), PENN, 54) == 4


def test_a_high_dose_that_was_lowered_in_time_was_not_high() -> None:
    ill = course(LOW, at(50, rate("norepinephrine", 25)), at(52, rate("norepinephrine", 10)))
    assert [older(ill, PENN, hour) for hour in (51, 52, 53, 56)] == [3, 3, 3, 3]


def test_a_high_dose_raised_in_steps_counts_from_its_first_high_hour() -> None:
    ill = course(LOW, at(50, rate("norepinephrine", 20)), at(52, rate("norepinephrine", 40)))
    assert older(ill, PENN, 53) == 4


def test_push_doses_are_no_high_dose() -> None:
    ill = course(LOW, at(50, push("phenylephrine", 0.1)))
    assert older(ill, PENN, 50.5) == 3
    assert lacking(ill, PENN, 50.5) == set()


@pytest.mark.parametrize(
    "drip",
    [
        Saying("drug", None, "norepinephrine"),
        Saying("drug", 8, "norepinephrine", "mL/h"),
    ],
)
def test_a_dose_that_is_not_told_is_never_taken_for_low(drip: Saying) -> None:
    """Within the first three hours no dose is high; then it might be."""
    ill = course(LOW, at(50, drip))
    assert (older(ill, LEE, 52), lacking(ill, LEE, 52)) == (2, set())
    assert (older(ill, LEE, 53), lacking(ill, LEE, 53)) == (2, {"vasopressor_dose"})
    assert (older(ill, PENN, 53), lacking(ill, PENN, 53)) == (3, {"vasopressor_dose"})
    assert "vasopressor_dose_untold" in because(ill, LEE, 53)


def test_a_dose_per_kilogram_needs_a_weight_unless_the_limit_is_per_kilogram_too() -> None:
    weightless = [fact for fact in LOW if fact.what != "body_weight"]
    epinephrine = course(weightless, at(50, rate("epinephrine", 0.05, "ug/kg/min")))
    assert (older(epinephrine, PENN, 54), lacking(epinephrine, PENN, 54)) == (3, {"body_weight"})
    norepinephrine = course(weightless, at(50, rate("norepinephrine", 0.1, "ug/kg/min")))
    assert (older(norepinephrine, PENN, 54), lacking(norepinephrine, PENN, 54)) == (3, set())
    weighed = course(epinephrine, at(53, measured("body_weight", 70)))
    assert (older(weighed, PENN, 54), lacking(weighed, PENN, 54)) == (3, set())


def test_the_two_limits_of_norepinephrine_part_below_100_kg() -> None:
    """0.25 ug/kg/min in 70 kg are 17.5 ug/min: high by the one limit, low by the other. A policy, and named."""
    ill = course(LOW, at(50, rate("norepinephrine", 0.25, "ug/kg/min")))
    assert older(ill, PENN, 54) == 4
    assert "norepinephrine_high_dose" in decided(ill, PENN, 54)
    assert older(ill, PENN, 54, norepinephrine_high_dose="by_minute") == 3


def test_a_vasopressor_without_a_published_high_dose_is_a_policy() -> None:
    ill = course(LOW, at(50, rate("angiotensin_ii", 20, "ng/kg/min")))
    assert older(ill, PENN, 54) == 3
    assert "vasopressor_without_high_dose" in decided(ill, PENN, 54)
    assert older(ill, PENN, 54, vasopressor_without_high_dose="high_dose") == 4


def test_vasopressin_as_the_second_drug_is_a_policy() -> None:
    ill = course(LOW, at(50, rate("norepinephrine", 4), rate("vasopressin", 0.03, "[iU]/min")), at(51, pressure(100)))
    assert [older(ill, scale, 52) for scale in (LEE, CARTOX, CTCAE5)] == [3, 3, 4]
    assert crs(ill, 52) == 3
    assert all("vasopressin_as_second" in decided(ill, scale, 52) for scale in (LEE, CARTOX, CTCAE5))
    exempt = [older(ill, scale, 52, vasopressin_as_second="not_counted") for scale in (LEE, CARTOX, CTCAE5)]
    assert exempt == [2, 2, 3]


def test_the_limits_of_a_high_dose_are_named_as_not_confirmed() -> None:
    ill = course(LOW, at(50, rate("norepinephrine", 5)))
    assert "high_dose_hours" in decided(ill, LEE, 51)
    assert "high_dose_hours" not in decided(ill, CTCAE5, 51)


# --- for how long: MSKCC


def test_vasopressors_for_a_day_are_mskcc_grade_3() -> None:
    ill = course(
        LOW, at(50, rate("norepinephrine", 5, until=80)), at(51, pressure(100)), at(60, pressure(100)), at(72, *FEBRILE)
    )
    assert [older(ill, MSKCC, hour) for hour in (50, 73.9, 74)] == [2, 2, 3]


def test_one_drug_after_another_without_a_pause_is_one_need() -> None:
    ill = course(
        LOW, at(50, rate("norepinephrine", 5, until=62)), at(62, rate("epinephrine", 2, until=80)),
        at(60, pressure(100), temperature(39)), at(70, pressure(100), temperature(39)),
    )  # fmt: skip
    assert [older(ill, MSKCC, hour) for hour in (73.9, 74)] == [2, 3]


def test_whether_a_pause_begins_the_day_anew_is_a_policy() -> None:
    ill = course(
        LOW, at(50, rate("norepinephrine", 5, until=65)), at(66, rate("norepinephrine", 5, until=80)),
        at(60, pressure(100), temperature(39)), at(70, pressure(100), temperature(39)),
    )  # fmt: skip
    assert older(ill, MSKCC, 76) == 2
    assert "vasopressor_day" in decided(ill, MSKCC, 76)
    assert older(ill, MSKCC, 76, vasopressor_day="cumulative") == 3


def test_a_low_pressure_on_a_high_dose_is_refractory() -> None:
    ill = course(LOW, at(50, rate("norepinephrine", 30)), at(52, pressure(82)))
    assert [older(ill, MSKCC, hour) for hour in (52, 53)] == [2, 4]
    assert "pressure_low_despite_vasopressor" in because(ill, MSKCC, 53)
    assert older(course(ill, at(52.5, pressure(100))), MSKCC, 53) == 2


def test_cartox_calls_it_life_threatening_by_policy() -> None:
    ill = course(LOW, at(50, *TWO), at(50.5, pressure(82)))
    assert [older(ill, CARTOX, hour) for hour in (50, 51)] == [3, 4]
    assert "cartox_life_threatening_hypotension" in decided(ill, CARTOX, 51)
    assert older(ill, CARTOX, 51, cartox_life_threatening_hypotension="not_counted") == 3


def test_a_pressure_from_before_the_vasopressor_says_nothing_of_how_it_answers() -> None:
    assert older(course(LOW, at(50, rate("norepinephrine", 30))), MSKCC, 54) == 2
    assert older(course(LOW, at(50, rate("norepinephrine", 30))), CARTOX, 54) == 3
    assert older(course(LOW, at(50, *TWO)), CARTOX, 54) == 3


# --- fluids


def test_penn_counts_several_boluses() -> None:
    one = course(LOW, at(49.5, bolus()))
    assert older(one, PENN, 50) == 2
    assert "penn_hypotension_without_boluses" in decided(one, PENN, 50)
    assert older(one, PENN, 50, penn_hypotension_without_boluses="grade_3") == 3
    two = course(one, at(50.5, bolus()))
    assert older(two, PENN, 50.5) == 3
    assert "multiple_fluid_boluses" in because(two, PENN, 50.5)
    assert older(course(two, at(52, pressure(110))), PENN, 52) == 1


def test_two_boluses_a_day_apart_are_not_several() -> None:
    ill = course(LOW, at(49.5, bolus()), at(60, pressure(82)), at(71, *FEBRILE, pressure(84)), at(72, bolus()))
    assert [older(ill, PENN, hour) for hour in (72, 73.4, 73.5)] == [3, 3, 2]


def test_mskcc_does_not_place_a_low_pressure_without_a_vasopressor() -> None:
    assert older(LOW, MSKCC, 49) == 1
    assert "mskcc_hypotension_without_vasopressor" in decided(LOW, MSKCC, 49)
    assert older(LOW, MSKCC, 49, mskcc_hypotension_without_vasopressor="grade_2") == 2


# --- oxygen


@pytest.mark.parametrize(("percent", "grade"), [(39.9, 2), (40.0, 3), (100.0, 3)])
def test_forty_percent_divides(percent: float, grade: int) -> None:
    ill = course(ILL, at(49, oxygen("high_flow_nasal_cannula"), inspired(percent)))
    assert [older(ill, scale, 49) for scale in (LEE, MSKCC, CARTOX, CTCAE5)] == [grade] * 4


@pytest.mark.parametrize(("liters", "grade"), [(1, 2), (4.9, 2), (5, 3), (6, 3)])
def test_a_cannula_gives_four_percent_a_liter(liters: float, grade: int) -> None:
    ill = course(ILL, at(49, oxygen("nasal_cannula"), flow(liters)))
    assert older(ill, LEE, 49) == grade
    assert "oxygen_estimate" in decided(ill, LEE, 49)
    assert "oxygen_estimate" not in decided(ill, PENN, 49)


def test_without_an_estimate_the_fraction_is_missing() -> None:
    ill = course(ILL, at(49, oxygen("nasal_cannula"), flow(5)))
    assert older(ill, LEE, 49, oxygen_estimate="charted_only") == 2
    assert lacking(ill, LEE, 49, oxygen_estimate="charted_only") == {"inspired_oxygen"}


def test_a_mask_without_its_fraction_is_a_lower_bound() -> None:
    simple = course(ILL, at(49, oxygen("simple_mask"), flow(8)))
    assert (older(simple, LEE, 49), lacking(simple, LEE, 49)) == (2, {"inspired_oxygen"})
    assert (older(simple, PENN, 49), lacking(simple, PENN, 49)) == (3, set())
    assert older(course(ILL, at(49, oxygen("non_rebreather_mask"))), LEE, 49) == 3


def test_a_cannula_without_its_flow_lacks_the_flow() -> None:
    assert lacking(course(ILL, at(49, oxygen("nasal_cannula"))), LEE, 49) == {"oxygen_flow"}


def test_a_fraction_of_an_earlier_device_is_not_that_of_the_present_one() -> None:
    ill = course(ILL, at(49, oxygen("venturi_mask"), inspired(50)), at(52, oxygen("nasal_cannula"), flow(2)))
    assert older(ill, LEE, 52) == 2


def test_whether_a_mask_that_presses_is_a_ventilator_is_a_policy() -> None:
    ill = course(ILL, at(49, oxygen("cpap"), inspired(50)))
    assert "lee2014_noninvasive_ventilation" in decided(ill, LEE, 49)
    assert older(ill, LEE, 49, lee2014_noninvasive_ventilation="grade_3") == 3
    for scale in (MSKCC, CARTOX, CTCAE5):
        assert "noninvasive_ventilation" in decided(ill, scale, 49)
        assert older(ill, scale, 49, noninvasive_ventilation="grade_4") == 4
    assert older(ill, PENN, 49) == 3  # the Penn table names CPAP and BiPAP


def test_oxygen_as_at_home_and_a_tube_for_the_airway_are_no_crs() -> None:
    home = course(ILL, at(-24, measured("home_oxygen", 2)), at(49, oxygen("nasal_cannula"), flow(2)))
    coma = course(
        ILL,
        at(49, oxygen("invasive_ventilation"), inspired(40), attributed("positive_pressure"), conscious("unarousable")),
    )
    for facts in (home, coma):
        assert [older(facts, scale, 49) for scale in OLDER] == [1] * 6


# --- organs


@pytest.mark.parametrize(
    ("value", "grade", "lee", "penn", "cartox"),
    [
        (lab("creatinine", 1.2, 1.2), 0, 1, 1, 1),
        (lab("creatinine", 1.8, 1.2), 1, 2, 2, 2),  # not over 1.5 times the limit, but over 1.5 times the own 0.9
        (lab("creatinine", 3.0, 1.2), 3, 3, 3, 3),  # over three times the own 0.9
        (lab("creatinine", 7.3, 1.2), 4, 4, 3, 4),
        (lab("ast", 120, 40), 1, 1, 1, 1),
        (lab("ast", 121, 40), 2, 2, 1, 2),
        (lab("alt", 201, 40), 3, 3, 2, 3),
        (lab("alt", 801, 40), 4, 3, 3, 3),
        (lab("bilirubin", 1.9, 1.2), 2, 2, 1, 2),
        (lab("bilirubin", 3.7, 1.2), 3, 3, 2, 3),
        (lab("bilirubin", 12.1, 1.2), 4, 4, 3, 4),
    ],
)
def test_organs_by_their_ctcae_grade(value: Saying, grade: int, lee: int, penn: int, cartox: int) -> None:
    ill = course(age(58), infused(), at(-24, *NORMAL), at(46, *NORMAL), at(48, *FEBRILE), at(49, value))
    assert [older(ill, scale, 49) for scale in (LEE, PENN, CARTOX)] == [lee, penn, cartox]
    assert [older(ill, scale, 49) for scale in (MSKCC, CTCAE4, CTCAE5)] == [1, 1, 1]


def test_what_was_abnormal_before_is_held_against_the_patients_own() -> None:
    """ALT 180 with a limit of 40 was there before: 250 is over 5 limits but not over 3 times the own value."""
    ill = course(
        age(58), infused(), at(-24, lab("alt", 180, 40)), at(46, *NORMAL), at(48, *FEBRILE), at(49, lab("alt", 250, 40))
    )
    assert older(ill, LEE, 49) == 1
    assert "organ_baseline" in decided(ill, LEE, 49)
    assert older(ill, LEE, 49, organ_baseline="upper_limit") == 3


def test_a_creatinine_that_rose_needs_no_limit_of_normal() -> None:
    ill = course(age(58), infused(), at(-24, lab("creatinine", 1.0)), at(48, *FEBRILE), at(49, lab("creatinine", 1.6)))
    assert older(ill, LEE, 49) == 2
    assert lacking(ill, LEE, 49) == {"creatinine.upper_limit", "bilirubin", "transaminases"}


def test_a_limit_told_once_holds_for_later_values() -> None:
    ill = course(ILL, at(49, lab("ast", 500)))
    assert older(ill, LEE, 49) == 3


def test_organs_nobody_measured_leave_a_lower_bound() -> None:
    ill = course(age(58), infused(), at(48, *FEBRILE))
    assert lacking(ill, LEE, 48) == {"creatinine", "transaminases", "bilirubin"}
    assert asked(ill, LEE, 48).shown == ">= 1"
    assert lacking(ill, MSKCC, 48) == set()
    on_norepinephrine = course(ill, at(49, rate("norepinephrine", 30)))
    assert lacking(on_norepinephrine, LEE, 52) == {"creatinine", "bilirubin"}  # transaminases give 3 at most


def test_an_old_value_is_no_value() -> None:
    kept = course(
        ILL,
        at(58, *FEBRILE),
        at(70, *FEBRILE),
        at(82, *FEBRILE),
        at(94, *FEBRILE),
        at(106, *FEBRILE),
        at(117, *FEBRILE),
    )
    assert lacking(kept, LEE, 117.9) == set()
    assert lacking(kept, LEE, 118) == {"creatinine", "transaminases", "bilirubin"}


def test_organ_toxicity_counts_until_the_crs_is_over() -> None:
    ill = course(ILL, at(50, lab("alt", 900, 40)), at(54, temperature(37), pressure(120), oxygen("room_air")))
    ill = course(ill, at(66, temperature(37), pressure(120), oxygen("room_air")), at(78, temperature(37)))
    assert older(ill, LEE, 55) == 3
    assert "organ_toxicity_after_fever" in decided(ill, LEE, 55)
    assert older(ill, LEE, 55, organ_toxicity_after_fever="not_counted") == 0
    assert older(ill, LEE, 79) == 0


def test_organ_toxicity_alone_is_no_crs() -> None:
    well = course(age(58), infused(), at(48, temperature(37), pressure(120), oxygen("room_air"), lab("alt", 900, 40)))
    assert [older(well, scale, 48) for scale in OLDER] == [0] * 6


# --- fever, and what is not read


def test_a_fever_that_went_does_not_take_hypotension_with_it() -> None:
    """The older tables ask for no fever beside the other signs."""
    ill = course(LOW, at(50, temperature(37)))
    assert older(ill, LEE, 50) == 2
    assert older(ill, LEE, 50, afebrile_signs="not_counted") == 2


def test_without_a_fever_there_is_no_crs() -> None:
    cold = course(age(58), infused(), at(48, temperature(37), pressure(80), oxygen("room_air")))
    assert [older(cold, scale, 48) for scale in OLDER] == [0] * 6
    unread = course(age(58), infused(), at(48, pressure(80)))
    assert [older(unread, scale, 48) for scale in OLDER] == [None] * 6
    assert lacking(unread, LEE, 48) == {"body_temperature"}


def test_a_fever_of_another_cause_is_no_crs() -> None:
    septic = course(age(58), infused(), at(40, attributed("fever", until=90)), at(48, *FEBRILE, pressure(80)))
    assert [older(septic, scale, 48) for scale in OLDER] == [0] * 6


def test_hypotension_of_another_cause_does_not_count() -> None:
    ill = course(LOW, at(49, attributed("hypotension")), at(50, rate("norepinephrine", 30)))
    assert older(course(LOW, at(49, attributed("hypotension"))), LEE, 49) == 1
    assert older(ill, LEE, 54) == 3, "worse than it was when it was attributed: counts again"
    assert "attribution_worsening" in decided(ill, LEE, 54)
    assert older(ill, LEE, 54, attribution_worsening="holds") == 1


def test_penn_grades_fever_with_neutropenia_2_by_policy() -> None:
    ill = course(ILL, at(47, measured("neutrophils", 0.2)))
    assert older(ill, PENN, 48) == 2
    assert {"penn_neutropenic_fever", "neutropenic_fever"} <= decided(ill, PENN, 48)
    assert older(ill, PENN, 48, penn_neutropenic_fever="grade_1") == 1
    assert older(ill, PENN, 48, neutropenic_fever="not_graded") == 0


def test_ctcae_4_calls_a_treated_fever_2_by_policy() -> None:
    ill = course(ILL, at(49, push("acetaminophen", 1000)))
    assert older(ill, CTCAE4, 49) == 2
    assert "ctcae4_treated_fever" in decided(ill, CTCAE4, 49)
    assert older(ill, CTCAE4, 49, ctcae4_treated_fever="grade_1") == 1


def test_ctcae_4_does_not_place_oxygen() -> None:
    ill = course(ILL, at(49, oxygen("nasal_cannula"), flow(3)))
    assert "ctcae4_oxygen" in decided(ill, CTCAE4, 49)
    assert older(ill, CTCAE4, 49, ctcae4_oxygen="grade_3") == 3


def test_a_child_has_the_limits_of_its_age() -> None:
    child = course(born(4.2), infused(), at(46, *NORMAL), at(48, *FEBRILE, pressure(80)))
    assert older(child, LEE, 48) == 1
    assert older(course(child, at(49, pressure(76))), LEE, 49) == 2


def test_the_watch_pauses_at_discharge() -> None:
    home = course(LOW, discharged(60))
    assert crs(LOW, 55) == 2
    assert older(course(home, at(70, *FEBRILE, pressure(84))), LEE, 70) == 2
    with pytest.raises(StopIteration):
        asked(home, LEE, 61)


def test_each_scale_names_its_edition() -> None:
    editions = {scale: asked(ILL, scale, 48).edition for scale in OLDER}
    assert editions == {
        LEE: "Lee 2014", PENN: "Penn 2018", MSKCC: "MSKCC 2018", CARTOX: "CARTOX 2018", CTCAE4: "CTCAE v4.03",
        CTCAE5: "CTCAE v5.0",
    }  # fmt: skip
