"""The verbs of the store: what they say and with which status they end."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from .conftest import Run


@pytest.fixture
def store(run: Run, course: Path, tmp_path: Path) -> Path:
    """The file of a store with one course in it."""
    said = run("import", course)
    assert said.exit_code == 0, said.output
    return tmp_path / "facts.db"


def test_import_balances_and_knows_what_it_has(run: Run, store: Path, course: Path) -> None:
    again = run("import", course)
    assert again.exit_code == 0
    assert "already known" in again.output


def test_courses_are_listed(run: Run, store: Path) -> None:
    told = run("courses").stdout.splitlines()
    assert len(told) == 1
    assert told[0].startswith("ward-1") and "8 facts" in told[0]


def test_a_sound_record_verifies(run: Run, store: Path) -> None:
    said = run("verify")
    assert said.exit_code == 0
    assert said.stdout.startswith("sound: 8 facts of 1 courses")


def test_a_changed_record_does_not(run: Run, store: Path) -> None:
    with sqlite3.connect(store) as db:
        db.execute("UPDATE fact SET value = 37.0 WHERE value = 38.9")
    db.close()
    said = run("verify")
    assert said.exit_code == 1
    assert said.stdout.startswith("NOT SOUND: first at position 3")


def test_a_checkpoint_vouches_for_what_was_there(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("checkpoint", "-o", "signed.json").exit_code == 0
    said = run("verify", "--against", "signed.json")
    assert (said.exit_code, "all that the checkpoint vouches for" in said.stdout) == (0, True)
    (tmp_path / "torn.json").write_text("{")
    assert run("verify", "--against", "torn.json").exit_code == 2


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_an_export_grades_as_the_store_does(run: Run, store: Path, course: Path, name: str) -> None:
    assert run("export", "-o", name).exit_code == 0
    assert run("grade", name, "--format", "csv").stdout == run("grade", course, "--format", "csv").stdout


def test_nobody_is_erased_who_is_not_known(run: Run, store: Path) -> None:
    said = run("erase", "ward-1", "--reason", "asked to")
    assert said.exit_code == 2
    assert "No person is known" in said.stderr


@pytest.mark.parametrize("verb", [("verify",), ("courses",), ("checkpoint",), ("export", "-o", "out.csv")])
def test_a_store_that_is_not_there_is_told(run: Run, verb: tuple[str, ...]) -> None:
    said = run(*verb)
    assert said.exit_code != 0
    assert said.stdout == ""
