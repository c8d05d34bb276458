"""Outcomes are Cartway's own: what a made-up course shows is what its grades, responses and endpoints say."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record.fact import Fact
from cartway.times import DAY, HOUR
from cartway.toxicity import by_course, grade, load_rules
from cartway.twin.chart import chart, facts_in, outcomes
from cartway.twin.chart.answered import highest_cells
from cartway.twin.chart.graded import Courses
from cartway.twin.chart.levels import highest, readings_of
from cartway.twin.course import Run, run
from cartway.twin.population import draw

from .made_up import T0, between, made_up


def came(courses: Run) -> Mapping[str, Any]:
    """The outcomes of the first course."""
    row: Mapping[str, Any] = outcomes(chart(courses, seed=3, t0=T0, spread=False)).to_pylist()[0]
    return row


def dying(rate: float = 0.5, from_day: float = 0.0) -> Any:
    """A tumor of 1e11 cells that is killed from a day on."""
    return lambda days: 1e11 * np.exp(-rate * np.maximum(days - from_day, 0.0))


def back(at_day: float, growth: float = 0.12) -> Any:
    """A tumor that is all but gone after the infusion and grows from 1e6 cells on from a day."""
    return lambda days: np.where(
        days <= 0, 1e11, np.maximum(1e11 * np.exp(-0.5 * np.maximum(days, 0)), 1.0)
    ) + np.where(days > at_day, 1e6 * np.exp(growth * (days - at_day)), 0.0)  # fmt: skip


# Toxicity


def test_a_well_patient_has_no_crs_and_no_icans() -> None:
    row = came(made_up())
    assert (row["crs_max"], row["icans_max"], row["crs_onset_day"], row["tocilizumab"]) == (0, 0, None, False)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ({}, 1),
        ({"systolic": between(2.5, 3.0, 82.0, 118.0)}, 2),
        ({"oxygen": between(2.5, 3.0, 1.0, 0.0)}, 2),
        ({"oxygen": between(2.5, 3.0, 2.0, 0.0)}, 3),
        ({"vasopressors": between(2.5, 3.0, 1.0, 0.0), "systolic": between(2.5, 3.0, 82.0, 118.0)}, 3),
        ({"vasopressors": between(2.5, 3.0, 2.0, 0.0), "systolic": between(2.5, 3.0, 82.0, 118.0)}, 4),
        ({"oxygen": between(2.5, 3.0, 3.0, 0.0)}, 4),
    ],
)
def test_signs_at_the_bedside_give_the_grade_of_the_consensus(seen: dict[str, Any], expected: int) -> None:
    """Lee 2019, table of CRS: fever; with hypotension or low-flow oxygen; one vasopressor or high flow; several, or
    positive pressure.
    """
    row = came(made_up(seen={"temperature": between(2.0, 5.0, 39.0, 36.8)} | seen))
    assert row["crs_max"] == expected
    assert row["crs_onset_day"] == pytest.approx(2.0, abs=0.05)
    assert 3.0 < row["crs_days"] < 4.5


def test_ice_of_four_is_icans_grade_2_and_unarousable_is_grade_4() -> None:
    assert came(made_up(seen={"ice": between(5.0, 7.0, 4.0, 10.0)}))["icans_max"] == 2
    gone = {"ice": between(5.0, 7.0, np.nan, 10.0), "consciousness": between(5.0, 7.0, 4.0, 0.0)}
    row = came(made_up(seen=gone))
    assert row["icans_max"] == 4
    assert row["icans_onset_day"] == pytest.approx(5.0, abs=0.05)


def test_death_of_crs_is_grade_5() -> None:
    row = came(made_up(seen={"temperature": between(2.0, 9.0, 39.0, 36.8)}, died=8.2, cause="crs"))
    assert row["crs_max"] == 5
    assert (row["os_day"], row["os_event"], row["pfs_event"]) == (8, True, True)


def test_ten_days_below_500_are_counted_and_a_low_count_on_day_30_is_grade_3() -> None:
    low = lambda days: np.where((days >= 5) & (days < 15), 0.3, np.where(days > 20, 0.8, 2.0))  # noqa: E731
    row = came(made_up(seen={"anc": low, "platelets": 60.0}, home=40.0))
    assert row["anc_below_500_days"] in (9, 10, 11)
    assert (row["neutropenia_g3_d30"], row["thrombocytopenia_g3_d30"]) == (1, 0)


def test_drugs_that_were_given_are_told() -> None:
    row = came(made_up(acts=((0, 3.0, "tocilizumab", 8.0), (0, 4.0, "dexamethasone", 10.0))))
    assert (row["tocilizumab"], row["steroid"], row["vasopressor"], row["g_csf"]) == (True, True, False, False)


# Response


def test_a_lymphoma_that_dies_is_in_complete_response_and_censored_at_the_last_scan() -> None:
    row = came(made_up(until=365.0, states={"BP": dying()}))
    assert (row["response_best"], row["cr"], row["orr"]) == ("CR", True, True)
    assert (row["pfs_event"], row["relapse_type"], row["progression_day"]) == (False, "", None)
    assert row["pfs_day"] >= 364 and row["os_day"] >= 365


def test_a_lymphoma_that_grows_from_the_start_progresses_at_the_first_scan() -> None:
    row = came(made_up(states={"BP": lambda days: 1e11 * np.exp(0.05 * np.maximum(days, 0))}))
    assert (row["response_best"], row["orr"]) == ("PD", False)
    assert row["progression_day"] < 30


def test_a_relapse_without_the_antigen_is_told_as_such() -> None:
    """A relapse whose cells have lost the target is antigen-negative where it was stained."""
    courses = made_up(n=8, until=365.0, states={"BP": dying(), "BN": back(60.0)})
    found = outcomes(chart(courses, seed=3, t0=T0, spread=False)).to_pylist()
    assert {row["relapse_type"] for row in found} == {"antigen_negative", "not_tested"}
    assert all(row["response_best"] == "CR" and 90 < row["progression_day"] < 240 for row in found)


def test_a_leukemia_that_dies_without_counts_is_in_remission_with_incomplete_recovery() -> None:
    well = {"P": 1.0, "BP": dying()}
    low = {"anc": 0.4, "platelets": 30.0}
    row = came(made_up("tisa-cel", "b_all", until=180.0, states=well, seen=low))
    assert (row["response_best"], row["cr"], row["orr"], row["mrd_negative"]) == ("CRi", False, True, True)
    assert came(made_up("tisa-cel", "b_all", until=180.0, states=well))["response_best"] == "CR"


def test_a_leukemia_that_returns_is_a_relapse_on_the_day_of_its_marrow() -> None:
    row = came(made_up("obe-cel", "b_all", until=365.0, states={"P": 1.0, "BP": back(40.0)}))
    assert row["response_best"] == "CR"
    assert row["pfs_event"] and row["relapse_type"] in ("antigen_positive", "not_tested")


def test_a_myeloma_whose_protein_falls_by_95_percent_is_a_very_good_partial_response() -> None:
    falls = {"MP": lambda d: np.where(d < 20, 1.0, 0.05), "BP": lambda d: np.where(d < 20, 4e11, 2e10)}
    row = came(made_up("cilta-cel", "mm", until=180.0, states=falls, medians={"m_protein_0": 30.0}))
    assert (row["response_best"], row["orr"], row["cr"]) == ("VGPR", True, False)


def test_a_myeloma_that_is_gone_is_complete_and_one_that_rises_again_has_progressed() -> None:
    gone = {"MP": lambda d: np.where(d < 20, 1.0, 1e-4), "BP": dying()}
    row = came(made_up("ide-cel", "mm", until=365.0, states=gone))
    assert row["response_best"] == "sCR" and row["cr"] and not row["pfs_event"]
    rises = {"MP": lambda d: np.where(d < 20, 1.0, np.where(d < 150, 0.02, 0.9)), "BP": dying()}
    row = came(made_up("ide-cel", "mm", until=365.0, states=rises))
    assert row["pfs_event"] and 150 <= row["progression_day"] <= 215


def test_a_cll_that_is_cleared_is_in_complete_response() -> None:
    row = came(made_up("liso-cel", "cll", until=365.0, states={"BP": dying()}, seen={"hemoglobin": 12.5}))
    assert (row["response_best"], row["orr"]) == ("CR", True)


@pytest.mark.parametrize(("product", "disease", "best"), [("liso-cel", "waldenstrom", "CR"), ("ide-cel", "PCL", "sCR")])
def test_a_disease_that_no_criteria_name_is_read_by_those_charted(product: str, disease: str, best: str) -> None:
    gone = {"MP": lambda d: np.where(d < 20, 1.0, 1e-4), "BP": dying()}
    assert came(made_up(product, disease, until=180.0, states=gone))["response_best"] == best


def test_b_cells_that_return_are_told_on_the_day_they_were_counted() -> None:
    returns = lambda days: np.where(days < 0, 100.0, np.where(days < 200, 1.0, 90.0))  # noqa: E731
    row = came(made_up(until=365.0, seen={"cd19": returns}))
    assert row["b_cell_aplasia_6mo"] == 1
    assert row["b_cells_back_day"] == pytest.approx(240.0, abs=1)


# Fast and slow, together and apart


@pytest.fixture(scope="module")
def table() -> pa.Table:
    """Twelve simulated courses, charted by a messy site."""
    courses = run(draw("axi-cel", "lbcl", 12, seed=21), until=90.0)
    return chart(courses, site="messy", seed=2, t0=T0)


def test_grades_of_a_cohort_are_those_of_each_course_alone(table: pa.Table) -> None:
    found = outcomes(table)
    for course, facts in by_course(facts_in(table)).items():
        row = found.filter(pc.equal(found.column("course"), course)).to_pylist()[0]
        infused = next(fact.at for fact in facts if fact.what == "infusion")
        for scale, name in (("crs.astct", "crs_max"), ("icans.astct", "icans_max")):
            told = [e for e in grade(facts, load_rules(), None, (scale,)) if e.start <= infused + 30 * DAY]
            grades = [e.grade for e in told if e.grade is not None]
            assert row[name] == (max(grades) if grades else None)


def test_the_order_of_rows_does_not_matter(table: pa.Table) -> None:
    shuffled = table.take(np.random.default_rng(5).permutation(table.num_rows))
    first, then = (outcomes(t).sort_by("course").to_pylist() for t in (table, shuffled))
    assert repr(first) == repr(then)


def test_a_file_by_row_groups_of_whole_courses_says_what_the_table_says(table: pa.Table, tmp_path: Path) -> None:
    path = tmp_path / "facts.parquet"
    cut = int(np.searchsorted(table.column("course").to_pylist(), sorted(set(table.column("course").to_pylist()))[6]))
    with pq.ParquetWriter(path, table.schema, store_schema=False) as writer:
        writer.write_table(table.slice(0, cut))
        writer.write_table(table.slice(cut))
    told: list[tuple[int, int]] = []
    assert repr(outcomes(path, say=lambda done, of: told.append((done, of))).to_pylist()) == repr(
        outcomes(table).to_pylist()
    )
    assert told == [(1, 2), (2, 2)]
    pq.write_table(table, path, row_group_size=1000)
    assert repr(outcomes(path).to_pylist()) == repr(outcomes(table).to_pylist())


SAMPLES = st.lists(
    st.tuples(st.integers(-3, 60), st.one_of(st.just(0.0), st.floats(1.0, 1e5)), st.booleans()), min_size=1,
    max_size=12, unique_by=lambda each: each[0],
)  # fmt: skip


@settings(deadline=None)
@given(SAMPLES)
def test_the_highest_level_is_that_of_the_kinetics(samples: list[tuple[int, float, bool]]) -> None:
    facts = [Fact("c", T0, "infusion", choice="axicabtagene_ciloleucel")]
    for day, value, below in samples:
        at, detail = T0 + day * DAY + 3 * HOUR, {"below": True} if below else {}
        facts.append(Fact("c", at, "car_t_copies", value, "/ug{DNA}", detail=detail))
    rows = pa.table(
        {
            "course": ["c"] * len(samples),
            "what": ["car_t_copies"] * len(samples),
            "at": pa.array([fact.at for fact in facts[1:]]).cast(pa.timestamp("us", "UTC")),
            "value": pa.array([fact.value for fact in facts[1:]], pa.float64()),
            "unit": ["/ug{DNA}"] * len(samples),
            "detail": pa.array(['{"below":true}' if fact.detail else None for fact in facts[1:]], pa.string()),
        }
    )
    courses = Courses(np.array([T0]), np.array([T0]))
    level, day_ = highest(readings_of(rows, "car_t_copies", {"c": 0}), courses)
    assert repr((float(level[0]), float(day_[0]))) == repr(highest_cells(facts, "car_t_copies"))
