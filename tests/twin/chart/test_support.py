"""Oxygen and vasopressors as charted: how much, in which unit, and what Lee 2014 makes of it."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.twin.chart import chart, facts_in, facts_of, habits_of, outcomes
from cartway.twin.chart import support as charted_support
from cartway.twin.chart.chart import filled
from cartway.twin.chart.drips import steps_of
from cartway.twin.chart.habits import Habits, OtherUnit
from cartway.twin.chart.sheet import Course
from cartway.twin.course import Run, run
from cartway.twin.course.older import crs_lee2014
from cartway.twin.course.support import Support, load_settings, support_of
from cartway.twin.population import draw

from .made_up import T0, between, made_up


def of_run(courses: Run) -> Support:
    seen = courses.seen
    return support_of(courses.patients, courses.days, courses.states, seen["oxygen"], seen["vasopressors"])


@pytest.fixture(scope="module")
def ill() -> Run:
    """Courses among which some need oxygen and vasopressors, also more than one."""
    return run(draw("axi-cel", "lbcl", 60, seed=3, medians={"EA50_pressure": 0.35, "EA50_oxygen": 0.35}), "none", 20.0)


def with_support(
    monkeypatch: pytest.MonkeyPatch, *, inspired: float = np.nan, first: float = np.nan, second: float = np.nan
) -> dict[str, Any]:
    """A course with fever on days 2 to 5 and this much support from day 3 to 4; its outcomes by Lee 2014."""
    seen: dict[str, Any] = {"temperature": between(2.0, 5.0, 39.0, 36.8)}
    drugs, breathes = float(np.sum(~np.isnan([first, second]))), not np.isnan(inspired)
    seen |= {"vasopressors": between(3.0, 4.0, drugs, 0.0)} if drugs else {}
    seen |= {"oxygen": between(3.0, 4.0, 2.0, 0.0)} if breathes else {}
    courses = made_up(seen=seen)
    then = (courses.days >= 3.0) & (courses.days <= 4.0)

    def told(value: float) -> Any:
        return np.where(then, value, np.nan)[None, :].astype(np.float32)

    def support(*_: Any) -> Support:
        return Support(told(inspired), told(40.0 if breathes else np.nan), (told(first), told(second)))

    monkeypatch.setattr(charted_support, "support_of", support)
    table = chart(courses, seed=3, t0=T0, spread=False)
    row: dict[str, Any] = outcomes(table, crs=("lee2014",)).to_pylist()[0]
    return row


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({"inspired": 35.0}, 2),
        ({"inspired": 40.0}, 3),
        ({"inspired": 60.0}, 3),
        ({"first": 0.1}, 2),
        ({"first": 0.2}, 3),
        ({"first": 0.3}, 3),
        ({"first": 0.1, "second": 0.05}, 3),
    ],
)
def test_how_much_support_decides_the_grade_by_lee(
    told: dict[str, float], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lee 2014 (doi 10.1182/blood-2014-05-552729): oxygen below 40 % or one low-dose vasopressor is grade 2, 40 % and
    more, a high dose (norepinephrine 0.2 ug/kg/min) or several are grade 3; by ASTCT each of these is 3 or 4.
    """
    row = with_support(monkeypatch, **told)
    assert row["crs_lee2014_max"] == expected
    assert row["crs_max"] == (4 if "second" in told else 3)
    assert row["crs_lee2014_onset_day"] == pytest.approx(2.0, abs=0.05)
    assert 3.0 < row["crs_lee2014_days"] < 4.5


def test_older_scales_are_told_where_they_are_asked_for() -> None:
    table = chart(made_up(seen={"temperature": between(2.0, 5.0, 39.0, 36.8)}), seed=3, t0=T0)
    usual, more = outcomes(table), outcomes(table, crs=("mskcc", "lee2014"))
    assert set(more.column_names) - set(usual.column_names) == {
        "crs_mskcc_max", "crs_mskcc_onset_day", "crs_mskcc_days", "crs_lee2014_onset_day", "crs_lee2014_days",
    }  # fmt: skip
    assert more.select(usual.column_names).equals(usual)
    with pytest.raises(ValueError, match="no older scale"):
        outcomes(table, crs=("lee",))


def test_every_course_that_needs_much_can_be_graded_by_lee(ill: Run) -> None:
    """Nothing that Lee 2014 asks is missing: whoever has a grade by ASTCT has one by Lee 2014."""
    table = outcomes(chart(ill, seed=3, t0=T0))
    astct, lee = (np.array(table.column(name).to_pylist(), float) for name in ("crs_max", "crs_lee2014_max"))
    assert not np.isnan(lee).any()
    assert {3.0} <= set(lee[astct == 3].tolist()) <= {2.0, 3.0}  # low doses and high ones
    assert (lee[astct <= 2] <= astct[astct <= 2]).all()


