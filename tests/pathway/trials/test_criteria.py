"""Criteria that a record structures, asked of a drawn course: met, not met or unknown, and why."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cartway.pathway.answer import Answer
from cartway.pathway.course import Course
from cartway.pathway.trials import Finding, evaluate
from cartway.pathway.trials.conditions import OPEN, diagnoses, known_terms, takes_in
from cartway.times import parse
from pathway.trials.draw import ON, asked, fact, nobody, read, study, woman


def finding(id: str, course: Course, on: date = ON, **record: Any) -> Finding:
    trial = read(study(**record))
    (rule,) = (each.rule for each in trial.criteria if each.id == id)
    return evaluate(rule, asked(course, on))


@pytest.mark.parametrize(
    ("minimum", "maximum", "age", "answer"),
    [
        ("18 Years", "", 58, "yes"),
        ("18 Years", "70 Years", 69, "yes"),
        ("18 Years", "70 Years", 70, "unknown"),  # charted at 70 two weeks ago: she may have turned 71 since
        ("18 Years", "70 Years", 72, "no"),
        ("65 Years", "", 58, "no"),
        ("", "17 Years", 58, "no"),
        ("6 Months", "25 Years", 4, "yes"),
        ("58 Years", "", 58, "yes"),
        ("59 Years", "", 58, "unknown"),  # charted at 58 two weeks ago: she may have turned 59 since
        ("", "58 Years", 58, "unknown"),
        ("60 Years", "", 58, "no"),
        ("700 Months", "701 Months", 58, "unknown"),  # narrower than the year in which she was born
        ("adult", "", 58, "unknown"),  # words that are not read
    ],
)
def test_an_age_limit_is_asked_of_the_age_as_it_is_charted(minimum: str, maximum: str, age: float, answer: str) -> None:
    limits: dict[str, Any] = {name: text for name, text in (("minimumAge", minimum), ("maximumAge", maximum)) if text}
    assert finding("age", woman(age), **limits).answer == answer


@pytest.mark.parametrize(
    ("born", "on", "answer"),
    [
        ("1956-03-16", date(2026, 3, 15), "yes"),  # 69, the day before
        ("1956-03-16", date(2026, 3, 16), "yes"),  # 70 today: "to 70 years" takes in those of 70
        ("1955-03-16", date(2026, 3, 16), "no"),  # 71 today
        ("2008-03-17", date(2026, 3, 16), "no"),  # 18 tomorrow
        ("2008-02-29", date(2026, 2, 28), "no"),  # born on a leap day: 18 on 1 March
        ("2008-02-29", date(2026, 3, 1), "yes"),
    ],
)
def test_a_birth_date_decides_to_the_day(born: str, on: date, answer: str) -> None:
    course = Course([fact("birth_date", at=f"{born}T00:00Z")], parse("2026-03-16T12:00Z"))
    assert finding("age", course, on, minimumAge="18 Years", maximumAge="70 Years").answer == answer


def test_a_missing_age_is_unknown_and_what_would_settle_it_is_named() -> None:
    found = finding("age", nobody(), minimumAge="18 Years")
    assert (found.answer, found.missing[0].what) == (Answer.unknown, "age")


def test_the_facts_used_are_given() -> None:
    assert [one.what for one in finding("age", woman(), minimumAge="18 Years").facts] == ["age"]


def test_sex_is_asked_only_where_the_record_asks_for_it() -> None:
    assert finding("sex", woman(), sex="FEMALE").answer is Answer.yes
    assert finding("sex", woman(), sex="MALE").answer is Answer.no
    assert finding("sex", nobody(), sex="MALE").answer is Answer.unknown
    assert not [each for each in read(study(sex="ALL")).criteria if each.id == "sex"]


def test_a_trial_that_goes_by_gender_is_not_answered_from_the_sex_in_the_record() -> None:
    found = finding("sex", woman(), sex="FEMALE", genderBased=True)
    assert (found.answer, found.missing[0].words) == (Answer.unknown, "gender")


@pytest.mark.parametrize(
    ("conditions", "diagnosis", "answer"),
    [
        (["Diffuse Large B-Cell Lymphoma"], "dlbcl", "yes"),
        (["Large B-cell lymphoma"], "dlbcl", "yes"),  # the vocabulary's class
        (["Lymphoma, Large B-Cell, Diffuse"], "dlbcl", "yes"),  # the registry's heading
        (["Multiple Myeloma"], "dlbcl", "no"),
        (["Multiple Myeloma", "Lymphoma"], "dlbcl", "yes"),
        (["DLBCL"], "lbcl", "unknown"),  # the subtype is not stated
        (["DLBCL"], "lymphoma", "unknown"),  # nor the kind
        (["Multiple Myeloma"], "lymphoma", "no"),
        (["Lymphoma"], "b_nhl", "yes"),
        (["B-cell lymphoma"], "lymphoma", "unknown"),
        (["DLBCL"], "dlbcl_from_fl", "unknown"),  # usage differs
        (["Ph-positive B-ALL"], "b_all", "unknown"),  # says more than the diagnosis does
        (["Ph-positive B-ALL"], "multiple_myeloma", "no"),
        (["Large B-cel lymphoma"], "dlbcl", "unknown"),  # misspelt: nothing fuzzy
        (["Malignant Neoplasms of Digestive Organs"], "gastric_cancer", "unknown"),
        (["Multiple Myeloma", "Something else"], "dlbcl", "unknown"),  # the other words may take it in
        (["Multiple Myeloma"], "other", "unknown"),
        (["MCL"], "mantle_cell_lymphoma", "unknown"),  # a ligament, elsewhere
        (["Solid Tumors"], "solid_tumor", "yes"),
        ([], "dlbcl", "unknown"),
    ],
)
def test_conditions_match_by_exact_words_and_are_unknown_otherwise(
    conditions: list[str], diagnosis: str, answer: str
) -> None:
    assert finding("condition", woman(58, diagnosis), conditions=conditions).answer == answer


@pytest.mark.parametrize(
    ("condition", "state", "answer"),
    [
        ("Relapsed or Refractory Multiple Myeloma", "second_relapse", "yes"),
        ("R/R Multiple Myeloma", "primary_refractory", "yes"),
        ("Recurrent Multiple Myeloma", "newly_diagnosed", "no"),
        ("Recurrent Multiple Myeloma", "refractory", "unknown"),  # the record may mean either by it
        ("Relapsed Multiple Myeloma", "remission", "unknown"),  # it may have come back before
        ("Refractory Multiple Myeloma", "", "unknown"),
        ("Relapsed Mantle Cell Lymphoma", "relapsed", "no"),  # another disease
        ("Relapsed Something", "relapsed", "unknown"),
    ],
)
def test_a_condition_that_names_the_state_of_the_disease_asks_for_both(condition: str, state: str, answer: str) -> None:
    more = [fact("disease_status", state)] if state else []
    assert finding("condition", woman(58, "multiple_myeloma", *more), conditions=[condition]).answer == answer


def test_an_alias_counts_where_the_record_states_the_same_words() -> None:
    course = Course(
        [fact("diagnosis", "b_all", detail={"text": "B-ALL, Ph-positive"})],
        parse("2026-03-16T12:00Z"),
    )
    assert finding("condition", course, conditions=["B-ALL, Ph-positive"]).answer is Answer.yes


def test_every_diagnosis_of_the_table_is_one_of_the_vocabulary() -> None:
    named = {each for entry in known_terms().values() for each in entry.members | entry.unsure}
    assert named <= set(diagnoses())


@pytest.mark.parametrize("name", sorted(set(diagnoses()) - OPEN))
def test_every_diagnosis_is_taken_in_by_its_own_name(name: str) -> None:
    assert takes_in(diagnoses()[name].label, name) is Answer.yes


@pytest.mark.parametrize("name", [name for name, each in diagnoses().items() if "lymphoma" in each.label.casefold()])
def test_a_trial_in_lymphoma_is_never_ruled_out_for_a_lymphoma(name: str) -> None:
    """A diagnosis that the vocabulary gains is in the table's group, or at least not sure."""
    assert takes_in("Lymphoma", name) is not Answer.no
    assert takes_in("Hematologic malignancy", name) is not Answer.no


