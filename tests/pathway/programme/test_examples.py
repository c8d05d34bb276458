"""The invented courses of `examples/programme`: written from their stories, and standing where the page says."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from cartway.intake import read_facts
from cartway.pathway.course import CENTER, Course
from cartway.pathway.programme import STAGES, Stand, stand
from cartway.times import parse
from cartway.toxicity import by_course

FOLDER = Path(__file__).parents[3] / "examples" / "programme"
NOW = parse("2026-03-16T14:00Z")


@pytest.fixture(scope="module")
def stands() -> dict[str, Stand]:
    """Where every course stands on 16 March 2026 at 14:00 UTC."""
    reading = read_facts(sorted(FOLDER.glob("*.csv")))
    assert not reading.problems
    courses = by_course(reading.facts)
    assert all(fact.simulated for facts in courses.values() for fact in facts)
    center = Course(courses.pop(CENTER), NOW)
    return {course: stand(Course(facts, NOW), center, NOW) for course, facts in courses.items()}


def test_the_files_are_those_of_the_stories(tmp_path: Path) -> None:
    subprocess.run([sys.executable, str(FOLDER / "write.py"), str(tmp_path)], check=True)
    written = {file.name: file.read_text() for file in tmp_path.iterdir()}
    assert written == {file.name: file.read_text() for file in FOLDER.glob("*.csv")}


def test_there_is_one_at_every_stage_before_the_infusion(stands: dict[str, Stand]) -> None:
    assert {each.stage for each in stands.values()} == {stage.name for stage in STAGES} - {"second_part", "infused"}


def test_who_stands_out(stands: dict[str, Stand]) -> None:
    assert {course for course, each in stands.items() if each.fast} == {"p01", "p04", "p09"}


def test_the_paths_beside_the_road(stands: dict[str, Stand]) -> None:
    closed = {course: each.closed.how for course, each in stands.items() if each.closed}
    assert closed == {"p12": "withdrawn", "p13": "died"}
    again = stands["p08"].clocks
    assert again.first_collection.days != again.vein_to_vein.days
    assert "outside_holder" in {task.code for task in stands["p07"].blockers}


def test_every_course_stands_in_the_readme(stands: dict[str, Stand]) -> None:
    readme = (FOLDER / "README.md").read_text()
    assert all(f"({course}.csv)" in readme for course in stands)
