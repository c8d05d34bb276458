"""Corrections and retractions by form: a further fact that says why; the grades shown before it is recorded."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record import Fact, current
from cartway.times import HOUR, MINUTE
from cartway.web.forms.correction import in_force
from web.forms.bedside import Bedside, Page


@pytest.fixture
def bed(nurse: Bedside) -> Bedside:
    """At the bed of somebody whose pressure was mistyped: 48 for 84... and who has a fever: grade 2."""
    nurse.record("chart-vitals", body_temperature="39.4", systolic_pressure="48", diastolic_pressure="40")
    nurse.site.now += 10 * MINUTE
    return nurse


def last(bed: Bedside, what: str) -> Fact:
    return next(fact for fact in reversed(bed.site.facts(bed.course)) if fact.what == what)


def correct(fact: Fact) -> str:
    return f"facts/{fact.position}/correct"


def retract(fact: Fact) -> str:
    return f"facts/{fact.position}/retract"


def test_the_old_one_is_shown_and_filled_in(bed: Bedside) -> None:
    page = bed.open(correct(last(bed, "systolic_pressure")))
    assert "Systolic blood pressure Says 48 mmHg" in page.words and "by nurse-" in page.words
    assert (page.value("value"), page.value("unit"), page.value("at")) == ("48", "mm[Hg]", "2026-03-16 14:00")


def test_a_correction_is_a_further_fact_and_shows_the_grades_first(bed: Bedside) -> None:
    old = last(bed, "systolic_pressure")
    answer = bed.send(correct(old), value="104", reasons="typing error")
    page = Page(answer.text)
    assert answer.status_code == 200 and "Not recorded yet" in page.words
    assert "CRS now ≥ 2 ≥ 1" in page.words and "CRS, highest of the course >= 2".replace(">=", "≥") in page.words
    assert last(bed, "systolic_pressure") == old
    assert bed.post(correct(old), page.fields).status_code == 303
    new = last(bed, "systolic_pressure")
    assert (new.value, new.at, new.amends, new.event, new.reason) == (104.0, old.at, old.key, old.event, "typing error")
    assert bed.grades()["crs"] == ">= 1"


def test_a_corrected_temperature_withdraws_the_episode(bed: Bedside) -> None:
    fever = last(bed, "body_temperature")
    page = Page(bed.send(correct(fever), value="36.4", reasons="typing error").text)
    assert "CRS, highest of the course ≥ 2 ≥ 0" in page.words or "not assessable" in page.words
    bed.post(correct(fever), page.fields)
    assert bed.grades()["crs"] in {">= 0", "0"}


def test_a_correction_in_another_unit_is_converted_and_kept_as_said(bed: Bedside) -> None:
    (fact,) = bed.record(correct(last(bed, "body_temperature")), value="101.3", unit="[degF]", reasons="typing error")
    assert (fact.value, fact.unit, fact.said) == (38.5, "Cel", "101.3 [degF]")


def test_the_time_can_be_corrected(bed: Bedside) -> None:
    old = last(bed, "systolic_pressure")
    (fact,) = bed.record(correct(old), at="2026-03-16T13:30", reasons="wrong time")
    assert fact.at == old.at - 30 * MINUTE and fact.value == 48.0


def test_one_that_is_superseded_leads_to_the_one_in_force(bed: Bedside) -> None:
    old = last(bed, "systolic_pressure")
    (new,) = bed.record(correct(old), value="84", reasons="typing error")
    page = bed.open(correct(old))
    assert "corrected or withdrawn before" in page.words
    assert f"/courses/{bed.course}/facts/{new.position}/correct" in page.links
    answer = bed.send(correct(old), value="85", reasons="typing error")
    assert answer.status_code == 422 and "corrected or withdrawn before" in answer.text
    (newest,) = bed.record(correct(new), value="86", reasons="typing error")
    assert f"/courses/{bed.course}/facts/{newest.position}/correct" in bed.open(correct(old)).links


def test_a_retraction_takes_it_out_and_says_why(bed: Bedside) -> None:
    old = last(bed, "systolic_pressure")
    page = Page(bed.send(retract(old), reasons="belongs to another patient").text)
    assert "CRS now ≥ 2 ≥ 1" in page.words
    assert bed.post(retract(old), page.fields).status_code == 303
    assert not [fact for fact in bed.site.facts(bed.course) if fact.what == "systolic_pressure"]
    withdrawn = bed.site.office.log.facts(bed.course)[-1]
    assert (withdrawn.what, withdrawn.amends, withdrawn.reason) == ("retraction", old.key, "belongs to another patient")
    assert "corrected or withdrawn before" in bed.open(retract(old)).words
    assert "itself a withdrawal" in bed.open(retract(withdrawn)).words


def test_a_whole_round_of_another_patient_is_withdrawn_at_once(bed: Bedside) -> None:
    page = bed.open(retract(last(bed, "systolic_pressure")))
    assert "Withdraw all 3 that were entered together" in page.words
    facts = bed.record(retract(last(bed, "systolic_pressure")), whole="yes", reasons="belongs to another patient")
    assert [fact.what for fact in facts] == ["retraction"] * 3 and len({fact.key for fact in facts}) == 3
    assert {fact.what for fact in bed.site.facts(bed.course)} == {"age", "infusion"}


def test_another_patients_value_is_withdrawn_and_not_corrected(bed: Bedside) -> None:
    old = last(bed, "systolic_pressure")
    assert "another patient" not in bed.open(correct(old)).words
    assert bed.send(correct(old), value="104", reasons="belongs to another patient").status_code == 422


def test_a_fact_of_a_monitor_is_amended_by_its_key(bed: Bedside) -> None:
    site = bed.site
    said = {"course": bed.course, "at": site.now, "what": "systolic_pressure", "value": 70, "unit": "mm[Hg]"}
    site.record([{**said, "source": "monitor", "key": "m-1", "simulated": True}])
    (fact,) = bed.record(correct(last(bed, "systolic_pressure")), value="107", reasons="faulty measurement")
    assert (fact.source, fact.amends) == ("ward", "m-1")
    assert last(bed, "systolic_pressure").value == 107.0


def test_where_two_sources_use_a_key_the_right_one_is_amended(bed: Bedside) -> None:
    site = bed.site
    said = {"course": bed.course, "at": site.now, "unit": "mm[Hg]", "key": "k-1", "simulated": True}
    site.record(
        [
            {**said, "what": "systolic_pressure", "value": 70, "source": "monitor"},
            {**said, "what": "diastolic_pressure", "value": 30, "source": "chart"},
        ]
    )
    (fact,) = bed.record(correct(last(bed, "systolic_pressure")), value="107", reasons="faulty measurement")
    assert fact.source == "monitor" and last(bed, "systolic_pressure").value == 107.0
    assert last(bed, "diastolic_pressure").value == 30.0


def test_what_could_not_be_read_can_be_given_its_value(bed: Bedside) -> None:
    site = bed.site
    garbled = {"variable": "body_temperature", "value": "3B.9", "problem": "not_a_number"}
    said = {"course": bed.course, "at": site.now, "what": "unreadable", "detail": garbled}
    site.record([{**said, "source": "monitor", "key": "m-2", "simulated": True}])
    (fact,) = bed.record(correct(last(bed, "unreadable")), value="38.9", unit="Cel", reasons="faulty measurement")
    assert (fact.what, fact.value, fact.amends) == ("body_temperature", 38.9, "m-2")


def test_a_drug_keeps_its_route_and_a_choice_can_be_another(bed: Bedside) -> None:
    bed.record("give-drug", drug="norepinephrine", how="started", dose="1", unit="ug/kg/min", route="intravenous")
    drip = last(bed, "drug")
    (fact,) = bed.record(correct(drip), value="0.1", reasons="typing error")
    assert (fact.choice, fact.value, fact.unit, fact.detail) == ("norepinephrine", 0.1, "ug/kg/min", drip.detail)
    (other,) = bed.record(correct(fact), choice="epinephrine", reasons="typing error")
    assert other.choice == "epinephrine"


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"value": "104"}, "reasons", "says why"),
        ({"value": "104", "reasons": "whim"}, "reasons", "no such choice"),
        ({"value": "104", "reason": "a" * 501}, "reason", "more than 500"),
        ({"value": "", "reason": "r"}, "value", "value is missing"),
        ({"value": "8", "reason": "r"}, "value", "outside what is possible"),
        ({"value": "104", "unit": "kg", "reason": "r"}, "unit", "not measured in"),
        ({"value": "104", "at": "2026-03-16T15:00", "reason": "r"}, "at", "still to come"),
        ({"value": "104", "at": "now", "reason": "r"}, "at", "cannot be read"),
        ({"value": "48", "reason": "r"}, "", "Nothing was changed"),
    ],
)
def test_what_cannot_be_is_explained(bed: Bedside, typed: dict[str, str], field: str, reason: str) -> None:
    answer = bed.send(correct(last(bed, "systolic_pressure")), **typed)
    page = Page(answer.text)
    assert answer.status_code == 422 and reason in page.words
    assert not field or field in page.ids


def test_a_nurse_does_not_change_a_physicians_judgement(bed: Bedside, physician: Bedside) -> None:
    physician.record("attribute", feature="fever", causes="infection", hours="4")
    fact = last(bed, "attribution")
    assert bed.client.get(bed.path(correct(fact))).status_code == 403
    assert physician.open(correct(fact)).value("choice") == "fever"


def test_a_fact_that_is_not_there(bed: Bedside) -> None:
    assert bed.client.get(bed.path("facts/999999/correct")).status_code == 404


def test_an_end_can_be_corrected(bed: Bedside, physician: Bedside) -> None:
    physician.record("attribute", feature="fever", causes="infection", hours="4")
    fact = last(bed, "attribution")
    (new,) = physician.record(correct(fact), until="2026-03-16T16:10", reasons="wrong time")
    assert new.until == fact.at + 2 * HOUR and new.detail == fact.detail


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xy"), st.sampled_from(["", *"abcd"])), max_size=12))
def test_what_stands_in_force_is_what_the_record_says(drawn: list[tuple[str, str, str]]) -> None:
    """Any weave of keys, sources and amendments that the record would take: one fact in force a statement, or none."""
    facts: list[Fact] = []
    for key, source, named in drawn:
        sources = {fact.source for fact in facts if fact.key == named}
        amends = named if source in sources or len(sources) == 1 else ""  # the record refuses what it cannot place
        n = len(facts) + 1
        facts.append(Fact("c", n, "heart_rate", float(n), "/min", source=source, key=key, amends=amends, position=n))
    standing = {fact.position for fact in current(facts)}
    found = [in_force(facts, fact.position) for fact in facts]
    assert {fact.position for fact in found if fact is not None} == standing
    assert all(each is not None for each in found)
