"""What is in force: a pure function of the facts, the same in every order of arrival, and the same as the columns."""

from __future__ import annotations

import random
import uuid
from math import isnan
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cartway.record import NEVER, Fact, current, open_log
from record.drawing import INFUSION, append, drawn, retraction, temperature, values

SETTINGS = {"deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]}

KEYS = st.sampled_from(["", "1", "2", "3"])
FACTS = st.builds(
    drawn,
    at=st.integers(INFUSION, INFUSION + 2),
    what=st.sampled_from(["body_temperature", "heart_rate", "retraction"]),
    value=st.sampled_from([None, 37.0, 38.0, 0.0]),
    choice=st.sampled_from(["", "a", "b"]),
    unit=st.sampled_from(["Cel", "K"]),
    until=st.sampled_from([None, INFUSION + 5]),
    detail=st.sampled_from([{}, {"n": 1}, {"n": 2}]),
    source=st.sampled_from(["lab", "ward"]),
    key=KEYS,
    amends=KEYS,
    corrected=st.booleans(),
    source_recorded_at=st.sampled_from([None, 1, 2]),
)


def seen(fact: Fact) -> tuple[Any, ...]:
    until = NEVER if fact.until is None else fact.until
    return (fact.at, until, fact.what, fact.value, fact.choice, fact.unit, fact.detail)


@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
@given(batches=st.lists(st.lists(FACTS, max_size=5), max_size=5))
@settings(**SETTINGS, max_examples=40)
def test_the_columns_are_the_facts_in_force(
    store: str, tmp_path_factory: pytest.TempPathFactory, postgres_url: str, batches: list[list[Fact]]
) -> None:
    url = new_store(store, tmp_path_factory, postgres_url)
    with open_log(url) as log:
        for minute, batch in enumerate(batches):
            append(log, *batch, minute=minute)
        facts, columns = current(log.facts("c1")), log.columns("c1")
        arrays = (columns.at, columns.until, columns.what, columns.value, columns.choice, columns.unit)
        read = [
            (
                at,
                until,
                columns.words[what],
                None if isnan(value) else value,
                columns.words[choice],
                columns.words[unit],
                columns.detail.get(position, {}),
            )
            for at, until, what, value, choice, unit, position in zip(
                *(array.tolist() for array in (*arrays, columns.position)), strict=True
            )
        ]
        assert read == [seen(fact) for fact in facts]
        assert sorted(columns.position.tolist()) == sorted(fact.position for fact in facts)
        assert log.verify().ok


def new_store(store: str, folders: pytest.TempPathFactory, postgres_url: str) -> str:
    if store == "sqlite":
        return f"sqlite:///{folders.mktemp('store') / 'record.db'}"
    schema = f"drawn_{uuid.uuid4().hex}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}".encode())
    return f"{postgres_url}&options=-csearch_path%3D{schema}"


@given(st.lists(FACTS, max_size=12), st.randoms())
@settings(**SETTINGS, max_examples=300)
def test_the_order_of_arrival_never_matters(facts: list[Fact], chance: random.Random) -> None:
    shuffled = list(facts)
    chance.shuffle(shuffled)
    assert current(shuffled) == current(facts)


@given(st.lists(FACTS, max_size=12))
@settings(**SETTINGS, max_examples=300)
def test_what_is_in_force_is_sorted_and_no_retraction(facts: list[Fact]) -> None:
    found = current(facts)
    assert [(fact.at, fact.what) for fact in found] == sorted((fact.at, fact.what) for fact in found)
    assert not [fact for fact in found if fact.what == "retraction"]


def test_facts_that_were_never_stored_follow_the_same_rules() -> None:
    facts = [
        temperature(38, key="1", source="lab", source_recorded_at=1),
        temperature(39, key="1", source="lab", source_recorded_at=2),
        temperature(36, 1, key="2"),
        retraction("2"),
        temperature(37, 2, key="3"),
        temperature(37.5, 2, key="4", amends="3"),
    ]
    assert values(current(facts)) == [39, 37.5]
    assert values(current(facts, known_at=1)) == [38, 37.5]


def test_the_same_row_twice_counts_once() -> None:
    assert len(current([temperature(38), temperature(38)])) == 1
    assert len(current([temperature(38), temperature(38, event="e")])) == 2


def test_equal_times_are_ordered_by_content() -> None:
    facts = [
        drawn(what="b", value=None, choice="y"),
        drawn(what="b", value=None, choice="x"),
        drawn(what="a", value=None),
        drawn(what="a", value=2.0),
        drawn(what="a", value=1.0, until=INFUSION + 1),
        drawn(what="a", value=1.0),
    ]
    found = [(fact.what, fact.choice, fact.value, fact.until) for fact in current(facts)]
    assert found == [
        ("a", "", 1.0, INFUSION + 1),
        ("a", "", 1.0, None),
        ("a", "", 2.0, None),
        ("a", "", None, None),
        ("b", "x", None, None),
        ("b", "y", None, None),
    ]


def test_courses_do_not_mix() -> None:
    facts = [temperature(38, key="1"), temperature(39, key="1", course="c2"), retraction("1", course="c2")]
    assert values(current(facts)) == [38]


def test_what_is_known_later_never_changes_what_was_known(sqlite_store: str) -> None:
    with open_log(sqlite_store) as log:
        append(log, temperature(38, key="1"), minute=0)
        before = current(log.facts("c1"))
        append(log, temperature(39, key="1", corrected=True), retraction("1"), temperature(40), minute=5)
        assert current(log.facts("c1"), known_at=INFUSION) == before
