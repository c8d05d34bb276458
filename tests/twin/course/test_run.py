"""A course: the same whatever runs beside it, what is planned is given, what is given acts, and it ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from cartway.twin.course import Start, grid, marrow_blasts, run
from cartway.twin.course.look import Reaction
from cartway.twin.model import ENGINEERED, load_model
from cartway.twin.policy import policies
from cartway.twin.population import Lymphodepletion, Regimen, diseases, draw, products, regimen_of
from cartway.twin.solver import Event, begin

S, P = load_model().states, load_model().parameters


@pytest.fixture(scope="module")
def people():
    return draw("axi-cel", "lbcl", 40, seed=3)


@pytest.fixture(scope="module")
def month(people):
    return run(people, until=30.0)


def same(one, other, rows=slice(None), looks=slice(None)) -> bool:
    """Bit by bit: states, readings and grades of `other`'s rows and looks are those of `one`."""
    readings = all(np.array_equal(one.seen[x], other.seen[x][rows, looks], equal_nan=True) for x in one.seen)
    grades = all(np.array_equal(one.judged[x], other.judged[x][rows, looks]) for x in one.judged)
    return readings and grades and np.array_equal(one.states, other.states[rows, looks], equal_nan=True)


@given(first=st.integers(0, 38), n=st.integers(1, 4))
@settings(max_examples=6, deadline=None)
def test_a_course_is_the_same_whoever_runs_beside(month, people, first, n) -> None:
    rows = np.arange(first, min(first + n, 40))
    assert same(run(people.take(rows), until=30.0), month, rows)


def test_a_course_is_the_same_on_more_threads() -> None:
    many = draw("liso-cel", "lbcl", 1030, seed=5)
    one, two = run(many, until=3.0), run(many, until=3.0, threads=2)
    assert same(one, two)
    assert all(np.array_equal(a, b) for a, b in zip(one.acts, two.acts, strict=True))


def test_a_shorter_run_is_the_beginning_of_a_longer_one(month, people) -> None:
    short = run(people, until=12.0)
    assert same(short, month, looks=slice(0, len(short.days)))
    before = month.acts.day < 12.0
    assert np.array_equal(np.sort(short.acts.day), np.sort(month.acts.day[before]))


def test_progress_counts_patients(people) -> None:
    told: list[tuple[int, int]] = []
    run(people, until=0.0, say=lambda done, of: told.append((done, of)))
    assert told[-1] == (40, 40)


def test_the_bedside_looks_often_where_things_happen() -> None:
    assert grid()[0] == load_model().first_day and grid()[-1] == 730.0
    assert set(np.arange(0, 15, 0.25)) | set(np.arange(15, 30, 0.5)) <= set(grid())
    assert {28.0, 30.0, 90.0, 180.0, 365.0, 730.0} <= set(grid())
    assert np.all(np.diff(grid()) > 0)


def test_the_cells_that_are_given_are_in_the_body_at_the_next_look(month, people) -> None:
    """2e6 per kilogram, at most 2e8: Yescarta US prescribing information, section 2."""
    dose = month.acts.dose[month.acts.drug == "infusion"]
    assert len(dose) == 40 and dose.max() <= 2e8
    assert dose == pytest.approx(np.minimum(2e6 * people.traits["weight_kg"], 2e8), rel=0.5)
    next_look = int(np.searchsorted(month.days, 0.25))
    held = load_model().total(month.states[:, next_look], ENGINEERED)
    assert np.all(month.states[:, next_look - 1, S["TI"]] == 0)
    left_of_the_loss = np.exp(-0.26 * people.parameters[:, P["floss"]])
    assert np.all((held > 0.95 * left_of_the_loss * dose) & (held < 1.2 * dose))


def test_liso_cel_is_two_components_on_one_day() -> None:
    acts = run(draw("liso-cel", "lbcl", 3, 1), until=1.0).acts.of(0)
    given = acts.drug == "infusion"
    assert list(acts.why[given]) == ["CD8", "CD4"]
    assert acts.dose[given][0] == acts.dose[given][1]
    assert np.all(acts.day[given] < 0.1)


def test_obe_cel_is_split_by_the_blasts_in_the_marrow() -> None:
    """Aucatzyl US prescribing information, section 2: 10 then 400 million above 20 % blasts, else 100 then 310."""
    people = draw("obe-cel", "b_all", 60, 2)
    acts = run(people, until=12.0).acts
    many = marrow_blasts(people.parameters[:, P["B0"]], people.parameters[:, P["Vb"]]) > 20
    first = acts.dose[(acts.drug == "infusion") & (acts.why == "first")]
    assert 0.1 < many.mean() < 0.9
    assert first[many] == pytest.approx(1e7, rel=0.6) and first[~many] == pytest.approx(1e8, rel=0.6)
    second = acts.day[(acts.drug == "infusion") & (acts.why == "second")]
    assert second.min() == 9.0


def test_toxicity_holds_up_the_second_part() -> None:
    people = draw("obe-cel", "b_all", 80, 2, medians={"p6": 1e4})
    r = run(people, until=30.0)
    at_nine = int(np.searchsorted(r.days, 9.0))
    ill = (r.judged["crs"][:, at_nine] >= 2) | (r.judged["icans"][:, at_nine] >= 2)
    second = (r.acts.drug == "infusion") & (r.acts.why == "second")
    on_time = np.isin(np.arange(80), r.acts.patient[second & (r.acts.day == 9.0)])
    assert ill.any() and not np.any(on_time & ill)
    assert np.all(on_time | ill | (r.died_day <= 9))


