"""Forecasts of virtual patients: what they must say, and when they must warn."""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pytest

from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import DAY, parse
from cartway.twin.chart import facts_of
from cartway.twin.course import Run, run
from cartway.twin.forecast import (
    Case,
    Chance,
    Fan,
    Forecast,
    Reading,
    Standing,
    case_of,
    forecast,
    forecast_of,
)
from cartway.twin.forecast.ahead import _taken as taken
from cartway.twin.forecast.case import parts_left
from cartway.twin.forecast.chances import Asked, _chance
from cartway.twin.forecast.disease import Answer
from cartway.twin.forecast.forecast import looked_ahead
from cartway.twin.forecast.past import past_of
from cartway.twin.forecast.sampler import Effort
from cartway.twin.forecast.virtual import case_of_run
from cartway.twin.model import load_model
from cartway.twin.population import Disease, Product, diseases, draw, known, mismatch, prior_of, products
from cartway.twin.solver import Event

ZERO = parse("2026-03-02T10:00Z")
PATIENT, DAY_OF_FORECAST = 0, 6.0


@cache
def ward() -> Run:
    return run(draw("axi-cel", "lbcl", 4, seed=31), until=60.0)


@cache
def told() -> Forecast:
    found = forecast_of(case_of_run(ward(), PATIENT, DAY_OF_FORECAST))
    assert isinstance(found, Forecast)
    return found


def nothing_known(product: str = "axi-cel", disease: str = "lbcl") -> Case:
    case = case_of_run(ward(), PATIENT, 0.0)
    return case._replace(product=known(product, disease)[0], disease=known(product, disease)[1], readings=())


def fan(found: Forecast, name: str) -> Fan:
    return next(each for each in found.fans if each.name == name)


def test_a_fan_for_each_sign_over_two_weeks() -> None:
    assert [each.name for each in told().fans] == ["temperature", "crp", "ferritin", "cart_cells"]
    assert all(each.days[-1] == pytest.approx(DAY_OF_FORECAST + 14) for each in told().fans)


def test_limits_stand_in_order() -> None:
    for each in told().fans:
        limits = np.array([each.low95, each.low80, each.middle, each.high80, each.high95])
        assert (np.diff(limits, axis=0) >= 0).all()


def test_a_fan_shows_the_patients_own_readings() -> None:
    read = [each for each in case_of_run(ward(), PATIENT, DAY_OF_FORECAST).readings if each.name == "crp"]
    assert [each.value for each in fan(told(), "crp").points] == [each.low for each in read if each.day >= -1]


def test_no_limit_lies_below_what_the_assay_tells() -> None:
    assert min(fan(told(), "cart_cells").low95) >= 1.0


def test_the_chances_that_were_asked_for() -> None:
    assert [each.name for each in told().soon] == ["crs_2", "crs_3", "icans_2", "neutropenia"]
    assert [each.name for each in told().later] == ["response", "complete", "relapse_180", "relapse_365"]
    every: list[Chance] = [*told().soon, *told().later]
    assert all(0 <= each.chance <= 1 and 0 <= each.usual <= 1 and 0 <= each.error < 0.04 for each in every)


def test_worse_is_never_likelier() -> None:
    chance = {each.name: each.chance for each in (*told().soon, *told().later)}
    assert chance["crs_3"] <= chance["crs_2"]
    assert chance["complete"] <= chance["response"]
    assert chance["relapse_180"] <= chance["relapse_365"]


def test_four_hundred_effective_draws() -> None:
    """Issue 7, speed: one forecast with an effective sample size of at least 400."""
    assert told().ess >= 400


def test_readings_narrow_the_forecast() -> None:
    blind = forecast_of(case_of_run(ward(), PATIENT, DAY_OF_FORECAST)._replace(readings=()))
    assert isinstance(blind, Forecast)

    def width(found: Forecast, name: str) -> float:
        place = int(np.argmin(np.abs(np.array(fan(found, name).days) - DAY_OF_FORECAST - 3)))
        return float(np.log(fan(found, name).high80[place] / fan(found, name).low80[place]))

    assert width(told(), "ferritin") < 0.5 * width(blind, "ferritin")
    assert width(told(), "crp") < 0.7 * width(blind, "crp")


def test_the_same_seed_gives_the_same_forecast() -> None:
    assert forecast_of(case_of_run(ward(), PATIENT, DAY_OF_FORECAST)) == told()


def test_the_policy_moves_the_chances() -> None:
    """Without tocilizumab those with CRS go on to worse, and the forecast says under which policy it stands."""
    case = nothing_known()
    by_name = {}
    for policy in ("none", "early"):
        found = forecast_of(case, policy)
        assert isinstance(found, Forecast)
        assert found.policy == policy
        by_name[policy] = {each.name: each.chance for each in found.soon}
    assert by_name["none"]["crs_3"] > by_name["early"]["crs_3"]


def test_an_unknown_policy_is_a_problem() -> None:
    found = forecast_of(nothing_known(), "homeopathy")
    assert isinstance(found, Problem)
    assert found.code == "unknown_treatment_policy"


