"""How forecasts are scored, and what the package says of them."""

from __future__ import annotations

import numpy as np
import pytest

from cartway.twin.course import run
from cartway.twin.forecast.measured import Reading
from cartway.twin.forecast.past import _blocks as blocks
from cartway.twin.forecast.scores import SCORED, Held, One, briers, coverage, load_calibration, score_one
from cartway.twin.forecast.virtual import case_of_run
from cartway.twin.model import load_model
from cartway.twin.population import draw

USUAL = Held(10, 8, 9)


def one(said: float, came: bool, held: Held = USUAL) -> One:
    return One(3.0, dict.fromkeys(SCORED, held), {"crs_2": said}, {"crs_2": came}, 500.0, 1000, "agrees")


def test_the_brier_score_is_the_mean_squared_error() -> None:
    """Brier 1950: (0.2^2 + 0.4^2) / 2."""
    found = next(iter(briers([one(0.8, True), one(0.4, False)], 3.0)))
    assert found.score == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert found.usual == pytest.approx(0.25), "of always saying one half"
    assert found.skill == pytest.approx(1 - 0.1 / 0.25)


def test_coverage_counts_readings_not_patients() -> None:
    found = list(coverage([one(0, False, Held(30, 30, 30)), one(0, False, Held(10, 0, 10))], 3.0))
    assert [each.sign for each in found] == list(SCORED)
    assert (found[0].in80, found[0].in95, found[0].readings) == (0.75, 1.0, 40)


def test_forecasts_of_another_day_are_left_out() -> None:
    assert not list(briers([one(0.8, True)], 7.0))


def test_a_virtual_patient_is_scored_by_what_came() -> None:
    went = run(draw("axi-cel", "lbcl", 1, seed=3), until=365.0)
    found = score_one(went, 0, 7.0, "label", 1)
    assert found.held["crp"].readings == 14, "one a day for two weeks"
    assert found.held["cart_cells"].readings == 3, "days 10, 14 and 21"
    assert all(each.in80 <= each.in95 <= each.readings for each in found.held.values())
    assert set(found.said) == set(found.came)


def test_a_case_of_a_run_knows_nothing_of_later() -> None:
    went = run(draw("axi-cel", "lbcl", 1, seed=3), until=30.0)
    case = case_of_run(went, 0, 5.0)
    assert max(each.day for each in case.readings) <= 5.0
    assert max(event.at for event in case.events) <= 5.0


def test_errors_that_last_are_made_independent() -> None:
    """Two readings of temperature near each other share an error: whitened, their covariance is the identity."""
    days = (1.0, 1.25, 2.0)
    kept = tuple(Reading("temperature", day, 37.0, 37.0) for day in days)
    (block,) = blocks(kept, np.ones(3, bool))
    apart = np.abs(np.subtract.outer(days, days))
    covariance = 0.2**2 * np.exp(-apart / 0.7) + 0.18**2 * np.eye(3)
    assert block.root @ covariance @ block.root.T == pytest.approx(np.eye(3), abs=1e-9)


# What the package says of itself (scripts/forecast_calibration.py)


def test_the_calibration_is_of_this_model() -> None:
    assert load_calibration().model == load_model().version


def test_five_hundred_patients_as_many_of_each_product_on_three_days() -> None:
    found = load_calibration()
    assert found.patients >= 500
    many = [each[2] for each in found.of]
    assert sum(many) == found.patients
    assert max(many) - min(many) <= 1
    assert sorted({each.day for each in found.coverage}) == [3.0, 7.0, 10.0]


def test_intervals_hold_about_what_they_say() -> None:
    for each in load_calibration().coverage:
        assert each.in80 == pytest.approx(0.8, abs=0.06), (each.day, each.sign)
        assert each.in95 == pytest.approx(0.95, abs=0.04), (each.day, each.sign)


def test_what_is_wrong_on_purpose_is_told() -> None:
    """Not always: a low CRP looks much the same in mg/dL, and some patients are alike."""
    assert all(told >= 0.85 * tried for _, tried, told in load_calibration().misfits)


def test_few_forecasts_have_fewer_than_400_effective_draws() -> None:
    """The rest say so, and below 100 they tell no chance: of the 500 patients 0, 1 and 8 fell short of 400."""
    for each in load_calibration().effectiveness:
        assert each.below_400 <= 0.02 * each.forecasts


@pytest.mark.soak
def test_coverage_of_patients_drawn_anew() -> None:
    went = run(draw("liso-cel", "lbcl", 40, seed=777), until=30.0)
    ones = [score_one(went, i, 7.0, "label", i) for i in range(40) if not went.died_day[i] <= 7]
    for each in coverage(ones, 7.0):
        assert abs(each.in80 - 0.8) < 0.05 + 4 * each.error80
