"""`cartway trial` as a person uses it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from cartway.cli.app import app

PLAN = """
title = "Small"
disease = "lbcl"
size = 2
repeats = 1
days = 40
[[arm]]
name = "Label"
product = "axi-cel"
[[endpoint]]
measure = "response"
against = 0.2
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "small.toml"
    path.write_text(PLAN)
    return path


def run(*args: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["trial", *map(str, args), "--threads", "1"])
    return result.exit_code, result.output


def test_it_writes_a_folder_with_a_page(plan: Path) -> None:
    folder = plan.parent / "out"
    code, said = run(plan, "-o", folder)
    assert code == 0, said
    assert "4 of 4 patients" in said
    assert "Simulated" in said
    first = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {"index.html", "plan.toml", "outcomes.csv", "power.svg"} <= set(first)
    assert run(plan, "-o", folder)[0] == 0  # again over itself: the same seed, the same bytes
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == first


def test_a_folder_with_other_things_is_left_alone(plan: Path) -> None:
    code, said = run(plan, "-o", plan.parent)
    assert code == 2
    assert "other things" in said


def test_a_wrong_plan_is_told_before_anything_is_simulated(plan: Path) -> None:
    plan.write_text(PLAN.replace("axi-cel", "aspirin"))
    code, said = run(plan)
    assert code == 2
    assert "arm 'Label'" in said


def test_a_plan_in_another_encoding_names_the_line(plan: Path) -> None:
    plan.write_bytes(PLAN.replace("Small", "Kl\u00e4ger").encode("latin-1"))
    code, said = run(plan)
    assert code == 2
    assert "small.toml, line 2: The plan is not written in UTF-8." in said


@pytest.mark.parametrize("below", ["", "/further"])
def test_a_folder_that_cannot_be_written_is_found_before_the_work(plan: Path, below: str) -> None:
    code, said = run(plan, "-o", f"{plan}{below}")
    assert code == 2
    assert "cannot be written to" in said
    assert "patients" not in said