def test_after_a_year_there_is_none() -> None:
    found = forecast_of(nothing_known()._replace(day=400.0))
    assert isinstance(found, Problem)
    assert found.code == "too_late"


def test_readings_of_the_model_agree_with_it() -> None:
    assert told().check.level == "agrees"
    assert told().check.strays == ()


def test_readings_that_contradict_the_model_are_told() -> None:
    case = case_of_run(ward(), PATIENT, DAY_OF_FORECAST)
    tenfold = tuple(
        each._replace(low=10 * each.low, high=10 * each.high) if each.name == "ferritin" and each.day > 3 else each
        for each in case.readings
    )
    found = forecast_of(case._replace(readings=tenfold))
    assert isinstance(found, Forecast)
    assert found.check.level == "contradicts"
    assert "ferritin" in found.check.strays


def test_the_facts_of_a_ward_give_the_forecast_of_the_body_beneath_them() -> None:
    """Charted, read back out of the vocabulary, a patient's forecast is nearly that of the simulator's arrays."""
    facts = facts_of(ward(), PATIENT, seed=5, t0=ZERO, course="a")
    found = forecast(Course(facts, ZERO + round(DAY_OF_FORECAST * DAY)))
    assert isinstance(found, Forecast)
    assert found.check.level == "agrees"
    for name in ("temperature", "crp"):
        ours, theirs = fan(found, name), fan(told(), name)
        assert ours.middle[-1] == pytest.approx(theirs.middle[-1], rel=0.3)


def test_what_came_later_is_not_looked_at() -> None:
    facts = facts_of(ward(), PATIENT, seed=5, t0=ZERO, course="a")
    now = ZERO + round(4 * DAY)
    early = [fact for fact in facts if fact.at <= now]
    assert forecast(Course(facts, now)) == forecast(Course(early, now))


PAIRS = [(p, d) for p in products().values() for d in diseases().values() if mismatch(p, d) is None]


@pytest.mark.parametrize("pairs", [PAIRS[::7], pytest.param(PAIRS, marks=pytest.mark.soak)], ids=["some", "all"])
def test_every_product_runs_with_every_disease_that_carries_its_target(pairs: list[tuple[Product, Disease]]) -> None:
    quick = Effort(enough=50, first=100, pilots=20, starts=1)
    for product, disease in pairs:
        case = nothing_known(product.name, disease.name)._replace(day=2.0, readings=(Reading("crp", 1.0, 40.0, 40.0),))
        _, found, ahead = looked_ahead(case, "label", 1, 1, quick, until=20.0)
        assert found.ess >= 50, (product.name, disease.name)
        assert np.isfinite(ahead.run.seen["crp"][:, -1]).any(), (product.name, disease.name)


def test_what_is_so_already_is_told_and_no_chance() -> None:
    """A patient in CRS of grade 3 has CRS of grade 2 and more: a percentage of it would mislead."""
    case = case_of_run(ward(), PATIENT, DAY_OF_FORECAST)
    found = forecast_of(case._replace(standing=Standing(crs=3, crs_days=(4.0, 2.0, 0.5, 0.0))))
    assert isinstance(found, Forecast)
    now = {each.name: each.now for each in found.soon}
    assert now == {
        "crs_2": "CRS of grade 3 now, for 2 days", "crs_3": "CRS of grade 3 now, for 12 hours",
        "icans_2": "", "neutropenia": "",
    }  # fmt: skip
    assert {each.chance for each in found.soon if each.now} == {1.0}


def test_a_forecast_is_plain_values() -> None:
    again = msgspec.json.decode(msgspec.json.encode(told()), type=Forecast)
    assert again == told()


def test_draws_are_taken_by_their_weights() -> None:
    weights = np.array([0.5, 0.0, 0.25, 0.25])
    assert np.bincount(taken(weights, 400, seed=1), minlength=4).tolist() == [200, 0, 100, 100]


def test_a_course_of_facts_without_product_says_why() -> None:
    facts = [fact for fact in facts_of(ward(), PATIENT, seed=5, t0=ZERO, course="a") if fact.what != "diagnosis"]
    found = case_of(Course(facts, ZERO + DAY))
    assert isinstance(found, Problem)
    assert found.code == "no_disease"


# What has happened to the disease, and what is still to be infused


@cache
def long_ward() -> Run:
    return run(draw("axi-cel", "lbcl", 12, seed=11), until=130.0)


def test_a_course_that_has_progressed_is_told_so_and_no_chance() -> None:
    """By Cartway's own response; a chance of response or of a first relapse would mislead."""
    case = case_of_run(long_ward(), 0, 5.0)._replace(answer=Answer("the disease progressed on day 22"))
    found = forecast_of(case)
    assert isinstance(found, Forecast)
    assert {each.now for each in found.later} == {"the disease progressed on day 22"}
    assert [each.chance for each in found.later] == [0.0, 0.0, 1.0, 1.0]
    assert any("progressed on day 22" in note for note in found.notes)


