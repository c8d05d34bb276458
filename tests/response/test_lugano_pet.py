"""Lugano 2014 by PET-CT, and PET and CT together. Cheson 2014, doi 10.1200/JCO.2013.54.8800."""

from __future__ import annotations

from typing import Any

import pytest

from response.drawn import BASELINE_DAY, answer, ct, day, last, levels, pet, scan

BEFORE = pet(BASELINE_DAY, 5)


@pytest.mark.parametrize(
    ("score", "change", "level", "metabolic"),
    [
        (1, "reduced", "CR", "CMR"),
        (3, "reduced", "CR", "CMR"),
        (3, "", "CR", "CMR"),  # up to the liver is complete, whatever it was before
        (4, "reduced", "PR", "PMR"),
        (5, "reduced", "PR", "PMR"),  # a score of 5 is no progression by itself
        (4, "no_significant_change", "SD", "NMR"),
        (4, "increased", "PD", "PMD"),
        (5, "increased", "PD", "PMD"),
    ],
)
def test_score_and_uptake(score: int, change: str, level: str, metabolic: str) -> None:
    found = last(BEFORE, pet(30, score, change))
    assert (found.level, found.labels["metabolic"]) == (level, metabolic)


def test_a_high_score_without_a_comparison_is_open() -> None:
    found = last(BEFORE, pet(30, 4))
    assert (found.level, found.candidates) == ("NE", ("PD", "PR", "SD"))
    assert found.missing == ("uptake compared with baseline",)


def test_the_worst_site_counts_and_an_x_never() -> None:
    scores = [{"value": 2.0, "about": "neck"}, {"value": 4.0, "about": "groin"}, {"choice": "x", "about": "lung"}]
    assert last(BEFORE, pet(30, change="reduced", deauville_score=scores)).level == "PR"
    assert last(BEFORE, pet(30, change="reduced", deauville_score=[scores[0], scores[2]])).level == "CR"


@pytest.mark.parametrize(("around", "level"), [("not_greater", "CR"), ("greater", "PR")])
def test_sites_that_are_bright_in_health(around: str, level: str) -> None:
    score = {"value": 4.0, "detail": {"site": "waldeyer_ring"}}
    found = last(BEFORE, pet(90, change="reduced", deauville_score=score, physiologic_uptake=around))
    assert (found.level, "physiologic_site_rule" in found.flags) == (level, level == "CR")


def test_a_bright_site_that_nobody_compared_is_open() -> None:
    score = {"value": 4.0, "detail": {"site": "gut"}}
    assert last(BEFORE, pet(90, change="reduced", deauville_score=score)).candidates == ("CR", "PR")


@pytest.mark.parametrize(
    ("choice", "biopsy", "level"),
    [
        ("unequivocal", "", "PD"),
        ("indeterminate", "", "CR"),
        ("indeterminate", "disease", "PD"),
        ("unequivocal", "no_disease", "CR"),
        ("not_disease", "", "CR"),
    ],
)
def test_new_foci(choice: str, biopsy: str, level: str) -> None:
    focus = {"choice": choice, "about": "axilla", "detail": {"fdg": True}}
    told: dict[str, Any] = {"biopsy": {"choice": biopsy, "about": "axilla"}} if biopsy else {}
    found = last(BEFORE, pet(90, 2, new_lesion=focus, **told))
    assert found.level == level
    assert ("review_new_lesion" in found.flags) == (choice == "indeterminate" and not biopsy)


@pytest.mark.parametrize(
    ("marrow", "score", "level"),
    [
        ("diffuse", 2, "CR"),  # as after growth factor
        ("persistent_focal", 2, "PR"),
        ("new_focal", 2, "PD"),
        ("reduced", 4, "PR"),
        ("persistent_focal", 4, "PR"),
        ("unchanged", 4, "SD"),
    ],
)
def test_marrow_on_pet(marrow: str, score: int, level: str) -> None:
    found = last(BEFORE, pet(30, score, "reduced", pet_marrow=marrow))
    assert found.level == level
    assert ("review_marrow" in found.flags) == (marrow in ("persistent_focal", "unchanged"))


def test_a_residual_mass_of_any_size_is_allowed() -> None:
    assert last(BEFORE, pet(90, 3, residual_mass=5.0)).level == "CR"


BOTH_BEFORE = ct(BASELINE_DAY, ("N1", 4, 3), imaging="pet_ct", deauville_score=5, pet_marrow="negative")


def both(number: float, score: float, change: str, *targets: tuple[str, float, float], **told: Any) -> list[Any]:
    """A PET-CT whose CT part was measured too."""
    return ct(number, *targets, imaging="pet_ct", deauville_score=score, uptake_change=change,
              pet_marrow="negative", **told)  # fmt: skip


