"""Measures of a cohort: each reads what its name says, and every target has one."""

import numpy as np
import pytest

from cartway.twin.calibration import Played, load_targets
from cartway.twin.calibration.measures import sample
from cartway.twin.course import run
from cartway.twin.model import ENGINEERED, load_model
from cartway.twin.population import draw

MONTH = 30.4375
PLACES = load_model().states


@pytest.fixture(scope="module")
def played() -> Played:
    return Played(run(draw("tisa-cel", "lbcl", 40, 5), until=730.0))


def made(played: Played, cells: np.ndarray) -> Played:
    """The same cohort with a course of engineered cells of our own, the same for all."""
    states = played.run.states.copy()
    for name in ENGINEERED:
        states[..., PLACES[name]] = 0.0
    states[..., PLACES["TE"]] = cells
    return Played(played.run._replace(states=states))


def test_every_target_has_a_measure(played: Played) -> None:
    for measure in {t.measure for t in load_targets() if t.use != "none"}:
        assert len(sample(played, measure)) == 40


def test_a_measure_that_there_is_not(played: Played) -> None:
    with pytest.raises(KeyError):
        sample(played, "happiness_12mo")


def test_doubling_time_and_half_life_of_a_curve_that_is_known(played: Played) -> None:
    """Doubles every 0.75 days to day 10, then halves every 4: Ogasawara 2021, doi 10.1007/s40262-021-01039-5, about."""
    days = played.days
    cells = 1e7 * np.where(days < 10, 2 ** (days / 0.75), 2 ** (10 / 0.75) * 2 ** (-(days - 10) / 4.0))
    curve = made(played, np.where(days > 0, cells, 1.0))
    assert np.median(sample(curve, "doubling")) == pytest.approx(0.75, rel=1e-3)
    assert np.median(sample(curve, "first_half_life")) == pytest.approx(4.0, rel=1e-3)
    assert np.median(sample(curve, "tmax_body")) == pytest.approx(10.0)


def test_survival_at_a_month_follows_from_the_times(played: Played) -> None:
    died = np.where(np.isnan(played.run.died_day), np.inf, played.run.died_day)
    assert np.array_equal(sample(played, "os_12mo"), (died > 12 * MONTH).astype(float))
    assert sample(played, "pfs_12mo").mean() <= sample(played, "os_12mo").mean()


def test_response_is_deeper_the_fewer_meet_it(played: Played) -> None:
    assert sample(played, "cr").mean() <= sample(played, "orr").mean()


def test_whoever_had_no_reaction_has_no_say_in_its_onset(played: Played) -> None:
    assert np.array_equal(np.isnan(sample(played, "crs_onset")), sample(played, "crs_any") == 0)
