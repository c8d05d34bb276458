"""Each rule at its limit, with its source: a drawn course, one question, the answer."""

from __future__ import annotations

import pytest

from cartway.record.fact import Fact
from cartway.watch.judges import JUDGES
from cartway.watch.reported import JUDGES as TOLD
from cartway.watch.rulebook import load_rulebook
from toxicity.drawn import (
    WELL,
    Saying,
    age,
    at,
    course,
    ice,
    infused,
    measured,
    pressure,
    push,
    temperature,
)
from watch.alerting import firing, only, ringing, rounds, spans, watched

FEW = at(-6, measured("neutrophils", 0.3))


def fires(facts: list[Fact], hour: float, rule: str, **policies: float) -> int:
    """The level at which a rule fires; 0 where it does not."""
    levels = [
        each.rpartition(":")[2]
        for each in firing(watched(facts, hour, **policies), without="")
        if each.startswith(f"{rule}:")
    ]
    return int(levels[0]) if levels else 0


# ---- Neutropenic fever: IDSA 2011, 38.3 once or 38.0 for an hour, neutrophils below 500/µL


@pytest.mark.parametrize(
    ("celsius", "count", "level"), [(38.3, 0.49, 2), (38.2, 0.49, 0), (38.3, 0.5, 0), (37.9, 0.1, 0)]
)
def test_neutropenic_fever_at_once(celsius: float, count: float, level: int) -> None:
    ill = course(infused(), at(-6, measured("neutrophils", count)), at(30, temperature(celsius)))
    assert fires(ill, 30, "neutropenic_fever") == level


def test_neutropenic_fever_after_an_hour() -> None:
    ill = course(infused(), FEW, at(30, temperature(38.0)), at(30.5, temperature(38.1)), at(31, temperature(38.0)))
    assert fires(ill, 30.5, "neutropenic_fever") == 0
    assert spans(watched(ill, 31), "neutropenic_fever") == [(31, None, 2)]


def test_an_hour_with_a_normal_reading_in_it_is_no_hour_of_fever() -> None:
    ill = course(infused(), FEW, at(30, temperature(38.0)), at(30.5, temperature(37.5)), at(31, temperature(38.0)))
    assert fires(ill, 31, "neutropenic_fever") == 0


def test_a_count_of_the_day_before_yesterday_is_not_known() -> None:
    """Missing is never normal: it is told as not known, with what it was; at a lower priority than few."""
    assert fires(course(infused(), FEW, at(41, temperature(39.0))), 41, "neutropenic_fever") == 2
    found = only(watched(course(infused(), FEW, at(42, temperature(39.0))), 42), "cytokine_release")
    (told,) = [each for each in found.present if each.rule == "neutropenic_fever"]
    assert (told.level, told.priority.name, told.missing) == (1, "medium", ("neutrophils",))
    assert told.text == "fever: 39.0 °C, neutrophils not known (last 0.3, 48 h ago)"


def test_a_fever_with_no_count_at_all_is_told() -> None:
    found = only(watched(course(infused(), at(30, temperature(39.0))), 30), "cytokine_release")
    assert "fever: 39.0 °C, neutrophils not known" in {each.text for each in found.present}


def test_the_count_that_comes_says_which_it_is() -> None:
    ill = course(infused(), at(30, temperature(39.0)))
    few, enough = (course(ill, at(31, measured("neutrophils", value))) for value in (0.2, 1.4))
    assert spans(watched(few, 32), "neutropenic_fever") == [(30, 31, 1), (31, None, 2)]
    assert spans(watched(enough, 60), "neutropenic_fever") == [(30, 55, 1)]


def test_a_count_that_grows_old_makes_no_neutropenic_fever_milder() -> None:
    ill = course(infused(), at(10, measured("neutrophils", 0.2)), rounds(30, 70, temperature(39.0)))
    assert spans(watched(ill, 70), "neutropenic_fever") == [(30, None, 2)]


