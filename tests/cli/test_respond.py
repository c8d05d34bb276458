"""`cartway respond`: files, text and JSON, policies, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run

HEAD = "course,at,what,value,unit,choice,detail,about,event\n"
COURSE = """c1,2026-01-02T12:00Z,diagnosis,,,dlbcl,,,
c1,2026-01-03T12:00Z,lesion,4,cm,,"{""short_axis"": 3, ""site"": ""node""}",N1,s0
c1,2026-01-03T12:00Z,marrow_finding,,,negative,,,s0
c1,2026-01-05T12:00Z,infusion,,,axicabtagene_ciloleucel,,,
c1,2026-01-12T12:00Z,car_t_copies,30000,/ug{DNA},,,,
c1,2026-02-02T12:00Z,cd19,0,/uL,,,,
c1,2026-02-04T12:00Z,lesion,30,mm,,"{""short_axis"": 20, ""site"": ""node""}",N1,s1
c1,2026-02-04T12:00Z,spleen_length,11,cm,,,,s1
c1,2026-02-04T12:00Z,non_target_disease,,,stable,,,s1
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(HEAD + COURSE, "utf-8")
    return path


def asked(run: Run, *words: str | Path) -> list[dict[str, Any]]:
    done = run("respond", *words, "--format", "json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_a_course_as_json(run: Run, table: Path) -> None:
    (one,) = asked(run, table)
    (response,) = one["responses"]
    (scan,) = response["assessments"]
    assert (response["criteria"], response["best"], response["first_response_day"]) == ("lugano_2014", "PR", 30)
    assert (scan["level"], scan["confirmed_level"], scan["day"], scan["numbers"]["spd_cm2"]) == ("PR", "PR", 30, 6.0)
    assert response["endpoints"]["time_to_response"]["days"] == 30
    assert one["kinetics"][0]["highest_day"] == 7
    assert one["b_cells"]["counts"][0]["aplasia"] is True


def test_a_course_to_read(run: Run, table: Path) -> None:
    said = run("respond", table).stdout
    assert "day 30, 2026-02-04: PR" in said
    assert "Sum of products 6 cm2, at baseline 12 cm2 (-50 %)." in said
    assert "Disease outside the targets is neither larger nor smaller." in said
    assert "decided by policy: response_stable_non_target" in said
    assert "A physician decides." in said


def test_a_policy_changes_the_answer(run: Run, table: Path) -> None:
    (one,) = asked(run, table, "--policy", "response_stable_non_target=stable")
    assert one["responses"][0]["best"] == "SD"


def test_other_criteria_and_every_one(run: Run, table: Path) -> None:
    assert asked(run, table, "--criteria", "lyric_2016")[0]["responses"][0]["criteria"] == "lyric_2016"
    assert len(asked(run, table, "--criteria", "every")[0]["responses"]) >= 5


def test_as_of_a_moment(run: Run, table: Path) -> None:
    (one,) = asked(run, table, "--at", "2026-01-20T12:00Z")
    assert one["responses"][0]["assessments"] == []


def test_a_course_without_a_disease_still_has_its_cells(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text(HEAD + "\n".join(COURSE.splitlines()[3:5]) + "\n", "utf-8")
    (one,) = asked(run, path)
    assert (one["responses"], one["problems"][0]["code"]) == ([], "no_criteria")
    assert one["kinetics"][0]["highest"] == 30000.0


def test_to_a_file(run: Run, table: Path, tmp_path: Path) -> None:
    assert run("respond", table, "-o", tmp_path / "out.txt").exit_code == 0
    assert "PR" in (tmp_path / "out.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--criteria", "recist"), "There are no criteria 'recist'."),
        (("--policy", "response_time_zero"), "does not set a policy"),
        (("--policy", "response_time_zero=never"), "is no value of response_time_zero"),
        (("-o", "facts.csv"), "is among the inputs"),
    ],
)
def test_what_it_refuses(run: Run, table: Path, words: tuple[str, ...], why: str) -> None:
    done = run("respond", table, *words)
    assert (done.exit_code, why in done.output) == (2, True)


def test_a_file_without_a_course(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text(HEAD, "utf-8")
    assert run("respond", path).exit_code == 2
