"""Treatment policies: given these signs, this is ordered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cartway.problem import Problem
from cartway.twin.policy import Seen, orders, policies, policy_of

WELL = Seen(
    day=5.0,
    step=0.25,
    crs=0,
    icans=0,
    crs_since=0.0,
    crs_2_since=0.0,
    tocilizumab_ago=np.inf,
    tocilizumab_given=0,
    anc=2.0,
    platelets=150.0,
    igg=8.0,
    immunoglobulin_ago=np.inf,
    platelets_ago=np.inf,
    gcsf_ago=np.inf,
    boost_ago=np.inf,
    gives_gcsf=0.9,
)


def bedside(*patients: dict) -> Seen:
    """Patients, each as WELL but for what is said; day and step are those of the first."""
    rows = [WELL._replace(**each) for each in patients]
    columns = {
        name: np.array([getattr(row, name) for row in rows], np.int8 if name in ("crs", "icans") else float)
        for name in Seen._fields[2:]
    }
    return Seen(rows[0].day, rows[0].step, **columns)


def ordered(policy: str, **signs) -> dict[str, float]:
    """What one patient gets, by drug."""
    got: dict[str, float] = {}
    for order in orders(policies()[policy], bedside(signs)):
        if order.who[0]:
            got[order.drug] = got.get(order.drug, 0.0) + float(order.dose[0])
    return got


def test_nobody_who_is_well_gets_anything() -> None:
    assert all(ordered(name) == {} for name in policies() if name != "prophylaxis")


def test_by_the_labels_crs_of_grade_2_gets_tocilizumab() -> None:
    """US prescribing information, Yescarta section 2.3: tocilizumab 8 mg/kg at grade 2."""
    assert ordered("label", crs=2) == {"tocilizumab": 8.0}
    assert ordered("label", crs=1) == {}


@pytest.mark.parametrize(("hours", "again"), [(6, False), (8, True)])
def test_tocilizumab_is_not_given_again_within_8_hours(hours, again) -> None:
    got = ordered("label", crs=2, tocilizumab_given=1, tocilizumab_ago=hours / 24)
    assert ("tocilizumab" in got) is again


def test_four_doses_of_tocilizumab_are_the_most() -> None:
    assert "tocilizumab" in ordered("label", crs=3, tocilizumab_given=3, tocilizumab_ago=1.0)
    assert "tocilizumab" not in ordered("label", crs=3, tocilizumab_given=4, tocilizumab_ago=1.0)


def test_where_tocilizumab_did_not_help_for_a_day_steroids_follow() -> None:
    assert ordered("label", crs=2, crs_2_since=1.0, tocilizumab_given=1, tocilizumab_ago=0.1) == {"dexamethasone": 5.0}


def test_icans_of_grade_2_gets_dexamethasone_10_mg_every_6_hours() -> None:
    assert ordered("label", icans=2) == {"dexamethasone": 10.0}
    assert ordered("label", icans=1) == {}
    assert "dexamethasone" in ordered("early", icans=1)


def test_without_a_policy_nothing_is_given_but_support() -> None:
    got = ordered("none", crs=4, icans=4, crs_since=5, crs_2_since=5, anc=0.2, platelets=5, igg=2, gives_gcsf=0.1)
    assert set(got) == {"filgrastim", "platelet_transfusion", "immunoglobulin"}


def test_the_first_trials_kept_tocilizumab_for_severe_or_lasting_crs() -> None:
    assert ordered("older", crs=2, crs_2_since=0.5) == {}
    assert "tocilizumab" in ordered("older", crs=2, crs_2_since=1.0)
    assert "tocilizumab" in ordered("older", crs=3)


@pytest.mark.parametrize(("day", "mg"), [(0.0, 10.0), (1.0, 10.0), (1.25, 0.0), (2.0, 10.0), (3.0, 0.0)])
def test_prophylaxis_is_dexamethasone_once_on_days_0_1_and_2(day, mg) -> None:
    """Oluwole 2021, doi 10.1111/bjh.17527."""
    assert ordered("prophylaxis", day=day).get("dexamethasone", 0.0) == mg


def test_gcsf_is_given_once_a_day_in_deep_neutropenia_where_the_physicians_give_it() -> None:
    assert "filgrastim" in ordered("label", anc=0.3, gives_gcsf=0.2)
    assert "filgrastim" not in ordered("label", anc=0.3, gives_gcsf=0.2, gcsf_ago=0.5)
    assert "filgrastim" not in ordered("label", anc=0.3, gives_gcsf=0.9)
    assert "filgrastim" not in ordered("label", anc=0.3, gives_gcsf=0.2, day=3.0)


def test_acute_treatment_needs_a_bedside_that_looks_at_least_daily() -> None:
    assert ordered("label", day=60.0, step=7.0, crs=3, igg=2.0) == {"immunoglobulin": 0.4}


def test_anakinra_where_a_policy_has_it() -> None:
    assert "anakinra" not in ordered("label", icans=4)
    assert "anakinra" not in ordered("anakinra", icans=2)
    assert ordered("anakinra", icans=3)["anakinra"] == 100.0  # 400 mg a day, until the next look


def test_stored_stem_cells_are_given_once_where_a_plan_says_so() -> None:
    late = replace(policies()["label"], boost_from_day=42.0)
    for day, ago, due in ((40.0, np.inf, False), (44.0, np.inf, True), (51.0, 7.0, False)):
        seen = bedside({"day": day, "step": 7.0, "anc": 0.3, "boost_ago": ago})
        assert any(order.drug == "stem_cell_boost" and order.who[0] for order in orders(late, seen)) is due


patient = st.fixed_dictionaries(
    {
        "crs": st.integers(0, 4),
        "icans": st.integers(0, 4),
        "crs_since": st.floats(0, 6),
        "crs_2_since": st.floats(0, 6),
        "tocilizumab_ago": st.floats(0, 3) | st.just(float("inf")),
        "tocilizumab_given": st.integers(0, 4),
        "anc": st.floats(0, 3),
        "platelets": st.floats(0, 200),
        "igg": st.floats(0, 12),
        "gives_gcsf": st.floats(0, 1),
    }
)


@given(people=st.lists(patient, min_size=1, max_size=6), policy=st.sampled_from(list(policies())))
@settings(max_examples=60, deadline=None)
def test_what_is_ordered_for_many_is_what_is_ordered_for_each(people, policy) -> None:
    together = list(orders(policies()[policy], bedside(*people)))
    for i, signs in enumerate(people):
        alone = orders(policies()[policy], bedside(signs))
        for one, many in zip(alone, together, strict=True):
            assert (one.drug, one.who[0], one.dose[0]) == (many.drug, many.who[i], many.dose[i])


def test_a_policy_of_no_name_is_a_problem() -> None:
    problem = policy_of("whatever helps")
    assert isinstance(problem, Problem) and "label" in problem.remedy


def test_every_policy_says_where_it_comes_from() -> None:
    assert all(policy.means and policy.source for policy in policies().values())
