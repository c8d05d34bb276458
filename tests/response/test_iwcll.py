"""CLL by iwCLL 2018: Hallek 2018, doi 10.1182/blood-2017-09-806398, table of response definitions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from cartway.record import Fact
from cartway.response import Response
from response.drawn import day
from response.marked import answer, visit

SICK: dict[str, Any] = {
    "node": 4.0, "nodes": 40.0, "spleen": 16.0, "liver": "normal", "symptoms": "yes", "lymph": 50.0, "plt": 60,
    "hb": 9.5, "finding": {"choice": "involved", "detail": {"percent": 70}},
}  # fmt: skip
WELL: dict[str, Any] = {
    "node": 1.4, "nodes": 2.0, "spleen": 12.9, "liver": "normal", "symptoms": "no", "lymph": 3.9, "plt": 100,
    "hb": 11.0, "finding": {"choice": "negative", "detail": {"cellularity": "normocellular"}}, "free": "yes",
}  # fmt: skip
AS_BEFORE: dict[str, Any] = {**SICK, "nodes": 39.0, "finding": "not_done", "free": "yes"}
HALF: dict[str, Any] = {**AS_BEFORE, "node": 2.5, "nodes": 20.0, "spleen": 14.5, "lymph": 25.0, "plt": 90, "hb": 10.0}


def cll(*visits: list[Fact], before: dict[str, Any] = SICK, **kept: Any) -> Response:
    """The response of a CLL with a baseline."""
    return answer("cll", visit(-10, **before), *visits, **kept)


def level(usual: dict[str, Any], at: float = 90, **change: Any) -> str:
    """The level of one visit, changed from a usual one."""
    return cll(visit(at, **{**usual, **change})).levels[0].level


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "CR"),  # every row at its limit
        ({"node": 1.5}, "PR"),  # none of 1.5 cm or more
        ({"spleen": 13.0}, "PR"),  # below 13 cm
        ({"liver": "enlarged"}, "PR"),
        ({"symptoms": "yes"}, "PR"),
        ({"lymph": 4.0}, "PR"),
        ({"finding": "not_done"}, "PR"),  # a complete response needs the marrow
        ({"finding": "nodules"}, "PR"),
        ({"finding": {"choice": "negative", "detail": {"cellularity": "hypocellular"}}}, "CRi"),
        ({"hb": 10.9, "disease_sign": "treatment"}, "CRi"),
        ({"plt": 99, "disease_sign": "treatment"}, "CRi"),
        ({"hb": 10.9, "disease_sign": "anemia"}, "PR"),  # low from the CLL
    ],
)
def test_a_complete_response_needs_every_row(change: dict[str, Any], expected: str) -> None:
    assert level(WELL, **change) == expected


def test_nodules_alone_make_a_nodular_partial_response() -> None:
    assert cll(visit(90, **{**WELL, "finding": "nodules"})).levels[0].flags == ("nPR",)


def test_low_counts_of_which_nobody_said_why_leave_two_levels() -> None:
    found = cll(visit(90, **{**WELL, "hb": 10.2})).levels[0]
    assert (found.level, found.candidates, found.flags) == ("CRi", ("CRi", "PR"), ("cytopenia_to_attribute",))


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "PR"),
        ({"nodes": 20.1, "lymph": 25.1}, "SD"),  # one of group A is not enough
        ({"nodes": 20.1}, "PR"),  # spleen and lymphocytes are two
        ({"spleen": 14.6, "lymph": 25.1}, "SD"),  # half of what it was beyond 13 cm
        ({"plt": 89, "hb": 10.0}, "SD"),  # group B: 100, or half as many again
        ({"plt": 60, "hb": 11.0}, "PR"),
        ({"symptoms": "yes"}, "PR"),  # any
    ],
)
def test_a_partial_response_needs_two_of_group_a_and_one_of_b(change: dict[str, Any], expected: str) -> None:
    assert level(HALF, **change) == expected


def test_only_what_was_abnormal_before_has_to_improve() -> None:
    before = {**SICK, "spleen": 11.0, "lymph": 2.0, "plt": 200, "hb": 14.0}
    now = {**HALF, "spleen": 11.0, "lymph": 2.0, "plt": 200, "hb": 14.0}
    assert cll(visit(90, **now), before=before).levels[0].level == "PR"
    assert cll(visit(90, **{**now, "nodes": 21.0}), before=before).levels[0].level == "SD"


# ---- progression


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"nodes": 60.0}, "PD"),  # at least 50 % more
        ({"nodes": 59.9}, "SD"),
        ({"spleen": 17.5}, "PD"),  # half of its excess more
        ({"spleen": 17.4}, "SD"),
        ({"lymph": 90.0, "cll_share": 95}, "PD"),
        ({"hb": 7.5, "disease_sign": "anemia"}, "PD"),  # 2 g/dL lower, from the CLL
        ({"hb": 7.6, "disease_sign": "anemia"}, "SD"),
        ({"hb": 7.5, "disease_sign": "treatment"}, "SD"),
        ({"plt": 30, "disease_sign": "thrombocytopenia"}, "PD"),
        ({"plt": 31, "disease_sign": "thrombocytopenia"}, "SD"),
        ({"finding": {"choice": "involved", "detail": {"percent": 100}}}, "SD"),  # 43 % more
        ({"biopsy": "transformed"}, "PD"),
        ({"symptoms": "yes"}, "SD"),  # never by symptoms alone
    ],
)
def test_progression(change: dict[str, Any], expected: str) -> None:
    assert level(AS_BEFORE, **change) == expected


def test_a_rise_of_car_t_cells_is_no_progression_and_untyped_ones_are_open() -> None:
    typed = cll(visit(10, **{**AS_BEFORE, "lymph": 90.0}, cll_share=0, car_t_share=85)).levels[0]
    assert (typed.level, typed.flags, typed.candidates) == ("SD", ("not_CLL_lymphocytes",), ())
    untyped = cll(visit(10, **{**AS_BEFORE, "lymph": 90.0})).levels[0]
    assert (untyped.level, untyped.flags, untyped.candidates) == ("SD", ("type_lymphocytes",), ("PD", "SD"))


def test_growth_is_measured_from_the_best_response() -> None:
    found = cll(visit(60, **{**HALF, "nodes": 10.0}), visit(150, **{**HALF, "nodes": 15.0}))
    assert [each.level for each in found.levels] == ["PR", "PD"]
    assert found.progression_at == day(150)


def test_a_new_node_of_one_and_a_half_centimeters() -> None:
    def new(size: float) -> dict[str, Any]:
        return {"choice": "unequivocal", "about": "new", "detail": {"size": size, "site": "node"}}

    assert level(HALF, new_lesion=new(1.5)) == "PD"
    small = cll(visit(90, **HALF, new_lesion=new(1.4))).levels[0]
    assert (small.level, small.flags, small.candidates) == ("PR", ("review_new_lesion",), ("PD", "PR"))


def test_after_transformation_the_lymphoma_is_read_by_lugano() -> None:
    found = cll(visit(120, **{**HALF, "nodes": 45.0}, biopsy="transformed")).levels[0]
    assert (found.level, found.labels["next_criteria"]) == ("PD", "lugano_2014")


def test_nodes_measured_one_by_one_are_summed() -> None:
    def nodes(*sizes: tuple[float, float]) -> list[dict[str, Any]]:
        return [
            {"value": long, "about": f"n{number}", "detail": {"short_axis": short}}
            for number, (long, short) in enumerate(sizes)
        ]

    before = {name: value for name, value in SICK.items() if name not in ("node", "nodes")}
    now = {name: value for name, value in HALF.items() if name not in ("node", "nodes")}
    found = cll(
        visit(90, **now, lesion=nodes((2.0, 2.0), (1.0, 1.0))),
        before={**before, "lesion": nodes((4.0, 3.0), (2.0, 1.0))},
    )
    assert (found.levels[0].level, found.levels[0].numbers["spd_cm2"]) == ("PR", Decimal(5))


# ---- how long


def test_a_response_counts_once_it_stood_two_months() -> None:
    early = cll(visit(28, **HALF))
    assert (early.levels[0].level, early.confirmed[0].level) == ("PR", "SD")
    assert early.confirmed[0].flags == ("response_not_confirmed",)
    held = cll(visit(28, **HALF), visit(95, **HALF))
    assert [each.level for each in held.confirmed] == ["PR", "PR"]
    assert held.first_response_at == day(28)


def test_a_complete_response_two_months_after_the_infusion_is_confirmed() -> None:
    assert cll(visit(28, **WELL)).confirmed[0].level == "SD"
    assert cll(visit(59, **WELL)).confirmed[0].level == "CR"  # January 5 to March 5
    assert cll(visit(58, **WELL)).confirmed[0].level == "SD"


def test_residual_disease_of_blood_and_marrow_is_told_apart() -> None:
    tests = [
        {"value": 5e-5, "detail": {"method": "flow", "limit": 1e-5, "specimen": "blood"}},
        {"value": 1e-4, "detail": {"method": "flow", "limit": 1e-5, "specimen": "marrow"}},
    ]
    labels = cll(visit(90, **WELL, mrd=tests)).levels[0].labels
    assert (labels["mrd_blood"], labels["mrd_marrow"], labels["mrd"]) == ("negative", "positive", "positive")


def test_missing_items_are_named_and_lower_the_level() -> None:
    told = {name: value for name, value in WELL.items() if name != "spleen"}
    found = cll(visit(90, **told)).levels[0]
    assert (found.level, found.missing) == ("PR", ("spleen, for a complete response",))
    nothing = cll(visit(90, symptoms="no")).levels[0]
    assert nothing.level == "NE"