def test_neutropenic_fever_between_lymphodepletion_and_infusion() -> None:
    """The ward holds these beds; nothing else is watched before the infusion."""
    prepared = at(-96, Saying("lymphodepletion", choice="fludarabine_cyclophosphamide"))
    ill = course(prepared, at(-20, temperature(39.5), pressure(70), measured("neutrophils", 0.1)))
    assert firing(watched(ill, -19)) == {"neutropenic_fever:2"}
    assert firing(watched(ill[1:], -19)) == set()
    assert "neutropenic_fever:2" in firing(watched(course(ill, infused()), 1))


def test_the_next_spike_of_the_day_is_the_same_fever() -> None:
    ill = course(infused(), FEW, at(30, temperature(39)), at(34, temperature(37)), at(40, temperature(39)))
    assert spans(watched(ill, 41), "neutropenic_fever") == [(30, None, 2)]


# ---- Vital signs: NEWS2 (RCP 2017), a single parameter that scores 3; PALS below 16 years


@pytest.mark.parametrize(
    ("what", "fine", "critical", "rule"),
    [
        ("systolic_pressure", 91, 90, "critical_pressure"),
        ("oxygen_saturation", 92, 91, "critical_saturation"),
        ("respiratory_rate", 24, 25, "critical_respiratory_rate"),
        ("respiratory_rate", 9, 8, "slow_respiratory_rate"),
        ("heart_rate", 130, 131, "critical_heart_rate"),
        ("heart_rate", 41, 40, "slow_heart_rate"),
        ("body_temperature", 35.1, 35.0, "low_temperature"),
        ("potassium", 5.9, 6.0, "potassium_high"),
        ("platelets", 11, 10, "platelets_critical"),
        ("hemoglobin", 7.1, 7.0, "hemoglobin_critical"),
        ("fibrinogen", 151, 150, "fibrinogen_low"),
        ("mean_arterial_pressure", 65, 64, "critical_mean_pressure"),
        ("creatinine", 3.9, 4.0, "creatinine_high"),
    ],
)
def test_a_value_at_its_limit(what: str, fine: float, critical: float, rule: str) -> None:
    assert fires(course(infused(), at(9, measured(what, fine))), 9, rule) == 0
    assert fires(course(infused(), at(9, measured(what, critical))), 9, rule) == 1


@pytest.mark.parametrize(
    ("years", "fine", "low"), [(0.02, 60, 59), (0.5, 70, 69), (4.5, 78, 77), (11.5, 90, 89), (17, 91, 90)]
)
def test_a_childs_pressure_is_held_against_pals(years: float, fine: float, low: float) -> None:
    assert fires(course(infused(), age(years), at(9, pressure(fine))), 9, "critical_pressure") == 0
    assert fires(course(infused(), age(years), at(9, pressure(low))), 9, "critical_pressure") == 1


def test_news2_is_not_asked_of_a_child() -> None:
    fast = at(9, measured("heart_rate", 150), measured("respiratory_rate", 32))
    assert firing(watched(course(infused(), age(4.5), fast), 9)) == set()
    assert firing(watched(course(infused(), age(40.5), fast), 9)) == {
        "critical_heart_rate:1",
        "critical_respiratory_rate:1",
    }


def test_a_habitually_low_pressure_is_not_told() -> None:
    small = course(infused(), at(-24, measured("baseline_systolic_pressure", 92)))
    assert fires(course(small, at(9, pressure(86))), 9, "critical_pressure") == 0
    assert fires(course(small, at(9, pressure(82))), 9, "critical_pressure") == 1


def test_a_value_from_before_the_infusion_is_not_of_the_watch() -> None:
    assert firing(watched(course(at(-5, measured("potassium", 6.5)), infused()), 1)) == set()


# ---- Laboratory: KDIGO 2012; ferritin by policy