@pytest.mark.parametrize(
    ("score", "change", "size", "level"),
    [
        (2, "reduced", (2.5, 2), "CR"),  # complete by PET, partial by CT
        (4, "reduced", (1, 1), "PR"),  # partial by PET, complete by CT
        (4, "no_significant_change", (2, 1), "SD"),
        (4, "no_significant_change", (5, 4), "PD"),  # progression by CT beats no response by PET
    ],
)
def test_pet_leads(score: int, change: str, size: tuple[float, float], level: str) -> None:
    assert last(BOTH_BEFORE, both(30, score, change, ("N1", *size))).level == level


def test_progression_by_ct_beside_a_metabolic_response_is_open() -> None:
    found = last(BOTH_BEFORE, both(30, 2, "reduced", ("N1", 5, 4)))
    assert (found.level, found.candidates, "pet_ct_disagree" in found.flags) == ("CR", ("CR", "PD"), True)


def test_variably_avid_disease_goes_by_ct() -> None:
    first = [*BOTH_BEFORE, *scan(BASELINE_DAY, fdg_avid="no")]
    assert last(first, both(30, 2, "reduced", ("N1", 2.5, 2))).level == "PR"


NOT_EVALUABLE = {"choice": "pet_ct", "detail": {"not_evaluable": True}}


@pytest.mark.parametrize(("size", "level"), [((2, 1), "PR"), ((5, 4), "PD")])
def test_pet_not_evaluable_goes_by_ct(size: tuple[float, float], level: str) -> None:
    assert last(BOTH_BEFORE, ct(30, ("N1", *size), imaging=NOT_EVALUABLE)).level == level


@pytest.mark.parametrize(("policy", "level"), [("carry", "CR"), ("ct", "PR")])
def test_an_earlier_pet_is_carried_forward_by_policy(policy: str, level: str) -> None:
    first = both(30, 2, "reduced", ("N1", 2.5, 2))
    found = last(BOTH_BEFORE, first, ct(90, ("N1", 2.5, 2), imaging=NOT_EVALUABLE), pet_not_evaluable=policy)
    assert (found.level, found.candidates[0], len(found.candidates)) == (level, level, 2)
    assert "response_pet_not_evaluable" in found.policies


def read(number: float, **parts: str) -> list[Any]:
    """What a reader concluded, by part."""
    return scan(number, response_read=[{"choice": choice, "about": part} for part, choice in parts.items()])


@pytest.mark.parametrize(
    ("by_pet", "by_ct", "level"),
    [
        ("not_evaluable", "progressive", "PD"),
        ("not_evaluable", "not_evaluable", "NE"),
        ("not_evaluable", "partial", "PR"),
        ("complete", "partial", "CR"),
        ("partial", "complete", "PR"),
        ("progressive", "complete", "PD"),
        ("stable", "progressive", "PD"),
    ],
)
def test_what_a_reader_concluded_stands_for_parts_that_nobody_measured(by_pet: str, by_ct: str, level: str) -> None:
    found = last(BEFORE, read(30, pet=by_pet, ct=by_ct))
    assert (found.level, "read_not_measured" in found.flags) == (level, True)


def test_an_overall_conclusion_is_never_taken_for_a_measurement() -> None:
    found = last(BEFORE, scan(30, imaging="pet_ct", response_read="complete"))
    assert (found.level, found.missing) == ("NE", ("Deauville score",))


def test_partial_deepens_to_complete_and_relapses() -> None:
    focus = {"choice": "unequivocal", "about": "axilla", "detail": {"fdg": True}}
    again = pet(181, 5, "increased", new_lesion=focus)
    found = answer(BEFORE, pet(30, 4, "reduced"), pet(90, 2, "reduced"), again)
    assert [level.level for level in found.levels] == ["PR", "CR", "PD"]
    assert found.levels[-1].labels["after_cr"] == "RD"  # after complete response it is called relapse
    assert (found.best, found.first_response_at, found.first_complete_at) == ("CR", day(30), day(90))
    assert found.progression_at == day(181)


def test_a_biopsy_after_complete_response_is_relapse() -> None:
    positive = scan(200, biopsy={"choice": "disease", "about": "inguinal node"})
    assert levels(BEFORE, pet(90, 2, "reduced"), positive) == ["CR", "PD"]


def test_ct_alone_after_a_complete_pet_is_flagged() -> None:
    found = last(BOTH_BEFORE, both(30, 2, "reduced", ("N1", 2.5, 2)), ct(180, ("N1", 2.5, 2)))
    assert (found.level, "ct_after_complete_metabolic_response" in found.flags) == ("PR", True)


def test_a_pet_without_a_score_goes_by_ct_and_says_so() -> None:
    found = last(BOTH_BEFORE, ct(30, ("N1", 2, 1), imaging="pet_ct", uptake_change="reduced"))
    assert (found.level, found.missing) == ("PR", ("Deauville score",))


def test_new_uptake_that_is_unlikely_to_be_lymphoma_says_nothing_of_the_lymphoma() -> None:
    found = last(BEFORE, pet(30, "x"))
    assert (found.level, found.flags, found.missing) == ("NE", ("only_score_x",), ("Deauville score",))
