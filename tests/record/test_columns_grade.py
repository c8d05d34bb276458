"""The columns of the store hold all that grading reads: the grades from them are the grades from the facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from cartway.intake import read_facts
from cartway.record import Fact, current, open_log
from cartway.times import HOUR, MINUTE
from cartway.toxicity import Episode, grade, load_rules
from cartway.toxicity.columns import grade_columns
from cartway.web.demo.examples import example_files
from record.drawing import INFUSION, append

RULES = load_rules()


@pytest.fixture(scope="module")
def examples() -> list[Fact]:
    """All facts of the example courses."""
    return read_facts(example_files()).facts


def told(episodes: Iterable[Episode]) -> list[tuple[Any, ...]]:
    """Episodes without the facts behind their reasons: the columns hold less of a fact than the store does."""
    return [
        (e.course, e.scale, e.grade, e.start, e.end, e.missing, e.policies, [reason.criterion for reason in e.because])
        for e in episodes
    ]


def test_grades_from_columns_are_those_from_facts(store_url: str, examples: list[Fact]) -> None:
    with open_log(store_url, kind="demo") as log:
        assert append(log, *examples).accepted == len(examples)
        for course in log.courses():
            facts, columns = current(log.facts(course)), log.columns(course)
            assert told(grade_columns(columns, course, RULES)) == told(grade(facts, RULES)), course
            middle = facts[len(facts) // 2].at
            assert told(grade_columns(columns, course, RULES, middle)) == told(grade(facts, RULES, middle)), course


def test_the_unit_of_a_drug_decides_whether_it_is_an_infusion(store_url: str) -> None:
    """The same number in a unit of rate is a vasopressor that runs; in a unit of amount it is a single dose."""
    fever = [Fact("c1", INFUSION + n * HOUR, "body_temperature", 39.0, "Cel") for n in range(6, 12)]
    pressure = [Fact("c1", one.at + MINUTE, "systolic_pressure", 85.0, "mm[Hg]") for one in fever]
    infusion = Fact("c1", INFUSION, "infusion", choice="axicabtagene_ciloleucel")
    answers = []
    with open_log(store_url) as log:
        append(log, infusion, *fever, *pressure)
        for unit in ("mg", "ug/kg/min"):
            append(log, Fact("c1", INFUSION + 7 * HOUR, "drug", 0.1, unit, "epinephrine"))
            facts, columns = current(log.facts("c1")), log.columns("c1")
            answers.append(told(grade_columns(columns, "c1", RULES)))
            assert answers[-1] == told(grade(facts, RULES)), unit
    assert answers[0] != answers[1]
