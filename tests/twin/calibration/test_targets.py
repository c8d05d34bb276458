"""Targets are facts with a source; the interval of each is as printed, or follows from what was counted."""

import math

import pytest

from cartway.twin.calibration import load_targets, load_trials, published
from cartway.twin.calibration.derived import SCALES
from cartway.twin.calibration.targets import Target, wilson
from cartway.twin.policy import policies
from cartway.twin.population import known


def target(**said: object) -> Target:
    """A target with the usual cells, and what is said otherwise."""
    usual = {
        "trial": "T", "kind": "crs", "metric": "m", "measure": "crs_any", "use": "fit", "statistic": "proportion",
        "value": 0.5, "low": None, "high": None, "interval": "", "spread": "", "n": 100, "unit": "1",
        "confirmed": "yes", "source": "s", "note": "",
    }  # fmt: skip
    return Target(**(usual | said))  # type: ignore[arg-type]


def test_every_target_has_a_source_and_a_cohort_that_the_twin_can_play() -> None:
    for t in load_targets():
        assert t.source and t.confirmed in ("yes", "no", "value_only")
        known(load_trials()[t.trial].product, load_trials()[t.trial].disease)


def test_what_nothing_can_be_laid_beside_says_why() -> None:
    assert all(bool(t.measure) != (t.use == "none") and (t.measure or t.note) for t in load_targets())


def test_every_cohort_follows_a_policy_that_there_is_and_a_scale_that_cartway_grades() -> None:
    for trial in load_trials().values():
        assert trial.policy in policies() and trial.crs_scale in SCALES and trial.source


def test_a_published_interval_holds_its_figure() -> None:
    for t in load_targets():
        around = published(t)
        assert around.low <= t.value <= around.high, (t.trial, t.metric)


def test_wilson_of_one_half_of_a_hundred() -> None:
    # Newcombe 1998, Statistics in Medicine 17:857: 81 of 263 give 0.2553 to 0.3662
    assert wilson(81 / 263, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)


def test_a_printed_interval_stands() -> None:
    assert published(target(interval="ci", low=0.4, high=0.7))[:2] == (0.4, 0.7)


def test_a_geometric_mean_with_a_coefficient_of_variation() -> None:
    # log-SD = sqrt(log(1 + CV^2)); with CV 155 % it is 1.107, and over 100 patients the mean's is a tenth
    around = published(target(statistic="geomean", value=1000.0, spread="155%", unit="copies/ug gDNA"))
    half = 1.96 * math.sqrt(math.log(1 + 1.55**2)) / 10
    assert math.log(around.high / 1000) == pytest.approx(half, rel=1e-3)


def test_a_median_day_is_no_better_known_than_to_half_a_day() -> None:
    around = published(target(statistic="median", value=3.0, low=2.9, high=3.1, interval="iqr", unit="day"))
    assert (around.low, around.high) == (2.5, 3.5)


def test_a_median_survival_without_an_interval_is_binomial_at_the_median() -> None:
    around = published(target(statistic="median", value=6.0, unit="month", kind="survival"))
    # of 100, between 40 and 60 may be left at the true median: 6 months times log2 of 1/0.6 and 1/0.4
    assert around[:2] == pytest.approx((6 * math.log2(1 / 0.598), 6 * math.log2(1 / 0.402)), rel=1e-3)
