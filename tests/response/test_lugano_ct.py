"""Lugano 2014 by CT. Cheson 2014, J Clin Oncol 32:3059, doi 10.1200/JCO.2013.54.8800, table 3."""

from __future__ import annotations

from decimal import Decimal

import pytest

from response.drawn import BASELINE_DAY, ct, last, levels

BEFORE = ct(BASELINE_DAY, ("N1", 4, 3), ("N2", 4, 2))  # sum of products 20 cm2
ONE = ct(BASELINE_DAY, ("N1", 4, 3))


@pytest.mark.parametrize(
    ("targets", "level"),
    [
        ([("N1", 3, 2), ("N2", 2, 2)], "PR"),  # exactly half: at least 50 %
        ([("N1", 3, 2), ("N2", 2.01, 2)], "SD"),  # a hair less than half
        ([("N1", 1.5, 1.5), ("N2", 1.5, 1)], "CR"),  # at most 1.5 cm
        ([("N1", 1.6, 1), ("N2", 1, 0.8)], "PR"),  # one node above 1.5 cm
        ([("N1", 4, 3), ("N2", 4, 2)], "SD"),
        ([("N1", "not_visible", 0), ("N2", "too_small", 0)], "CR"),
        ([("N1", "not_evaluable", 0), ("N2", 1, 1)], "NE"),
        ([("N1", 1, 1)], "NE"),  # a target that is not told of
    ],
)
def test_size_of_the_targets(targets: list[tuple[str, float, float]], level: str) -> None:
    assert last(BEFORE, ct(30, *targets)).level == level


def test_the_sum_and_its_change_are_not_rounded() -> None:
    found = last(BEFORE, ct(30, ("N1", 1.6, 1.0), ("N2", 1.0, 0.8)))
    assert (found.numbers["spd_cm2"], found.numbers["spd_change_pct"]) == (Decimal("2.4"), Decimal(-88))


def test_a_target_that_is_not_measured_is_named() -> None:
    assert last(BEFORE, ct(30, ("N1", 1, 1))).missing[-1] == "both diameters of N2"


@pytest.mark.parametrize(
    ("smallest", "now", "level"),
    [
        ((1.6, 1.0), (1.9, 1.3), "PR"),  # product +54 %, neither diameter by 0.5 cm
        ((2.0, 1.0), (2.1, 1.5), "PD"),  # the short axis by 0.5 cm
        ((2.0, 1.0), (2.5, 1.2), "PD"),  # exactly +50 %, exactly 0.5 cm
        ((2.0, 1.0), (2.5, 1.19), "PR"),  # just below +50 %
        ((2.1, 1.0), (2.7, 1.3), "PR"),  # above 2 cm 0.6 cm is not enough
        ((2.1, 1.0), (3.1, 1.1), "PD"),  # above 2 cm exactly 1.0 cm
        ((0.9, 0.9), (1.5, 1.5), "CR"),  # at most 1.5 cm is no progression
        ((0.9, 0.9), (1.6, 1.4), "PD"),
    ],
)
def test_a_node_progresses_by_all_three(smallest: tuple[float, float], now: tuple[float, float], level: str) -> None:
    assert last(ONE, ct(30, ("N1", *smallest)), ct(90, ("N1", *now))).level == level


def test_growth_is_measured_from_the_lowest_not_from_baseline() -> None:
    assert levels(ONE, ct(30, ("N1", 1.6, 1)), ct(60, ("N1", 2, 1.2)), ct(90, ("N1", 2.2, 1.4))) == ["PR", "PR", "PD"]


def test_which_side_of_two_centimeters_is_told_as_unconfirmed_only_where_it_decides() -> None:
    decided = last(ONE, ct(30, ("N1", 2.0, 1.0)), ct(90, ("N1", 2.1, 1.5)))
    either_way = last(ONE, ct(30, ("N1", 2.0, 1.0)), ct(90, ("N1", 3.2, 1.5)))
    assert (decided.confirmed, either_way.confirmed) == (False, True)


@pytest.mark.parametrize(
    ("site", "size", "choice", "level", "flagged"),
    [
        ("node", 1.6, "unequivocal", "PD", False),
        ("node", 1.6, "indeterminate", "PD", True),
        ("node", 1.5, "unequivocal", "PR", True),  # a node must be above 1.5 cm
        ("extranodal", 1.1, "indeterminate", "PD", True),
        ("extranodal", 1.0, "indeterminate", "PR", True),
        ("extranodal", 0.9, "unequivocal", "PD", False),
        ("extranodal", 3.0, "not_disease", "PR", False),
    ],
)
def test_new_lesions(site: str, size: float, choice: str, level: str, flagged: bool) -> None:
    new = {"choice": choice, "about": "new", "detail": {"size": size, "site": site}}
    found = last(BEFORE, ct(30, ("N1", 2, 2), ("N2", 2, 1), new_lesion=new))
    assert (found.level, "review_new_lesion" in found.flags) == (level, flagged)


def test_any_axis_of_a_new_lesion_counts() -> None:
    new = {"choice": "indeterminate", "detail": {"size": 1.2, "short_axis": 1.7, "site": "node"}}
    assert last(BEFORE, ct(30, ("N1", 2, 2), ("N2", 2, 1), new_lesion=new)).level == "PD"


def test_a_new_lesion_without_a_site_is_open_where_the_site_decides() -> None:
    new = {"choice": "indeterminate", "detail": {"size": 1.2}}
    found = last(BEFORE, ct(30, ("N1", 2, 2), ("N2", 2, 1), new_lesion=new))
    assert (found.level, found.candidates) == ("NE", ("PD", "PR"))


