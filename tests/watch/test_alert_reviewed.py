"""What a clinician's reading of the alerts asked for: each a drawn course, one question, the answer."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from cartway.pathway.course import Course
from cartway.record.fact import Fact
from cartway.toxicity import grade, load_rules
from cartway.toxicity.further import ALL_SCALES
from cartway.watch import Watching, alerts
from toxicity.drawn import (
    WELL,
    Saying,
    age,
    at,
    conscious,
    course,
    discharged,
    ice,
    infused,
    instant,
    measured,
    oxygen,
    pressure,
    push,
    said,
    temperature,
)
from watch.alerting import acknowledged, center, firing, only, ringing, rounds, seen, spans, watched

ROUND = (*WELL, measured("heart_rate", 80), measured("oxygen_saturation", 97), ice(10))
COUNT = measured("neutrophils", 1.2)
LOW = (temperature(38.5), pressure(84), oxygen("room_air"), COUNT)
HOME = course(infused(), age(58), rounds(0, 196, *ROUND, COUNT, every=4), discharged(201))
FAR = Saying("reported_symptom", choice="confusion", detail={"severity": "moderate"})


def on_all_scales(facts: Iterable[Fact], hour: float) -> Watching:
    """The alerts of a course by every scale, not only CRS and ICANS."""
    now = instant(hour)
    ill = Course(list(facts), now)
    return alerts(ill, grade(ill.facts, load_rules(), now, ALL_SCALES), center())


def limited(what: str, value: float, upper: float) -> Saying:
    """A laboratory value with its upper limit of normal."""
    return Saying(what, value, unit=measured(what, value).unit, detail={"upper_limit": upper})


# ---- A further mark is an event of its own


@pytest.mark.parametrize(
    ("first", "again", "name"),
    [
        (said("seizure", "generalized"), said("seizure", "generalized"), "seizure:1"),
        (said("seizure", "focal"), said("seizure", "generalized"), "seizure:1"),
        (said("arrhythmia", "urgent"), said("arrhythmia", "urgent"), "arrhythmia:2"),
        (FAR, FAR, "reported.confusion:4"),
    ],
)
def test_the_second_of_its_kind_rings_although_the_first_was_seen(first: Saying, again: Saying, name: str) -> None:
    ill = course(infused(), age(58), at(50, first))
    told = watched(ill, 50.2)
    taps = [tap for alert in told.ringing for tap in acknowledged(50.3, alert)]
    assert name not in ringing(watched(course(ill, taps), 54))
    assert name in ringing(watched(course(ill, taps, at(55, again)), 55.2))


def test_it_is_one_alert_with_two_findings() -> None:
    ill = course(infused(), at(50, said("seizure", "focal")), at(55, said("seizure", "focal")))
    assert spans(watched(ill, 56), "seizure") == [(50, 55, 1), (55, None, 1)]


def test_a_reading_at_the_same_level_is_no_event_of_its_own() -> None:
    ill = course(infused(), at(1, pressure(88)), at(1.5, pressure(87)))
    assert spans(watched(ill, 2), "critical_pressure") == [(1, None, 1)]


# ---- After a discharge


@pytest.mark.parametrize(
    ("charted", "name"),
    [
        (said("seizure", "generalized"), "seizure:1"),
        (said("intracranial_hemorrhage", "yes"), "intracranial_hemorrhage:1"),
        (said("arrhythmia", "urgent"), "arrhythmia:2"),
        (measured("potassium", 7.1), "potassium_high:1"),
        (measured("platelets", 3), "platelets_critical:1"),
        (measured("hemoglobin", 5), "hemoglobin_critical:1"),
        (measured("heart_rate", 160), "critical_heart_rate:2"),
        (measured("respiratory_rate", 40), "critical_respiratory_rate:2"),
        (measured("creatinine", 6), "creatinine_high:1"),
    ],
)
def test_what_a_clinician_charts_after_a_discharge_rings(charted: Saying, name: str) -> None:
    assert name in ringing(watched(course(HOME, at(230, charted)), 230))


def test_what_was_low_before_the_discharge_does_not_ring_at_a_visit() -> None:
    """The discharge ended it; what is charted then is what is told."""
    low = course(HOME, at(190, measured("hemoglobin", 6.5)))
    assert "hemoglobin_critical:1" in firing(watched(low, 200))
    assert firing(watched(course(low, at(325, *ROUND, COUNT)), 325)) == set()


def test_one_visit_of_an_outpatient_makes_nothing_overdue() -> None:
    visit = course(HOME, at(325, *ROUND, COUNT))
    for hour in (335, 345, 360, 600):
        assert firing(watched(visit, hour), without="") == set()


def test_whoever_is_on_a_ward_again_is_watched_as_there() -> None:
    """Blood pressures as on a ward are an admission (policy due_readmitted_hours): the worklist's own rule."""
    back = course(HOME, rounds(230, 260, *ROUND, COUNT, every=4))
    assert "vital_signs_overdue:1" not in firing(watched(back, 264), without="")
    assert "vital_signs_overdue:1" in firing(watched(back, 258 + 9.5), without="")


