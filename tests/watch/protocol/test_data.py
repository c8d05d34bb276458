"""The protocols as data: dated, cited, each row with a condition that is known and a dose that is held."""

from __future__ import annotations

import pytest

from cartway.toxicity import ALL_SCALES
from cartway.vocabulary import vocabulary
from cartway.watch.protocol import Protocol, load_doses, load_protocols, load_shared
from cartway.watch.protocol.conditions import CONDITIONS

ALL = (*load_protocols(), *load_shared())
ROWS = [(plan, row) for plan in ALL for row in plan.rows]


def test_every_choice_of_the_vocabulary_has_a_text() -> None:
    assert {plan.name for plan in load_protocols()} == set(vocabulary().variables["protocol_chosen"].choices)


@pytest.mark.parametrize("plan", ALL, ids=lambda plan: plan.key)
def test_a_protocol_is_dated_cited_and_graded_by_a_scale_that_is_there(plan: Protocol) -> None:
    assert plan.citation
    assert plan.source.text
    assert plan.effective_from.year >= 2017
    assert plan.crs_scale in ALL_SCALES
    names = [row.id for row in plan.rows]
    assert len(names) == len(set(names))


def test_every_row_names_conditions_doses_and_answers_that_exist() -> None:
    for plan, row in ROWS:
        assert set(row.when) <= set(CONDITIONS), (plan.key, row.id)
        assert {row.dose, *row.instead} - {""} <= set(load_doses()), (plan.key, row.id)
        assert set(row.grades) <= {1, 2, 3, 4}, (plan.key, row.id)
        for what, _, choice in (answer.partition(":") for answer in row.answers):
            variable = vocabulary().variables["drug" if what == "drug_class" else what]
            groups = {group for each in variable.choices.values() for group in each.classes}
            assert choice in variable.choices or choice in groups, (plan.key, row.id)


def test_every_condition_is_named_by_a_row() -> None:
    assert {name for _, row in ROWS for name in row.when} == set(CONDITIONS)


def test_every_dose_is_named_by_a_row_and_is_of_a_drug() -> None:
    assert {name for _, row in ROWS for name in (row.dose, *row.instead) if name} == set(load_doses())
    drugs = vocabulary().variables["drug"].choices
    assert {rule.drug for rule in load_doses().values()} <= set(drugs)


@pytest.mark.parametrize("name", [name for name, rule in load_doses().items() if rule.confirmed])
def test_a_confirmed_dose_prints_the_number_that_it_works_with(name: str) -> None:
    """The words are what the source prints: the numbers that are worked with stand in them."""
    rule = load_doses()[name]
    numbers = (rule.mg, rule.mg_kg, rule.cap_mg, *(stage.mg for stage in rule.stages))
    for number in (*numbers, rule.light.mg_kg if rule.light else None):
        assert number is None or f"{number:f}" in rule.words
    assert rule.mg is not None or rule.mg_kg is not None or rule.stages


def test_every_grade_of_every_protocol_says_something() -> None:
    """Of CRS and ICANS; a label of which nothing is held says to read it."""
    for plan in load_protocols():
        for syndrome in ("crs", "icans"):
            told = {grade for row in plan.rows if row.syndrome == syndrome for grade in row.grades}
            assert told == {1, 2, 3, 4}, (plan.key, syndrome)
