"""What an acknowledgement and an outcome are of: what was there, and was known, when they were said."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.intake import read_facts
from cartway.pathway.course import Course
from cartway.record import current
from cartway.record.fact import Fact
from cartway.times import MINUTE, text
from cartway.toxicity import by_course
from cartway.watch import Priority
from cartway.watch.answers import Answers
from cartway.watch.calls import watching_of
from cartway.watch.identity import identity_findings
from cartway.watch.model import Finding
from cartway.watch.rulebook import load_rulebook
from toxicity.drawn import Saying, age, at, course, flow, ice, infused, instant, measured, oxygen, pressure, temperature
from watch.alerting import acknowledged, firing, only, outcome, ringing, rounds, spans, watched
from watch.test_alert_fold import Live
from watch.test_ward_alerts import EXAMPLES

WELL = (temperature(36.8), pressure(120), oxygen("room_air"))
BASE = course(infused(), age(58), rounds(0, 48, *WELL))
COUNTED = course(BASE, at(48, measured("neutrophils", 1.2)))


def potassium(value: float) -> Saying:
    return Saying("potassium", value, unit="mmol/L")


def in_the_record(facts: Iterable[Fact]) -> list[Fact]:
    """The facts as the store numbers them, in the order in which they are given."""
    return [msgspec.structs.replace(fact, position=n) for n, fact in enumerate(facts, 1)]


def test_what_is_recorded_after_an_acknowledgement_rings_whatever_its_time() -> None:
    """Potassium 6.6 at 20 h is seen at 30 h. Then the laboratory's 4.0 of 24 h and 6.6 of 29.5 h come in: this second
    rise nobody has seen, though it lies before the acknowledgement.
    """
    before = course(BASE, at(20, potassium(6.6)))
    alert = only(watched(before, 30), "organ")
    answered = course(before, acknowledged(30, alert))
    assert ringing(watched(in_the_record(answered), 31)) == set()
    late = course(answered, at(24, potassium(4.0)), at(29.5, potassium(6.6)))
    found = watched(in_the_record(late), 31)
    assert "potassium_high:1" in firing(found)
    assert "potassium_high:1" in ringing(found)


def test_an_outcome_is_of_what_had_fired_by_then() -> None:
    """A low pressure was an artefact at 21.4 h; the CRS of 40 h in the same episode has no outcome yet, and the record
    of the first stays.
    """
    before = course(BASE, at(21, temperature(36.8), pressure(84)), at(21.2, pressure(120)))
    alert = only(watched(before, 21.1), "cytokine_release")
    answered = course(before, acknowledged(21.3, alert), outcome(21.4, alert, "artefact"))
    told = only(watched(answered, 22), "cytokine_release").outcome
    assert told is not None
    assert told.choice == "artefact"
    ill = course(answered, at(40, temperature(39.6), pressure(76), Saying("drug", 0.1, "norepinephrine", "ug/kg/min")))
    again = only(watched(ill, 41), "cytokine_release")
    assert again.rings
    assert again.outcome is None
    assert [each.choice for each in again.outcomes] == ["artefact"]


def test_each_break_of_identity_is_seen_for_itself() -> None:
    """Several breaks fire one rule at one level: who saw one has not seen the others."""
    (facts,) = by_course(read_facts([EXAMPLES / "contradicted.csv"]).facts).values()
    now = max(fact.at for fact in facts)
    found = identity_findings(Course(facts, now).facts, load_rulebook(), now)
    assert len({each.name for each in found}) == len(found) > 1
    first = found[0]
    detail = {"alert": "identity", "onset": "", "seen": [f"{first.name}:1"]}
    earliest = min(each.since for each in found)
    detail["onset"] = text(earliest)
    said = Fact("a", now + 1, "alert_acknowledgement", choice="seen", about="identity", detail=detail)
    answers = Answers().taking([said])
    (alert,) = watching_of("a", found, answers, load_rulebook(), now + 2, 2**62).alerts
    assert {each.name for each in alert.unseen} == {each.name for each in found} - {first.name}


def test_a_finding_without_places_in_the_record_is_seen_by_its_time() -> None:
    """A table has no positions: then the times of truth decide, as they are all there is."""
    fact = Fact("a", instant(1), "potassium", 6.6, "mmol/L")
    finding = Finding("potassium_high", 1, Priority.high, instant(1), None, "K 6.6", (fact,), risen=instant(1))
    detail = {"alert": "organ", "onset": "2026-01-10T01:00:00Z", "seen": ["potassium_high:1"]}
    said = Fact("a", instant(2), "alert_acknowledgement", choice="seen", about="organ", detail=detail)
    (alert,) = watching_of("a", [finding], Answers().taking([said]), load_rulebook(), instant(3), 2**62).alerts
    assert not alert.rings


# ---- What eases is told quietly, what is worse rings

FEVER, LOW = (
    (temperature(38.6), pressure(120), oxygen("room_air")),
    (temperature(38.6), pressure(84), oxygen("room_air")),
)


def seen_low() -> list[Fact]:
    """CRS 2 from 50 h on, seen at once."""
    ill = course(COUNTED, at(50, *LOW))
    return course(ill, acknowledged(50.1, only(watched(in_the_record(ill), 50.1), "cytokine_release")))


def keyed(facts: Iterable[Fact]) -> list[Fact]:
    """Facts that can be corrected."""
    return [msgspec.structs.replace(fact, source="ward", key=f"k{n}") for n, fact in enumerate(in_the_record(facts))]


def corrected(facts: Sequence[Fact], hour: float, what: str, value: float) -> list[Fact]:
    """What is in force once a reading of an hour was corrected: the last that was recorded."""
    old = next(fact for fact in facts if fact.at == instant(hour) and fact.what == what)
    change = {"key": "fix", "amends": old.key, "reason": "mistyped", "position": len(facts) + 1}
    return current([*facts, msgspec.structs.replace(old, value=value, **change)])


def test_a_grade_that_eases_by_a_new_observation_does_not_ring() -> None:
    """The reading by which it eased is recorded after the acknowledgement, as every reading that eases anything is."""
    found = watched(in_the_record(course(seen_low(), rounds(52, 56, *FEVER))), 57)
    assert spans(found, "crs_grade")[-1] == (53, None, 1)
    assert ringing(found) == set()


def test_an_alert_that_eased_and_ended_after_it_was_seen_is_not_unanswered() -> None:
    over = rounds(58, 80, *WELL)
    found = watched(in_the_record(course(seen_low(), rounds(52, 56, *FEVER), over)), 66)
    assert [alert.end is not None for alert in found.alerts if alert.event == "cytokine_release"] == [True]
    assert found.unanswered == ()


def test_what_nobody_saw_rings_on_when_it_eases() -> None:
    ill = course(COUNTED, at(50, *LOW), rounds(52, 56, *FEVER))
    assert "crs_grade:1" in ringing(watched(in_the_record(ill), 57))


def test_what_rises_again_after_it_eased_rings() -> None:
    found = watched(in_the_record(course(seen_low(), rounds(52, 56, *FEVER), at(58, *LOW))), 58)
    assert ringing(found) == {"crs_grade:2", "critical_pressure:1"}


def test_a_reading_corrected_upward_rings_though_its_grade_was_seen_before() -> None:
    """CRS 2 was seen; it eased by a pressure of 120 that was 82: what the ward was shown as CRS 1 is CRS 2."""
    facts = keyed(course(seen_low(), at(52, *FEVER)))
    assert ringing(watched(current(facts), 54)) == set()
    assert "crs_grade:1" in firing(watched(current(facts), 54))
    assert ringing(watched(corrected(facts, 52, "systolic_pressure", 82), 54)) >= {"crs_grade:2", "critical_pressure:1"}


def test_a_reading_corrected_downward_does_not_ring() -> None:
    """CRS 3 by 8 L/min was seen: the flow was 3, CRS 2."""
    high = (temperature(38.6), pressure(120), oxygen("nasal_cannula"))
    ill = course(COUNTED, at(50, *high, flow(8)))
    alert = only(watched(in_the_record(ill), 50.1), "cytokine_release")
    facts = keyed(course(ill, acknowledged(50.1, alert)))
    found = watched(corrected(facts, 50, "oxygen_flow", 3), 51)
    assert firing(found) == {"crs_grade:2"}
    assert ringing(found) == set()


SIGNS = st.one_of(
    st.sampled_from([36.8, 37.9, 38.0, 38.3, 39.5]).map(temperature),
    st.sampled_from([120.0, 95, 89, 84, 79, 68]).map(pressure),
    st.sampled_from(["room_air", "nasal_cannula", "high_flow_nasal_cannula"]).map(oxygen),
    st.sampled_from([2.0, 8.0]).map(flow),
    st.sampled_from([10.0, 8.0, 4.0, 1.0]).map(ice),
    st.sampled_from([98.0, 91, 87, 82]).map(lambda value: measured("oxygen_saturation", value)),
    st.sampled_from([5.5, 6.0, 6.6]).map(lambda value: measured("potassium", value)),
)
EASES = frozenset({"crs_grade", "icans_grade", "critical_pressure", "critical_saturation", "potassium_high"})
"""Rules that read a grade or a value: their level is all that they tell."""
ROUND_HOURS = 0.35
"""Nothing is charted at the very moment at which something eases: then it would be milder, and worse, at once."""


def levels(found: Iterable[Finding]) -> Mapping[str, int]:
    return {each.rule: each.level for each in found if each.rule in EASES}


def firing_now(live: Live) -> Mapping[str, int]:
    return levels(each for alert in live.watching().present for each in alert.present)


def unseen_now(live: Live) -> Mapping[str, int]:
    return levels(each for alert in live.watching().ringing for each in alert.unseen)


def record(live: Live, hour: float, facts: Iterable[Fact]) -> None:
    """Facts as they are recorded at an hour, numbered by the record, each by itself one that can be corrected."""
    first = len(live.folded) + 1
    numbered = [
        msgspec.structs.replace(each, position=n, source="ward", key=f"k{n}") for n, each in enumerate(facts, first)
    ]
    live.take(instant(hour), numbered)


def answer(live: Live, hour: float) -> None:
    """Somebody sees all that rings."""
    for alert in live.watching().ringing:
        record(live, hour, [msgspec.structs.replace(each, course="course-1") for each in acknowledged(hour, alert)])


looks = st.lists(st.tuples(st.lists(SIGNS, max_size=3), st.booleans()), min_size=4, max_size=40)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(looks)
def test_only_what_rises_begins_to_ring(told: list[tuple[list[Saying], bool]]) -> None:
    """Look after look, some of which somebody answers: what rings and did not is worse than at the look before, and
    what is worse rings.
    """
    live = Live(load_rulebook())
    record(live, 0, [*infused(), *age(58)])
    for n, (sayings, answered) in enumerate(told, 1):
        hour = n * ROUND_HOURS
        live.take(instant(hour) - MINUTE, [])
        before, rang = firing_now(live), unseen_now(live)
        record(live, hour, at(hour, *sayings))
        now, rings = firing_now(live), unseen_now(live)
        rose = {rule for rule, level in now.items() if level > before.get(rule, 0)}
        assert rose <= rings.keys()
        assert rings.keys() <= rose | rang.keys()
        if answered:
            answer(live, hour)
            assert not unseen_now(live)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(looks, SIGNS.filter(lambda saying: saying.value is not None), st.randoms(use_true_random=False))
def test_a_correction_that_makes_it_worse_rings(
    told: list[tuple[list[Saying], bool]], right: Saying, chance: random.Random
) -> None:
    """Whichever reading is corrected, and whatever was seen before: a level above the one shown is told."""
    live = Live(load_rulebook())
    record(live, 0, [*infused(), *age(58)])
    for n, (sayings, _) in enumerate(told, 1):
        record(live, n * ROUND_HOURS, at(n * ROUND_HOURS, *sayings))
        answer(live, n * ROUND_HOURS)
    wrong = [fact for fact in live.folded if fact.what == right.what and fact.at > instant(0)]
    if not wrong:
        return
    old = chance.choice(wrong)
    change = {"key": "fix", "amends": old.key, "reason": "mistyped", "position": len(live.folded) + 1}
    fresh = Live(load_rulebook())
    fresh.take(live.now, current([*live.folded, msgspec.structs.replace(old, value=right.value, **change)]))
    worse = {rule for rule, level in firing_now(fresh).items() if level > firing_now(live).get(rule, 0)}
    assert worse <= unseen_now(fresh).keys()
