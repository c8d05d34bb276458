"""What the consensus leaves open: for every named policy, one small course and the answer under each of its choices.

Each course is drawn so that only this policy decides it. `test_every_policy_has_its_courses` keeps the list complete.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from cartway.record.fact import Fact
from cartway.toxicity import Rules, load_rules
from toxicity.drawn import (
    CRS,
    ICANS,
    WELL,
    age,
    at,
    attributed,
    capd,
    conscious,
    course,
    decided,
    drip,
    flow,
    ice,
    infused,
    inspired,
    measured,
    oxygen,
    pressure,
    push,
    rass,
    said,
    seizure,
    shown,
    temperature,
    unreadable,
)

ADULT = course(age(58), infused())
CHILD = course(age(6), infused())
FEVER, AWAKE = temperature(38.9), conscious("awake")
FEBRILE = (FEVER, pressure(120), oxygen("room_air"))

OVER_AT_60 = course(ADULT, at(30, *FEBRILE), *[at(hour, *WELL) for hour in range(36, 66, 6)])
"""A CRS that is over at hour 60: no sign since hour 36."""
FLARE = (temperature(37.0), pressure(80), oxygen("room_air"))


class Case(NamedTuple):
    """A course, the scale and hour to ask, and what is shown under each choice (as text) of the policy.

    `flagged`: whether the answer names the policy: always, never, or only under one choice.
    """

    policy: str
    facts: list[Fact]
    scale: str
    hour: float
    shows: dict[str, str]
    flagged: bool | str = True


def ill(*sayings: tuple[object, ...]) -> list[Fact]:
    heard = {s.what for s in sayings}  # type: ignore[attr-defined]
    return course(ADULT, at(30, *sayings, *(s for s in FEBRILE if s.what not in heard)))  # type: ignore[arg-type]


CASES = [
    # How long things hold.
    Case(
        "observation_validity",
        course(ADULT, at(30, *FEBRILE)),
        CRS,
        60,
        {"windows": "not assessable without body_temperature, systolic_pressure, oxygen_device", "until_replaced": "1"},
        flagged=False,
    ),
    Case("temperature_valid_hours", ill(), CRS, 37, {"12": "1", "6": ">= 0 without body_temperature"}, flagged=False),
    Case("pressure_valid_hours", ill(), CRS, 37, {"12": "1", "6": ">= 1 without systolic_pressure"}, flagged=False),
    Case("oxygen_valid_hours", ill(), CRS, 37, {"12": "1", "6": ">= 1 without oxygen_device"}, flagged=False),
    Case(
        "neurology_valid_hours",
        course(ADULT, at(30, ice(5), AWAKE)),
        ICANS,
        43,
        {"24": "2", "12": "not assessable without ice_score, consciousness"},
        flagged=False,
    ),
    Case(
        "seizure_valid_hours",
        course(ADULT, at(30, seizure(duration_min=9)), at(30, ice(10), AWAKE)),
        ICANS,
        40,
        {"24": "4", "6": "0"},
        flagged=False,
    ),
    Case(
        "imaging_valid_hours",
        course(ADULT, at(30, said("cerebral_edema", "diffuse")), at(80, ice(10), AWAKE)),
        ICANS,
        81,
        {"168": "4", "24": ">= 0 without cerebral_edema"},
        flagged=False,
    ),
    Case(
        "neutrophils_valid_hours",
        course(ADULT, at(0, measured("neutrophils", 0.1)), at(30, *FEBRILE)),
        CRS,
        31,
        {"48": "1", "24": "1"},
        flagged=False,
    ),
    # Fever.
    Case("fever_celsius", ill(temperature(38.2)), CRS, 31, {"38": "1", "38.5": "0"}, flagged=False),
    Case("temperature_rounding", ill(temperature(37.95)), CRS, 31, {"none": "0", "tenths": "1"}),
    Case("temperature_rounding", ill(temperature(37.99)), CRS, 31, {"none": "0", "tenths": "1"}),
    Case("temperature_rounding", ill(temperature(37.94)), CRS, 31, {"none": "0", "tenths": "0"}, flagged=False),
    # Hypotension.
    Case("hypotension_systolic_mmhg", ill(pressure(87)), CRS, 31, {"90": "2", "85": "1"}, flagged=False),
    Case(
        "baseline_pressure",
        course(at(-240, measured("baseline_systolic_pressure", 90)), ill(pressure(85))),
        CRS,
        31,
        {"personal": "1", "absolute": "2"},
    ),
    Case(
        "baseline_pressure",
        course(at(-240, measured("baseline_systolic_pressure", 90)), ill(pressure(80))),
        CRS,
        31,
        {"personal": "2", "absolute": "2"},
        flagged=False,
    ),
    Case(
        "baseline_pressure_fall_percent",
        course(at(-240, measured("baseline_systolic_pressure", 90)), ill(pressure(79))),
        CRS,
        31,
        {"10": "2", "20": "1"},
        flagged=False,
    ),
    # Vasopressors.
    Case("vasopressin_alone", ill(drip("vasopressin")), CRS, 31, {"grade_2": "2", "grade_3": "3"}),
    Case(
        "terlipressin",
        ill(drip("terlipressin"), drip("norepinephrine")),
        CRS,
        31,
        {"as_vasopressin": "3", "counted": "4"},
    ),
    Case("inotropes", ill(drip("dobutamine"), drip("norepinephrine")), CRS, 31, {"not_counted": "3", "counted": "4"}),
    Case("inotropes", ill(drip("milrinone")), CRS, 31, {"not_counted": "1", "counted": "3"}),
    Case(
        "other_pressors",
        ill(drip("methylene_blue"), drip("norepinephrine")),
        CRS,
        31,
        {"not_counted": "3", "counted": "4"},
    ),
    Case("other_pressors", ill(push("midodrine", 10.0)), CRS, 30.5, {"not_counted": "1", "counted": "3"}),
    Case("other_pressors", ill(push("ephedrine", 10.0)), CRS, 30.5, {"not_counted": "1", "counted": "3"}),
    Case(
        "sequential_vasopressors",
        course(ill(drip("phenylephrine", until=31)), at(32, drip("norepinephrine"))),
        CRS,
        33,
        {"concurrent": "3", "cumulative": "4"},
    ),
    Case("vasopressor_bolus_hours", ill(push("phenylephrine", 0.1)), CRS, 31.5, {"1": "1", "2": "3"}, flagged="2"),
    Case("vasopressor_bolus_hours", ill(push("phenylephrine", 0.1)), CRS, 30.5, {"1": "3", "2": "3"}),
    # Oxygen.
    Case(
        "high_flow_at_low_flow", ill(oxygen("high_flow_nasal_cannula"), flow(6)), CRS, 31, {"flow": "2", "device": "3"}
    ),
    Case("low_flow_limit", ill(oxygen("nasal_cannula"), flow(5)), CRS, 31, {"6": "2", "4": "3"}, flagged=False),
    Case(
        "home_positive_pressure",
        course(at(-240, said("home_positive_pressure", "cpap")), ill(oxygen("cpap"), inspired(40))),
        CRS,
        31,
        {"new_oxygen_is_grade_4": "4", "excused": "1"},
    ),
    # The course of CRS.
    Case(
        "afebrile_signs",
        course(ADULT, at(30, *FEBRILE), at(36, temperature(37.0), pressure(80))),
        CRS,
        37,
        {"counted": "2", "not_counted": "0"},
    ),
    Case(
        "symptom_free_hours",
        course(ADULT, at(30, *FEBRILE), at(36, *WELL), at(46, *WELL), at(52, pressure(80))),
        CRS,
        53,
        {"24": "2", "12": "0"},
        flagged=False,
    ),
    Case(
        "masked_onset",
        course(ADULT, at(25, push("acetaminophen")), at(30, temperature(37.0), pressure(80), oxygen("room_air"))),
        CRS,
        31,
        {"not_crs": "0", "counted": "2"},
    ),
    Case(
        "masked_recurrence",
        course(OVER_AT_60, at(62, push("tocilizumab")), at(75, *FLARE)),
        CRS,
        76,
        {"counted": "2", "not_crs": "0"},
    ),
    Case(
        "antipyretic_masks_hours",
        course(OVER_AT_60, at(62, push("acetaminophen")), at(75, *FLARE)),
        CRS,
        76,
        {"24": "2", "8": "0"},
        flagged=False,
    ),
    Case(
        "steroid_masks_days",
        course(OVER_AT_60, at(62, push("dexamethasone")), at(92, *FLARE)),
        CRS,
        93,
        {"2": "2", "1": "0"},
        flagged=False,
    ),
    Case(
        "anti_cytokine_masks_days",
        course(OVER_AT_60, at(62, push("tocilizumab")), at(92, *FLARE)),
        CRS,
        93,
        {"7": "2", "1": "0"},
        flagged=False,
    ),
    Case(
        "undocumented_fever",
        course(ADULT, at(24, said("diagnosed_crs", "yes")), at(30, pressure(80), oxygen("room_air"))),
        CRS,
        31,
        {"accept_diagnosis": "2", "not_assessable": "not assessable without body_temperature"},
        flagged="accept_diagnosis",  # else the missing temperature says it
    ),
    Case("late_onset", course(ADULT, at(340, *FEBRILE)), CRS, 341, {"graded": "1", "not_graded": "0"}),
    Case("late_onset_days", ill(pressure(80)), CRS, 31, {"14": "2", "1": "2"}, flagged=False),
    Case("neutropenic_fever", ill(measured("neutrophils", 0.1)), CRS, 31, {"graded": "1", "not_graded": "0"}),
    Case(
        "neutropenic_fever",
        ill(measured("neutrophils", 0.1), pressure(80)),
        CRS,
        31,
        {"graded": "2", "not_graded": "2"},
        flagged=False,
    ),
    Case(
        "neutropenic_fever",
        ill(measured("neutrophils", 0.5)),
        CRS,
        31,
        {"graded": "1", "not_graded": "1"},
        flagged=False,
    ),
    Case("neutropenia_limit", ill(measured("neutrophils", 0.7)), CRS, 31, {"0.5": "1", "1.0": "1"}, flagged=False),
    # Both scales.
    Case("unknown_age", course(infused(), at(30, FEVER, pressure(85), oxygen("room_air"))), CRS, 31, {"adult": "2"}),
    Case("unknown_age", course(infused(), at(30, ice(5), AWAKE)), ICANS, 31, {"adult": "2"}),
    Case(
        "unreadable_value",
        course(ill(), at(31, unreadable("systolic_pressure"))),
        CRS,
        32,
        {"unread": ">= 1 without systolic_pressure"},
    ),
    Case(
        "unreadable_value",
        course(ADULT, at(30, ice(5), AWAKE), at(31, unreadable("ice_score"))),
        ICANS,
        32,
        {"unread": ">= 0 without ice_score"},
    ),
    Case(
        "attribution_hours",
        course(ADULT, at(30, *FEBRILE), at(31, attributed("hypotension")), at(44, *FEBRILE[::2], pressure(80))),
        CRS,
        45,
        {"24": "1", "12": "2"},
        flagged=False,
    ),
    Case(
        "attribution_most_hours",
        course(ADULT, at(30, *FEBRILE), at(31, attributed("hypotension", until=91)), at(80, FEVER, pressure(80))),
        CRS,
        81,
        {"24": ">= 1 without oxygen_device", "12": ">= 1 without oxygen_device"},
        flagged=False,  # for the forms alone
    ),
    Case(
        "attribution_worsening",
        course(ill(pressure(80)), at(31, attributed("hypotension", until=50)), at(34, drip("norepinephrine"))),
        CRS,
        35,
        {"reopens": "3", "holds": "1"},
    ),
    Case(
        "attribution_worsening",
        course(ADULT, at(30, ice(9), AWAKE), at(31, attributed("score", until=50)), at(34, ice(4), AWAKE)),
        ICANS,
        35,
        {"reopens": "2", "holds": ">= 0 without ice_score"},
    ),
    # ICANS.
    Case(
        "age_switch_years",
        course(age(12.2), infused(), at(30, AWAKE)),
        ICANS,
        31,
        {"12": ">= 0 without ice_score", "13": ">= 0 without capd_score"},
        flagged=False,
    ),
    Case(
        "score_for_age",
        course(ADULT, at(30, capd(20), AWAKE)),
        ICANS,
        31,
        {"other_if_alone": "3", "strict": ">= 0 without ice_score"},
    ),
    Case(
        "score_for_age",
        course(CHILD, at(30, ice(5), AWAKE)),
        ICANS,
        31,
        {"other_if_alone": "2", "strict": ">= 0 without capd_score"},
    ),
    Case(
        "baseline_ice",
        course(at(-24, measured("baseline_ice_score", 6)), ADULT, at(30, ice(6), AWAKE)),
        ICANS,
        31,
        {"unchanged_is_zero": "0", "literal": "2"},
    ),
    Case("capd_grade_1", course(CHILD, at(30, capd(4), AWAKE)), ICANS, 31, {"new_change": "0", "literal": "1"}),
    Case("capd_positive", course(CHILD, at(30, capd(9), AWAKE)), ICANS, 31, {"9": "3", "10": "0"}, flagged=False),
    Case(
        "sedation",
        course(ADULT, at(30, drip("propofol"), ice(2), conscious("awakens_to_touch"))),
        ICANS,
        31,
        {"not_assessable": "not assessable without ice_score, consciousness", "graded": "3"},
    ),
    Case(
        "sedative_bolus_hours",
        course(ADULT, at(30, push("midazolam", 4.0)), at(32.5, ice(2), AWAKE)),
        ICANS,
        33,
        {"2": "3", "3": "3"},
        flagged=False,  # it sets for how long `sedation` is named
    ),
    Case(
        "sedated_rass",
        course(ADULT, at(30, rass(-3), ice(2), AWAKE)),
        ICANS,
        31,
        {"-4": "3", "-3": ">= 0 without ice_score"},
        flagged=False,
    ),
    Case(
        "intubated_score",
        course(ADULT, at(30, oxygen("invasive_ventilation"), ice(2), AWAKE)),
        ICANS,
        31,
        {"not_assessable": ">= 0 without ice_score", "graded": "3"},
    ),
    Case(
        "seizure_holds",
        course(ADULT, at(30, seizure(duration_min=9)), at(31, ice(10), AWAKE)),
        ICANS,
        32,
        {"until_assessed": "0", "window": "4"},
    ),
    Case(
        "hemorrhage_edema",
        course(
            ADULT, at(30, ice(10), AWAKE, said("cerebral_edema", "diffuse"), said("intracranial_hemorrhage", "yes"))
        ),
        ICANS,
        31,
        {"excluded": "0", "counted": "4"},
    ),
    Case(
        "full_ice_implies_awake",
        course(ADULT, at(30, ice(10))),
        ICANS,
        31,
        {"yes": "0", "no": ">= 0 without consciousness"},
        flagged=False,
    ),
    Case(
        "parent_usual_behavior",
        course(CHILD, at(30, capd(14), AWAKE, said("usual_behavior_per_parent", "yes"))),
        ICANS,
        31,
        {"not_delirium": "0"},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.policy)
def test_each_choice(case: Case) -> None:
    """Each choice gives its answer, and a policy that decides is named beside it, whichever choice is in force."""
    for choice, shows in case.shows.items():
        assert shown(case.facts, case.scale, case.hour, **{case.policy: choice}) == shows, choice
        named = case.policy in decided(case.facts, case.scale, case.hour, **{case.policy: choice})
        assert named is (case.flagged in (True, choice)), choice


def test_every_policy_has_its_courses() -> None:
    """Every policy of CRS and ICANS is drawn, with every choice it has (or two numbers, the default among them)."""
    drawn: dict[str, set[str]] = {}
    for case in CASES:
        drawn.setdefault(case.policy, set()).update(case.shows)
    for name, policy in load_rules().policies.items():
        if not set(policy.scales) <= {"crs", "icans"}:
            continue  # of a further scale, which has tests of its own
        if policy.choices:
            assert drawn.get(name) == set(policy.choices), name
        else:
            assert len(drawn.get(name, ())) >= 2, name
            assert float(policy.default) in {float(number) for number in drawn[name]}, name


def test_a_number_that_changes_nothing_by_itself_changes_what_rests_on_it() -> None:
    """Three numbers only matter where another policy is not at its default."""
    late = course(ADULT, at(50, *FEBRILE))
    assert shown(late, CRS, 51, late_onset="not_graded") == "1"
    assert shown(late, CRS, 51, late_onset="not_graded", late_onset_days="1") == "0"
    neutropenic = ill(measured("neutrophils", 0.7))
    assert shown(neutropenic, CRS, 31, neutropenic_fever="not_graded") == "1"
    assert shown(neutropenic, CRS, 31, neutropenic_fever="not_graded", neutropenia_limit="1.0") == "0"
    old = course(ADULT, at(0, measured("neutrophils", 0.1)), at(30, *FEBRILE))
    assert shown(old, CRS, 31, neutropenic_fever="not_graded") == "0"
    assert shown(old, CRS, 31, neutropenic_fever="not_graded", neutrophils_valid_hours="24") == "1"


def test_a_push_of_a_sedative_names_the_sedation_for_its_hours() -> None:
    """A single dose voids nothing; a reading soon after it says so."""
    facts = course(ADULT, at(30, push("midazolam", 4.0)), at(32.5, ice(2), AWAKE))
    assert decided(facts, ICANS, 33) == set()
    assert decided(facts, ICANS, 33, sedative_bolus_hours="3") == {"sedation"}


def test_a_masked_onset_lapses_with_the_drug() -> None:
    """An antipyretic masks for its hours; time alone ends it."""
    facts = course(ADULT, at(15, push("acetaminophen")), at(20, temperature(37.0), pressure(80), oxygen("room_air")))
    assert shown(facts, CRS, 22.9, masked_onset="counted") == "2"
    assert shown(facts, CRS, 23, masked_onset="counted") == "0"


def test_a_masked_onset_that_counts_is_graded_as_any_crs() -> None:
    """With what decided its columns, and with what is missing."""
    facts = course(ADULT, at(25, push("acetaminophen")), at(30, temperature(37.0), drip("vasopressin")))
    assert shown(facts, CRS, 31, masked_onset="counted") == ">= 3 without oxygen_device"
    assert decided(facts, CRS, 31, masked_onset="counted") == {"masked_onset", "vasopressin_alone"}


def test_sequential_means_counted_in_one_crs() -> None:
    """A drug of an earlier CRS, or one with another cause, is not "multiple"; one that ran into this CRS is."""
    two_courses = course(
        ill(drip("norepinephrine", until=32)),
        *[at(hour, *WELL) for hour in range(36, 90, 6)],
        at(100, *FEBRILE, drip("epinephrine")),
    )
    assert shown(two_courses, CRS, 100, sequential_vasopressors="cumulative") == "3"
    excused = course(
        ill(drip("norepinephrine", until=32), attributed("vasopressor", until=32)), at(33, drip("epinephrine"))
    )
    assert shown(excused, CRS, 34, sequential_vasopressors="cumulative") == "3"
    begun_before = course(
        ADULT, at(29, drip("norepinephrine", until=32)), at(30, *FEBRILE), at(33, drip("epinephrine"))
    )
    assert shown(begun_before, CRS, 34, sequential_vasopressors="cumulative") == "4"


def test_sedated_and_intubated_each_invalidate() -> None:
    facts = course(ADULT, at(30, drip("propofol"), oxygen("invasive_ventilation"), ice(5), conscious("unarousable")))
    assert shown(facts, ICANS, 31) == "not assessable without ice_score, consciousness"
    assert shown(facts, ICANS, 31, sedation="graded") == "4"
    voice = course(ADULT, at(30, drip("propofol"), oxygen("invasive_ventilation"), ice(1)))
    assert shown(voice, ICANS, 31, sedation="graded") == "not assessable without ice_score, consciousness"
    assert shown(voice, ICANS, 31, intubated_score="graded") == "not assessable without ice_score, consciousness"
    assert shown(voice, ICANS, 31, sedation="graded", intubated_score="graded") == ">= 3 without consciousness"


def test_a_policy_that_graded_a_score_is_named_while_the_score_stands() -> None:
    facts = course(ADULT, at(30, drip("propofol", until=32), ice(2)), at(40, AWAKE, attributed("fever")))
    for hour in (31, 33, 41):
        assert "sedation" in decided(facts, ICANS, hour, sedation="graded")


def test_a_wrong_policy_is_refused() -> None:
    for name, value in (
        ("no_such_policy", "x"),
        ("inotropes", "sometimes"),
        ("fever_celsius", "hot"),
        ("fever_celsius", "nan"),
    ):
        assert not isinstance(load_rules().with_policy(name, value), Rules), (name, value)
