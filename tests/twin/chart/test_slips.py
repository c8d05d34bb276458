"""Corrections in a chart: what was entered wrongly stands until it is put right, and then never was."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record import current
from cartway.record.fact import RETRACTION, Fact
from cartway.times import DAY, HOUR, MINUTE
from cartway.toxicity import ALL_SCALES, grade, load_rules
from cartway.twin.chart import chart, facts_in, habits_of, outcomes
from cartway.twin.chart.chart import filled
from cartway.twin.chart.habits import Habits, Slips
from cartway.twin.chart.in_force import in_force
from cartway.twin.chart.sheet import Course
from cartway.twin.chart.slips import exchanged
from cartway.twin.course import Run, run
from cartway.twin.population import draw

from .made_up import T0, made_up

MANY = Slips(typed=0.2, in_another_unit=0.2, twice=0.1)
NO_MARKS = {"key": "", "amends": "", "reason": "", "corrected": False, "source_recorded_at": None}


def charted(courses: Run, slips: Slips | None, seed: int = 3) -> pa.Table:
    """A messy chart with these slips."""
    habits = habits_of("messy")
    assert isinstance(habits, Habits)
    sheet = filled(courses, msgspec.structs.replace(habits, slips=slips), seed)
    ids = [str(number) for number in courses.patients.number.tolist()]
    infused = np.full(len(ids), T0, np.int64)
    return sheet.table(Course(ids, infused), "twin", recorded=True, corrects=slips is not None)


def answers(facts: list[Fact]) -> list[tuple[Any, ...]]:
    told = grade(facts, load_rules(), None, ALL_SCALES)
    return [(e.scale, e.start, e.end, e.grade, e.missing, e.measures) for e in told]


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 1000))
def test_a_corrected_course_is_the_course_without_the_slips(seed: int) -> None:
    courses = run(draw("axi-cel", "lbcl", 2, seed=seed), until=14.0)
    slipped, sound = charted(courses, MANY, seed), charted(courses, None, seed)
    assert slipped.num_rows > sound.num_rows
    for number in courses.patients.number.tolist():
        told, meant = (
            current([fact for fact in facts_in(table) if fact.course == str(number)]) for table in (slipped, sound)
        )
        plain = [msgspec.structs.replace(fact, **NO_MARKS) for fact in told]
        assert plain == [msgspec.structs.replace(fact, **NO_MARKS) for fact in meant]
        assert answers(told) == answers(meant)
    assert outcomes(slipped).equals(outcomes(sound))


def test_a_tidy_site_corrects_nothing() -> None:
    table = chart(made_up(n=3), site="tidy", seed=3, t0=T0)
    assert not {"key", "amends", "reason", "corrected"} & set(table.column_names)


@pytest.fixture(scope="module")
def messy() -> list[Fact]:
    """The facts of a made-up patient on a site of many slips."""
    return list(facts_in(charted(made_up(until=30.0), MANY)))


def test_a_typing_error_is_amended_within_the_hour(messy: list[Fact]) -> None:
    keyed = {fact.key: fact for fact in messy if fact.key}
    amended = [(keyed[fact.amends], fact) for fact in messy if fact.amends and fact.what != RETRACTION]
    assert amended
    for wrong, right in amended:
        assert (wrong.what, right.what, right.reason) == ("body_temperature",) * 2 + ("typing error",)
        assert wrong.at == right.at and wrong.value != right.value
        assert wrong.source_recorded_at is not None and right.source_recorded_at is not None
        assert 0 < right.source_recorded_at - wrong.source_recorded_at <= HOUR


def test_the_laboratory_issues_a_number_under_the_wrong_unit_anew_under_its_key(messy: list[Fact]) -> None:
    anew = [fact for fact in messy if fact.corrected]
    assert {fact.what for fact in anew} >= {"crp"}
    for right in anew:
        (wrong,) = [fact for fact in messy if fact.key == right.key and not fact.corrected]
        assert wrong.value is not None and right.value is not None
        assert wrong.what == right.what and max(wrong.value / right.value, right.value / wrong.value) > 9.0


def test_what_was_entered_twice_is_withdrawn(messy: list[Fact]) -> None:
    keyed = {fact.key: fact for fact in messy if fact.key}
    withdrawn = [keyed[fact.amends] for fact in messy if fact.what == RETRACTION]
    assert withdrawn
    for copy in withdrawn:
        rest = [fact for fact in current(messy) if fact.what == copy.what and fact.at == copy.at - 5 * MINUTE]
        assert [fact.value for fact in rest] == [copy.value]
        assert copy not in current(messy)


def test_between_slip_and_correction_the_course_is_graded_as_it_was_known() -> None:
    """38.6 typed for 36.8 is a fever until it is amended, and none that ever was afterwards."""
    facts = list(facts_in(charted(made_up(until=2.0), Slips(typed=1.0, in_another_unit=0.0, twice=0.0))))
    first = min(fact.source_recorded_at or 0 for fact in facts if fact.key and fact.at > T0)
    end = T0 + 2 * DAY

    def worst(known_at: int | None) -> int:
        told = grade(current(facts, known_at), load_rules(), end, ("crs.astct",))
        return max((episode.grade for episode in told if episode.grade is not None), default=-1)

    assert (worst(first), worst(None)) == (1, 0)


@given(st.integers(250, 449))
def test_exchanged_digits_are_those_of_the_written_number(tenths: int) -> None:
    before, after = f"{tenths / 10:.1f}".split(".")
    wrong = float(f"{before[:-1]}{after}.{before[-1]}")
    assert exchanged(np.array([tenths / 10])).tolist() == [wrong]


# The rows in force, over columns


STATEMENTS = st.lists(
    st.tuples(st.sampled_from(["a", "b"]), st.sampled_from(["", "k1", "k2"]), st.sampled_from(["", "", "k1", "k2"]),
              st.booleans(), st.booleans()), min_size=1, max_size=9,
)  # fmt: skip


@given(STATEMENTS)
def test_rows_in_force_are_the_facts_in_force(drawn: list[tuple[str, str, str, bool, bool]]) -> None:
    rows = [
        {
            "course": course, "at": T0 + number * MINUTE, "what": RETRACTION if amends and withdraws else "crp",
            "value": None if amends and withdraws else float(number), "unit": None if amends and withdraws else "mg/L",
            "source": "lab", "key": key or None, "amends": amends or None, "corrected": corrected,
            "recorded_at": T0 + number * HOUR,
        }
        for number, (course, key, amends, withdraws, corrected) in enumerate(drawn)
    ]  # fmt: skip
    moment = pa.timestamp("us", "UTC")
    table = pa.table(
        {name: [row[name] for row in rows] for name in rows[0]},
        pa.schema([("course", pa.string()), ("at", moment), ("what", pa.string()), ("value", pa.float64()),
                   ("unit", pa.string()), ("source", pa.string()), ("key", pa.string()), ("amends", pa.string()),
                   ("corrected", pa.bool_()), ("recorded_at", moment)]),
    )  # fmt: skip
    slow = {(fact.course, fact.at) for fact in current(list(facts_in(table)))}
    fast = {(fact.course, fact.at) for fact in facts_in(in_force(table))}
    assert fast == slow


def test_a_table_without_corrections_is_left_as_it_is() -> None:
    table = chart(made_up(), site="tidy", seed=3, t0=T0)
    assert in_force(table).equals(table)