def test_what_grew_before_now_has_grown() -> None:
    """A draw whose tumor grew again before the forecast has relapsed, also where it is at its ceiling now."""
    went = long_ward()
    grown = next(i for i in range(12) if 27 <= went.regrowth_day[i] < 60 and not went.died_day[i] <= 70)
    case = case_of_run(went, grown, 60.0)
    late = tuple(each for each in case.readings if each.day > 20) + tuple(
        Reading("ldh", float(day), value, value)
        for day, value in zip(went.days, went.seen["ldh"][grown].tolist(), strict=True) if 28 <= day <= 60
    )  # fmt: skip
    _, _, ahead = looked_ahead(case._replace(readings=late), "label", 1, 1, until=190.0)
    assert np.mean(ahead.run.regrowth_day < 60) > 0.5


def test_draws_that_grew_before_an_assessment_without_progression_do_not_go_on() -> None:
    case = case_of_run(long_ward(), 0, 100.0)._replace(readings=(), answer=Answer(free_until=90.0))
    _, _, ahead = looked_ahead(case, "label", 1, 1, until=120.0)
    assert not (ahead.run.regrowth_day <= 90).any()


def parts(given: int, day: float) -> list[float]:
    case = nothing_known("obe-cel", "b_all")._replace(parts=given, day=day)
    return [part.day for part in parts_left(case)]


def test_of_a_split_dose_that_comes_which_was_not_charted() -> None:
    """Label of obe-cel: the second part on day 10 +/- 2 of day 1; the record, not the plan, says what was given."""
    assert parts(1, 5.0) == [9.0], "still to come"
    assert parts(2, 7.6) == [], "given early: not given again"
    assert parts(1, 10.5) == [10.5], "overdue: as soon as it may be"
    assert parts(1, 22.0) == [], "too late to be given"


def test_a_part_to_come_is_told() -> None:
    found = forecast_of(nothing_known("obe-cel", "b_all")._replace(parts=1, day=5.0))
    assert isinstance(found, Forecast)
    assert any("further part of the dose" in note for note in found.notes)


def test_with_too_few_draws_there_is_no_forecast() -> None:
    few = Effort(enough=50.0, first=60, most=60, pilots=20, starts=1)
    found = forecast_of(case_of_run(ward(), PATIENT, DAY_OF_FORECAST), effort=few)
    assert isinstance(found, Problem)
    assert found.code == "too_few_draws"
    assert "effective draws" in found.reason


def test_the_error_of_a_chance_is_of_effective_draws() -> None:
    case, share = nothing_known(), 0.2
    asked = Asked("x", "x", lambda run, now, tumor: np.zeros(1, bool))
    likely = np.arange(500) < 100
    found = _chance(asked, asked.already(case), 150.0, likely, likely)
    assert found.error == pytest.approx(np.sqrt(share * (1 - share) / 150))


def drugged(at: float) -> float:
    """Tocilizumab in serum a quarter of a day after the forecast, of one dose."""
    case = nothing_known()._replace(day=5.0)
    events = (*case.events, Event(at, "C", 90.0))
    _, _, ahead = looked_ahead(case._replace(events=events), "none", 1, 1, until=6.0)
    place = int(np.searchsorted(ahead.run.days, 5.25))
    return float(ahead.run.states[0, place, load_model().states["C"]])


def test_a_dose_at_the_very_moment_is_given_once() -> None:
    assert drugged(5.0) == pytest.approx(drugged(4.999), rel=0.01)


def test_what_was_read_when_a_dose_was_given_was_read_before_it() -> None:
    """A temperature leads to the dose of the same moment; the dose does not lower that temperature."""
    case = nothing_known()._replace(day=6.0, readings=(Reading("temperature", 5.0, 39.0, 39.0),))
    dosed = case._replace(events=(*case.events, Event(5.0, "D", 40.0)))
    middle = np.zeros((1, len(prior_of(case.product, case.disease).names)))
    without, given = (past_of(each, prior_of(case.product, case.disease)).plain(middle) for each in (case, dosed))
    assert given == pytest.approx(without, abs=1e-3)


@pytest.mark.parametrize("day", [3.0, 25.0, 60.0, 101.0])
def test_a_fan_has_days_ahead_whenever_it_is_asked(day: float) -> None:
    """After day 30 the twin's wards look once a week, and later once a month: no fan may end before now for that."""
    found = forecast_of(nothing_known()._replace(day=day))
    assert isinstance(found, Forecast)
    coming = [each for each in found.fans[0].days if each > day]
    assert max(np.diff([day, *coming])) <= 1.0
    assert coming[-1] == pytest.approx(day + 14)


def test_what_nobody_confirmed_is_said() -> None:
    found = forecast_of(nothing_known("relma-cel", "lbcl"))
    assert isinstance(found, Forecast)
    assert any("never fitted" in note for note in found.notes)
    assert any("are assumed" in note for note in found.notes)
