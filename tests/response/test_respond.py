"""Which guideline reads a course, what belongs together, what the baseline is."""

from __future__ import annotations

from typing import Any

import pytest

from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import load_policies, policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import Choices, Response, choices_of, respond
from cartway.response.relapse import NOT_TESTED
from response.drawn import BASELINE_DAY, answer, course, ct, day, infusion, levels, pet, scan

BEFORE = ct(BASELINE_DAY, ("N1", 4, 3))


def of_disease(disease: str, **choices: Any) -> str:
    """The criteria, or the problem's code, for a diagnosis."""
    found = respond(
        course(begin=[Fact("a", day(-9), "diagnosis", choice=disease), *infusion()[1:]]), Choices(**choices)
    )
    return found.criteria if isinstance(found, Response) else found.code


@pytest.mark.parametrize(
    ("disease", "criteria"),
    [
        ("dlbcl", "lugano_2014"),
        ("richter", "lugano_2014"),
        ("follicular_lymphoma", "lugano_2014"),
        ("marginal_zone_lymphoma", "lugano_2014"),
        ("multiple_myeloma", "imwg_2016"),
        ("b_all", "all"),
        ("cll", "iwcll_2018"),
        ("gastric_cancer", "no_criteria"),
    ],
)
def test_the_disease_chooses_the_guideline(disease: str, criteria: str) -> None:
    assert of_disease(disease) == criteria


def test_lyric_is_declared_and_only_for_lymphoma() -> None:
    assert of_disease("dlbcl", lymphoma_criteria="lyric_2016") == "lyric_2016"
    assert of_disease("b_all", lymphoma_criteria="lyric_2016") == "all"


def test_what_was_charted_goes_before_the_disease_and_what_is_asked_before_both() -> None:
    charted = [Fact("a", day(-3), "response_criteria", choice="lyric_2016")]
    assert answer(charted).criteria == "lyric_2016"
    assert answer(charted, criteria="lugano_2014").criteria == "lugano_2014"


def test_problems_are_values() -> None:
    unknown, uninfused = respond(course(), Choices(), "recist"), respond(Course(infusion()[:2], day(9)), Choices())
    assert isinstance(unknown, Problem) and unknown.code == "unknown_criteria"
    assert isinstance(uninfused, Problem) and uninfused.code == "no_infusion"


def test_the_baseline_is_the_last_before_lymphodepletion() -> None:
    """After bridging the disease is measured again; a scan during lymphodepletion is not compared with."""
    early, bridged = ct(-40, ("N1", 6, 5), ("N2", 3, 3)), ct(-6, ("N1", 4, 3))
    found = answer(early, bridged, ct(-2, ("N1", 1, 1)), ct(30, ("N1", 3, 2)))
    assert (found.levels[0].level, found.baseline_at, found.flags) == ("PR", day(-6), ())


def test_a_baseline_after_lymphodepletion_is_better_than_none_and_flagged() -> None:
    found = answer(ct(-2, ("N1", 4, 3)), ct(30, ("N1", 3, 2)))
    assert (found.levels[0].level, found.flags) == ("PR", ("baseline_after_lymphodepletion",))


def test_facts_of_one_event_or_of_one_day_are_one_assessment() -> None:
    over_two_days = [*scan(30, ("N1", 2, 2), event="e1"), *scan(31, event="e1", non_target_disease="absent")]
    unnamed = [Fact("a", fact.at, fact.what, fact.value, choice=fact.choice) for fact in pet(60, 2)]
    assert levels(BEFORE, over_two_days, unnamed) == ["PR", "CR"]


def test_blood_counts_alone_are_no_assessment() -> None:
    assert levels(BEFORE, [Fact("a", day(9), "spleen_length", 11.0)], pet(30, 2)) == ["CR"]


def test_a_second_infusion_is_flagged_but_not_the_second_part_of_a_dose() -> None:
    again = Fact("a", day(100), "infusion", choice="axicabtagene_ciloleucel")
    part = Fact("a", day(10), "infusion", choice="obecabtagene_autoleucel", detail={"part": 2})
    assert (answer([again]).flags, answer([part]).flags) == (("infused_again",), ())


@pytest.mark.parametrize(
    ("product", "after", "flags"),
    [
        ("axicabtagene_ciloleucel", 0.03, ()),  # its second component or bag, 40 minutes later
        ("axicabtagene_ciloleucel", 1, ("infused_again",)),
        ("tisagenlecleucel", 0.03, ("infused_again",)),
    ],
)
def test_two_components_of_one_product_are_one_dose(product: str, after: float, flags: tuple[str, ...]) -> None:
    assert answer([Fact("a", day(after), "infusion", choice=product, detail={"component": "CD4"})]).flags == flags


def test_levels_after_new_therapy_are_flagged() -> None:
    therapy = [Fact("a", day(40), "next_therapy")]
    found = answer(pet(-7, 5), pet(30, 4, "no_significant_change"), therapy, pet(90, 2))
    assert [("after_new_therapy" in level.flags) for level in found.levels] == [False, True]
    assert found.best == "SD"


def test_what_was_amended_is_read_as_amended() -> None:
    wrong = Fact("a", day(30), "deauville_score", 4.0, source="pacs", key="1")
    right = Fact("a", day(30), "deauville_score", 2.0, source="pacs", key="2", amends="1", reason="read again")
    assert levels(pet(-7, 5), [wrong, right]) == ["CR"]


@pytest.mark.parametrize(
    ("found_at_relapse", "kind"),
    [
        ([], NOT_TESTED),
        ([("antigen_expression", "negative", {})], "antigen_negative"),
        ([("antigen_expression", "dim", {})], "antigen_negative"),
        ([("antigen_expression", "positive", {})], "antigen_positive"),
        ([("antigen_expression", "", {"percent": 49.9})], "antigen_negative"),
        ([("antigen_expression", "", {"percent": 50})], "antigen_positive"),
        ([("antigen_expression", "negative", {"antigen": "CD22"})], NOT_TESTED),  # not what the product looks for
        ([("antigen_expression", "negative", {}), ("immunophenotype", "myeloid", {})], "lineage_switch"),
        ([("immunophenotype", "b_lymphoid", {})], NOT_TESTED),
    ],
)
def test_the_kind_of_relapse(found_at_relapse: list[tuple[str, str, dict[str, object]]], kind: str) -> None:
    tested = [Fact("a", day(182), what, choice=choice, detail=detail) for what, choice, detail in found_at_relapse]
    found = answer(pet(-7, 5), pet(30, 2), pet(181, 5, "increased"), tested)
    assert found.relapse == kind
    assert found.relapse_because


def test_a_test_before_the_last_good_scan_says_nothing_of_the_relapse() -> None:
    early = [Fact("a", day(-20), "antigen_expression", choice="positive", about="CD19")]
    assert answer(early, pet(-7, 5), pet(30, 2), pet(181, 5, "increased")).relapse == NOT_TESTED


def test_without_progression_there_is_no_kind() -> None:
    assert answer(pet(-7, 5), pet(30, 2)).relapse == ""


def test_the_center_sets_what_is_open() -> None:
    center = Course([Fact(CENTER, day(0), "center_policy", 20.0, about="response_b_cell_aplasia_per_ul")], day(9))
    assert choices_of(load_policies()) == Choices()
    assert choices_of(policies_of(center)).b_cell_aplasia_per_ul == 20