def test_a_course_that_went_elsewhere_rings_no_more_and_one_reopened_does() -> None:
    gone = course(infused(), at(1, *ROUND), at(51, Saying("course_closed", choice="transferred")))
    assert watched(gone, 80).present == ()
    back = course(gone, at(90, Saying("course_closed", choice="reopened")))
    assert "vital_signs_overdue:2" in firing(watched(back, 91), without="")


# ---- A second infusion


def test_a_second_infusion_is_watched_at_its_own_intervals() -> None:
    again = course(infused(), at(1, *ROUND), infused(2400), rounds(2400, 2408, *ROUND, every=4))
    assert firing(watched(again, 2416), without="") == set()
    assert "vital_signs_overdue:1" in firing(watched(again, 2417), without="")
    assert "neurology_overdue:1" in firing(watched(again, 2426), without="")


def test_a_second_infusion_after_a_discharge_begins_the_watch_again() -> None:
    again = course(HOME, infused(2400), at(2401, *ROUND))
    assert "vital_signs_overdue:1" in firing(watched(again, 2410), without="")


# ---- The worklist's parts are the alert's


def test_a_mean_pressure_is_a_blood_pressure() -> None:
    arterial = (temperature(37), measured("mean_arterial_pressure", 80), *ROUND[2:])
    assert firing(watched(course(infused(), rounds(0, 40, *arterial)), 40), without="") == set()


def test_awake_is_no_ice_and_room_air_is_no_saturation() -> None:
    ill = course(infused(), rounds(0, 60, *WELL, conscious("awake")))
    told = {each.rule: each.missing for each in only(watched(ill, 60), "observation").present}
    assert told == {"vital_signs_overdue": ("heart rate", "saturation"), "neurology_overdue": ("ICE or CAPD",)}


def test_five_items_are_an_ice_only_together() -> None:
    points = {"orientation": 4, "naming": 3, "command": 1, "writing": 1, "attention": 1}
    items = [measured(f"ice_{each}", value) for each, value in points.items()]
    well = ROUND[:-1]
    assert firing(watched(course(infused(), rounds(0, 40, *well, *items)), 40), without="") == set()
    four = watched(course(infused(), rounds(0, 40, *well, *items[:4])), 40)
    assert "neurology_overdue:2" in firing(four, without="")


# ---- Neutrophils not known


def test_a_count_that_grows_old_during_a_fever_is_asked_for() -> None:
    ill = course(infused(), age(58), at(0, COUNT), rounds(46, 47, temperature(39), every=1))
    assert spans(watched(ill, 50), "neutropenic_fever") == [(48, None, 1)]


@pytest.mark.parametrize("order", [(36.4, 38.0), (38.0, 36.4)])
def test_an_hour_of_fever_does_not_hang_on_which_of_two_readings_came_first(order: tuple[float, float]) -> None:
    twice = course(infused(), at(9, measured("neutrophils", 0.1)), at(10, temperature(38.0)))
    ill = course(twice, *(at(11, temperature(value)) for value in order))
    assert spans(watched(ill, 11), "neutropenic_fever") == [(11, None, 2)]


# ---- Vital signs


def test_a_low_mean_pressure_is_told_and_is_a_policy_of_the_center() -> None:
    ill = course(infused(), age(58), at(57, *ROUND), at(59, measured("mean_arterial_pressure", 40)))
    (told,) = only(watched(ill, 59), "cytokine_release").present
    assert (seen(told), told.confirmed) == ("critical_mean_pressure:3", False)


@pytest.mark.parametrize(
    ("what", "fine", "critical", "years", "rule"),
    [
        ("heart_rate", 179, 180, 5.5, "child_heart_rate"),
        ("heart_rate", 219, 220, 0.5, "infant_heart_rate"),
        ("heart_rate", 60, 59, 5.5, "child_slow_heart_rate"),
        ("respiratory_rate", 60, 61, 5.5, "child_respiratory_rate"),
        ("respiratory_rate", 9, 8, 5.5, "child_slow_respiratory_rate"),
        ("body_temperature", 35.1, 35.0, 5.5, "child_low_temperature"),
    ],
)
def test_a_childs_limits(what: str, fine: float, critical: float, years: float, rule: str) -> None:
    child = course(infused(), age(years))
    assert firing(watched(course(child, at(9, measured(what, fine))), 9)) == set()
    found = watched(course(child, at(9, measured(what, critical))), 9)
    assert firing(found) == {f"{rule}:1"}
    assert not only(found, "cytokine_release").present[0].confirmed


