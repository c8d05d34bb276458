"""`cartway demo` as a newcomer sees it, on a terminal or not."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from cartway.cli.demo_report import run
from cartway.web.demo.examples import example_files


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def shown(folder: Path) -> str:
    return said(folder)


def said(folder: Path) -> str:
    """What a run prints."""
    with redirect_stdout(io.StringIO()) as out:
        run(folder)
    return out.getvalue()


def row(shown: str, course: str) -> list[str]:
    """A course's line in the table of the ward, cell by cell."""
    line = next(line for line in shown.splitlines() if line.startswith(course))
    return re.split(r"\s{2,}", line)


def test_the_ward_has_a_line_for_every_course(shown: str) -> None:
    for path in example_files():
        assert len(row(shown, path.stem)) >= 5


def test_grades_stand_with_their_time_and_peak(shown: str) -> None:
    assert row(shown, "05-tocilizumab") == [
        "05-tocilizumab", "axi-cel", "4", "3", "35 h", "3, day 3", "1", "5 h", "1, day 4",
    ]  # fmt: skip
    assert row(shown, "02-readmitted")[3:] == [">= 1", "18 h", ">= 1, day 7", "?", "18 h"]
    assert row(shown, "06-two-vasopressors")[-1] == "died on day 18 of infection"


def test_what_is_missing_and_what_a_policy_decided_is_told(shown: str) -> None:
    assert "missing oxygen device; policy neutropenic_fever = graded" in shown
    assert "missing body temperature; policy unreadable_value = unread" in shown


def test_the_refusal_is_told_with_its_place_and_where_it_is_kept(shown: str, folder: Path) -> None:
    assert re.search(
        r"refused: 12-charting\.csv line \d+: Body temperature in 'Cel' is outside what is possible", shown
    )
    assert (folder / "refused.ndjson").read_text().count("\n") == 1


def test_the_moment_explained_is_graded_without_a_fever(shown: str) -> None:
    assert "CRS grade 3 by ASTCT 2019" in shown
    assert re.search(r"no fever: 3[67]\.\d °C", shown)
    assert "tocilizumab 656 mg given at 2026-03-15 03:40 UTC" in shown


def test_the_chain_is_verified_and_three_commands_follow(shown: str) -> None:
    assert "every chain holds" in shown
    _, _, after = shown.partition("Try next")
    assert len(re.findall(r"^  \S*cartway (?:explain|grade) ", after, re.MULTILINE)) == 3


def test_it_is_plain_text_that_fits_a_page(shown: str) -> None:
    assert "\x1b" not in shown
    table = shown[shown.index("The ward") : shown.index("One of them")]
    assert max(map(len, table.splitlines())) <= 120


def test_it_can_be_run_again_in_the_same_folder(shown: str, folder: Path) -> None:
    assert said(folder) == shown
