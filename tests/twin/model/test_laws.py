"""What the model must do whatever its numbers are: laws of the clinic, asked of a typical patient."""

import numpy as np
import pytest

from cartway.twin.model import ENGINEERED, load_model
from cartway.twin.solver import Event, Events, begin, solve

MODEL = load_model()
DAYS = np.arange(0.0, 91.0)
CONDITIONING = [Event(day, "L", 1.0) for day in (-5.0, -4.0, -3.0)]
CELLS = Event(0.0, "TI", 2e8)


def course(*events, days=DAYS, **changed):
    """A typical patient's states by name on `days`; `changed` names parameters that are not as usual."""
    p = np.array([[changed.get(each.name, each.median) for each in MODEL.parameter]])
    values = solve(p, begin(p), MODEL.first_day, days, Events.of([list(events)]), rtol=1e-6).values[0]
    return {name: values[:, i] for name, i in MODEL.states.items()}


def engineered(seen):
    """All engineered cells of a course."""
    return sum(seen[name] for name in ENGINEERED)


@pytest.fixture(scope="module")
def usual():
    return course(*CONDITIONING, CELLS)


def test_without_cells_the_tumor_grows_and_nobody_has_a_fever() -> None:
    seen = course(*CONDITIONING)
    assert np.all(np.diff(seen["BP"]) > 0)
    assert seen["IL6"].max() == pytest.approx(3.0, rel=1e-3)
    assert seen["MA"].max() < 1e-9


def test_the_cells_peak_in_the_second_week_and_contract(usual) -> None:
    """Stein 2019, doi 10.1002/psp4.12388: peak on day 9.3; peaks of 8 to 15 days among the products."""
    cells = engineered(usual)
    assert 7 <= DAYS[cells.argmax()] <= 15
    assert cells[28] < cells.max() / 5


def test_cells_contract_where_the_tumor_stays() -> None:
    """Those who do not respond reach an eighth to a half of the responders' peak, on much the same day; no cell divides
    for ever because its antigen is there.
    """
    seen = course(*CONDITIONING, CELLS, gE=0.01)
    cells = engineered(seen)
    assert seen["BP"][60] > 0.5 * seen["BP"][0]
    assert 7 <= DAYS[cells.argmax()] <= 25
    assert cells[60] < cells.max() / 5


def test_cells_that_wait_longer_peak_later_and_are_not_fewer_by_it() -> None:
    """A lag of 3.27 days before growth: liso-cel, Ogasawara 2021, doi 10.1007/s40262-021-01039-5."""
    soon, late = (engineered(course(*CONDITIONING, CELLS, klag=klag)) for klag in (4.0, 0.3))
    assert DAYS[late.argmax()] >= DAYS[soon.argmax()] + 1
    assert late.max() > soon.max() / 3


def test_what_is_reached_poorly_is_what_is_left() -> None:
    """Lesions of one patient answer differently: those that are reached poorly are a larger part of the tumor after a
    month than they were before.
    """
    seen = course(*CONDITIONING, CELLS, oS=0.2, aS=0.3)
    share = seen["BS"] / np.maximum(seen["BP"] + seen["BS"], 1e-9)
    assert share[0] == pytest.approx(0.2 / 1.2, abs=0.02)
    assert share[21] > 2 * share[0]


def test_a_marrow_at_rest_stays_as_it_is() -> None:
    """Nothing given, no tumor that grows: counts are those of the start a month later, but for the few platelets that
    the endothelium uses up at rest.
    """
    seen = course(rB=0.0)
    for name, start in (("P", 1.0), ("ANC", 3.5), ("PLT", 200.0)):
        assert seen[name][30] == pytest.approx(start, rel=0.05)


def test_counts_rise_above_those_of_the_start_when_the_marrow_is_free() -> None:
    """Complete remission of a leukemia asks for recovered counts; the blasts had held them down."""
    months = np.array([0.0, 30.0, 180.0])
    seen = course(*CONDITIONING, CELLS, days=months, PLT0=60.0, cPLT=1.5, oS=1e-6)
    assert seen["BP"][2] < 1e-3 * seen["BP"][0]
    assert seen["PLT"][2] > 100.0


def test_inflammation_follows_the_cells_in_order(usual) -> None:
    """IL-6 first, then CRP, then ferritin, as in 136 patients day by day (Amidi 2022, doi 10.1136/jitc-2022-005459)."""
    assert DAYS[usual["IL6"].argmax()] <= DAYS[usual["CRP"].argmax()] < DAYS[usual["FER"].argmax()]


def test_neurotoxicity_comes_after_the_fever(usual) -> None:
    assert DAYS[usual["NT"].argmax()] > DAYS[usual["MA"].argmax()]


def test_counts_fall_and_come_back(usual) -> None:
    assert usual["ANC"].min() < 0.5
    assert usual["ANC"][60] > 1.5
    assert DAYS[usual["PLT"].argmin()] > DAYS[usual["ANC"].argmin()]


def test_healthy_b_cells_are_gone_while_cells_of_cd19_persist_and_not_those_of_bcma(usual) -> None:
    assert usual["H"][60] < 0.05 * usual["H"].max() + 1
    other = course(*CONDITIONING, CELLS, tg=1.0)
    assert other["H"][90] > 10 * usual["H"][90]
    assert other["PC"].min() < 0.5


def test_tocilizumab_raises_il6_and_lowers_crp() -> None:
    """Receptor blocked, cytokine not cleared (Nishimoto 2008, doi 10.1182/blood-2008-05-155846)."""
    without, given = course(*CONDITIONING, CELLS), course(*CONDITIONING, CELLS, Event(5.0, "C", 90.0))
    assert given["IL6"][6] > 1.5 * without["IL6"][6]
    assert given["CRP"][8] < 0.7 * without["CRP"][8]


def test_tocilizumab_leaves_the_cells_alone() -> None:
    """No effect on expansion: Stein 2019, factor 1.2."""
    without, given = course(*CONDITIONING, CELLS), course(*CONDITIONING, CELLS, Event(5.0, "C", 90.0))
    assert given["TE"].max() == pytest.approx(without["TE"].max(), rel=0.05)


def test_steroids_calm_neurotoxicity() -> None:
    doses = [Event(7.0 + i / 4, "D", 10.0) for i in range(12)]
    without, given = course(*CONDITIONING, CELLS), course(*CONDITIONING, CELLS, *doses)
    assert given["NT"][10] < 0.8 * without["NT"][10]


def test_burden_not_dose_drives_expansion() -> None:
    """Hardiansyah and Ng 2019, doi 10.1111/cts.12636; Singh 2021, doi 10.1002/psp4.12598."""
    peak = {dose: course(*CONDITIONING, Event(0.0, "TI", dose))["TE"].max() for dose in (1e8, 4e8)}
    assert peak[4e8] < 2 * peak[1e8]
    small, large = (course(*CONDITIONING, CELLS, B0=burden)["TE"].max() for burden in (1e9, 1e11))
    assert large > 3 * small


def test_lost_antigen_escapes() -> None:
    seen = course(*CONDITIONING, CELLS, BN0=1e6, uN=1.0)
    assert seen["BN"][90] > 1e6
    assert seen["BP"][90] < 1e-3 * seen["BP"][0]
