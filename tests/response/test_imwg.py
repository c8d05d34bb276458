"""Myeloma by IMWG 2016: Kumar 2016, doi 10.1016/S1470-2045(16)30206-6."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record import Fact
from cartway.response import Response
from response import imwg_slow
from response.drawn import day
from response.marked import answer, visit

SERUM = {"serum": 4.0, "urine": 0, "marrow": 40}
BOTH = {"serum": 3.0, "urine": 1000, "marrow": 50}
CHAINS = {"serum": 0.2, "urine": 50, "dflc": 80, "ratio": 120, "marrow": 30}
MARROW = {"serum": 0.1, "urine": 20, "dflc": 2, "ratio": 1.3, "marrow": 40}
CLEAR: dict[str, Any] = {"serum": 0, "urine": 0, "sife": "negative", "uife": "negative", "marrow": 2}
NEGATIVE = {"choice": "not_detected", "detail": {"method": "ngf", "limit": 1e-5}}


def myeloma(before: dict[str, Any], *visits: list[Fact], **kept: Any) -> Response:
    """The response of a myeloma with a baseline."""
    return answer("multiple_myeloma", visit(-10, **before), *visits, **kept)


def level(before: dict[str, Any], **now: Any) -> str:
    """The level of one visit."""
    return myeloma(before, visit(30, **now)).levels[0].level


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        (SERUM, {"serum": 2.0, "urine": 0}, "PR"),  # at least 50 % lower: exactly 50 counts
        (SERUM, {"serum": 2.01, "urine": 0}, "MR"),
        (SERUM, {"serum": 3.0, "urine": 0}, "MR"),  # at least 25 %
        (SERUM, {"serum": 3.01, "urine": 0}, "SD"),
        (SERUM, {"serum": 0.4, "urine": 99}, "VGPR"),  # at least 90 %, urine below 100 mg
        (SERUM, {"serum": 0.4, "urine": 100}, "PR"),
        (SERUM, {"serum": 0.4}, "PR"),  # urine not tested: one level lower
        (BOTH, {"serum": 0.3, "urine": 100}, "PR"),
        (BOTH, {"serum": 1.2, "urine": 199}, "PR"),  # below 200 mg is enough
        (BOTH, {"serum": 1.2, "urine": 200}, "MR"),
        (BOTH, {"serum": 0.2, "urine": 500}, "MR"),  # the lowest of the two
        (BOTH, {"serum": 0.2, "urine": 501}, "SD"),
        (BOTH, {"serum": 0.2}, "NE"),  # urine was measurable and was not tested
        (CHAINS, {"serum": 0.2, "urine": 50, "dflc": 40, "ratio": 60}, "PR"),
        (CHAINS, {"serum": 0.2, "urine": 50, "dflc": 8, "ratio": 9}, "VGPR"),
        (CHAINS, {"serum": 0.2, "urine": 50, "dflc": 41, "ratio": 60}, "SD"),  # no minor response by light chains
        (MARROW, {"serum": 0.1, "urine": 20, "marrow": 20}, "PR"),
        (MARROW, {"serum": 0.1, "urine": 20, "marrow": 21}, "SD"),
    ],
)
def test_the_depth_by_the_marker_that_was_measurable(
    before: dict[str, Any], now: dict[str, Any], expected: str
) -> None:
    assert level(before, **now) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, "CR"),
        ({"marrow": 5}, "VGPR"),  # below 5 %
        ({"uife": "not_done"}, "VGPR"),  # both immunofixations, or the next lower level
        ({"uife": "positive"}, "VGPR"),
        ({"sife": "other_clone"}, "CR"),  # a band of another kind is not the myeloma's
        ({"ratio": 1.65, "clonal": "absent"}, "sCR"),
        ({"ratio": 1.66, "clonal": "absent"}, "CR"),
        ({"ratio": 1.0}, "CR"),
        ({"ratio": 1.0, "clonal": {"choice": "absent", "detail": {"counted": 90}}}, "CR"),  # 100 cells are counted
        ({"plasmacytoma": "present"}, "VGPR"),
    ],
)
def test_complete_and_stringent_complete(change: dict[str, Any], expected: str) -> None:
    assert level(SERUM, **{**CLEAR, **change}) == expected


def test_a_level_that_rests_on_the_range_of_the_ratio_is_marked() -> None:
    assert myeloma(SERUM, visit(30, **CLEAR)).levels[0].confirmed
    assert not myeloma(SERUM, visit(30, **CLEAR, ratio=1.0, clonal="absent")).levels[0].confirmed


def test_clonality_is_read_from_the_ratio_of_the_cells_by_the_involved_chain() -> None:
    kappa = {"kappa": 900, "lambda_": 3}
    for ratio, expected in ((4, "sCR"), (4.1, "CR")):
        clonal = {"choice": "absent", "detail": {"ratio": ratio, "counted": 100}}
        assert level({**SERUM, **kappa}, **CLEAR, kappa=10, lambda_=10, clonal=clonal) == expected
    for ratio, expected in ((0.5, "sCR"), (0.4, "CR")):
        clonal = {"choice": "absent", "detail": {"ratio": ratio, "counted": 100}}
        assert level({**SERUM, "kappa": 3, "lambda_": 900}, **CLEAR, kappa=10, lambda_=10, clonal=clonal) == expected


def test_light_chain_disease_is_complete_only_with_a_normal_ratio() -> None:
    assert level(CHAINS, **CLEAR, dflc=0.2, ratio=1.1) == "CR"
    assert level(CHAINS, **CLEAR, dflc=0.2, ratio=1.7) == "VGPR"


def test_the_difference_of_light_chains_is_worked_out_from_the_two() -> None:
    before = {"serum": 0, "urine": 0, "kappa": 5, "lambda_": 405}
    found = myeloma(before, visit(30, serum=0, urine=0, kappa=5, lambda_=205)).levels[0]
    assert (found.level, found.numbers["dflc_change_pct"]) == ("PR", Decimal(-50))


def test_complete_stays_complete_without_another_marrow() -> None:
    again = visit(60, serum=0, urine=0, sife="negative", uife="negative")
    assert [each.level for each in myeloma(SERUM, visit(30, **CLEAR), again).confirmed] == ["CR", "CR"]


def test_nothing_measurable_leaves_the_level_open() -> None:
    found = myeloma({**MARROW, "marrow": 28}, visit(60, serum=0.1, urine=20, marrow=12)).levels[0]
    assert (found.level, found.candidates, found.flags) == ("NE", ("NE", "SD"), ("nothing_measurable",))


def test_a_fall_between_the_bands_is_told() -> None:
    found = myeloma({**SERUM, "serum": 2.0}, visit(30, serum=1.01, urine=0)).levels[0]
    assert (found.level, found.flags, found.candidates) == ("MR", ("between_bands",), ("MR", "SD"))


def test_a_small_m_protein_is_measurable_by_the_center_s_policy() -> None:
    before, now = {"serum": 0.8, "urine": 0}, visit(30, serum=0.2, urine=0)
    found = myeloma(before, now).levels[0]
    assert (found.level, found.candidates) == ("NE", ("NE", "SD", "PR"))
    assert found.policies == ("response_myeloma_serum_measurable",)
    assert myeloma(before, now, myeloma_serum_measurable=Decimal("0.5")).levels[0].level == "PR"


@pytest.mark.parametrize(
    ("size", "expected"), [(5.0, "PR"), (5.1, "SD"), (None, "SD")]
)  # half of it gone, and not tested means not given
def test_a_plasmacytoma_holds_the_level_down(size: float | None, expected: str) -> None:
    told = {} if size is None else {"plasmacytoma": size}
    assert level({**SERUM, "plasmacytoma": 10.0}, serum=1.0, urine=0, **told) == expected


# ---- progression


def after_lowest(before: dict[str, Any], lowest: dict[str, Any], now: dict[str, Any]) -> Response:
    """A visit after two that both reached the lowest value."""
    return myeloma(before, visit(60, **lowest), visit(70, **lowest), visit(100, **now))


@pytest.mark.parametrize(
    ("before", "lowest", "now", "expected"),
    [
        (SERUM, {"serum": 2.0}, {"serum": 2.5}, "M-PD-S"),  # 25 % and 0.5 g/dL, both inclusive
        (SERUM, {"serum": 1.0}, {"serum": 1.49}, ""),
        (SERUM, {"serum": 2.4}, {"serum": 2.9}, ""),  # 0.5 but not 25 %
        ({"serum": 9.0, "urine": 0}, {"serum": 6.0}, {"serum": 7.0}, "M-PD-S5"),  # from 5 g/dL 1 g/dL is enough
        ({"serum": 9.0, "urine": 0}, {"serum": 4.9}, {"serum": 5.9}, ""),
        (BOTH, {"serum": 0.1, "urine": 300}, {"serum": 0.1, "urine": 500}, "M-PD-U"),
        (BOTH, {"serum": 0.1, "urine": 300}, {"serum": 0.1, "urine": 499}, ""),
        (BOTH, {"serum": 0.1, "urine": 900}, {"serum": 0.1, "urine": 1100}, ""),
        (CHAINS, {"dflc": 5}, {"dflc": 15}, ""),  # more than 10 mg/dL
        (CHAINS, {"dflc": 5}, {"dflc": 15.1}, "M-PD-F"),
        (SERUM, {"serum": 1.0, "dflc": 5}, {"serum": 1.0, "dflc": 90}, ""),  # light chains do not rule here
        (MARROW, {"marrow": 8}, {"marrow": 18}, "M-PD-B"),
        (SERUM, {"serum": 1.0, "marrow": 8}, {"serum": 1.0, "marrow": 40}, ""),  # nor does the marrow
    ],
)
def test_a_rise_from_the_lowest_confirmed_value(
    before: dict[str, Any], lowest: dict[str, Any], now: dict[str, Any], expected: str
) -> None:
    found = after_lowest(before, lowest, now).levels[-1]
    assert (found.rule if found.level == "PD" else "") == expected


def test_a_new_bone_lesion_needs_no_second_test_and_a_thin_bone_s_fracture_is_none() -> None:
    found = myeloma(SERUM, visit(30, serum=1.0, urine=0), visit(90, serum=1.0, urine=0, bone_lesions="new"))
    assert (found.levels[-1].level, found.confirmed[-1].level) == ("PD", "PD")
    assert level(SERUM, serum=1.0, urine=0, bone_lesions="fracture") == "PR"


def test_one_test_of_progression_that_is_gone_at_the_next_is_none() -> None:
    found = myeloma(
        SERUM, *(visit(number, serum=value, urine=0) for number, value in ((30, 1), (60, 1), (90, 1.6), (120, 1)))
    )
    assert [each.level for each in found.levels] == ["PR", "PR", "PD", "PR"]
    assert [each.level for each in found.confirmed] == ["PR", "PR", "PR", "PR"]
    assert found.progression_at is None
    assert "progression_not_confirmed" in found.flags


def test_a_lowest_value_seen_once_is_told_and_left_to_the_center() -> None:
    visits = [visit(number, serum=value, urine=0) for number, value in ((30, 1.0), (60, 1.6))]
    found = myeloma(SERUM, *visits).levels[-1]
    assert (found.level, found.policies) == ("PR", ("response_myeloma_nadir",))
    assert set(found.candidates) == {"PD", "PR"}
    assert myeloma(SERUM, *visits, myeloma_nadir="lowest").levels[-1].level == "PD"


def test_progression_is_dated_by_the_first_of_the_two_tests() -> None:
    found = after_lowest(SERUM, {"serum": 1.0, "urine": 0}, {"serum": 1.6, "urine": 0})
    later = myeloma(
        SERUM, *(visit(number, serum=value, urine=0) for number, value in ((60, 1), (70, 1), (100, 1.6), (130, 1.7)))
    )
    assert found.progression_at is None
    assert later.progression_at == day(100)


def test_death_of_the_myeloma_confirms_one_test_of_progression() -> None:
    visits = [visit(number, serum=value, urine=0) for number, value in ((60, 1), (70, 1), (100, 1.6))]
    died = Fact("a", day(110), "death", choice="progression")
    assert myeloma(SERUM, *visits, further=[died]).progression_at == day(100)
    other = Fact("a", day(110), "death", choice="infection")
    assert myeloma(SERUM, *visits, further=[other]).progression_at is None


GONE = {"serum": 0, "urine": 0, "sife": "negative", "uife": "negative"}


@pytest.mark.parametrize(
    ("now", "flags"),
    [
        ({"dflc": 60, "ratio": 80}, ("light_chain_escape",)),
        ({"dflc": 10.1, "ratio": 1.5}, ()),  # a normal ratio
        ({"dflc": 10.1, "ratio": 80}, ()),  # exactly 10 mg/dL above the lowest
        ({"dflc": 10.2, "ratio": 80}, ("light_chain_escape",)),
        ({"marrow": 40}, ("marrow_relapse_to_judge", "relapse_from_cr")),
        ({"marrow": 11}, ("relapse_from_cr",)),  # 9 points above the lowest
    ],
)
def test_what_rises_beside_a_marker_that_rules_is_to_be_judged(now: dict[str, Any], flags: tuple[str, ...]) -> None:
    first = [visit(number, **CLEAR, dflc=0.1, ratio=1.0) for number in (30, 60)]
    found = myeloma({**SERUM, "dflc": 20, "ratio": 30}, *first, visit(90, **{**GONE, **now}))
    judged = bool(set(flags) - {"relapse_from_cr"})
    assert tuple(flag for flag in found.flags if flag != "response_not_confirmed") == flags
    assert found.levels[-1].level != "PD"
    assert ("PD" in found.levels[-1].candidates) == ("PD" in found.confirmed[-1].candidates) == judged


# ---- confirmation


def test_a_level_is_confirmed_at_the_lower_of_two_visits_and_stays() -> None:
    values = ((30, 0.4), (60, 1.8), (90, 3.5))
    found = myeloma(SERUM, *(visit(number, serum=value, urine=0) for number, value in values))
    assert [each.level for each in found.levels] == ["VGPR", "PR", "PD"]
    assert [each.level for each in found.confirmed] == ["PR", "PR", "PR"]


def test_a_response_is_told_as_not_confirmed_only_while_it_is_not() -> None:
    visits = [visit(number, serum=value, urine=0) for number, value in ((30, 1.8), (60, 1.7))]
    assert "response_not_confirmed" in myeloma(SERUM, *visits[:1]).flags
    assert "response_not_confirmed" not in myeloma(SERUM, *visits).flags
    assert "response_not_confirmed" in myeloma(SERUM, *visits, visit(90, serum=0.1, urine=0)).flags


def test_a_second_test_after_new_therapy_confirms_no_response() -> None:
    therapy = Fact("a", day(45), "next_therapy", choice="yes")
    found = myeloma(SERUM, visit(30, serum=1, urine=0), visit(60, serum=1, urine=0), further=[therapy])
    assert found.best_confirmed == "SD"


def test_a_visit_that_could_not_be_read_is_passed_over_and_a_long_gap_is_told() -> None:
    between = visit(60, response_read="not_evaluable")
    near = myeloma(SERUM, visit(30, serum=1, urine=0), between, visit(90, serum=1, urine=0))
    assert [each.level for each in near.confirmed] == ["PR", "PR", "PR"]
    assert "confirmed_over_gap" not in near.flags
    far = myeloma(SERUM, visit(30, serum=1, urine=0), between, visit(150, serum=1, urine=0))
    assert far.confirmed[0].level == "PR"
    assert "confirmed_over_gap" in far.flags


# ---- labels that are no levels


def test_calcium_above_11_from_the_myeloma_is_clinical_relapse_and_no_progression() -> None:
    usual = {"serum": 1.6, "urine": 0}
    found = myeloma(SERUM, visit(300, **usual, calcium=11.2, disease_sign="hypercalcemia")).levels[0]
    assert (found.level, found.flags) == ("PR", ("clinical_relapse",))
    assert not myeloma(SERUM, visit(300, **usual, calcium=11.0, disease_sign="hypercalcemia")).levels[0].flags
    unsaid = myeloma(SERUM, visit(300, **usual, calcium=11.2)).levels[0]
    assert unsaid.flags == ("clinical_relapse_to_judge",)
    other = {"choice": "other_cause", "about": "calcium"}
    assert not myeloma(SERUM, visit(300, **usual, calcium=11.2, disease_sign=other)).levels[0].flags


def test_m_protein_seen_again_after_complete_response_is_a_label_and_no_progression() -> None:
    back = visit(90, serum=0.2, urine=0, sife="positive", uife="negative")
    found = myeloma(SERUM, visit(30, **CLEAR), visit(60, **CLEAR), back)
    assert (found.levels[-1].level, found.confirmed[-1].level) == ("VGPR", "CR")
    assert "relapse_from_cr" in found.levels[-1].flags


def test_a_clear_marrow_before_the_m_protein_is_gone_is_no_complete_response() -> None:
    found = myeloma(SERUM, visit(30, **{**CLEAR, "sife": "positive"}, mrd=NEGATIVE)).levels[0]
    assert (found.level, found.labels["mrd"], found.flags) == ("VGPR", "negative", ("mrd_without_cr",))


@pytest.mark.parametrize(("days", "expected"), [(364, "no"), (365, "yes")])
def test_no_residual_disease_for_a_year_in_marrow_and_imaging(days: int, expected: str) -> None:
    first = visit(30, **CLEAR, mrd=NEGATIVE, imaging_residual="negative")
    later = visit(30 + days, **CLEAR, mrd=NEGATIVE, imaging_residual="negative")
    assert myeloma(SERUM, first, later).labels["sustained_mrd_negative"] == expected


def test_residual_disease_in_between_breaks_the_year() -> None:
    found = [visit(number, **CLEAR, mrd=NEGATIVE, imaging_residual="negative") for number in (30, 500)]
    between = visit(200, **CLEAR, mrd={"value": 1e-4, "detail": {"method": "ngf", "limit": 1e-5}})
    assert myeloma(SERUM, found[0], between, found[1]).labels["sustained_mrd_negative"] == "no"


def test_a_test_that_sees_too_little_says_nothing() -> None:
    weak = {"choice": "not_detected", "detail": {"method": "flow", "limit": 1e-4}}
    assert myeloma(SERUM, visit(30, **CLEAR, mrd=weak)).levels[0].labels["mrd"] == "not_evaluable"


def test_a_visit_of_which_only_a_reader_s_conclusion_is_charted_is_told_as_read() -> None:
    found = myeloma(SERUM, visit(30, response_read="very_good_partial")).levels[0]
    assert (found.level, found.flags) == ("VGPR", ("read_not_measured",))


# ---- the slow twin

tenths = st.integers(0, 60).map(lambda number: Fraction(number, 10))
fixed = st.sampled_from(["positive", "negative", None])
drawn_visit = st.fixed_dictionaries(
    {
        "serum": st.none() | tenths,
        "urine": st.none() | st.integers(0, 130).map(lambda number: Fraction(number * 10)),
        "sife": fixed,
        "uife": fixed,
        "marrow": st.none() | st.integers(0, 9).map(Fraction),
    }
)
drawn_baseline = st.fixed_dictionaries(
    {"serum": tenths, "urine": st.sampled_from([0, 100, 199, 200, 900]).map(Fraction)}
).filter(lambda found: found["serum"] >= 1 or (found["urine"] >= 200 and found["serum"] < Fraction(1, 2)))


@settings(max_examples=60, deadline=None)
@given(drawn_baseline, st.lists(drawn_visit, min_size=1, max_size=6))
def test_levels_are_those_of_the_slow_twin(baseline: dict[str, Any], visits: list[dict[str, Any]]) -> None:
    # A mark of a visit keeps one with no marker apart from none at all.
    parts = [visit(20 * number, bone_lesions="stable", **_told(each)) for number, each in enumerate(visits, 1)]
    found = myeloma(_told(baseline), *parts)
    slow = [imwg_slow.level(visits, baseline, index) for index in range(len(visits))]
    assert [each.level for each in found.levels] == slow
    assert [each.level for each in found.confirmed] == imwg_slow.confirmed(slow)


def _told(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: float(value) if isinstance(value, Fraction) else value
        for name, value in values.items()
        if value is not None
    }
