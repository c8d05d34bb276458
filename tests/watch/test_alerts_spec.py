"""Alerts as a drawn course and a question: one event is one episode, worse is never hidden, what was seen is silent."""

from __future__ import annotations

import msgspec
import pytest

from cartway.record import current
from cartway.record.fact import Fact
from cartway.watch import Priority
from toxicity.drawn import (
    WELL,
    age,
    at,
    course,
    died,
    discharged,
    drip,
    hour_of,
    ice,
    infused,
    instant,
    measured,
    oxygen,
    pressure,
    push,
    said,
    temperature,
    unreadable,
)
from watch.alerting import acknowledged, center, firing, only, outcome, ringing, rounds, seen, spans, watched

ROOM = oxygen("room_air")
FEVER = (temperature(38.5), pressure(120), ROOM)
LOW = (temperature(38.5), pressure(84), ROOM)
COUNTED = rounds(0, 36, measured("neutrophils", 1.2), every=12)
OBSERVED = (*WELL, measured("heart_rate", 80), measured("oxygen_saturation", 97), ice(10))
ILL = course(infused(), age(58), COUNTED, rounds(0, 28, *WELL), rounds(30, 40, *FEVER))


def test_fever_after_infusion_is_one_alert_of_medium_priority() -> None:
    alert = only(watched(ILL, 30.5), "cytokine_release")
    assert [(each.rule, each.level) for each in alert.findings] == [("crs_grade", 1)]
    assert (hour_of(alert.onset), alert.end, alert.priority) == (30, None, Priority.medium)
    assert alert.rings
    assert alert.owner == "nurse"


def test_one_physiological_event_is_one_alert_however_many_rules_fire() -> None:
    ill = course(ILL, at(41, *LOW, measured("oxygen_saturation", 90), measured("heart_rate", 135)))
    alert = only(watched(ill, 41), "cytokine_release")
    assert {each.rule for each in alert.present} == {
        "crs_grade", "critical_pressure", "critical_saturation", "critical_heart_rate",
    }  # fmt: skip
    assert hour_of(alert.onset) == 30


def test_a_cause_is_named_only_once_a_grade_says_so() -> None:
    low = course(infused(), rounds(0, 28, *WELL), at(29, pressure(84)))
    assert only(watched(low, 29), "cytokine_release").title == "Critical vital signs"
    assert only(watched(course(low, at(29.5, *LOW)), 30), "cytokine_release").title == "Cytokine release"


def test_the_worst_comes_first_and_gives_the_priority() -> None:
    ill = course(ILL, at(41, *LOW), at(41, drip("norepinephrine")))
    alert = only(watched(ill, 41), "cytokine_release")
    assert (alert.present[0].rule, alert.present[0].level) == ("crs_grade", 3)
    assert alert.priority is Priority.high


def test_a_text_names_the_grade_and_what_sets_it() -> None:
    ill = course(ILL, at(41, *LOW))
    texts = [each.text for each in only(watched(ill, 41), "cytokine_release").present]
    assert texts == ["CRS 2: fever, hypotension without vasopressor", "systolic pressure 84 mmHg"]


# ---- Acknowledging


def test_an_acknowledgement_silences_what_it_names() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    found = watched(course(ILL, acknowledged(31, alert)), 32)
    assert firing(found) == {"crs_grade:1"}
    assert ringing(found) == set()
    assert only(found, "cytokine_release").acknowledged is not None


def test_what_was_not_named_goes_on_ringing() -> None:
    ill = course(ILL, at(41, *LOW))
    alert = only(watched(ill, 41), "cytokine_release")
    assert ringing(watched(course(ill, acknowledged(41, alert, "crs_grade:2")), 41.5)) == {"critical_pressure:1"}


def test_worse_rings_again() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    ill = course(ILL, acknowledged(31, alert), at(41, *LOW))
    assert ringing(watched(ill, 41)) == {"crs_grade:2", "critical_pressure:1"}


def test_worse_that_came_before_the_tap_was_not_seen() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    ill = course(ILL, at(41, *LOW), acknowledged(41.5, alert, "crs_grade:1"))
    assert "crs_grade:2" in ringing(watched(ill, 42))


