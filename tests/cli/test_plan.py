"""`cartway plan`: the table, the reasons, the proof; a lost slot; JSON; what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cartway.cli.app import app
from cartway.web.demo.examples import programme_files

ROAD = [str(path) for path in programme_files()]
START = ["--start", "2026-03-15"]


def plan(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["plan", *arguments], catch_exceptions=False)


def test_days_reasons_and_proof() -> None:
    told = plan(*ROAD, *START)
    assert told.exit_code == 0, told.output
    assert "p03     lisocabtagene maraleucel" in told.output
    assert "not_decided: Nobody has decided on CAR T-cell therapy yet." in told.output
    assert "weighted waiting: optimal" in told.output and "gap 0.00%" in told.output
    assert "[not confirmed]" in told.output


def test_the_same_input_is_the_same_plan() -> None:
    one, other = (json.loads(plan(*ROAD, *START, "--format", "json").stdout) for _ in range(2))
    assert one == other


def test_a_lost_slot_changes_little_and_says_why() -> None:
    before = json.loads(plan(*ROAD, *START, "--format", "json").stdout)
    line = next(each for each in before["courses"] if each["course"] == "p03")
    lost = f"{line['places']['manufacture']}@{line['steps']['manufacture'][0]}"
    after = json.loads(plan(*ROAD, *START, "--lost", lost, "--format", "json").stdout)
    assert [each["course"] for each in after["changes"]] == ["p03"]
    assert "There is no manufacturing slot" in after["changes"][0]["why"][0]
    assert {each["status"] for each in after["proof"]["stages"]} == {"OPTIMAL"}


def test_it_writes_to_a_file(tmp_path: Path) -> None:
    out = tmp_path / "plan.txt"
    assert plan(*ROAD, *START, "-o", str(out)).exit_code == 0
    assert out.read_text("utf-8").startswith("Plan ")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--start", "soon"], "--start is no day"),
        ([*START, "--lost", "Chair-9@2026-03-20"], "There is no resource 'Chair-9'"),
        ([*START, "--lost", "Chair-1"], "--lost has no day"),
        ([*START, "-o", ROAD[0]], "is among the inputs"),
    ],
)
def test_what_cannot_be_done_is_told(arguments: list[str], told: str) -> None:
    refused = plan(*ROAD, *arguments)
    assert refused.exit_code == 2 and told in refused.output


def test_no_course_is_told(tmp_path: Path) -> None:
    empty = tmp_path / "center.csv"
    empty.write_text("course,at,what,choice\ncenter,2026-03-01T08:00Z,closure,\n", "utf-8")
    refused = plan(str(empty), *START)
    assert refused.exit_code == 2 and "There is no course to plan" in refused.output
