"""The example files: what the script writes, small, marked, and of nobody."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from cartway.intake import Reading
from cartway.web.demo.examples import example_files

from .conftest import EXAMPLES


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, EXAMPLES / "write.py", tmp_path], check=True)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path.relative_to(EXAMPLES): path.read_bytes() for path in example_files()} == written


def test_twelve_files_in_three_formats_of_less_than_800_kilobytes() -> None:
    files = example_files()
    assert [path.name[:2] for path in files] == [f"{number:02}" for number in range(1, 13)]
    assert {path.suffix: sum(path.suffix == other.suffix for other in files) for path in files} == {
        ".csv": 9,
        ".json": 2,
        ".hl7": 1,
    }
    assert sum(path.stat().st_size for path in files) < 800_000


def test_every_fact_of_a_table_is_marked_as_simulated(reading: Reading) -> None:
    tables = {path.stem for path in example_files() if path.suffix == ".csv"}
    assert all(fact.simulated for fact in reading.facts if fact.course in tables)


def test_what_is_sent_says_that_it_is_for_tests() -> None:
    for path in EXAMPLES.glob("fhir/*.json"):
        assert json.loads(path.read_text())["meta"]["tag"][0]["code"] == "HTEST"
    for path in EXAMPLES.glob("hl7/*.hl7"):
        headers = [line.split("|") for line in path.read_text().splitlines() if line.startswith("MSH")]
        assert {header[10] for header in headers} == {"T"}


def test_every_course_is_in_the_readme() -> None:
    readme = (EXAMPLES / "README.md").read_text()
    assert [path.name for path in example_files() if f"({path.relative_to(EXAMPLES)})" not in readme] == []
