"""`cartway replay`: two settings of the rules over past courses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from .conftest import Run


def test_whose_grades_change_by_how_much_and_why(run: Run, course: Path) -> None:
    """The course has 38.9 degrees: a limit of 39.5 makes no fever of it."""
    said = run("replay", course, "--policy", "fever_celsius=39.5")
    assert said.exit_code == 0
    assert "as shipped against fever_celsius=39.5: 1 of 1 courses differ" in said.stdout
    assert "crs.astct: peak 2 -> " in said.stdout
    assert "38.9 °C" in said.stdout


def test_two_settings_are_compared_with_each_other(run: Run, course: Path) -> None:
    told = run("replay", course, "--policy", "fever_celsius=38.0", "--policy", "fever_celsius=38.1", "--format", "json")
    found = json.loads(told.stdout)
    assert found["settings"] == {"before": "fever_celsius=38.0", "after": "fever_celsius=38.1"}
    assert (found["courses"], found["changed"]) == (1, [])


def test_an_alert_rule_switched_off_takes_its_alerts_with_it(run: Run, course: Path) -> None:
    with course.open("a") as more:  # else the fever rings for want of a count
        more.write("ward-1,2026-01-12T07:00Z,neutrophils,1.2,10*9/L,,,chart,9,2026-01-12T07:30Z\n")
    told = json.loads(run("replay", course, "--policy", "crs_grade=off", "--format", "json").stdout)
    (changed,) = told["changed"]
    assert changed["grades"] == []
    assert {alert["event"] for alert in changed["alerts"]} == {"cytokine_release"}


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ((), "A replay compares two settings."),
        (("--policy", "fever_celsius=38", "--policy", "low_flow_limit=5", "--policy", "x=1"), "compares two settings"),
        (("--policy", "no_such=1"), "no policy 'no_such'"),
        (("--policy", "fever_celsius=hot"), "no value of fever_celsius"),
        (("--policy", "fever_celsius=38", "--scale", "crs.mine"), "no scale 'crs.mine'"),
        (("--policy", "alert_joins_hours=nan"), "no value of alert_joins_hours"),
        (("--policy", "alert_joins_hours=inf"), "no value of alert_joins_hours"),
    ],
)
def test_what_cannot_be_compared_is_refused(run: Run, course: Path, arguments: tuple[str, ...], reason: str) -> None:
    said = run("replay", course, *arguments)
    assert said.exit_code == 2
    assert reason in said.stderr


def test_the_input_is_not_written_over(run: Run, course: Path) -> None:
    before = course.read_bytes()
    assert run("replay", course, "--policy", "fever_celsius=39", "-o", course).exit_code == 2
    assert course.read_bytes() == before


def test_files_of_which_nothing_could_be_read_show_no_agreement(run: Run, tmp_path: Path) -> None:
    """0 of 0 courses differ would be a sentence for a change of a rule."""
    garbage = tmp_path / "garbage.csv"
    garbage.write_bytes(bytes(range(256)) * 12)
    said = run("replay", garbage, "--policy", "fever_celsius=39")
    assert said.exit_code == 2
    assert "differ" not in said.stdout