def test_an_unmatched_condition_says_so_in_words() -> None:
    assert "not known here" in finding("condition", woman(), conditions=["Covid19"]).because


@pytest.mark.parametrize(
    ("status", "taken", "answer"),
    [
        ("RECRUITING", "2026-03-02", "yes"),
        ("RECRUITING", "2021-03-02", "unknown"),  # five years old: it may have closed
        ("RECRUITING", "", "unknown"),  # the copy bears no day
        ("NOT_YET_RECRUITING", "2026-03-02", "no"),
        ("NOT_YET_RECRUITING", "2021-03-02", "unknown"),  # it may have opened
        ("SUSPENDED", "2026-03-02", "no"),
        ("ENROLLING_BY_INVITATION", "2026-03-02", "unknown"),
        ("ACTIVE_NOT_RECRUITING", "2021-03-02", "no"),
        ("COMPLETED", "", "no"),
        ("Something new", "2026-03-02", "unknown"),
        ("", "2026-03-02", "unknown"),
    ],
)
def test_recruiting_counts_as_of_the_day_of_the_copy(status: str, taken: str, answer: str) -> None:
    assert finding("status", woman(), status=status, taken=taken).answer == answer


def test_healthy_volunteers_are_no_bar_to_a_patient() -> None:
    assert finding("healthy_volunteers", woman(), healthyVolunteers=False).answer is Answer.yes
    assert finding("healthy_volunteers", woman(), healthyVolunteers=True).answer is Answer.yes
    assert finding("healthy_volunteers", nobody(), healthyVolunteers=False).answer is Answer.unknown


@pytest.mark.parametrize(
    ("lives", "sites", "answer"),
    [
        ("US", ["Belgium", "United States"], "yes"),
        ("EU", ["Belgium"], "yes"),
        ("Germany", ["Germany"], "yes"),
        ("Spain", ["Belgium"], "no"),
        ("UK", ["United Kingdom"], "yes"),
        ("", ["Belgium"], "unknown"),
    ],
)
def test_countries_of_sites_are_told_against_where_the_patient_lives(lives: str, sites: list[str], answer: str) -> None:
    home = fact("travel_time", value=40, unit="min", detail={"country": lives} if lives else {})
    assert finding("country", woman(58, "dlbcl", home), countries=sites).answer == answer