def test_milder_than_what_was_seen_does_not_ring() -> None:
    ill = course(ILL, at(41, *LOW))
    ill = course(ill, acknowledged(41, only(watched(ill, 41), "cytokine_release")), rounds(42, 60, *FEVER))
    found = watched(ill, 50)
    assert firing(found) == {"crs_grade:1"}
    assert ringing(found) == set()


def test_a_second_rise_to_the_same_grade_rings_again() -> None:
    ill = course(ILL, at(41, *LOW))
    alert = only(watched(ill, 41), "cytokine_release")
    ill = course(ill, acknowledged(41, alert), rounds(42, 58, *FEVER), at(60, *LOW))
    assert ringing(watched(ill, 60)) == {"crs_grade:2", "critical_pressure:1"}


def test_an_alert_dated_anew_by_a_correction_rings_again() -> None:
    first = [msgspec.structs.replace(f, source="ward", key=f"k{n}") for n, f in enumerate(ILL)]
    alert = only(watched(first, 31), "cytokine_release")
    answered = course(first, acknowledged(31, alert))
    assert ringing(watched(answered, 32)) == set()
    reading = next(f for f in first if f.at == instant(28) and f.what == "body_temperature")
    corrected = msgspec.structs.replace(reading, value=38.2, key="k-corrected", amends=reading.key, reason="mistyped")
    found = watched(course(answered, [corrected]), 32)
    assert hour_of(only(found, "cytokine_release").onset) == 28
    assert ringing(found) == {"crs_grade:1"}


def test_a_retracted_reading_leaves_no_alert() -> None:
    facts = course(infused(), COUNTED, rounds(0, 28, *WELL))
    wrong = Fact("course-1", instant(29), "body_temperature", 38.9, "Cel", source="ward", key="wrong")
    assert firing(watched([*facts, wrong], 29.5)) == {"crs_grade:1"}
    gone = Fact("course-1", instant(29.5), "retraction", source="ward", key="gone", amends="wrong", reason="another's")
    assert {each.event for each in watched(current([*facts, wrong, gone]), 29.5).alerts} == {"observation"}


def test_an_acknowledgement_that_cannot_be_read_silences_nothing() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    (tap,) = acknowledged(31, alert)
    for detail in (
        {},
        {**tap.detail, "onset": "yesterday"},
        {**tap.detail, "seen": ["crs_grade", "crs_grade:x", ":1"]},
    ):
        assert ringing(watched(course(ILL, [msgspec.structs.replace(tap, detail=detail)]), 32)) == {"crs_grade:1"}


def test_who_takes_it_over_owns_it() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    found = watched(course(ILL, acknowledged(31, alert, choice="taken")), 32)
    assert only(found, "cytokine_release").owner == "nina"


# ---- Nobody answers


def test_what_nobody_answers_is_told_to_the_next_role() -> None:
    ill = course(ILL, at(41, *LOW), at(41, drip("norepinephrine")))
    at_once = only(watched(ill, 41.1), "cytokine_release")
    assert at_once.escalated == (("physician", instant(30.75)), ("everyone", instant(31.5)))  # since the fever
    assert hour_of(at_once.rings_since or 0) == 30
    assert at_once.escalates_at == instant(41 + 10 / 60)
    seen_fever = acknowledged(30.5, only(watched(ill, 30.5), "cytokine_release"))
    later = only(watched(course(ill, seen_fever), 41.4), "cytokine_release")
    assert later.escalated == (("physician", instant(41 + 10 / 60)), ("everyone", instant(41 + 20 / 60)))


def test_the_center_says_how_long() -> None:
    assert only(watched(ILL, 30.5, escalation_medium_minutes=15), "cytokine_release").escalated == (
        ("physician", instant(30.25)),
        ("everyone", instant(30.5)),
    )


def test_who_answered_is_not_passed_over() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    found = only(watched(course(ILL, acknowledged(31, alert)), 40), "cytokine_release")
    assert (found.escalated, found.escalates_at) == ((), None)


def test_an_alert_that_ended_unseen_stays_in_sight_for_a_while() -> None:
    ill = course(
        infused(),
        rounds(0, 200, *WELL),
        at(9, measured("oxygen_saturation", 88)),
        at(10, measured("oxygen_saturation", 97)),
    )
    alert = only(watched(ill, 12), "cytokine_release")
    assert (hour_of(alert.end or 0), alert.unanswered, alert.rings) == (10.5, True, False)
    assert watched(ill, 12).unanswered == (alert,)
    assert watched(ill, 34.4).unanswered
    assert not watched(ill, 34.6).unanswered


