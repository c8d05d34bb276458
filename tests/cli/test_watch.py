"""`cartway watch`: what fires in a file, in whatever units it is written, and what the rules would have cost."""

from __future__ import annotations

import csv
import json
from pathlib import Path

from .conftest import COURSE, Run

METRIC = """course,at,what,value,unit,choice
w,2026-01-10T10:00Z,infusion,,,axicabtagene_ciloleucel
w,2026-01-11T04:00Z,creatinine,0.8,mg/dL,
w,2026-01-12T08:00Z,body_temperature,38.5,Cel,
w,2026-01-12T08:00Z,systolic_pressure,84,mm[Hg],
w,2026-01-12T08:00Z,oxygen_device,,,room_air
w,2026-01-12T08:00Z,creatinine,1.6,mg/dL,
"""
OTHER = (
    METRIC.replace("38.5,Cel", "101.3,[degF]")
    .replace("84,mm[Hg]", "11.199,kPa")
    .replace("0.8,mg/dL", "70.736,umol/L")
    .replace("1.6,mg/dL", "141.472,umol/L")
)


def test_what_fires_at_a_moment(run: Run, course: Path) -> None:
    told = run("watch", course, "--at", "2026-01-12T11:00Z")
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert "ward-1  medium  Cytokine release, rings, since 2026-01-12 08:00 UTC" in lines
    assert "    CRS 2: fever, hypotension without vasopressor, since 2026-01-12 11:00 UTC" in lines


def test_the_same_in_other_units(run: Run, tmp_path: Path) -> None:
    found = []
    for name, table in (("metric.csv", METRIC), ("other.csv", OTHER)):
        (tmp_path / name).write_text(table)
        told = json.loads(run("watch", tmp_path / name, "--format", "json").stdout)
        found.append([(each["rule"], each["level"], each["since"]) for alert in told for each in alert["findings"]])
    assert found[0] == found[1]
    assert ("creatinine_rise", 2, "2026-01-12T08:00:00+00:00") in found[0]
    assert ("critical_pressure", 1, "2026-01-12T08:00:00+00:00") in found[0]


def test_a_quiet_course(run: Run, tmp_path: Path) -> None:
    (tmp_path / "quiet.csv").write_text(COURSE.splitlines()[0] + "\n" + COURSE.splitlines()[2] + "\n")
    assert run("watch", tmp_path / "quiet.csv").stdout == "Nothing fires.\n"


def test_replay_tells_each_rules_burden(run: Run, course: Path) -> None:
    told = run("watch", "--replay", course)
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[0].split()[:2] == ["rule", "event"]
    assert any(line.split()[:3] == ["crs_grade", "cytokine_release", "1"] for line in lines)
    assert "1 course, 2 patient-days under close watch" in lines
    assert "acted, inferred" in lines[-1]


def test_replay_as_a_table_for_other_tools(run: Run, course: Path, tmp_path: Path) -> None:
    assert run("watch", "--replay", course, "-o", tmp_path / "burden.csv").exit_code == 0
    rows = list(csv.DictReader((tmp_path / "burden.csv").open()))
    assert {row["rule"] for row in rows} >= {"crs_grade", "seizure", "reported.fever", "tocilizumab_short"}
    whole = json.loads(run("watch", "--replay", course, "--format", "json").stdout)
    assert whole["courses"] == 1
    assert {row["rule"] for row in whole["rows"]} == {row["rule"] for row in rows}


def test_a_policy_of_the_rules_and_one_of_grading(run: Run, course: Path) -> None:
    usual = run("watch", course, "--at", "2026-01-12T11:00Z").stdout
    lower = run("watch", course, "--at", "2026-01-12T11:00Z", "--policy", "critical_pressure_mmhg=80").stdout
    assert "systolic pressure 84 mmHg" in usual
    assert "systolic pressure 84 mmHg" not in lower
    graded = run("watch", course, "--at", "2026-01-12T11:00Z", "--policy", "hypotension_systolic_mmhg=80").stdout
    assert "CRS 1" in graded


def test_the_centers_record_in_the_file_sets_its_policies(run: Run, course: Path, tmp_path: Path) -> None:
    (tmp_path / "center.csv").write_text(
        "course,at,what,value,unit,about\ncenter,2026-01-01T00:00Z,center_policy,80,1,critical_pressure_mmhg\n"
    )
    told = run("watch", course, tmp_path / "center.csv", "--at", "2026-01-12T11:00Z")
    assert "systolic pressure 84 mmHg" not in told.stdout
    assert "CRS 2" in told.stdout


def test_what_it_cannot_do_is_a_problem(run: Run, course: Path, tmp_path: Path) -> None:
    for arguments, problem in (
        (("--policy", "nothing=1"), "nothing"),
        (("--policy", "crs_lasts_hours"), "does not set a policy"),
        (("--policy", "crs_lasts_hours=soon"), "crs_lasts_hours"),
        (("-o", str(course)), "among the inputs"),
        (("--at", "noon"), "--at"),
    ):
        told = run("watch", course, *arguments)
        assert told.exit_code == 2
        assert problem in told.stderr
    (tmp_path / "empty.csv").write_text("course,at,what\n")
    assert run("watch", tmp_path / "empty.csv").exit_code == 2
