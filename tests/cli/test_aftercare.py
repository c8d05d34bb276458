"""`cartway aftercare` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cartway.cli.app import app

FACTS = """course,at,what,value,unit,choice,about
c1,2026-01-05T10:00:00+00:00,infusion,,,axicabtagene_ciloleucel,
c1,2026-02-10T10:00:00+00:00,igg,350,mg/dL,,
center,2020-01-01T10:00:00+00:00,center_policy,3,,,distress_cut_off
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(FACTS, encoding="utf-8")
    return path


def run(*args: object, country: str = "US") -> Result:
    return CliRunner().invoke(app, ["aftercare", *map(str, args)], env={"CARTWAY_COUNTRY": country})


def answer(*args: object, country: str = "US") -> dict[str, Any]:
    done = run(*args, "--format", "json", country=country)
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found[0]


def restriction(found: dict[str, Any], key: str) -> dict[str, Any]:
    named: dict[str, Any] = next(each for each in found["restrictions"] if each["key"] == f"restriction.{key}")
    return named


def test_a_courses_file_is_answered_as_of_its_last_fact(table: Path) -> None:
    found = answer(table)
    assert (found["on"], found["day"]) == ("2026-02-10", 36)
    assert restriction(found, "driving")["earliest"] == "2026-01-19"
    assert found["landmarks"]["month_6"] == "2026-07-05"


def test_another_day_and_another_place(table: Path) -> None:
    found = answer(table, "--at", "2026-01-10T12:00+00:00", country="EU")
    assert restriction(found, "driving")["earliest"] == "2026-03-02"
    assert restriction(found, "driving")["confirmed"] is False


def test_a_policy_of_the_command_line_answers_a_question(table: Path) -> None:
    asked = {each["key"]: each for each in answer(table)["questions"]}
    assert asked["igg_replacement"]["open"]
    chosen = answer(table, "--policy", "aftercare_igg_replacement=below_400")
    told = {each["key"]: each for each in chosen["questions"]}["igg_replacement"]
    assert (told["chosen"], told["open"]) == ("below_400", False)


def test_the_text_names_what_is_due_and_what_is_open(table: Path) -> None:
    told = run(table).stdout
    assert told.startswith("c1: on 2026-02-10, day 36, by the labels of US\nDue\n")
    assert "Sources differ, nobody chose: When is IgG below 400 mg/dL replaced? (igg_replacement)" in told
    assert "Decision support" in told


@pytest.mark.parametrize(("args", "words"), [
    (("--policy", "aftercare_zoster"), "does not set a policy"),
    (("--policy", "aftercare_zoster=soon"), "is no value of"),
    (("--policy", "nobody=1"), "no policy"), (("--at", "yesterday"), "no time"),
])  # fmt: skip
def test_what_cannot_be_read_is_told(table: Path, args: tuple[str, ...], words: str) -> None:
    done = run(table, *args)
    assert done.exit_code == 2
    assert words in done.stderr