def test_the_quick_grade_by_lee_is_nearly_always_that_of_the_facts(ill: Run) -> None:
    """Whether it is severe: the quick one knows no organs and no value that nobody charted."""
    told = np.array(outcomes(chart(ill, seed=3, t0=T0)).column("crs_lee2014_max").to_pylist(), float)
    quick = crs_lee2014(ill).max(axis=1)
    assert 0.1 < (quick >= 3).mean() < 0.9
    assert ((told >= 3) == (quick >= 3)).mean() > 0.9


# What stands behind a class


def test_support_lies_within_its_class(ill: Run) -> None:
    support, table = of_run(ill), load_settings()
    oxygen, pressors = ill.seen["oxygen"], ill.seen["vasopressors"]
    assert set(np.unique(oxygen[~np.isnan(oxygen)])) >= {0.0, 1.0, 2.0}
    for level, device in ((1, table.cannula), (2, table.high_flow), (3, table.positive_pressure)):
        for pair, found in ((device.flow, support.flow), (device.inspired, support.inspired)):
            values = found[oxygen == level]
            low, high = pair or (np.nan, np.nan)
            assert np.isnan(values).all() if pair is None else ((values >= low) & (values <= high)).all()
    assert np.isnan(support.flow[oxygen == 0]).all()
    for i, rates in enumerate(support.rates):
        assert np.array_equal(~np.isnan(rates), pressors > i)
        assert (rates[pressors > i] > 0).all()


def test_a_lower_saturation_means_more_oxygen_and_a_lower_pressure_a_higher_rate(ill: Run) -> None:
    support = of_run(ill)
    sicker = ill._replace(patients=ill.patients._replace(traits={
        **ill.patients.traits, "saturation_0": ill.patients.traits["saturation_0"] - 1.0,
        "pressure_0": ill.patients.traits["pressure_0"] - 3.0,
    }))  # fmt: skip
    more = of_run(sicker)
    for one, other in zip((support.flow, *support.rates), (more.flow, *more.rates), strict=True):
        assert (np.nan_to_num(other) >= np.nan_to_num(one)).all()
        assert (np.nan_to_num(other) > np.nan_to_num(one)).any()


def test_the_support_of_a_patient_is_the_same_alone_and_in_a_shorter_look(ill: Run) -> None:
    support = of_run(ill)
    rows = np.flatnonzero((ill.seen["vasopressors"] > 0).any(axis=1))[:3]
    k = len(ill.days) - 12
    alone = support_of(
        ill.patients.take(rows), ill.days[:k], ill.states[rows, :k],
        ill.seen["oxygen"][rows, :k], ill.seen["vasopressors"][rows, :k],
    )  # fmt: skip
    for one, other in zip((alone.inspired, alone.flow, *alone.rates),
                          (support.inspired, support.flow, *support.rates), strict=True):  # fmt: skip
        assert np.array_equal(one, other[rows, :k], equal_nan=True)


def test_a_run_looked_at_more_often_has_the_same_support_at_the_looks_of_the_grid(ill: Run) -> None:
    """As the demo's ward does, whose rounds lie closer than the twin's looks."""
    twice = np.repeat(np.arange(len(ill.days)), 2)
    days = ill.days[twice] + np.where(np.arange(len(twice)) % 2, 0.05, 0.0)
    seen = ill.seen
    closer = support_of(
        ill.patients, days, ill.states[:, twice], seen["oxygen"][:, twice], seen["vasopressors"][:, twice]
    )
    once = of_run(ill)
    for one, other in ((closer.inspired, once.inspired), (closer.flow, once.flow)):
        assert np.array_equal(one[:, ::2], other, equal_nan=True)
        assert np.array_equal(one[:, 1::2], other, equal_nan=True)


# Drips as rows


def slow_steps(running: Any, written: Any) -> list[tuple[int, int, float, int, bool]]:
    """Look by look: a row begins where a rate is set, and ends where it is set anew or no longer."""
    rows, k = [], running.shape[1]
    for i in range(len(running)):
        for j in range(k):
            if not running[i, j] or (j and running[i, j - 1] and written[i, j] == written[i, j - 1]):
                continue
            after = j + 1
            while after < k and running[i, after] and written[i, after] == written[i, j]:
                after += 1
            rows.append((i, j, float(written[i, j]), after, after == k or not running[i, after]))
    return rows