@pytest.mark.parametrize(
    ("values", "level"),
    [
        ([(-24, 0.8), (20, 1.09)], 0),
        ([(-24, 0.8), (20, 1.1)], 1),
        ([(-24, 0.8), (40, 1.19)], 0),
        ([(-24, 0.8), (40, 1.2)], 1),
        ([(-24, 0.8), (40, 1.6)], 2),
        ([(-24, 0.8), (40, 2.4)], 3),
        ([(-200, 0.4), (20, 0.9)], 0),
        ([(-24, 2.4), (20, 1.6)], 0),
    ],
)
def test_creatinine_by_kdigo(values: list[tuple[float, float]], level: int) -> None:
    ill = course(infused(), *(at(hour, measured("creatinine", value)) for hour, value in values))
    assert fires(ill, 41, "creatinine_rise") == level


def test_the_text_tells_the_rise() -> None:
    ill = course(infused(), at(-24, measured("creatinine", 0.8)), at(40, measured("creatinine", 1.6)))
    (told,) = only(watched(ill, 41), "organ").present
    assert told.text == "creatinine 1.6 mg/dL, 2.0 times the lowest of 3 days"


@pytest.mark.parametrize(
    ("before", "after", "level"), [(900, 2100, 1), (900, 1900, 0), (1500, 2900, 0), (4000, 9900, 1), (4000, 12000, 2)]
)
def test_ferritin_doubles_above_its_floor(before: float, after: float, level: int) -> None:
    ill = course(infused(), at(10, measured("ferritin", before)), at(50, measured("ferritin", after)))
    assert fires(ill, 50, "ferritin_rise") == level
    late = course(infused(), at(10, measured("ferritin", before)), at(59, measured("ferritin", after)))
    assert fires(late, 59, "ferritin_rise") == (2 if after > 10_000 else 0)


def test_an_extreme_ferritin_is_told_whatever_it_was_before() -> None:
    """No earlier value is not that it has not risen."""
    ill = course(infused(), at(-1, measured("ferritin", 200)), at(200, measured("ferritin", 60_000)))
    (told,) = [each for each in only(watched(ill, 201), "organ").present if each.rule == "ferritin_rise"]
    assert (told.level, told.text) == (2, "ferritin 60000 ng/mL, above 10000")
    slow = course(infused(), *(at(h, measured("ferritin", v)) for h, v in ((10, 9000), (24, 14_000), (37, 17_000))))
    assert spans(watched(slow, 40), "ferritin_rise") == [(24, None, 2)]
    assert fires(course(infused(), at(9, measured("ferritin", 10_000))), 9, "ferritin_rise") == 0


def test_an_unconfirmed_number_says_so_until_the_center_sets_it() -> None:
    ill = course(infused(), at(9, measured("fibrinogen", 120)))
    (told,) = only(watched(ill, 9), "organ").findings
    assert not told.confirmed
    (own,) = only(watched(ill, 9, critical_fibrinogen_mg_dl=150), "organ").findings
    assert own.confirmed


# ---- Time without improvement: ASCO 2021


def test_crs_1_for_three_days_is_considered_grade_2() -> None:
    ill = course(infused(), rounds(30, 110, temperature(38.4), *WELL[1:], every=6))
    assert spans(watched(ill, 110), "fever_lasts") == [(102, None, 1)]


def test_crs_1_after_a_worse_grade_begins_to_count_anew() -> None:
    worse = rounds(30, 60, temperature(38.4), pressure(84), *WELL[2:], every=6)
    ill = course(infused(), worse, rounds(66, 130, temperature(38.4), *WELL[1:], every=6))
    assert spans(watched(ill, 130), "fever_lasts") == []


def test_crs_for_longer_than_a_week_whatever_the_grade() -> None:
    worse = rounds(30, 60, temperature(38.4), pressure(84), *WELL[2:], every=6)
    ill = course(infused(), worse, rounds(66, 210, temperature(38.4), *WELL[1:], every=6))
    assert spans(watched(ill, 205), "crs_lasts") == [(198, None, 1)]


