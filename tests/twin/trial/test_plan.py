"""A plan is read whole or refused with what is wrong and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from cartway.problem import Problem
from cartway.twin.trial.measures import load_measures
from cartway.twin.trial.plan import Plan, given_in, kind_of, primary_of, read_plan, title_of

EXAMPLES = Path(__file__).parents[3] / "examples/virtual-trials"
SOUND = """
title = "One"
disease = "lbcl"
size = 20
repeats = 3
[[arm]]
name = "Label"
product = "axi-cel"
[[arm]]
name = "Less"
product = "axi-cel"
policy = "early"
lymphodepletion = 0.5
dose = { cells_per_kg = 1e6 }
bridged = 0.2
[[endpoint]]
measure = "crs_max"
at_least = 2
[[endpoint]]
measure = "pfs"
primary = true
"""


BAD = ("-5e8", "0.0", "nan", "inf", "-inf")


def plan_of(text: str) -> Plan:
    plan = read_plan(text)
    assert isinstance(plan, Plan), plan
    return plan


def problem_of(text: str) -> Problem:
    problem = read_plan(text)
    assert isinstance(problem, Problem)
    return problem


def test_an_arm_changes_what_it_names_and_nothing_else() -> None:
    plan = plan_of(SOUND)
    usual, less = (given_in(arm, plan.disease) for arm in plan.arm)
    assert (usual.cells_per_kg, usual.most_cells, usual.lymphodepletion.intensity) == (2e6, 2e8, 1.0)
    assert (less.cells_per_kg, less.cells, less.bridged) == (1e6, None, 0.2)
    assert less.lymphodepletion.intensity == 0.5
    assert less.lymphodepletion.days == usual.lymphodepletion.days


def test_an_arm_without_lymphodepletion_has_no_days_of_it() -> None:
    plan = plan_of(SOUND.replace("lymphodepletion = 0.5", "lymphodepletion = 0"))
    assert given_in(plan.arm[1], plan.disease).lymphodepletion.days == ()


def test_a_grade_from_which_makes_yes_or_no() -> None:
    plan = plan_of(SOUND)
    assert [kind_of(each) for each in plan.endpoint] == ["share", "time"]
    assert title_of(plan.endpoint[0]) == "Highest grade of CRS, 2 or more"
    assert primary_of(plan).measure == "pfs"


@pytest.mark.parametrize(
    ("was", "becomes", "word"),
    [
        ('disease = "lbcl"', 'disease = "flu"', "disease"),
        ('policy = "early"', 'policy = "hope"', "policy"),
        ('product = "axi-cel"', 'product = "ide-cel"', "BCMA"),
        ('measure = "pfs"', 'measure = "luck"', "luck"),
        ("size = 20", "size = 1", "two patients"),
        ("size = 20", "size = 900000", "virtual patients"),
        ("size = 20", 'size = "many"', "$.size"),
        ("size = 20", "sise = 20", "sise"),
        ("size = 20", "size = 20\ndays = 10", "30 to 730"),
        ("size = 20", "size = 20\naccrual_days = 720", "30 to 730"),
        ('name = "Less"', 'name = "Label"', "same name"),
        ("cells_per_kg = 1e6", "cells_per_kg = 1e6, cells = 1e8", "one of the two"),
        ("lymphodepletion = 0.5", "lymphodepletion = -1", "between 0 and 3"),
        ("bridged = 0.2", "medians = { luck = 2.0 }", "luck"),
        ("primary = true", "against = 0.4", "yes or no"),
        ("primary = true", "at_least = 2", "number"),
        ("[[arm]]", "[[arm", "TOML"),
        ("size = 20", 'size = 20\nsite = "moon"', "moon"),
        ("size = 20", "size = 20\nseed = -1", "seed: A seed is"),
        ("size = 20", f"size = 20\nseed = {2**64}", "seed: A seed is"),
        ("size = 20", "size = 20\ndays = nan", "days: "),
        ("size = 20", "size = 20\naccrual_days = inf", "accrual_days: "),
        ("size = 20", "size = 20\nalpha = nan", "alpha: "),
        ("size = 20", f"size = 1{'0' * 5000}", "TOML"),
        ("size = 20", f"size = 1{'0' * 400}", "size"),
        ("size = 20", f"size = 20\ndays = 1{'0' * 400}", "days"),
        ("size = 20", f"size = 20\nsizes = {'[' * 5000}", "TOML"),
        ("repeats = 3", "repeats = 0", "repeats: "),
        ('title = "One"', 'title = "\\u0001"', "title: "),
        ('name = "Less"', 'name = ""', "arm: "),
        ("at_least = 2", "at_least = nan", "at_least"),
        *(("cells_per_kg = 1e6", f"cells_per_kg = {cells}", "arm 'Less', dose.cells_per_kg: A dose") for cells in BAD),
        *(("cells_per_kg = 1e6", f"cells = {cells}", "arm 'Less', dose.cells: A dose") for cells in (*BAD, "1e30")),
        *(
            ("bridged = 0.2", f"medians = {{ rho = {m} }}", "arm 'Less', medians.rho: A median")
            for m in (*BAD, "1e300")
        ),
        ("bridged = 0.2", 'medians = { rho = "much" }', "$.arm[1].medians"),
        ("bridged = 0.2", "medians = { negative_share = -0.1 }", "arm 'Less', medians.negative_share"),
        ("bridged = 0.2", "medians = { BN0 = 1e6 }", "drawn by chance"),
        ("bridged = 0.2", "bridged = nan", "arm 'Less', bridged: "),
    ],
)
def test_what_does_not_fit_is_told(was: str, becomes: str, word: str) -> None:
    problem = problem_of(SOUND.replace(was, becomes))
    assert word in str(problem)
    assert problem.code and problem.reason and problem.remedy


def test_every_seed_of_64_bits_is_taken() -> None:
    for seed in (0, 2**63, 2**64 - 1):
        assert plan_of(SOUND.replace("size = 20", f"size = 20\nseed = {seed}")).seed == seed


def test_a_problem_of_an_arm_names_the_arm() -> None:
    assert problem_of(SOUND.replace('policy = "early"', 'policy = "hope"')).place == "arm 'Less'"


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.toml")), ids=lambda path: path.stem)
def test_the_examples_are_sound(path: Path) -> None:
    plan_of(path.read_text())


def test_every_measure_is_a_column_of_the_outcomes() -> None:
    from cartway.twin.chart.outcomes import SCHEMA

    assert {name for each in load_measures().values() for name in (each.column, each.event) if name} <= set(
        SCHEMA.names
    )
