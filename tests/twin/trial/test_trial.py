"""A small virtual trial from its plan to its files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from html.parser import HTMLParser

import msgspec
import numpy as np
import pyarrow as pa
import pytest

from cartway.record.fact import Fact
from cartway.times import DAY
from cartway.twin.trial import Analyzed, Plan, Simulated, analyzed, files, read_plan, simulate
from cartway.twin.trial.operate import behaviors
from cartway.twin.trial.simulate import T0, _cut, followed
from cartway.twin.trial.told import notes

TEXT = """
title = "Early <against> label"
disease = "lbcl"
size = 4
sizes = [3]
repeats = 2
days = 190
accrual_days = 90
seed = 7
[[arm]]
name = "Label"
product = "axi-cel"
[[arm]]
name = "Early & more"
product = "axi-cel"
policy = "early"
[[endpoint]]
measure = "crs_max"
at_least = 2
[[endpoint]]
measure = "cmax_cells"
[[endpoint]]
measure = "complete_response"
against = 0.2
[[endpoint]]
measure = "pfs"
primary = true
"""


def sound(text: str) -> Plan:
    plan = read_plan(text)
    assert isinstance(plan, Plan)
    return plan


@pytest.fixture(scope="module")
def simulated() -> Simulated:
    return simulate(sound(TEXT))


@pytest.fixture(scope="module")
def trial(simulated: Simulated) -> Analyzed:
    return analyzed(sound(TEXT), simulated)


@pytest.fixture(scope="module")
def written(trial: Analyzed) -> Mapping[str, str]:
    return dict(files(trial, TEXT))


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def test_every_patient_has_an_outcome(written: Mapping[str, str]) -> None:
    found = rows(written["outcomes.csv"])
    assert len(found) == 2 * 2 * 4
    assert {row["crs_max"] for row in found} <= {"", "0", "1", "2", "3", "4", "5"}


def test_the_first_repeat_is_the_same_however_many_follow(simulated: Simulated) -> None:
    again = simulate(msgspec.structs.replace(sound(TEXT), repeats=1))
    for one, other in zip(simulated.arms, again.arms, strict=True):
        for name, values in one.items():
            np.testing.assert_array_equal(values[0], other[name][0])


def test_arms_and_repeats_have_other_patients(simulated: Simulated) -> None:
    patients = [
        patient
        for columns in (*simulated.arms, simulated.again)
        for patient in zip(*(columns[name].ravel() for name in ("cmax_cells", "cmax_copies", "os_day")), strict=True)
    ]
    assert len(set(patients)) == len(patients) == 3 * 2 * 4


def test_nothing_is_known_after_the_data_cut(simulated: Simulated) -> None:
    """Who came last is followed for the shortest time; no fact lies later than that."""
    for patients, ends in zip(simulated.shown, simulated.followed, strict=True):
        assert ((ends >= 100) & (ends <= 190)).all()
        for facts, end in zip(patients, ends, strict=True):
            assert max(fact.at for fact in facts) <= T0 + end * DAY
            assert {fact.course for fact in facts} == {facts[0].course}


def test_what_was_written_down_after_the_data_cut_is_not_known_at_it() -> None:
    """Day 9 of ten: known if written down at once or by the cut, not if a day after it. What says nothing is known."""
    at, moment = T0 + 9 * DAY, pa.timestamp("us", "UTC")
    written = [None, at, T0 + 10 * DAY, T0 + 11 * DAY]
    table = pa.table(
        {
            "course": pa.array(["a"] * 4).dictionary_encode(),
            "at": pa.array([at] * 4, pa.int64()).cast(moment),
            "recorded_at": pa.array(written, pa.int64()).cast(moment),
        }
    )
    assert _cut(table, np.array([10.0]))["recorded_at"].cast(pa.int64()).to_pylist() == written[:3]


def test_the_page_says_what_is_not_confirmed_and_what_is_assumed(written: Mapping[str, str], trial: Analyzed) -> None:
    """Axi-cel in LBCL is a pair of the trials that the twin was fitted to; relma-cel's dose was read in no source."""
    assert "Hazards of death are assumed" in written["index.html"]
    assert "never calibrated" not in written["index.html"]
    other = sound(TEXT.replace('product = "axi-cel"\npolicy = "early"', 'product = "relma-cel"'))
    page = dict(files(trial._replace(plan=other), TEXT))["index.html"]
    assert "The dose of relma-cel is not confirmed." in page
    assert "never calibrated for relma-cel in LBCL" in page


def test_a_page_names_the_medians_and_no_standing_of_a_dose_that_a_plan_sets_itself() -> None:
    own = TEXT.replace(
        'product = "axi-cel"\npolicy = "early"',
        'product = "relma-cel"\nmedians = { rho = 0.1 }\ndose = { cells = 1e8 }',
    )
    said = " ".join(notes(sound(own)))
    assert "Arm Early & more has medians of the plan's own: rho." in said
    assert "not confirmed" not in said


def test_every_fact_is_marked_simulated(simulated: Simulated) -> None:
    facts: list[Fact] = [fact for patients in simulated.shown for facts in patients for fact in facts]
    assert all(fact.simulated for fact in facts)


