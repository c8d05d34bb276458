"""The predictive check: percentiles by time, values below the limit, and a picture that tells what it shows."""

from __future__ import annotations

from xml.etree import ElementTree

import msgspec
import numpy as np
import pytest

from cartway.twin.nlme import Design, Settings, bound, check, load_models, result, simulate, vpc
from cartway.twin.nlme.check import Check
from cartway.twin.nlme.design import Estimate, start_of
from cartway.twin.nlme.structure import CLOSED_FORMS
from cartway.twin.nlme.study import Study

DAYS = np.array([1, 4, 7, 10, 14, 28, 90, 180, 365], float)


def stein_design(n: int = 60, seed: int = 1, sigma: float = 0.4) -> Design:
    """A study drawn from the starts of Stein's model."""
    model = msgspec.structs.replace(load_models()["stein"], sigma=sigma)
    subject, day = np.repeat(np.arange(n), len(DAYS)), np.tile(DAYS, n)
    empty = Study(
        tuple(map(str, range(n))), subject, day, np.ones(len(day)), np.zeros(len(day), bool), what="car_t_copies"
    )
    design = bound(model, empty, CLOSED_FORMS["stein"])
    assert isinstance(design, Design)
    value = simulate(design, start_of(design), 1, np.random.Generator(np.random.Philox(key=seed)))[0]
    below = value < 50
    found = bound(model, empty.with_values(np.where(below, 50.0, value), below), CLOSED_FORMS["stein"])
    assert isinstance(found, Design)
    return found


@pytest.fixture(scope="module")
def design() -> Design:
    return stein_design()


@pytest.fixture(scope="module")
def seen(design: Design) -> Check:
    return check(design, start_of(design), 200, seed=3)


def test_percentiles_are_those_of_each_day(design: Design, seen: Check) -> None:
    value = np.where(design.study.below, 0.0, design.study.value)
    assert seen.day.tolist() == DAYS.tolist()
    for b, day in enumerate(DAYS):
        here = np.sort(value[design.study.day == day])
        expected = here[29]  # the 30th of 60: the smallest value that half of them do not exceed
        assert seen.seen[1, b] == (pytest.approx(expected) if expected > 0 else pytest.approx(np.nan, nan_ok=True))


def test_the_true_population_is_within_its_own_interval(seen: Check) -> None:
    """95 % intervals: of about 20 percentiles a few at most lie outside."""
    assert seen.within > 0.8
    assert np.mean((seen.below >= seen.below_low) & (seen.below <= seen.below_high)) > 0.7


def test_a_wrong_population_is_not(design: Design) -> None:
    truth = start_of(design)
    wrong = Estimate(truth.coefficients + np.array([0, 0, 1.5, 0, 0, 0]), truth.omega, truth.sigma)
    assert check(design, wrong, 200, seed=3).within < 0.4


def test_many_days_are_put_together(design: Design) -> None:
    random = np.random.default_rng(1)
    day = np.sort(random.uniform(0.5, 300, len(design.study.day)))
    found = bound(design.model, design.study._replace(day=day), CLOSED_FORMS["stein"])
    assert isinstance(found, Design)
    checked = check(found, start_of(found), 20, seed=1, bins=8)
    assert len(checked.day) == 8
    assert checked.size.sum() == len(day)
    assert checked.size.min() > 50


def test_days_about_a_visit_are_one(design: Design) -> None:
    """Samples are drawn some hours before or after the day that was planned."""
    day = design.study.day + np.random.default_rng(1).uniform(0, 0.4, len(design.study.day))
    found = bound(design.model, design.study._replace(day=day), CLOSED_FORMS["stein"])
    assert isinstance(found, Design)
    checked = check(found, start_of(found), 20, seed=1)
    assert checked.size.tolist() == [60] * len(DAYS)
    assert checked.day == pytest.approx(DAYS + 0.2, abs=0.1)


def test_the_picture_says_what_it_shows(design: Design, seen: Check) -> None:
    text = vpc(seen, design.study, simulated=True)
    root = ElementTree.fromstring(text)  # noqa: S314 - our own
    space = "{http://www.w3.org/2000/svg}"
    title, says = root.find(f"{space}title"), root.find(f"{space}desc")
    assert title is not None and says is not None
    assert title.text == "Visual predictive check (simulated data)"
    assert "200 simulated studies" in str(says.text)
    for word in ("limit of quantification", "Days from infusion", "median, measured", "Below the limit"):
        assert word in text
    assert "simulated data" not in vpc(seen, design.study)


def test_a_table_has_all_that_the_picture_has(seen: Check) -> None:
    rows = seen.rows()
    assert len(rows) == len(DAYS)
    assert {"day", "count", "p5", "p50", "p95", "p50_low", "p50_high", "below"} <= set(rows[0])


def test_a_fit_tells_its_numbers_with_errors_and_shrinkage() -> None:
    """A smaller twin of the study in docs/explanation/nlme-studies.md: each number within four standard errors of the
    truth.
    """
    design = stein_design(40)
    found = result(design, Settings(80, 80, 3, sweeps=40, draws=1000))
    assert found.sound
    assert {row.kind for row in found.rows} == {"typical", "variability", "residual"}
    truth = {p.name: p for p in design.model.parameters}
    for row in found.rows:
        true = {"typical": lambda row=row: truth[row.name].start, "variability": lambda row=row: truth[row.name].omega,
                "residual": lambda: 0.4}[row.kind]()  # fmt: skip
        assert row.low < row.value < row.high
        width = np.log(row.high / row.low) / (2 * 1.96)
        assert abs(np.log(row.value / true)) < 4 * width, row
    shrinkage = {row.name: row.shrinkage for row in found.rows if row.kind == "variability"}
    assert shrinkage["cmax"] < 0.25 < shrinkage["beta"] < 1, "the slow decline is hardly seen within a year"
    assert 0 < found.residual_shrinkage < 0.5
    assert found.aic == pytest.approx(found.likelihood.minus_twice + 2 * 13)
    assert set(found.settled) >= {"foldx", "omega:beta", "sigma"}
