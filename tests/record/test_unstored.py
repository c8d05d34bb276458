"""What is refused of facts that come from files is what the log refuses of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cartway.record import Fact, Refused, open_log
from cartway.record.unstored import refusals
from record.drawing import append, drawn, retraction, temperature
from record.test_current import FACTS, SETTINGS


@given(facts=st.lists(FACTS, max_size=12))
@settings(**SETTINGS, max_examples=60)
def test_the_log_refuses_the_same(facts: list[Fact], tmp_path_factory: pytest.TempPathFactory) -> None:
    facts.sort(key=lambda fact: bool(fact.amends) or fact.what == "retraction")
    with open_log(f"sqlite:///{tmp_path_factory.mktemp('store') / 'record.db'}") as log:
        outcomes = append(log, *facts).outcomes
    told = [(n, outcome.problem) for n, outcome in enumerate(outcomes) if isinstance(outcome, Refused)]
    assert list(refusals(facts)) == told


def test_what_amends_a_fact_without_a_key_names_its_digest(tmp_path: Path) -> None:
    with open_log(f"sqlite:///{tmp_path / 'record.db'}") as log:
        append(log, temperature(38))
        digest = log.facts("c1")[0].key
    facts = [temperature(38), temperature(39, 1, amends=digest, reason="mended"), drawn(course="c2")]
    assert list(refusals(facts)) == []
    assert [(n, problem.code) for n, problem in refusals(facts[1:])] == [(0, "unknown_amends")]


def test_what_amends_may_stand_before_what_it_names() -> None:
    assert list(refusals([retraction("1"), temperature(38, key="1")])) == []


def test_nothing_is_amiss_with_facts_that_have_nothing_to_do_with_each_other() -> None:
    assert list(refusals([temperature(38, n, key=str(n), source="a") for n in range(5)])) == []
    assert [problem.code for _, problem in refusals([retraction("1")])] == ["unknown_amends"]
