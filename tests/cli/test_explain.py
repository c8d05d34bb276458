"""`cartway explain`: from a file, from the store, and as it was known."""

from __future__ import annotations

from pathlib import Path

import pytest

from .conftest import Run


@pytest.fixture
def stored(run: Run, course: Path) -> str:
    """The course, in the store."""
    said = run("import", course)
    assert said.exit_code == 0, said.output
    return "ward-1"


def test_a_file_is_explained_at_the_end_of_its_record(run: Run, course: Path) -> None:
    told = run("explain", course).stdout
    assert told.startswith("ward-1 at 2026-01-12 11:00 UTC, day 2")
    assert "CRS grade 2" in told and "84 mmHg" in told and "ICANS grade 1" in told


def test_a_moment_is_asked_about(run: Run, course: Path) -> None:
    told = run("explain", course, "--at", "2026-01-12T10:00+01:00").stdout
    assert "2026-01-12 10:00" in told and "CRS grade 1" in told


def test_a_late_entry_was_not_known_before(run: Run, course: Path) -> None:
    """The pressure of 11:00 was charted at 15:00."""
    asked = ("--at", "2026-01-12T12:00Z")
    assert "CRS grade 2" in run("explain", course, *asked).stdout
    assert "CRS grade 1" in run("explain", course, *asked, "--known-at", "2026-01-12T14:00Z").stdout


def test_a_course_of_the_store_is_explained(run: Run, stored: str) -> None:
    told = run("explain", stored, "--at", "2026-01-12T12:00Z").stdout
    assert told.startswith("ward-1 at 2026-01-12 12:00 UTC") and "CRS grade 2" in told


def test_a_course_nobody_knows(run: Run, stored: str) -> None:
    said = run("explain", "ward-2")
    assert said.exit_code == 2
    assert "neither such a file nor such a course" in said.stderr


def test_a_file_without_facts(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty.csv").write_text("course,at,what\n")
    said = run("explain", "empty.csv")
    assert (said.exit_code, "no facts that could be read" in said.stderr) == (2, True)


@pytest.mark.parametrize("option", ["--at", "--known-at"])
@pytest.mark.parametrize("time", ["tomorrow", "2026-01-12", "9999-01-01T00:00Z", "0001-01-01T00:00+14:00"])
def test_a_time_that_is_none(run: Run, course: Path, option: str, time: str) -> None:
    said = run("explain", course, option, time)
    assert (said.exit_code, option in said.stderr, said.stdout) == (2, True, "")
