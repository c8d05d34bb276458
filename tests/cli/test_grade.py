"""`cartway grade`: what it writes, where, and when it does not."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cartway.exchange.episodes import COLUMNS

from .conftest import Run


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_the_screen_shows_grades_with_their_reasons(run: Run, course: Path) -> None:
    said = run("grade", course)
    assert said.exit_code == 0
    assert "ward-1" in said.stdout.splitlines()
    assert "38.9 °C" in said.stdout and "84 mmHg" in said.stdout


def read_back(path: Path) -> list[dict[str, Any]]:
    """The rows of a result, whatever its format."""
    if path.suffix == ".json":
        return list(json.loads(path.read_text()))
    return rows(path) if path.suffix == ".csv" else list(pq.read_table(path).to_pylist())


@pytest.mark.parametrize("form", ["csv", "json", "parquet"])
def test_the_ending_of_out_says_how_to_write(run: Run, course: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"out.{form}"
    assert run("grade", course, "-o", out).exit_code == 0
    read = read_back(out)
    assert tuple(read[0]) == COLUMNS
    crs = [row["grade"] for row in read if row["scale"] == "crs.astct"]
    assert [int(grade) for grade in crs if grade not in ("", None)] == [1, 2]


def test_format_goes_before_the_ending(run: Run, course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.txt"
    assert run("grade", course, "-o", out, "--format", "json").exit_code == 0
    assert json.loads(out.read_text())


def test_csv_and_json_on_the_screen_are_whole(run: Run, course: Path) -> None:
    told = run("grade", course, "--format", "csv").stdout
    assert len(list(csv.DictReader(told.splitlines()))) == len(
        json.loads(run("grade", course, "--format", "json").stdout)
    )


def test_one_scale(run: Run, course: Path) -> None:
    told = json.loads(run("grade", course, "--format", "json", "--scale", "icans.astct").stdout)
    assert {row["scale"] for row in told} == {"icans.astct"}


def test_nothing_later_than_at_counts(run: Run, course: Path) -> None:
    told = json.loads(run("grade", course, "--format", "json", "--at", "2026-01-12T11:30+01:00").stdout)
    assert [row["grade"] for row in told if row["scale"] == "crs.astct"][-1] == 1
    assert max(row["start"] for row in told) <= "2026-01-12T10:30:00+00:00"


def test_a_policy_changes_what_it_decides(run: Run, course: Path) -> None:
    """A systolic pressure of 84 is no hypotension where the limit is 80."""
    told = json.loads(run("grade", course, "--format", "json", "--policy", "hypotension_systolic_mmhg=80").stdout)
    assert {row["grade"] for row in told if row["scale"] == "crs.astct"} == {None, 1}


def test_out_is_private_and_an_old_one_keeps_its_rights(run: Run, course: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    run("grade", course, "-o", out)
    assert out.stat().st_mode & 0o777 == 0o600
    out.chmod(0o640)
    run("grade", course, "-o", out)
    assert out.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("source", ["nosuch.csv", "broken.parquet", "empty.csv"])
def test_what_went_wrong_leaves_an_old_out_as_it_was(run: Run, tmp_path: Path, source: str) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1" + b"\x00" * 500 + b"PAR1")
    (tmp_path / "empty.csv").write_text("course,at,what\n")
    out = tmp_path / "out.csv"
    out.write_text("precious\n")
    said = run("grade", source, "-o", out)
    assert said.exit_code == 2
    assert out.read_text() == "precious\n"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".out")] == []


def test_out_is_never_an_input(run: Run, course: Path, tmp_path: Path) -> None:
    before = course.read_text()
    linked = tmp_path / "linked.csv"
    linked.symlink_to(course)
    for inputs, out in (([course], course), ([tmp_path], course), ([course], linked), ([linked], course)):
        said = run("grade", *inputs, "-o", out)
        assert (said.exit_code, "among the inputs" in said.stderr) == (2, True)
    assert course.read_text() == before


def test_where_no_fact_could_be_read_the_status_is_2(run: Run, tmp_path: Path) -> None:
    (tmp_path / "wrong.csv").write_text("a,b\n1,2\n")
    (tmp_path / "heading.csv").write_text("course,at,what\n")
    for name in ("wrong.csv", "heading.csv"):
        said = run("grade", name, "--format", "csv")
        assert (said.exit_code, said.stdout) == (2, "")
        assert "No fact could be read" in said.stderr


def test_what_could_not_be_read_is_told_and_the_rest_is_graded(run: Run, course: Path) -> None:
    with course.open("a") as table:
        table.write("ward-1,2026-01-12T10:00Z,body_temperature,101.8,Cel,,,,,\n")
        table.write("ward-1,yesterday,body_temperature,38,Cel,,,,,\n")
    said = run("grade", course)
    assert said.exit_code == 0
    assert "course.csv line 10" in said.stderr and "refused 2" in said.stderr
    assert "that could not be read" in said.stdout


WRONG = [
    (("--at", "2026-01-12T10:00"), "--at is no time"),
    (("--at", "2400-01-01T00:00Z"), "1970 to 2249"),
    (("--at", "1969-12-31T23:59Z"), "1970 to 2249"),
    (("--scale", "crs.other"), "no scale 'crs.other'"),
    (("--policy", "nothing=1"), "nothing"),
    (("--policy", "afebrile_signs"), "does not set a policy"),
    (("--format", "parquet"), "Name a file with -o"),
    (("-o", "out.docx"), "no format to write"),
]


@pytest.mark.parametrize(("options", "told"), WRONG)
def test_a_wrong_option_is_told(run: Run, course: Path, options: tuple[str, ...], told: str) -> None:
    said = run("grade", course, *options)
    assert (said.exit_code, said.stdout) == (2, "")
    assert told in said.stderr


ESCAPES = "\x1b[31mred\x9b2J\nforged \u202egrade"


def test_a_terminal_obeys_nothing_that_a_file_says(run: Run, course: Path) -> None:
    with course.open("a") as table:
        table.write(f'"{ESCAPES}",2026-01-10T10:00Z,infusion,,,,,,,\n')
        table.write(f'"{ESCAPES}",2026-01-10T10:00Z,{ESCAPES[:9]},,,,,,,\n')
    for said in (run("grade", course), run("explain", course)):
        for text in (said.stdout, said.stderr):
            assert not set("\x1b\x9b\u202e") & set(text)
        assert "\\x1b[31mred\\x9b2J\\nforged \\u202egrade" in said.stdout


def test_a_spreadsheet_runs_nothing_that_a_file_says(run: Run, course: Path, tmp_path: Path) -> None:
    with course.open("a") as table:
        table.write("=cmd|calc!A0,2026-01-10T10:00Z,infusion,,,,,,,\n@SUM(1),2026-01-10T10:00Z,infusion,,,,,,,\n")
    run("grade", course, "-o", "out.csv")
    assert {row["course"] for row in rows(tmp_path / "out.csv")} == {"ward-1", "'=cmd|calc!A0", "'@SUM(1)"}
