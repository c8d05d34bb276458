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


@pytest.mark.parametrize("role", ["nurse", "coordinator", "data_manager"])
def test_only_physicians_change_a_rule(site: Site, role: str) -> None:
    assert site.client(role).get(CHANGE).status_code == 403
    assert "Change " not in page(site, "/alerts/rules", role).words
