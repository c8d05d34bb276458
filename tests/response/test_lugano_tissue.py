"""Lugano 2014 with a microscope: no complete response beside lymphoma in tissue.

Cheson 2014, doi 10.1200/JCO.2013.54.8800.
"""

from __future__ import annotations

from typing import Any

import pytest

from cartway.record import Fact
from response.drawn import BASELINE_DAY, answer, ct, last, levels, pet, scan

BEFORE = ct(BASELINE_DAY, ("N1", 4, 3), ("N2", 2, 2), imaging="pet_ct", deauville_score=5, pet_marrow="negative")
INVOLVED = ct(BASELINE_DAY, ("N1", 4, 3), imaging="pet_ct", deauville_score=5, marrow_finding="involved")
OPEN = ("CR", "PR", "PD")
OF_N1 = {"choice": "disease", "about": "N1"}


@pytest.mark.parametrize(
    ("told", "flag"),
    [
        ({"marrow_finding": "involved"}, "marrow_involved_beside_cr"),
        ({"biopsy": OF_N1}, "biopsy_beside_cr"),
        ({"biopsy": "disease"}, "biopsy_beside_cr"),
        ({"biopsy": {"choice": "transformed", "about": "N2"}}, "biopsy_beside_cr"),
    ],
)
def test_no_complete_response_beside_lymphoma_in_tissue(told: dict[str, Any], flag: str) -> None:
    found = answer(BEFORE, pet(30, 2, **told))
    assert (found.levels[0].level, found.levels[0].candidates, found.levels[0].confirmed) == ("NE", OPEN, False)
    assert flag in found.levels[0].flags
    assert found.levels[0].labels["metabolic"] == "CMR"  # what PET by itself gave is still told
    assert (found.best, found.best_confirmed, found.first_complete_at) == ("NE", "NE", None)


@pytest.mark.parametrize("told", [{"marrow_finding": "involved"}, {"biopsy": OF_N1}])
def test_tissue_taken_days_later_withdraws_the_complete_response_of_its_scan(told: dict[str, Any]) -> None:
    found = answer(BEFORE, pet(30, 2), scan(33, **told))
    assert [(level.level, level.candidates) for level in found.levels] == [("NE", OPEN), ("NE", OPEN)]
    assert (found.best, found.first_response_at, found.first_complete_at) == ("NE", None, None)
    assert found.levels[0].because[-1].startswith("Lymphoma was found in tissue of day 33")


def test_complete_by_ct_is_no_more_complete_than_by_pet() -> None:
    found = last(ct(BASELINE_DAY, ("N1", 4, 3)), ct(30, ("N1", 1, 1), biopsy=OF_N1))
    assert (found.level, found.candidates) == ("NE", OPEN)


def test_a_marrow_that_was_never_clear_is_no_progression() -> None:
    found = last(INVOLVED, pet(30, 2, marrow_finding="involved"))
    assert (found.level, found.candidates) == ("NE", ("CR", "PR"))


@pytest.mark.parametrize(("number", "first"), [(114, "NE"), (115, "CR")])  # 12 weeks after the scan of day 30
def test_a_scan_of_long_ago_stays_complete(number: int, first: str) -> None:
    assert levels(BEFORE, pet(30, 2), scan(number, biopsy=OF_N1)) == [first, "NE"]


def test_a_marrow_involved_anew_after_another_complete_scan_is_relapse() -> None:
    found = answer(BEFORE, pet(30, 2), pet(90, 2), scan(92, marrow_finding="involved"))
    assert [level.level for level in found.levels] == ["CR", "CR", "PD"]
    assert (found.levels[-1].labels["after_cr"], found.best) == ("RD", "CR")


@pytest.mark.parametrize(("now", "level"), [("", "NE"), ("involved", "NE"), ("negative", "CR")])
def test_what_a_complete_scan_did_not_show_is_to_be_looked_for_again(now: str, level: str) -> None:
    more = {"marrow_finding": now} if now else {}
    assert levels(BEFORE, pet(30, 2, marrow_finding="involved"), pet(90, 2, **more)) == ["NE", level]


def test_a_repeated_marrow_that_is_clear_lets_the_complete_response_stand() -> None:
    parts: list[list[Fact]] = [pet(30, 2), scan(33, marrow_finding="involved"), scan(40, marrow_finding="negative")]
    found = answer(BEFORE, *parts)
    assert ([level.level for level in found.levels], found.best) == (["CR", "NE", "CR"], "CR")


@pytest.mark.parametrize(
    ("score", "change", "level", "candidates"),
    [(4, "reduced", "PR", ("PR", "PD")), (4, "no_significant_change", "PD", ())],
)
def test_a_marrow_involved_anew_beside_less_than_complete(
    score: int, change: str, level: str, candidates: tuple[str, ...]
) -> None:
    found = last(BEFORE, pet(30, score, change, marrow_finding="involved"))
    assert (found.level, found.candidates) == (level, candidates)


def test_a_biopsy_with_another_cancer_says_so() -> None:
    found = last(BEFORE, pet(30, 2, biopsy={"choice": "other_cancer", "about": "lung"}))
    assert found.level == "CR"
    assert "The biopsy of lung found another cancer, and no lymphoma." in found.because
