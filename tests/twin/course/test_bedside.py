"""What the bedside reads of the body, and the grades that follow: Lee 2019, doi 10.1016/j.bbmt.2018.12.758."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.twin.course import run, signs
from cartway.twin.course.look import Look, look, no_reaction, pressure_limit, react
from cartway.twin.course.see import ice_score
from cartway.twin.model import load_model
from cartway.twin.population import Regimen, draw
from cartway.twin.solver import begin

S, P = load_model().states, load_model().parameters
CALM = {"pressure_untreated": 85.0, "saturation_room_air": 97.0, "neurotoxicity": -5.0, "temperature": 37.0}


def body(patients, **states):
    """States float64[n, 1, S] at the start of the course, but for those named."""
    x = begin(patients.parameters)[:, None, : len(S)].copy()
    for name, value in states.items():
        x[:, 0, S[name]] = value
    return x


def seen_as(**readings) -> Look:
    patients = draw("axi-cel", "lbcl", 1, 1, medians={"age_years": 60.0})
    patients.traits["age_years"][:] = 60.0
    return look(patients, {name: np.array([value]) for name, value in (CALM | readings).items()}, None)


@pytest.mark.parametrize(
    ("readings", "grade"),
    [
        ({}, 0),
        ({"temperature": 37.9}, 0),
        ({"temperature": 38.0}, 1),
        ({"temperature": 39.5, "pressure_untreated": 62.0}, 2),
        ({"temperature": 39.5, "saturation_room_air": 90.0}, 2),
        ({"temperature": 39.5, "pressure_untreated": 57.0}, 3),
        ({"temperature": 39.5, "saturation_room_air": 85.0}, 3),
        ({"temperature": 39.5, "pressure_untreated": 45.0}, 4),
        ({"temperature": 39.5, "saturation_room_air": 82.0}, 4),
        ({"pressure_untreated": 57.0}, 0),
    ],
)
def test_crs_begins_with_fever_and_is_as_bad_as_pressure_and_oxygen(readings, grade) -> None:
    assert react(seen_as(**readings), no_reaction(1), day=3.0, step=0.25).grade[0] == grade


def test_once_begun_crs_needs_no_fever() -> None:
    """Lee 2019: after tocilizumab or steroids fever is no longer required."""
    begun = react(seen_as(temperature=39.0), no_reaction(1), 3.0, 0.25)
    assert react(seen_as(pressure_untreated=60.0), begun, 3.25, 0.25).grade[0] == 2


def test_crs_is_over_after_a_day_without_signs() -> None:
    crs = react(seen_as(temperature=39.0), no_reaction(1), 3.0, 0.25)
    for i in range(4):
        crs = react(seen_as(), crs, 3.25 + i / 4, 0.25)
    assert not crs.on[0]
    assert react(seen_as(pressure_untreated=60.0), crs, 5.0, 0.25).grade[0] == 0


def test_fever_before_the_cells_is_no_crs() -> None:
    assert react(seen_as(temperature=39.0), no_reaction(1), -1.0, 1.0).grade[0] == 0


def test_support_ends_one_look_after_the_need() -> None:
    patients = draw("axi-cel", "lbcl", 1, 1)
    patients.traits["age_years"][:] = 60.0
    low, well = ({**CALM, "pressure_untreated": p} for p in (50.0, 85.0))
    reads = [{name: np.array([v]) for name, v in values.items()} for values in (low, well, well)]
    before, given = None, []
    for read in reads:
        before = look(patients, read, before)
        given.append(int(before.vasopressors[0]))
    assert given == [1, 1, 0]


def test_a_small_child_has_a_lower_pressure_without_being_ill() -> None:
    """Haque and Zaritsky 2007: fifth percentile of mean arterial pressure 40 + 1.5 times the age."""
    assert list(pressure_limit(np.array([2.0, 10.0, 17.0, 60.0]))) == [43.0, 55.0, 65.0, 65.0]


@pytest.mark.parametrize(
    ("level", "ice"), [(-3.0, 10), (0.99, 10), (1.0, 9), (1.99, 7), (2.0, 6), (2.99, 3), (3.0, 2), (3.99, 0)]
)
def test_ice_falls_through_the_bands_of_the_grades(level, ice) -> None:
    """Lee 2019, table 6: 7 to 9 is grade 1, 3 to 6 grade 2, 0 to 2 grade 3."""
    assert ice_score(np.array([level]))[0] == ice


def test_who_cannot_be_woken_is_not_asked() -> None:
    assert np.isnan(ice_score(np.array([4.2]))[0])


def _copies(tb: float, n: float, anc: float, p: float, h: float, vcn: float) -> float:
    """Copies of the transgene in a microgram of DNA: 1.515e5 genomes a microgram, over all nucleated cells of blood."""
    return 1.515e5 * vcn * tb / (tb + n + 1000 * anc + 300 * p + h)


@given(
    cells=st.floats(0, 1e12), n=st.floats(0, 2000), anc=st.floats(0.01, 20), p=st.floats(0.01, 1.3), h=st.floats(0, 500)
)
@settings(max_examples=40, deadline=None)
def test_copies_depend_on_the_other_cells_too(cells, n, anc, p, h) -> None:
    """A constant factor from cells to copies would be wrong ten-fold after lymphodepletion."""
    patients = draw("axi-cel", "lbcl", 1, 1)
    read = signs(patients, body(patients, TE=cells, N=n, ANC=anc, P=p, H=h), np.zeros(1))
    expected = _copies(cells / 5e8, n, anc, p, h, patients.traits["copies_per_cell"][0])
    assert read["cart_copies"][0, 0] == pytest.approx(expected, rel=1e-6, abs=1e-6)
    assert read["cart_cells"][0, 0] == pytest.approx(cells / 5e8)


def test_nobody_has_a_fever_or_is_confused_at_the_start() -> None:
    """However readily somebody runs a fever: only what cytokines are above their own usual warms."""
    patients = draw("axi-cel", "lbcl", 300, 1)
    read = signs(patients, body(patients), np.zeros(1))
    assert read["temperature"] == pytest.approx(36.8, abs=0.01)
    assert read["neurotoxicity"].max() < 1


def test_without_cells_nobody_has_a_reaction() -> None:
    people = draw("axi-cel", "lbcl", 300, 1)
    r = run(people, "none", until=30.0, regimen=Regimen(cells=1e-40))
    assert np.mean((r.judged["crs"] > 0).any(axis=1)) < 0.01
    assert np.mean((r.judged["icans"] > 0).any(axis=1)) < 0.01


def test_tocilizumab_lowers_the_fever_and_not_the_confusion() -> None:
    patients = draw("axi-cel", "lbcl", 20, 1)
    ill = {"IL6": 500.0, "IFN": 5.0, "NT": 1.5}
    without, treated = (signs(patients, body(patients, C=c, **ill), np.zeros(1)) for c in (0.0, 90.0))
    assert np.all(treated["temperature"] < without["temperature"] - 0.8)
    assert np.array_equal(treated["neurotoxicity"], without["neurotoxicity"])


@given(drive=st.floats(0.01, 10.0))
@settings(max_examples=25, deadline=None)
def test_each_grade_of_icans_needs_so_many_times_the_drive(drive) -> None:
    patients = draw("axi-cel", "lbcl", 1, 1)
    at, step = patients.traits["icans_threshold"][0], patients.traits["icans_step"][0]
    usual = body(patients)[0, 0, S["EA"]] * patients.parameters[0, P["kNa"]] / patients.parameters[0, P["kNd"]]
    usual *= patients.parameters[0, P["IL6_0"]] / (
        patients.parameters[0, P["IL6_0"]] + patients.parameters[0, P["KE6"]]
    )
    level = signs(patients, body(patients, NT=usual + drive), np.zeros(1))["neurotoxicity"][0, 0]
    assert level == pytest.approx(1 + math.log(drive / at, step), abs=1e-6)


def test_hemoglobin_follows_the_marrow_over_two_months() -> None:
    patients = draw("axi-cel", "lbcl", 1, 1, medians={"IM": 0.0})
    patients.parameters[:, P["IM"]], patients.traits["hemoglobin_0"][:] = 0.0, 12.0
    days = np.arange(0.0, 61.0)
    states = np.repeat(body(patients, P=0.75), len(days), axis=1)
    level = signs(patients, states, days)["hemoglobin"][0]
    assert level[-1] == pytest.approx(9.0 + 3.0 * math.exp(-1), rel=1e-6)


def test_in_remission_hemoglobin_and_ldh_are_better_than_at_the_start() -> None:
    patients = draw("axi-cel", "lbcl", 20, 1)
    days = np.arange(-6.0, 365.0, 1.0)
    ill, well = (signs(patients, np.repeat(body(patients, **x), len(days), axis=1), days) for x in ({}, {"BP": 0.0}))
    anemic = patients.traits["hemoglobin_0"] < 13
    assert ill["hemoglobin"][:, 0] == pytest.approx(patients.traits["hemoglobin_0"])
    assert ill["ldh"][:, 0] == pytest.approx(patients.traits["LDH0"], rel=1e-4)
    assert np.all(well["hemoglobin"][anemic, -1] > ill["hemoglobin"][anemic, 0])
    assert np.all(well["ldh"] <= ill["ldh"])
