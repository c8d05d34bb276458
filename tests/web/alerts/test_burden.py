"""What each rule costs, from the record; and a change of a rule, which is a fact (issue 5, B and F)."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import HOUR
from cartway.watch.rulebook import Rulebook, rulebook_of
from web.alerts.conftest import CRS, FEVER
from web.conftest import START, Site
from web.forms.bedside import Bedside, Page, drawn

CHANGE = "/alerts/rule-change"


@pytest.fixture
def bed(site: Site) -> Bedside:
    """A nurse at a patient's bed, on a ward of its own: the rules are the center's."""
    return Bedside(site, "nurse", drawn(site, *FEVER))


def page(site: Site, path: str, role: str = "coordinator") -> Page:
    answer = site.client(role).get(path)
    assert answer.status_code == 200, answer.text
    return Page(answer.text)


def changed(site: Site, rule: str, **typed: str) -> Any:
    """Change a rule as a physician does, and confirm what is asked."""
    bed = Bedside(site, "physician")
    sheet = Page(bed.client.get(f"{CHANGE}?change={rule}").text)
    answer = site.post(bed.client, CHANGE, dict(sheet.filled(**{"choice": "changed", "text": "too many", **typed})))
    if "Not recorded yet" in answer.text:
        answer = site.post(bed.client, CHANGE, dict(Page(answer.text).fields))
    site.settle()
    return answer


def facts(site: Site, what: str) -> list[Fact]:
    return [fact for fact in site.facts("center") if fact.what == what]


def book(site: Site) -> Rulebook:
    return rulebook_of(Course(site.office.log.facts("center"), site.now))


def test_each_rule_is_counted_from_the_record(bed: Bedside) -> None:
    """One CRS of one hour in two days: one alert, one call, half an alert a patient-day."""
    words = page(bed.site, "/alerts/burden").words
    assert "2.0 patient-days of 1 course" in words
    assert "CRS grade 1 0.50 1 0.50 none 0 0 0 1 0 of 1 0 %" in words


def test_the_share_acted_on_is_of_recorded_outcomes(bed: Bedside) -> None:
    bed.record(f"alert-outcome?change={CRS}~{START - HOUR}", choice="acted")
    assert "CRS grade 1 0.50 1 0.50 1 of 1 100 % 0 0 0 0 none" in page(bed.site, "/alerts/burden").words


def test_the_burden_names_no_patient(bed: Bedside) -> None:
    assert bed.course not in page(bed.site, "/alerts/burden").words


def test_every_rule_is_shown_with_its_numbers_and_sources(site: Site) -> None:
    words = page(site, "/alerts/rules").words
    assert "CRS grade on" in words
    assert "Critical pressure A systolic pressure at or below this is told" in words
    assert "90 mmHg" in words
    assert all(rule.label in words for rule in book(site).rules.values())


def test_switching_a_rule_off_is_asked_once_more_recorded_and_holds(bed: Bedside) -> None:
    answer = changed(bed.site, "crs_grade", after="off", replayed="9 of 40 fewer")
    assert answer.status_code == 303
    (fact,) = facts(bed.site, "rule_change")
    assert (fact.about, fact.choice) == ("crs_grade", "changed")
    assert fact.detail == {
        "rule": "crs_grade", "before": "on", "after": "off", "replayed": "9 of 40 fewer", "text": "too many",
    }  # fmt: skip
    assert not book(bed.site).rules["crs_grade"].on
    assert "Cytokine release" not in page(bed.site, "/alerts").words
    words = page(bed.site, "/alerts/burden").words
    assert "CRS grade on off too many 9 of 40 fewer" in words
    assert "CRS grade (switched off)" in words


def test_what_is_told_from_home_cannot_be_switched_off(site: Site) -> None:
    assert changed(site, "reported.self_harm", after="off").status_code == 422
    assert not facts(site, "rule_change")
    off = Fact("center", site.now, "rule_change", choice="changed", about="reported.self_harm", detail={"after": "off"})
    assert rulebook_of(Course([off], site.now)).rules["reported.self_harm"].on


def test_a_number_is_changed_together_with_the_fact_that_says_why(site: Site) -> None:
    assert changed(site, "critical_pressure_mmhg", after="85").status_code == 303
    (change,), (policy,) = facts(site, "rule_change"), facts(site, "center_policy")
    assert (change.detail["before"], change.detail["after"]) == ("90", "85")
    assert (policy.about, policy.value) == ("critical_pressure_mmhg", 85)
    assert book(site).number("critical_pressure_mmhg") == 85
    assert "85 mmHg set here, shipped as 90" in page(site, "/alerts/rules").words


def test_what_was_only_tried_changes_nothing(site: Site) -> None:
    assert changed(site, "critical_pressure_mmhg", after="80", choice="tried").status_code == 303
    assert not facts(site, "center_policy")
    assert book(site).number("critical_pressure_mmhg") == 90
    assert changed(site, "crs_grade", after="off", choice="tried").status_code == 303
    assert book(site).rules["crs_grade"].on
    assert "tried only" in page(site, "/alerts/burden").words


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        ("crs_grade", {"after": "on"}),
        ("crs_grade", {"after": "maybe"}),
        ("crs_grade", {"after": ""}),
        ("crs_grade", {"after": "off", "text": ""}),
        ("crs_grade", {"after": "off", "choice": "now"}),
        ("critical_pressure_mmhg", {"after": "many"}),
        ("critical_pressure_mmhg", {"after": "90"}),
        ("lodging_minutes", {"after": "30"}),
        ("no_such_rule", {"after": "off"}),
    ],
)
def test_what_is_no_change_is_not_recorded(site: Site, rule: str, typed: dict[str, str]) -> None:
    bed = Bedside(site, "physician")
    sheet = Page(bed.client.get(f"{CHANGE}?change={rule}").text)
    fields = {"about": rule, "choice": "changed", "text": "why", **typed}
    answer = site.post(bed.client, CHANGE, dict(sheet.filled(**fields)))
    assert answer.status_code == 422
    assert not facts(site, "rule_change")


def asked(site: Site, rule: str, after: str, **typed: str) -> str:
    """What the form asks before it records such a change; "" where it asks nothing."""
    bed = Bedside(site, "physician")
    sheet = Page(bed.client.get(f"{CHANGE}?change={rule}").text)
    fields = {"choice": "changed", "text": "why", "after": after, **typed}
    answer = site.post(bed.client, CHANGE, dict(sheet.filled(**fields)))
    assert answer.status_code in {303, 409, 422, 200}
    assert bool(facts(site, "center_policy")) == (answer.status_code == 303 and typed.get("choice") != "tried")
    return Page(answer.text).words if "Not recorded yet" in answer.text else ""


@pytest.mark.parametrize(
    ("rule", "after", "words"),
    [
        ("escalation_high_minutes", "21", "21 is more than twice of what it is now, 10."),
        ("escalation_high_minutes", "4.5", "4.5 is less than half of what it is now, 10."),
        ("critical_platelets", "4", "4 is less than half of what it is now, 10."),
    ],
)
def test_a_number_far_from_what_it_is_is_asked_once_more(site: Site, rule: str, after: str, words: str) -> None:
    assert words in asked(site, rule, after)


def test_a_number_near_to_what_it_is_and_one_only_tried_are_not_asked(site: Site) -> None:
    assert asked(site, "escalation_high_minutes", "45", choice="tried") == ""
    assert asked(site, "escalation_high_minutes", "20") == ""


def test_a_number_that_makes_a_rule_fall_silent_is_asked_once_more(bed: Bedside) -> None:
    """80 mmHg is told at 90; at 75 it would not be, and nobody need know that to type it."""
    row = {"course": bed.course, "at": bed.site.now, "what": "systolic_pressure", "value": 80, "unit": "mm[Hg]"}
    bed.site.record([row])
    asks = asked(bed.site, "critical_pressure_mmhg", "75")
    assert "Systolic pressure would end for 1 patient for whom it is there now. Is that meant?" in asks
    assert asked(bed.site, "critical_pressure_mmhg", "85") == ""


@pytest.mark.parametrize("typed", ["999999999", "0", "-5", "1000000000000000000000"])
def test_no_number_that_nobody_means_is_taken(site: Site, typed: str) -> None:
    bed = Bedside(site, "physician")
    sheet = Page(bed.client.get(f"{CHANGE}?change=escalation_high_minutes").text)
    fields = dict(sheet.filled(after=typed, choice="changed", text="why"))
    answer = site.post(bed.client, CHANGE, {**fields, "sure": f"after={typed}"})
    assert answer.status_code == 422
    assert not facts(site, "center_policy")


def test_what_is_recorded_is_just_what_was_typed(site: Site) -> None:
    """Six digits are not enough: 12345.675 is not 12345.7."""
    assert changed(site, "ferritin_extreme_ng_ml", after="12345.675").status_code == 303
    (change,), (policy,) = facts(site, "rule_change"), facts(site, "center_policy")
    assert (change.detail["after"], policy.value) == ("12345.675", 12345.675)
    assert "12345.675 ng/mL set here, shipped as 10000" in page(site, "/alerts/rules").words


@pytest.mark.parametrize("role", ["nurse", "coordinator", "data_manager"])
def test_only_physicians_change_a_rule(site: Site, role: str) -> None:
    assert site.client(role).get(CHANGE).status_code == 403
    assert "Change " not in page(site, "/alerts/rules", role).words