def test_an_alert_that_was_seen_is_not_unanswered() -> None:
    ill = course(infused(), rounds(0, 40, *WELL), at(9, measured("oxygen_saturation", 88)))
    alert = only(watched(ill, 9.2), "cytokine_release")
    ill = course(ill, acknowledged(9.2, alert), at(10, measured("oxygen_saturation", 97)))
    assert watched(ill, 12).unanswered == ()


def test_observations_made_answer_that_they_were_overdue() -> None:
    ill = course(infused(), at(1, *OBSERVED), at(30, *OBSERVED))
    assert only(watched(ill, 31), "observation").end == instant(30)
    assert watched(ill, 31).unanswered == ()


def test_an_outcome_belongs_to_its_episode() -> None:
    alert = only(watched(ILL, 31), "cytokine_release")
    told = course(ILL, acknowledged(31, alert), outcome(32, alert, "acted"))
    found = only(watched(told, 33), "cytokine_release").outcome
    assert found is not None
    assert found.choice == "acted"
    assert only(watched(told, 31.5), "cytokine_release").outcome is None


# ---- Not flapping


def test_a_pressure_that_hovers_at_its_limit_rings_once() -> None:
    readings = [88, 92, 89, 91, 90, 93, 87]
    ill = course(infused(), *(at(n, temperature(37), pressure(value), ROOM) for n, value in enumerate(readings, 1)))
    assert spans(watched(ill, 8), "critical_pressure") == [(1, None, 1)]
    loose = spans(watched(ill, 8, critical_pressure_margin_mmhg=0, clear_value_minutes=0), "critical_pressure")
    assert [start for start, _, _ in loose] == [1, 3, 5, 7]


def test_a_further_fall_is_a_worse_level() -> None:
    ill = course(infused(), at(1, pressure(88)), at(2, pressure(79)), at(3, pressure(69)))
    assert spans(watched(ill, 3), "critical_pressure") == [(1, 2, 1), (2, 3, 2), (3, None, 3)]


def test_a_grade_that_falls_for_minutes_has_not_fallen() -> None:
    ill = course(ILL, at(41, *LOW), at(41.25, *FEVER), at(41.75, *LOW), rounds(42, 60, *FEVER))
    assert spans(watched(ill, 50), "crs_grade") == [(30, 41, 1), (41, 43, 2), (43, None, 1)]


def test_what_fires_again_within_a_day_is_the_same_alert() -> None:
    low, normal = at(9, measured("oxygen_saturation", 88)), at(10, measured("oxygen_saturation", 97))
    again = course(infused(), low, normal, at(30, measured("oxygen_saturation", 88)))
    assert hour_of(only(watched(again, 30), "cytokine_release").onset) == 9
    later = course(infused(), low, normal, at(35, measured("oxygen_saturation", 88)))
    assert [hour_of(each.onset) for each in watched(later, 35).alerts if each.event == "cytokine_release"] == [9, 35]


# ---- Missing is never normal


def test_a_grade_that_nobody_can_assess_any_more_is_not_over() -> None:
    found = watched(ILL, 80)
    assert "crs_grade:1" in firing(found)
    assert {"vital_signs_overdue:2"} <= firing(found, without="")


def test_a_reading_that_could_not_be_read_ends_nothing() -> None:
    ill = course(infused(), at(1, *WELL), at(2, pressure(84)), at(3, unreadable("systolic_pressure")))
    assert "critical_pressure:1" in firing(watched(ill, 3.5))


def test_no_observation_since_the_infusion_is_told() -> None:
    alert = only(watched(infused(), 24), "observation")
    assert {each.rule for each in alert.present} == {"vital_signs_overdue", "neurology_overdue"}
    assert {each.text for each in alert.present} == {
        "temperature, blood pressure, heart rate, saturation: none for 18 h", "ICE or CAPD: none for 18 h",
    }  # fmt: skip


def test_before_an_infusion_nothing_is_watched() -> None:
    assert watched(at(0, temperature(39.5), pressure(70)), 30).alerts == ()


def test_a_discharge_ends_what_is_watched_and_a_new_observation_begins_it_again() -> None:
    home = course(ILL, discharged(41))
    assert watched(home, 60).present == ()
    assert firing(watched(course(home, at(61, *LOW)), 61)) >= {"critical_pressure:1"}


