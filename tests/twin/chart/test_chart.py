"""What a site charts of a run: every fact is one that intake reads, and the habits of sites are kept."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from cartway.times import DAY, parse
from cartway.twin.chart import chart, course_ids, facts_in, facts_of, habits_of
from cartway.twin.chart.chart import rows_of
from cartway.twin.chart.in_force import in_force
from cartway.twin.chart.swift import swift_facts
from cartway.twin.course import Run, run
from cartway.twin.population import draw

from .made_up import T0, between, made_up

MIDNIGHT = parse("2026-01-05T00:00+00:00")
COMBINATIONS = [
    ("axi-cel", "lbcl"), ("tisa-cel", "pediatric_b_all"), ("obe-cel", "b_all"), ("liso-cel", "fl"),
    ("brexu-cel", "mcl"), ("liso-cel", "cll"), ("axi-cel", "mzl"), ("ide-cel", "mm"), ("cilta-cel", "mm"),
]  # fmt: skip


def whats(table: pa.Table, what: str) -> pa.Table:
    return table.filter(pc.equal(table.column("what"), what))


def charted(courses: Run, site: str = "tidy") -> pa.Table:
    return chart(courses, site=site, seed=3, t0=MIDNIGHT)


@pytest.fixture(scope="module")
def lived() -> Run:
    """Four simulated courses over half a year."""
    return run(draw("axi-cel", "lbcl", 4, seed=11), until=180.0)


@pytest.mark.parametrize(("product", "disease"), COMBINATIONS)
@pytest.mark.parametrize("site", ["tidy", "messy"])
def test_intake_reads_every_row_of_every_disease(product: str, disease: str, site: str) -> None:
    falling = {"BP": lambda d: 1e11 * np.exp(-0.4 * np.maximum(d, 0)), "MP": lambda d: np.exp(-0.05 * np.maximum(d, 0))}
    table = charted(made_up(product, disease, 3, 365.0, states=falling), site)
    facts = list(facts_in(table))
    assert len(facts) == table.num_rows
    assert all(fact.simulated and fact.source == "twin" for fact in facts)
    stands = in_force(table)
    assert swift_facts(stands) == (list(facts_in(stands)), 0)


def test_simulated_courses_are_read_whole_and_fast_as_slow(lived: Run) -> None:
    table = charted(lived, "messy")
    facts, stands = list(facts_in(table)), in_force(table)
    assert swift_facts(stands) == (list(facts_in(stands)), 0)
    assert [(f.course, f.at) for f in facts] == sorted((f.course, f.at) for f in facts)


def test_a_row_that_intake_would_refuse_is_counted_and_left_out() -> None:
    table = charted(made_up())
    value = pa.array([9e9 if row["what"] == "body_temperature" else row["value"] for row in table.to_pylist()])
    broken = table.set_column(table.column_names.index("value"), "value", value)
    facts, refused = swift_facts(broken)
    assert refused == whats(table, "body_temperature").num_rows
    assert len(facts) == table.num_rows - refused


def test_a_patient_has_the_same_chart_whoever_is_charted_beside(lived: Run) -> None:
    alone = chart(rows_of(lived, np.array([2])), site="messy", seed=3, t0=MIDNIGHT)
    beside = charted(lived, "messy")
    assert alone.to_pylist() == [row for row in beside.to_pylist() if row["course"] == course_ids(lived.patients)[2]]


def test_a_longer_look_leaves_the_first_month_as_it_was() -> None:
    def first_month(until: float) -> list[dict[str, object]]:
        table = chart(made_up(n=2, until=until), site="messy", seed=3, t0=T0, spread=False).to_pylist()
        return [row for row in table if row["at"].timestamp() < T0 / 1e6 + 28 * 86_400]

    assert first_month(60.0) == first_month(365.0)


def test_course_ids_tell_nothing_and_differ_by_seed_and_number(lived: Run) -> None:
    ids = course_ids(lived.patients)
    assert len(set(ids)) == 4 and "axi" not in ids[0]
    assert set(ids).isdisjoint(course_ids(lived.patients._replace(seed=12)))


def test_what_lies_below_the_limit_of_an_assay_is_given_as_the_limit() -> None:
    table = charted(made_up(seen={"cart_copies": 20.0}))
    found = whats(table, "car_t_copies").to_pylist()
    assert {(row["value"], row["detail"]) for row in found} == {(50.0, '{"below":true}')}


def test_no_reading_lies_beyond_what_the_vocabulary_holds_possible() -> None:
    far = {"crp": 9e9, "ferritin": 9e9, "temperature": 60.0, "saturation": 140.0, "systolic": 2.0, "cart_copies": 1e12}
    table = in_force(charted(made_up(seen=far), "messy"))
    facts = list(facts_in(table))
    assert {fact.value for fact in facts if fact.what == "body_temperature"} == {45.0}
    assert all(fact.detail == {"above": True} for fact in facts if fact.what in ("crp", "ferritin", "car_t_copies"))


def test_a_messy_site_charts_less_later_and_in_other_units_but_the_same_temperature() -> None:
    courses = made_up(n=40, seen={"temperature": 38.4})
    tidy, messy = (charted(courses, site) for site in ("tidy", "messy"))
    assert whats(messy, "body_temperature").num_rows < whats(tidy, "body_temperature").num_rows
    assert set(whats(messy, "body_temperature").column("unit").to_pylist()) == {"Cel", "[degF]"}
    assert {round(f.value or 0, 1) for f in facts_in(whats(in_force(messy), "body_temperature"))} == {38.4}
    assert tidy.column("recorded_at").null_count == tidy.num_rows
    wait = [(r["recorded_at"] - r["at"]).total_seconds() for r in messy.to_pylist() if r["recorded_at"]]
    assert min(wait) >= 0 and max(wait) > 3600


def test_there_is_no_site_of_another_name() -> None:
    assert getattr(habits_of("tidyish"), "code", "") == "unknown_site"
    with pytest.raises(ValueError, match="no such way of charting"):
        chart(made_up(), site="tidyish", seed=1, t0=T0)


def test_vasopressors_run_as_drips_with_an_end_and_the_second_is_no_vasopressin() -> None:
    facts = facts_of(made_up(seen={"vasopressors": between(3.0, 4.0, 2.0, 0.0)}), 0, seed=3, t0=T0)
    drips = [fact for fact in facts if fact.what == "drug"]
    assert {fact.choice for fact in drips} == {"norepinephrine", "epinephrine"}
    for drug in ("norepinephrine", "epinephrine"):
        rows = [fact for fact in drips if fact.choice == drug]
        assert [fact.at for fact in rows[1:]] == [fact.until for fact in rows[:-1]]
        assert rows[-1].until is not None and 0.9 * DAY < rows[-1].until - rows[0].at < 1.6 * DAY


def test_low_pressure_without_a_vasopressor_is_answered_with_fluid() -> None:
    facts = facts_of(made_up(seen={"systolic": between(3.0, 3.5, 84.0, 118.0)}), 0, seed=3, t0=T0)
    boluses = [fact.at for fact in facts if fact.what == "fluid_bolus"]
    assert len(boluses) == 3 and all(2.9 * DAY < at - T0 < 3.6 * DAY for at in boluses)


def test_drugs_by_weight_are_charted_as_given() -> None:
    courses = made_up(acts=((0, 3.0, "tocilizumab", 8.0), (0, 3.0, "dexamethasone", 10.0)))
    weight = float(courses.patients.traits["weight_kg"][0])
    drugs = {
        fact.choice: (fact.value, fact.unit) for fact in facts_of(courses, 0, seed=3, t0=T0) if fact.what == "drug"
    }
    assert drugs == {"tocilizumab": (min(800.0, round(8 * weight)), "mg"), "dexamethasone": (10.0, "mg")}


def test_a_young_child_is_scored_by_capd_and_others_by_ice() -> None:
    """Lee 2019: CAPD below the age of twelve."""
    child = made_up("tisa-cel", "pediatric_b_all", medians={"age_years": 3.0})
    assert child.patients.traits["age_years"][0] < 12
    scores = {fact.what for fact in facts_of(child, 0, seed=3, t0=T0)} & {
        "ice_score",
        "capd_score",
        "baseline_ice_score",
    }
    assert scores == {"capd_score"}


def test_the_infusion_is_at_the_moment_asked_for_and_nothing_follows_death() -> None:
    facts = facts_of(made_up(died=20.3, cause="infection"), 0, seed=3, t0=T0, course="a")
    assert [fact.at for fact in facts if fact.what == "infusion"] == [T0]
    assert facts[-1].what == "death" and facts[-1].choice == "infection"
    assert {fact.course for fact in facts} == {"a"}


def test_ward_words_for_oxygen_are_read_as_the_same_devices() -> None:
    courses = made_up(n=30, seen={"oxygen": between(2.0, 4.0, 2.0, 0.0)})
    said = set(whats(charted(courses, "messy"), "oxygen_device").column("choice").to_pylist())
    read = {fact.choice for fact in facts_in(charted(courses, "messy")) if fact.what == "oxygen_device"}
    assert {"HFNC", "RA"} < said and read == {"room_air", "high_flow_nasal_cannula"}