def test_a_reduced_lymphodepletion_leaves_more_of_the_patients_own_t_cells(people) -> None:
    usual = regimen_of(products()[people.product], diseases()[people.disease])
    weak = replace(usual, lymphodepletion=replace(usual.lymphodepletion, intensity=0.3))
    strong, mild = run(people, until=1.0), run(people, until=1.0, regimen=weak)
    assert np.all(mild.states[:, -1, S["N"]] > strong.states[:, -1, S["N"]])


def test_bridging_leaves_its_share_of_the_tumor(people) -> None:
    plan = Regimen(cells=1e8, lymphodepletion=Lymphodepletion(days=()))
    all_bridged, none = (run(people, until=-5.0, regimen=replace(plan, bridged=share)) for share in (1.0, 0.0))
    left = all_bridged.states[:, -1, S["BP"]] / none.states[:, -1, S["BP"]]
    kept = people.traits["bridging_kept"]
    assert np.all(left >= kept * 0.99)  # a smaller tumor grows faster where the larger nears its limit
    assert np.median(left / kept) == pytest.approx(1, abs=0.03)


def test_tocilizumab_that_is_ordered_is_in_the_serum_afterwards(month) -> None:
    """8 mg/kg make about 90 ug/mL: Frey 2010, doi 10.1177/0091270009350623."""
    given = np.flatnonzero(month.acts.drug == "tocilizumab")
    first = given[np.unique(month.acts.patient[given], return_index=True)[1]]
    assert len(first) > 5
    look = np.searchsorted(month.days, month.acts.day[first]) + 1
    serum = month.states[month.acts.patient[first], look, S["C"]]
    assert np.all((serum > 80) & (serum <= 90))


def test_the_policy_moves_the_outcome(people) -> None:
    """The same bodies: whoever is treated early has fewer days of CRS of grade 2 and more."""
    bad = draw("axi-cel", "lbcl", 60, 8, medians={"p6": 3000.0})
    days = {name: (run(bad, name, until=20.0).judged["crs"] >= 2).sum() for name in ("none", "label", "early")}
    assert days["none"] > days["label"] >= 0.9 * days["early"]


def test_a_course_can_go_on_from_a_day(people, month) -> None:
    """From the very start it is the course itself; from a later day, what was given before counts."""
    again = run(people, until=30.0, start_from=Start(-6.0, begin(people.parameters)))
    assert same(again, month)


def test_what_was_given_before_the_start_is_not_given_again_within_8_hours() -> None:
    people = draw("axi-cel", "lbcl", 30, 8, medians={"p6": 6000.0})
    first = run(people, "none", until=6.0)
    ill = np.ones(30, bool)
    begun = Start(6.0, first.end, Reaction(ill, np.full(30, 2, np.int8), ill * 3.0, ill * 2.0, ill * 0.0))
    fresh = run(people, until=6.25, start_from=begun).acts
    treated = run(people, until=6.25, start_from=begun, given=[[Event(5.9, "C", 90.0)]] * 30).acts
    assert (fresh.drug == "tocilizumab").sum() > 5
    assert (treated.drug == "tocilizumab").sum() == 0
    assert not np.any(treated.drug == "infusion")


def test_what_is_given_by_hand_acts_beside_the_plan(people) -> None:
    given = [[Event(1.0, "D", 40.0)], *[[]] * 39]
    by_hand, left = run(people, "none", until=2.0, given=given), run(people, "none", until=2.0)
    assert by_hand.states[0, -1, S["D"]] == pytest.approx(40 * np.exp(-0.45), rel=0.1)
    assert np.array_equal(by_hand.states[1:], left.states[1:])


def test_after_death_nothing_is_seen_and_nothing_is_given() -> None:
    people = draw("brexu-cel", "b_all", 300, 4)
    r = run(people, until=365.0)
    dead = np.flatnonzero(np.isfinite(r.died_day))
    assert len(dead) > 10
    for i in dead:
        after = r.days > r.died_day[i]
        assert np.all(np.isnan(r.seen["temperature"][i, after])) and not np.any(np.isnan(r.seen["crp"][i, ~after]))
        assert r.acts.of(i).day.max() <= r.died_day[i]
        assert r.cause[i] in {"crs", "icans", "infection", "progression"}
        assert not r.discharged_day[i] > r.died_day[i]
    assert np.all(r.cause[np.isnan(r.died_day)] == "")


def test_an_unknown_policy_is_refused(people) -> None:
    with pytest.raises(ValueError, match="no such policy"):
        run(people, "sometimes")


def test_a_policy_of_ones_own_is_taken(people) -> None:
    mine = replace(policies()["label"], name="mine", tocilizumab_at_crs=1)
    r = run(people, mine, until=10.0)
    fever = (r.judged["crs"] >= 1).any(axis=1)
    assert set(np.flatnonzero(fever)) >= set(r.acts.patient[r.acts.drug == "tocilizumab"])
    assert r.policy.name == "mine"


def test_stored_stem_cells_bring_the_marrow_back(people) -> None:
    late = replace(policies()["none"], boost_from_day=14.0, boost_below_anc=100.0)
    boosted, left = run(people, late, until=20.0), run(people, "none", until=20.0)
    day = boosted.acts.day[boosted.acts.drug == "stem_cell_boost"]
    assert len(day) == np.sum(~(boosted.died_day < 14.0)) and np.all(day == 14.0)
    after = int(np.searchsorted(boosted.days, 14.25))
    low = (left.states[:, after, S["P"]] < 0.9) & ~(boosted.died_day < 14.0)
    assert np.all(boosted.states[low, after, S["P"]] > left.states[low, after, S["P"]])