@pytest.mark.parametrize(("choice", "level"), [("disease", "PD"), ("no_disease", "PR")])
def test_a_biopsy_says_what_a_new_lesion_is(choice: str, level: str) -> None:
    new = {"choice": "indeterminate", "about": "new", "detail": {"size": 1.4, "site": "node"}}
    biopsied = ct(30, ("N1", 2, 2), ("N2", 2, 1), new_lesion=new, biopsy={"choice": choice, "about": "new"})
    assert last(BEFORE, biopsied).level == level


def test_a_lesion_that_had_gone_and_is_back_is_progression() -> None:
    assert last(ONE, ct(30, ("N1", "not_visible", 0)), ct(90, ("N1", 1.6, 1))).level == "PD"
    small = last(ONE, ct(30, ("N1", "not_visible", 0)), ct(90, ("N1", 0.8, 0.6)))
    assert (small.level, small.candidates) == ("PD", ("PD", "CR"))  # at any size, says the text; a normal node, too


@pytest.mark.parametrize(
    ("first", "now", "level", "candidates"),
    [
        (15, 16.0, "SD", ()),  # the excess of 2 cm must rise by more than half
        (15, 16.1, "PD", ()),
        (15, 14.0, "SD", ()),  # half of the excess is not more than half
        (15, 13.9, "PR", ()),
        (11, 13.1, "PD", ()),  # by 2 cm, and enlarged
        (10.5, 12.5, "NE", ("PD", "PR")),  # by 2 cm, and not enlarged: readers differ
        (12, 13.5, "PD", ("PD", "PR")),  # enlarged anew, by less than 2 cm
        (12, 13.0, "PR", ()),
    ],
)
def test_the_spleen(first: float, now: float, level: str, candidates: tuple[str, ...]) -> None:
    found = last(ct(BASELINE_DAY, ("N1", 4, 3), spleen_length=first), ct(30, ("N1", 2, 1.5), spleen_length=now))
    assert (found.level, found.candidates) == (level, candidates)


@pytest.mark.parametrize(
    ("others", "level"), [("progressed", "PD"), ("regressed", "PR"), ("normal", "CR"), ("not_evaluable", "NE")]
)
def test_disease_outside_the_targets(others: str, level: str) -> None:
    first = ct(BASELINE_DAY, ("N1", 4, 3), non_target_disease="stable")
    assert last(first, ct(30, ("N1", 1, 1), non_target_disease=others)).level == level


@pytest.mark.parametrize(("policy", "level"), [("partial", "PR"), ("stable", "SD")])
def test_what_is_merely_as_before_outside_the_targets_is_for_the_center(policy: str, level: str) -> None:
    first = ct(BASELINE_DAY, ("N1", 4, 3), non_target_disease="stable")
    found = last(first, ct(30, ("N1", 1, 1), non_target_disease="stable"), stable_non_target=policy)
    assert (found.level, found.policies) == (level, ("response_stable_non_target",))


@pytest.mark.parametrize(
    ("now", "level"),
    [
        ("negative", "CR"),
        ("indeterminate_negative", "CR"),
        ("indeterminate", "PR"),  # immunohistochemistry is asked for
        ("not_done", "PR"),  # involved before and not taken again
        ("involved", "PR"),
    ],
)
def test_a_marrow_that_was_involved(now: str, level: str) -> None:
    first = ct(BASELINE_DAY, ("N1", 4, 3), marrow_finding="involved")
    assert last(first, ct(30, ("N1", 1, 1), marrow_finding=now)).level == level


def test_a_marrow_that_was_clear_and_is_involved_is_progression() -> None:
    assert last(ONE, ct(30, ("N1", 1, 1), marrow_finding="involved")).level == "PD"


def test_a_marrow_taken_later_reads_the_scan_before_again() -> None:
    first = ct(BASELINE_DAY, ("N1", 4, 3), marrow_finding="involved")
    later = ct(33, marrow_finding="negative")[-1:]
    assert levels(first, ct(30, ("N1", 1, 1)), later) == ["PR", "CR"]


def test_an_extranodal_target_must_be_gone() -> None:
    first = ct(BASELINE_DAY, ("N1", 3, 2), ("E1", 2, 2))
    assert last(first, ct(90, ("N1", 1.2, 1), ("E1", 0.8, 0.7))).level == "PR"
    assert last(first, ct(90, ("N1", 1.2, 1), ("E1", "not_visible", 0))).level == "CR"


def test_missing_is_never_normal() -> None:
    """Without the spleen, complete response cannot be said; partial response can."""
    scanned = [fact for fact in ct(30, ("N1", 1, 1)) if fact.what != "spleen_length"]
    found = last(ONE, scanned)
    assert (found.level, found.missing) == ("PR", ("the length of the spleen",))


def test_without_a_baseline_nothing_can_be_said_but_progression() -> None:
    new = {"choice": "unequivocal", "detail": {"size": 2.0, "site": "node"}}
    assert last(ct(30, ("N1", 1, 1))).level == "NE"
    assert last(ct(30, ("N1", 1, 1), new_lesion=new)).level == "PD"


def test_more_than_six_targets_are_flagged_and_the_six_largest_count() -> None:
    many = [(f"N{number}", 2 + number, 2.0) for number in range(7)]
    found = last(ct(BASELINE_DAY, *many), ct(30, *many))
    assert found.numbers["spd_cm2"] == sum((2 + number) * 2 for number in range(1, 7))
    assert "more_than_six_targets" in found.flags


def test_a_lesion_that_nobody_called_new_is_flagged() -> None:
    found = last(ONE, ct(30, ("N1", 1, 1), ("N9", 2, 2)))
    assert "lesion_not_at_baseline" in found.flags