def test_without_accrual_all_are_followed_to_the_end() -> None:
    plan = msgspec.structs.replace(sound(TEXT), accrual_days=0)
    assert followed(plan, np.arange(5)).tolist() == [190] * 5


def test_outcomes_agree_with_the_patients_shown(trial: Analyzed) -> None:
    """Grades by the compiled cohort pass and by the plain fold of one course, over the same facts."""
    for arm, columns in zip(trial.arms, trial.simulated.arms, strict=True):
        worst = sorted(lane.crs for lane in arm.lanes if lane.crs is not None)
        assert worst == sorted(columns["crs_max"][0, :4])
        progressed = sum(lane.progressed is not None or lane.died is not None for lane in arm.lanes)
        assert progressed == columns["pfs_event"][0, :4].sum()


def test_on_each_day_a_patient_counts_once(trial: Analyzed) -> None:
    for arm in trial.arms:
        assert (arm.crs.sum(axis=0) <= 4).all()
        assert arm.crs[1:].any()


def test_the_first_arm_is_the_control(trial: Analyzed) -> None:
    effects = {(each.endpoint.measure, each.arm): each.effect for each in trial.results}
    assert effects["pfs", "Label"] is None
    assert effects["pfs", "Early & more"] is not None
    assert effects["complete_response", "Label"] is not None  # against a fixed share, an arm by itself


def test_power_is_the_share_of_significant_repeats(trial: Analyzed) -> None:
    for each in trial.behaviors:
        assert each.power.estimate == sum(found.p < 0.05 for found in each.effects) / 2
        assert each.power.low <= each.power.estimate <= each.power.high


def test_arms_without_a_difference_raise_few_false_alarms() -> None:
    """A test of level alpha rejects at most so often where nothing differs: 400 trials of numbers drawn alike."""
    plan = msgspec.structs.replace(sound(TEXT), repeats=400, size=30, sizes=(), endpoint=sound(TEXT).endpoint[1:2])
    chance = np.random.default_rng(1)
    same = [{"cmax_cells": chance.lognormal(4, 1, (400, 30))} for _ in range(3)]
    (found,) = behaviors(plan, Simulated((same[0], same[1]), same[2], (), ()))
    assert found.power.low <= 0.05 <= found.power.high
    assert found.false_alarms.low <= 0.05 <= found.false_alarms.high
    assert found.covered.low <= 0.95 <= found.covered.high + 0.02


def test_a_difference_that_is_there_is_found_the_more_often_the_larger_the_arms() -> None:
    plan = msgspec.structs.replace(sound(TEXT), repeats=100, size=60, sizes=(10,), endpoint=sound(TEXT).endpoint[1:2])
    chance = np.random.default_rng(2)
    low, same = ({"cmax_cells": chance.lognormal(4, 1, (100, 60))} for _ in range(2))
    high = {"cmax_cells": chance.lognormal(4.6, 1, (100, 60))}
    small, large = behaviors(plan, Simulated((low, high), same, (), ()))
    assert (small.size, large.size) == (10, 60)
    assert small.power.high < large.power.low
    assert small.magnified > large.magnified > 0.9  # the winner's curse


class Marks(HTMLParser):
    """What a page holds: elements in order, ids, links to elsewhere."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.loads += [found[name] or "" for name in ("src", "href") if name in found]


def test_the_page_stands_alone(written: Mapping[str, str]) -> None:
    """It loads nothing, runs nothing, and says that it is simulated."""
    page = Marks()
    page.feed(written["index.html"])
    assert page.loads == []
    assert "script" not in page.tags
    assert len(page.ids) == len(set(page.ids))
    assert "Simulated: no patient was treated" in written["index.html"]
    assert "Research use" in written["index.html"]
    assert "Early &lt;against&gt; label" in written["index.html"]
    assert not re.search(r"\bnan\b", written["index.html"])


def test_each_picture_has_its_table_and_its_file(written: Mapping[str, str]) -> None:
    pictures = {name.removesuffix(".svg") for name in written if name.endswith(".svg")}
    tables = {name.removesuffix(".csv") for name in written if name.endswith(".csv")}
    assert {"survival-pfs", "crs-by-day", "icans-by-day", "lanes-1", "lanes-2", "power", "estimates"} == pictures
    assert pictures - {"power", "estimates"} <= tables
    assert {"behavior", "results", "arms", "outcomes"} <= tables
    assert written["plan.toml"] == TEXT
    assert list(written)[-1] == "index.html"


@pytest.mark.parametrize(("product", "disease"), [("cilta-cel", "mm"), ("tisa-cel", "pediatric_b_all")])
def test_other_diseases_have_their_own_levels(product: str, disease: str) -> None:
    text = TEXT.replace("lbcl", disease).replace("axi-cel", product).replace("accrual_days = 90", "")
    plan = msgspec.structs.replace(sound(text), size=3, sizes=(), repeats=1)
    trial = analyzed(plan, simulate(plan))
    codes = {span.code for arm in trial.arms for lane in arm.lanes for span in lane.spans}
    assert codes
    assert "Progression-free survival" in dict(files(trial, text))["index.html"]