def test_neurotoxicity_no_better_a_day_after_a_steroid() -> None:
    ill = course(infused(), rounds(30, 80, ice(6), *WELL, every=6), at(36, push("dexamethasone", 10)))
    assert spans(watched(ill, 80), "icans_no_response") == [(60, None, 2)]
    better = course(
        infused(),
        rounds(30, 50, ice(6), *WELL, every=6),
        at(36, push("dexamethasone", 10)),
        rounds(52, 80, ice(10), *WELL),
    )
    assert spans(watched(better, 80), "icans_no_response") == []


# ---- What is overdue: the schedule in force


def test_vital_signs_ring_when_they_are_so_many_intervals_old() -> None:
    ill = course(infused(), at(1, *WELL, ice(10)))
    begun = spans(watched(ill, 30, overdue_alert_times=2), "vital_signs_overdue")
    earlier = spans(watched(ill, 30, overdue_alert_times=1.25), "vital_signs_overdue")
    assert begun[0][0] > earlier[0][0]
    assert [level for _, _, level in begun] == [1, 2]


def test_one_observation_of_four_does_not_do() -> None:
    ill = course(infused(), rounds(0, 30, temperature(37.0)))
    (told,) = [each for each in only(watched(ill, 30), "observation").present if each.rule == "vital_signs_overdue"]
    assert told.missing == ("blood pressure", "heart rate", "saturation")


# ---- What the patient reports


def symptom(choice: str, severity: str = "") -> Saying:
    return Saying("reported_symptom", choice=choice, detail={"severity": severity} if severity else {})


@pytest.mark.parametrize(
    ("choice", "severity", "level", "priority"),
    [("confusion", "", 4, "high"), ("confusion", "mild", 4, "high"), ("fever", "", 3, "high"),
     ("fever", "severe", 3, "high"), ("rash", "mild", 2, "medium"), ("rash", "Severe", 3, "high")],
)  # fmt: skip
def test_a_reported_symptom_by_how_bad_it_is(choice: str, severity: str, level: int, priority: str) -> None:
    alert = only(watched(at(0, symptom(choice, severity)), 1), "reported")
    (told,) = alert.present
    assert (told.rule, told.level, told.priority.name) == (f"reported.{choice}", level, priority)


def test_reports_at_home_and_before_the_infusion_ring_too() -> None:
    assert ringing(watched(at(0, symptom("fever")), 1)) == {"reported.fever:3"}
    home = course(infused(), at(200, Saying("discharge")), at(240, symptom("speech")))
    assert ringing(watched(home, 240)) == {"reported.speech:4"}


def test_several_symptoms_are_one_alert_and_each_is_seen_by_itself() -> None:
    told = watched(at(0, symptom("fever"), symptom("confusion")), 1)
    assert ringing(told) == {"reported.fever:3", "reported.confusion:4"}
    assert len(told.alerts) == 1


# ---- The rules' own files


def test_every_rule_has_a_judge_or_a_place_of_its_own() -> None:
    book = load_rulebook()
    assert {rule.judge for rule in book.rules.values()} <= {*JUDGES, *TOLD, "identity", "supply"}
    assert all(rule.event in book.events for rule in book.rules.values())


@pytest.mark.parametrize("rule", load_rulebook().rules.values(), ids=lambda rule: str(rule.name))
def test_every_policy_that_a_rule_names_is_there(rule: object) -> None:
    from cartway.watch.rulebook import Rule

    assert isinstance(rule, Rule)
    policies = load_rulebook().policies.policies
    named = (rule.limit, rule.step, rule.margin, rule.times, rule.rise, rule.floor, rule.hours, rule.clears)
    assert {name for name in named if name} <= set(policies)
    assert rule.source
    assert set(rule.priority) <= {"low", "medium", "high"}


def test_every_reported_symptom_of_the_vocabulary_has_a_rule() -> None:
    from cartway.vocabulary import vocabulary

    choices = vocabulary().variables["reported_symptom"].choices
    assert {(f"reported.{name}", f"reported_symptom:{name}") for name in choices} <= {
        (name, what) for name, rule in load_rulebook().rules.items() for what in rule.what
    }