def test_the_first_fever_is_told_to_the_physician_within_the_hour_of_the_cultures() -> None:
    ill = course(infused(), age(58), at(29, *ROUND, COUNT), at(30, temperature(38.5), pressure(120)))
    alert = only(watched(ill, 31), "cytokine_release")
    assert alert.priority is not None
    assert (alert.priority.name, alert.escalated[0][0]) == ("medium", "physician")


# ---- The laboratory


def test_a_high_creatinine_is_told_without_an_earlier_value() -> None:
    found = watched(course(infused(), at(-200, measured("creatinine", 0.8)), at(99, measured("creatinine", 6))), 99)
    (told,) = only(found, "organ").present
    assert (told.rule, told.priority.name, told.text) == ("creatinine_high", "high", "creatinine 6 mg/dL")


def test_laboratory_tumor_lysis_is_told() -> None:
    """Rasburicase is decided here, before any clinical grade."""
    values = (measured("uric_acid", 12), measured("phosphate", 8), measured("potassium", 5.9), measured("calcium", 6.5))
    ill = course(infused(), age(58), at(50, *values))
    (told,) = only(on_all_scales(ill, 51), "organ").present
    assert (told.rule, told.priority.name) == ("tumor_lysis_laboratory", "medium")
    assert "uric acid" in told.text
    normal = course(infused(), age(58), at(50, *values[:1], measured("potassium", 4), measured("calcium", 9)))
    assert "organ" not in {each.event for each in on_all_scales(normal, 51).alerts}


def test_hyperinflammation_while_crs_lasts_is_told() -> None:
    blood = (
        limited("ferritin", 60_000, 300), measured("fibrinogen", 100), limited("alt", 400, 40), limited("ast", 400, 40),
    )  # fmt: skip
    ill = course(infused(), age(58), at(-1, measured("ferritin", 200)), rounds(61, 209, *LOW, every=4), at(200, *blood))
    told = {each.rule: each.text for each in only(on_all_scales(ill, 205), "organ").present}
    assert told["ferritin_rise"] == "ferritin 60000 ng/mL, above 10000"
    assert told["iec_hs_undecided"].startswith("IEC-HS cannot be told: ferritin above")
    assert "CRS has not eased yet" in told["iec_hs_undecided"]
    assert "iec_hs_undecided" not in {each.rule for a in on_all_scales(ill, 199).alerts for each in a.findings}


def test_hyperinflammation_with_an_infection_charted_is_told_with_it() -> None:
    sepsis = Saying("infection", choice="bacterial", detail={"site": "blood", "organism": "E. coli", "proven": True})
    blood = (
        limited("ferritin", 20_000, 300), measured("fibrinogen", 100), limited("alt", 400, 40), limited("ast", 400, 40),
        measured("platelets", 10),
    )  # fmt: skip
    ill = course(infused(), age(58), at(-1, measured("ferritin", 200)), at(198, sepsis), at(200, *ROUND, COUNT, *blood))
    told = {each.rule: each.text for each in only(on_all_scales(ill, 205), "organ").present}
    assert "an infection is charted and may explain it" in told["iec_hs_undecided"]


# ---- Nothing given


def test_a_severe_grade_that_nobody_treats_rings_again_after_it_was_seen() -> None:
    ill = course(infused(), age(58), at(29, *ROUND, COUNT), rounds(30, 50, *LOW, every=1))
    first = watched(ill, 30.1)
    answered = course(ill, *(acknowledged(30.2, alert) for alert in first.ringing))
    assert ringing(watched(answered, 33.9)) == set()
    assert ringing(watched(answered, 34)) == {"crs_untreated:1"}
    later = course(answered, acknowledged(34.1, only(watched(answered, 34), "cytokine_release")))
    assert ringing(watched(later, 37.9)) == set()
    assert ringing(watched(later, 38)) == {"crs_untreated:2"}


def test_a_dose_in_time_is_treatment_and_a_mild_grade_asks_for_none() -> None:
    severe = course(infused(), age(58), at(29, *ROUND, COUNT), rounds(30, 50, *LOW, every=1))
    treated = course(severe, at(31, push("tocilizumab", 560)))
    assert spans(watched(treated, 50), "crs_untreated") == []
    assert spans(watched(course(severe, at(36, push("tocilizumab", 560))), 50), "crs_untreated") == [(34, 36, 1)]
    mild = course(infused(), age(58), rounds(30, 50, temperature(38.5), *WELL[1:], COUNT, every=1))
    assert spans(watched(mild, 50), "crs_untreated") == []


def test_worse_does_not_begin_to_count_anew() -> None:
    worse = (*LOW, Saying("drug", 0.1, "norepinephrine", "ug/kg/min"))
    ill = course(infused(), age(58), at(29, *ROUND, COUNT), rounds(30, 33, *LOW, every=1), rounds(33, 50, *worse))
    assert spans(watched(ill, 36), "crs_untreated") == [(34, None, 1)]
