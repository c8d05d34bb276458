"""Drugs by form: given once, started, changed, stopped, so that the grades come out right."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from cartway.record import Fact, current
from cartway.times import HOUR, MINUTE
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import CHOICES, PRESSORS
from cartway.toxicity.grade import fold_course, in_time_order
from cartway.vocabulary import vocabulary
from cartway.web.forms.doses import usual
from cartway.web.forms.drug import COMMON, ROUTES, grouped
from cartway.web.forms.running import running
from toxicity.courses import Course, courses
from web.conftest import Site
from web.forms.bedside import Bedside, Page

GIVE = "give-drug"
NORAD = {"drug": "norepinephrine", "how": "started", "dose": "0.1", "unit": "ug/kg/min"}


@pytest.fixture
def shocked(nurse: Bedside) -> Bedside:
    """At the bed of somebody with a fever and a low pressure: grade 2."""
    nurse.record("chart-vitals", body_temperature="39", systolic_pressure="82", oxygen_device="room_air")
    assert nurse.grades()["crs"] == "2"
    nurse.site.now += 10 * MINUTE
    return nurse


def later(nurse: Bedside, minutes: int = 10) -> None:
    nurse.site.now += minutes * MINUTE


def test_norepinephrine_started_is_grade_3_and_stopped_is_as_it_was(shocked: Bedside) -> None:
    (fact,) = shocked.record(GIVE, **NORAD, route="intravenous")
    assert (fact.choice, fact.value, fact.unit, fact.until) == ("norepinephrine", 0.1, "ug/kg/min", None)
    assert fact.detail == {"route": "intravenous", "continuous": True}
    assert shocked.grades()["crs"] == "3"
    later(shocked)
    assert "Norepinephrine 0.1 mcg/kg/min since 14:10, 10 min" in shocked.open(GIVE).words
    (stop,) = shocked.record(GIVE, drug="norepinephrine", how="stopped")
    assert (stop.value, stop.unit, stop.detail["status"]) == (0.0, "ug/kg/min", "stopped")
    assert shocked.grades()["crs"] == "2"
    assert "Nothing is charted as running." in shocked.open(GIVE).words


def test_the_stop_button_is_one_tap(shocked: Bedside) -> None:
    shocked.record(GIVE, **NORAD)
    later(shocked)
    stop = next(form for form in shocked.open(GIVE).forms if ("how", "stopped") in form and len(form) < 8)
    assert shocked.post(GIVE, stop).status_code == 303
    assert shocked.grades()["crs"] == "2"


def test_a_new_rate_goes_on_running(shocked: Bedside) -> None:
    shocked.record(GIVE, **NORAD)
    later(shocked)
    fact = shocked.site.facts(shocked.course)[-1]
    page = Page(shocked.client.get(shocked.path(f"{GIVE}?change={fact.position}")).text)
    assert (page.value("drug"), page.value("how"), page.value("unit")) == ("norepinephrine", "changed", "ug/kg/min")
    assert "Norepinephrine runs at 0.1 mcg/kg/min since 14:10." in page.words, "beside the new rate"
    assert shocked.post(GIVE, page.filled(dose="0.2")).status_code == 303
    assert shocked.grades()["crs"] == "3"
    assert "Norepinephrine 0.2 mcg/kg/min since 14:10" in shocked.open(GIVE).words


def test_a_second_vasopressor_is_grade_4_but_vasopressin_does_not_count(shocked: Bedside) -> None:
    shocked.record(GIVE, **NORAD)
    shocked.record(GIVE, drug="vasopressin", how="started", dose="0.03", unit="U/min")
    assert shocked.grades()["crs"] == "3"
    shocked.record(GIVE, drug_named="Adrenaline", how="started", dose="0.05", unit="ug/kg/min")
    assert shocked.grades()["crs"] == "4"


def test_a_start_without_a_rate_runs_all_the_same(shocked: Bedside) -> None:
    shocked.record(GIVE, drug="norepinephrine", how="started")
    later(shocked, 120)
    assert shocked.grades()["crs"] == "3"
    shocked.record(GIVE, drug="norepinephrine", how="stopped")
    assert shocked.grades()["crs"] == "2"


def test_norepinephrine_given_once_does_not_run_for_ever(shocked: Bedside) -> None:
    """Charted without an end it would count as running until stopped (`coding.ONLY_INFUSED`)."""
    (fact,) = shocked.record(GIVE, drug="norepinephrine", how="once", dose="10", unit="ug")
    assert fact.until == fact.at
    assert shocked.grades()["crs"] == "3", "a push counts for its hour"
    later(shocked, 61)
    assert shocked.grades()["crs"] == "2"


def test_what_ran_from_until_counts_for_that_time(shocked: Bedside) -> None:
    typed = {**NORAD, "how": "ran", "taken": "2026-03-16T14:02", "ended": "2026-03-16T14:08"}
    shocked.record(GIVE, **typed)
    assert shocked.grades()["crs"] == "2"
    assert shocked.grades(shocked.site.now - 5 * MINUTE)["crs"] == "3"


def test_eye_drops_are_no_vasopressor(shocked: Bedside) -> None:
    shocked.record(GIVE, drug_named="phenylephrine", how="once", dose="1", unit="mg", route="ophthalmic")
    assert shocked.grades()["crs"] == "2"


def test_tocilizumab_masks_the_fever(shocked: Bedside) -> None:
    """R: once treated, the fever is no longer needed for the grade."""
    shocked.record(GIVE, drug="tocilizumab", how="once", dose="560", unit="mg", route="intravenous")
    later(shocked)
    shocked.record("chart-vitals", body_temperature="37.1", systolic_pressure="84", oxygen_device="room_air")
    assert shocked.grades()["crs"] == "2"


def test_a_stop_of_what_does_not_run_is_asked_about(shocked: Bedside) -> None:
    answer = shocked.send(GIVE, drug="propofol", how="stopped")
    assert answer.status_code == 422 and "not charted as running" in answer.text


def test_a_new_rate_of_what_does_not_run_is_asked_about(shocked: Bedside) -> None:
    answer = shocked.send(GIVE, **{**NORAD, "how": "changed"})
    assert answer.status_code == 422 and "Was it started?" in answer.text
    assert shocked.post(GIVE, Page(answer.text).fields).status_code == 303
    assert shocked.grades()["crs"] == "3"


def test_the_button_that_records_says_for_whom(shocked: Bedside) -> None:
    assert f"Cancel for {shocked.course}" in shocked.open(GIVE).words


def test_a_dose_charted_twice_is_asked_about(shocked: Bedside) -> None:
    """Two nurses chart the same tablet: the second is asked."""
    dose = {"drug": "acetaminophen", "how": "once", "dose": "1", "unit": "g", "route": "oral"}
    shocked.record(GIVE, **dose)
    later(shocked)
    other = Bedside(shocked.site, "physician", shocked.course)
    answer = other.send(GIVE, **dose)
    assert answer.status_code == 422 and "Is this another dose?" in answer.text
    assert other.post(GIVE, Page(answer.text).fields).status_code == 303


@pytest.mark.parametrize(
    ("typed", "field", "reason"),
    [
        ({"drug": "", "how": "once"}, "drug", "No drug is named"),
        ({"drug": "aether", "how": "once"}, "drug", "no such choice"),
        ({"drug_named": "aether", "how": "once"}, "drug_named", "not in the vocabulary"),
        ({"drug": "propofol", "drug_named": "fentanyl", "how": "once"}, "drug_named", "Two drugs are named"),
        ({"drug": "propofol"}, "how", "not said what was done"),
        ({"drug": "propofol", "how": "drunk"}, "how", "no such choice"),
        ({**NORAD, "unit": ""}, "unit", "unit of the dose is missing"),
        ({**NORAD, "unit": "mg"}, "unit", "not a rate"),
        ({**NORAD, "how": "once"}, "unit", "unit is a rate"),
        ({**NORAD, "dose": "0"}, "dose", "nothing given"),
        ({**NORAD, "dose": "-1"}, "dose", "outside what is possible"),
        ({**NORAD, "how": "changed", "dose": ""}, "dose", "needs the rate"),
        ({**NORAD, "how": "ran"}, "ended", "The end is missing"),
        ({**NORAD, "how": "ran", "ended": "2026-03-16 13:00"}, "ended", "must lie after the start"),
        ({**NORAD, "how": "ran", "ended": "2026-03-18T13:00"}, "ended", "must lie after the start"),
        ({**NORAD, "route": "somehow"}, "route", "no such choice"),
    ],
)
def test_what_makes_no_sense_is_explained_at_its_field(
    nurse: Bedside, typed: dict[str, str], field: str, reason: str
) -> None:
    answer = nurse.send(GIVE, **typed)
    page = Page(answer.text)
    assert answer.status_code == 422 and reason in page.words
    assert f"#{field}" in page.links and field in page.ids


def test_every_drug_is_offered_once() -> None:
    offered = [name for members in grouped().values() for name, _ in members]
    assert sorted(offered) == sorted(vocabulary().variables["drug"].choices)
    assert set(COMMON) <= set(offered)


def test_local_routes_are_known_to_the_vocabulary() -> None:
    assert [route for route in ROUTES if vocabulary().is_local_route(route)] == [
        "inhaled", "intrathecal", "topical", "ophthalmic", "nasal",
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(courses())
def test_what_is_listed_as_running_is_what_the_fold_takes_for_running(course: Course) -> None:
    """The slow twin is the fold itself: of the vasopressors, which infuse at the end of the course."""
    facts = in_time_order(current(course), None)
    now = facts[-1].at
    from cartway.toxicity import load_rules

    state = fold_course(facts, load_rules(), now).s
    infusing = {name for name in PRESSORS if b.infusing(state, int(CHOICES["drug", name][0] - b.DRIP), float(now))}
    assert {each.drug for each in running(facts, now)} & set(PRESSORS) == infusing


def test_since_when_is_the_start_of_the_present_run() -> None:
    def drip(hour: int, rate: float, **more: Any) -> Fact:
        return Fact("c", hour * HOUR, "drug", rate, "ug/kg/min", "norepinephrine", **more)

    facts = [drip(1, 0.1), drip(2, 0.2), drip(3, 0.0), drip(5, 0.1), drip(6, 0.3)]
    (found,) = running(facts, 7 * HOUR)
    assert (found.since, found.fact.value) == (5 * HOUR, 0.3)
    assert not running(facts[:3], 4 * HOUR)


def test_a_drug_form_of_another_site(site: Site) -> None:
    """Where nothing is recorded of a course there is no form: a slip of the address makes no course."""
    assert site.client("nurse").get("/courses/nobody/give-drug").status_code == 404


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ({**NORAD, "dose": "5"}, "Usual is at most 2 mcg/kg/min"),
        ({**NORAD, "dose": "5000", "unit": "ng/kg/min"}, "Usual is at most 2000 ng/kg/min"),
        ({"drug": "tocilizumab", "how": "once", "dose": "8000", "unit": "mg"}, "Usual is at most 800 mg"),
        ({"drug": "dexamethasone", "how": "once", "dose": "10", "unit": "g"}, "Usual is at most 0.04 g"),
        ({"drug": "dexamethasone", "how": "once", "dose": "10", "unit": "mg"}, ""),
        ({"drug": "tocilizumab", "how": "once", "dose": "8", "unit": "mg/kg"}, ""),
    ],
)
def test_a_dose_above_what_is_usual_is_asked_about_and_never_refused(
    nurse: Bedside, typed: dict[str, str], asked: str
) -> None:
    answer = nurse.send(GIVE, **typed)
    assert (answer.status_code == 422) == bool(asked) and asked in answer.text
    if asked:
        assert nurse.post(GIVE, Page(answer.text).fields).status_code == 303


def test_a_rate_in_another_unit_than_it_runs_in_is_asked_about(shocked: Bedside) -> None:
    shocked.record(GIVE, **NORAD)
    later(shocked)
    answer = shocked.send(GIVE, **{**NORAD, "how": "changed", "unit": "mg/h"})
    assert answer.status_code == 422 and "It runs in mcg/kg/min. Is mg/h right?" in answer.text


def test_a_limit_says_whose_it_is(nurse: Bedside) -> None:
    """No number of ours passes for a label's: what no label or guideline names is the pharmacy's to decide."""
    given = {"drug": "tocilizumab", "how": "once", "dose": "8000", "unit": "mg"}
    assert (
        "800 mg (Kymriah (tisagenlecleucel) US prescribing information, 2017"
        in Page(nurse.send(GIVE, **given).text).words
    )
    answer = nurse.send(GIVE, **{**given, "drug": "dexamethasone"})
    assert "(not confirmed: your pharmacy's limit decides)" in Page(answer.text).words


def test_the_usual_doses_are_of_known_drugs_and_units() -> None:
    drugs = vocabulary().variables["drug"]
    assert set(usual()) <= set(drugs.choices)
    assert {unit for most in usual().values() for unit in most} <= set(drugs.units)


def test_every_usual_dose_names_its_source_and_only_a_publication_confirms() -> None:
    limits = [each for most in usual().values() for each in most.values()]
    assert all(each.value > 0 and each.source for each in limits)
    assert all(each.confirmed == (not each.source.startswith("center policy")) for each in limits)


@pytest.mark.parametrize("ended", ["14:08", "2026-03-16 14:08"])
def test_an_end_is_typed_by_the_clock(shocked: Bedside, ended: str) -> None:
    (fact,) = shocked.record(GIVE, **{**NORAD, "how": "ran", "taken": "14:02", "ended": ended})
    assert fact.until == fact.at + 6 * MINUTE