def test_after_a_death_nothing_rings_and_nobody_is_told() -> None:
    found = watched(course(ILL, died(41)), 60)
    assert (found.present, found.ringing) == ((), ())
    assert all(alert.escalates_at is None for alert in found.alerts)


def test_what_will_happen_next_is_known() -> None:
    found = watched(ILL, 30.5)
    assert found.next_change_at is not None
    assert instant(30.5) < found.next_change_at <= instant(30.75)


@pytest.mark.parametrize("hour", [1, 29, 30, 31, 40])
def test_what_happened_does_not_hang_on_when_it_is_asked(hour: float) -> None:
    now, later = watched(ILL, hour), watched(ILL, 41)
    begun = [(a.event, a.onset) for a in later.alerts if a.onset <= instant(hour)]
    assert [(a.event, a.onset) for a in now.alerts] == begun


def test_a_rule_that_the_center_switched_off_does_not_fire() -> None:
    from cartway.pathway.course import CENTER, Course
    from cartway.toxicity import SCALES, grade, load_rules
    from cartway.watch import alerts

    now = instant(31)
    ill = Course(ILL, now)
    off = Fact(CENTER, 1, "rule_change", choice="changed", about="crs_grade", detail={"after": "off"})
    assert "cytokine_release" not in {
        a.event for a in alerts(ill, grade(ill.facts, load_rules(), now, SCALES), center(off)).alerts
    }


def test_a_drug_is_named_where_it_did_not_help() -> None:
    ill = course(infused(), age(58), rounds(0, 28, *WELL), rounds(30, 80, *LOW), at(40, push("tocilizumab", 560)))
    found = watched(ill, 64.5)
    assert spans(found, "crs_no_response") == [(64, None, 2)]
    (told,) = [each for each in only(found, "cytokine_release").present if each.rule == "crs_no_response"]
    assert told.text == "CRS 2 24 h after tocilizumab: no improvement"
    assert seen(told) == "crs_no_response:2"


def test_improvement_is_a_response() -> None:
    ill = course(infused(), age(58), rounds(0, 28, *WELL), rounds(30, 50, *LOW), at(40, push("tocilizumab", 560)))
    assert spans(watched(course(ill, rounds(52, 80, *FEVER)), 80), "crs_no_response") == []


def test_a_prophylactic_dose_is_no_treatment() -> None:
    ill = course(
        infused(), rounds(0, 28, *WELL), rounds(30, 80, *LOW), at(40, push("tocilizumab", 560, prophylaxis=True))
    )
    assert spans(watched(ill, 80), "crs_no_response") == []


def test_said_is_a_choice() -> None:
    ill = course(infused(), rounds(0, 28, *WELL), at(20, said("seizure", "focal")))
    assert "seizure:1" in firing(watched(ill, 21))
    assert "seizure:1" not in firing(watched(course(ill, at(22, said("seizure", "none"))), 22))


def test_what_was_gone_for_an_hour_and_comes_back_is_new() -> None:
    ill = course(infused(), at(0, ice(4)), at(4, ice(10)), at(5, ice(8)))
    assert spans(watched(ill, 6), "icans_grade") == [(0, 5, 2), (5, None, 1)]
    assert "icans_grade:1" in ringing(watched(ill, 6))


def test_only_the_worst_of_a_run_need_have_been_seen() -> None:
    ill = course(infused(), at(1, pressure(88)), at(2, pressure(79)))
    alert = only(watched(ill, 2), "cytokine_release")
    over = course(ill, acknowledged(2.1, alert), at(3, pressure(120)))
    assert watched(over, 4).unanswered == ()
    early = acknowledged(1.1, only(watched(ill, 1.1), "cytokine_release"))
    assert watched(course(ill, early, at(3, pressure(120))), 4).unanswered != ()


def test_it_eases_to_the_worst_of_the_time_it_was_lower() -> None:
    ill = course(infused(), at(1, pressure(68)))
    ill = course(
        ill, acknowledged(1, only(watched(ill, 1), "cytokine_release")), at(1.1, pressure(88)), at(1.3, pressure(79))
    )
    found = watched(ill, 2)
    assert spans(found, "critical_pressure") == [(1, 1.6, 3), (1.6, None, 2)]
    assert ringing(found) == set()
