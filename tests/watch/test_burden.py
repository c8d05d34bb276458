"""What the rules cost: episodes and calls a patient-day, and the share acted on, recorded and inferred apart."""

from __future__ import annotations

import pytest

from cartway.pathway.course import Course
from cartway.record.fact import Fact
from cartway.toxicity import SCALES, grade, load_rules
from cartway.watch.burden import Burden, RuleBurden, burden, patient_days
from cartway.watch.rulebook import load_rulebook
from cartway.watch.watching import alerts_under
from toxicity.drawn import (
    WELL,
    at,
    course,
    died,
    discharged,
    ice,
    infused,
    instant,
    measured,
    oxygen,
    push,
    temperature,
)
from watch.alerting import only, outcome, rounds, watched

WHOLE = (*WELL, measured("heart_rate", 80), measured("oxygen_saturation", 97), ice(10))
ROUNDS = course(infused(), rounds(0, 48, *WHOLE))
SPELL = course(ROUNDS, at(10.5, measured("oxygen_saturation", 88)), at(11, measured("oxygen_saturation", 97)))


def of(*courses: list[Fact], hour: float = 48) -> Burden:
    """The burden of some courses two days after the infusion."""
    book, now, found = load_rulebook(), instant(hour), []
    for facts in courses:
        one = Course(facts, now)
        found.append((one, alerts_under(one, grade(one.facts, load_rules(), now, SCALES), book)))
    return burden(found, book)


def row(found: Burden, rule: str) -> RuleBurden:
    (one,) = [each for each in found.rows if each.rule == rule]
    return one


def test_patient_days_run_from_the_infusion_to_the_end_of_the_watch() -> None:
    assert patient_days(Course(ROUNDS, instant(48))) == 2
    assert patient_days(Course(course(ROUNDS, discharged(36)), instant(48))) == 1.5
    assert patient_days(Course(course(ROUNDS, died(12)), instant(48))) == 0.5
    assert patient_days(Course(at(0, temperature(37)), instant(48))) == 0


def test_episodes_and_calls_a_patient_day() -> None:
    found = of(SPELL, ROUNDS)
    told = row(found, "critical_saturation")
    assert (told.episodes, told.opened, told.rings, told.courses) == (1, 1, 1, 1)
    assert told.per_patient_day == pytest.approx(1 / 4)
    assert (found.courses, found.patient_days, found.alerts, found.rings) == (2, 4, 1, 1)
    assert found.alerts_per_patient_day == pytest.approx(0.25)


def test_what_begins_again_is_the_same_episode_and_another_call() -> None:
    again = course(SPELL, at(14.5, measured("oxygen_saturation", 88)), at(15, measured("oxygen_saturation", 97)))
    told = row(of(again), "critical_saturation")
    assert (told.episodes, told.rings) == (1, 2)


def test_without_a_recorded_outcome_it_is_inferred_from_what_was_done_in_time() -> None:
    told = row(of(SPELL), "critical_saturation")
    assert (told.acted_recorded, told.acted_inferred, told.unrecorded) == (None, 0, 1)
    soon = row(of(course(SPELL, at(14, push("dexamethasone", 10)))), "critical_saturation")
    assert soon.acted_inferred == 1
    late = row(of(course(SPELL, at(14.6, push("dexamethasone", 10)))), "critical_saturation")
    assert late.acted_inferred == 0


def test_what_goes_on_anyway_and_what_prevents_is_no_act() -> None:
    running = course(SPELL, at(6, push("dexamethasone", 10)), at(12, push("dexamethasone", 10)))
    assert row(of(running), "critical_saturation").acted_inferred == 0
    prevents = course(SPELL, at(12, push("cefepime", 2000, prophylaxis=True)))
    assert row(of(prevents), "critical_saturation").acted_inferred == 0


def test_oxygen_charted_again_is_no_act_and_oxygen_begun_is() -> None:
    assert row(of(course(SPELL, at(12, oxygen("room_air")))), "critical_saturation").acted_inferred == 0
    assert row(of(course(SPELL, at(12, oxygen("nasal_cannula")))), "critical_saturation").acted_inferred == 1


def test_a_recorded_outcome_counts_by_itself() -> None:
    alert = only(watched(SPELL, 12), "cytokine_release")
    acted = course(SPELL, outcome(12, alert, "acted"))
    artefact = course(SPELL, outcome(12, alert, "artefact"), at(14, push("dexamethasone", 10)))
    told = row(of(acted, artefact, SPELL), "critical_saturation")
    assert dict(told.recorded) == {"acted": 1, "artefact": 1}
    assert (told.acted_recorded, told.acted_inferred, told.unrecorded) == (0.5, 0, 1)


def test_every_rule_has_a_row_also_one_that_never_fired() -> None:
    found = of(ROUNDS)
    assert [each.rule for each in found.rows] == list(load_rulebook().rules)
    assert row(found, "seizure").per_patient_day == 0
    assert row(of(hour=1), "seizure").per_patient_day is None