@given(st.tuples(st.integers(0, 4), st.integers(1, 9)).flatmap(
    lambda shape: st.tuples(arrays(bool, shape), arrays(np.int64, shape, elements=st.integers(1, 2)))
))  # fmt: skip
def test_rows_of_a_drip_are_those_of_a_walk_from_look_to_look(drawn: tuple[Any, Any]) -> None:
    running, written = drawn
    steps = steps_of(running, written.astype(float))
    assert list(zip(*(column.tolist() for column in steps), strict=True)) == slow_steps(running, written)


def charted(courses: Run, **changed: Any) -> Any:
    """A tidy site's chart with some habits changed."""
    habits = habits_of("tidy")
    assert isinstance(habits, Habits)
    sheet = filled(courses, msgspec.structs.replace(habits, **changed), 3)
    ids = [str(number) for number in courses.patients.number.tolist()]
    return sheet.table(Course(ids, np.full(len(ids), T0, np.int64)), "twin", recorded=False)


@settings(deadline=None, max_examples=8)
@given(st.integers(0, 50))
def test_drips_with_ends_and_drips_charted_by_change_grade_the_same(seed: int) -> None:
    courses = run(draw("axi-cel", "lbcl", 8, seed=seed, medians={"EA50_pressure": 0.3}), "none", 15.0)
    over = pa.array(~(courses.seen["vasopressors"][:, -1] > 0))  # what runs at the last look has an end in neither
    with_ends, by_change = (
        outcomes(charted(courses, drips_by_change=share), crs=("lee2014", "mskcc")) for share in (0.0, 1.0)
    )
    assert with_ends.filter(over).equals(by_change.filter(over))


def drips_of(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact.what == "drug" and fact.choice == "norepinephrine"]


def test_a_drip_charted_by_change_is_stopped_but_not_after_death() -> None:
    courses = made_up(seen={"vasopressors": between(3.0, 4.0, 1.0, 0.0)})
    facts = drips_of(list(facts_in(charted(courses, drips_by_change=1.0))))
    assert facts[-1].detail["status"] == "stopped" and all(fact.until is None for fact in facts)
    dead = made_up(seen={"vasopressors": between(3.0, 9.0, 1.0, 0.0)}, died=5.1, cause="crs")
    facts = drips_of(list(facts_in(charted(dead, drips_by_change=1.0))))
    assert facts and not any("status" in fact.detail for fact in facts)


def test_rates_by_the_minute_are_those_by_weight() -> None:
    courses = made_up(seen={"vasopressors": between(3.0, 4.0, 1.0, 0.0)})
    weight = float(courses.patients.traits["weight_kg"][0])

    def first(share: float) -> Fact:
        return drips_of(list(facts_in(charted(courses, rates_by_minute=share))))[0]

    by_weight, by_minute = first(0.0), first(1.0)
    assert (by_weight.unit, by_minute.unit) == ("ug/kg/min", "ug/min")
    assert by_weight.value is not None and by_minute.value is not None
    assert by_minute.value == pytest.approx(by_weight.value * weight, abs=0.25 + 0.005 * weight)


def test_inspired_oxygen_is_charted_with_devices_that_set_it_and_as_a_fraction_by_some() -> None:
    def inspired(level: float, **changed: Any) -> list[Fact]:
        table = charted(made_up(seen={"oxygen": between(2.0, 4.0, level, 0.0)}), **changed)
        return [fact for fact in facts_in(table) if fact.what == "inspired_oxygen"]

    assert inspired(1.0) == []
    for level in (2.0, 3.0, 4.0):
        found = inspired(level)
        assert len(found) == 9 and all(35.0 <= (fact.value or 0.0) <= 100.0 for fact in found)
    as_fraction = inspired(2.0, units={"inspired_oxygen": OtherUnit("1", 1.0)})
    assert [fact.value for fact in as_fraction] == [fact.value for fact in inspired(2.0)]
    assert all(fact.said.endswith(" 1") and float(fact.said.split()[0]) < 1.0 for fact in as_fraction)


def test_a_rate_changes_over_time_and_its_rows_meet(ill: Run) -> None:
    row = int(np.argmax((ill.seen["vasopressors"] > 0).sum(axis=1)))
    drips = drips_of(facts_of(ill, row, seed=3, t0=T0))
    ends: list[Instant | None] = [fact.until for fact in drips]
    meets = [drips[i + 1].at == ends[i] for i in range(len(drips) - 1)]
    assert len({fact.value for fact in drips}) > 2 and any(meets)
    assert all(end is not None and end > fact.at for end, fact in zip(ends, drips, strict=True))
