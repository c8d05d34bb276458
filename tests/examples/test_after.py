"""The courses after the infusion: written by their script, whole, of a year and more, and read as their stories say."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pytest

from cartway.intake import Reading, read_facts
from cartway.intake.importer import import_paths
from cartway.pathway.course import CENTER, Course
from cartway.people import open_people
from cartway.record import open_log
from cartway.response import Choices, Response, respond
from cartway.response.b_cells import b_cell_aplasia
from cartway.response.kinetics import kinetics
from cartway.response.measured import days_between
from cartway.times import DAY, parse
from cartway.toxicity import by_course, grade, load_rules

from .conftest import EXAMPLES

AFTER = EXAMPLES / "after"
FILES = sorted(AFTER.glob("*.csv"))
NOW = parse("2026-11-22T15:00Z")
CHOICES = Choices()


@pytest.fixture(scope="module")
def told() -> Reading:
    """All that the files say."""
    return read_facts(FILES)


@pytest.fixture(scope="module")
def courses(told: Reading) -> Mapping[str, Course]:
    """The courses as they stand on 22 November 2026, the center's record among them."""
    return {name: Course(facts, NOW) for name, facts in by_course(told.facts).items()}


def read(course: Course, criteria: str = "") -> Response:
    """The response of a course that can be read."""
    found = respond(course, CHOICES, criteria)
    assert isinstance(found, Response), found
    return found


def levels(response: Response) -> dict[int, str]:
    """The level of each assessment by its day."""
    return {days_between(response.day_zero, each.at, CHOICES.zone): each.level for each in response.levels}


def test_the_files_are_what_the_script_writes(tmp_path: Path) -> None:
    subprocess.run([sys.executable, AFTER / "write.py", tmp_path], check=True)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {
        path.name: path.read_bytes() for path in FILES
    }


def test_all_of_it_can_be_read_and_is_marked_as_simulated(told: Reading) -> None:
    assert not told.problems
    assert all(fact.simulated for fact in told.facts)


@pytest.mark.parametrize(("kind", "refused"), [("demo", set()), ("clinical", {"simulated_fact"})])
def test_all_of_it_comes_in_and_nothing_of_it_into_a_clinical_record(
    tmp_path: Path, kind: Literal["demo", "clinical"], refused: set[str]
) -> None:
    place = f"sqlite:///{tmp_path / kind}"
    with open_log(f"{place}.db", kind=kind) as log, open_people(f"{place}.people.db") as people:
        balance = import_paths(FILES, log, people, now=NOW, by="test", enrol=False, new_id=lambda: "no")
    assert set(balance.refused) == refused


def test_every_course_is_in_the_readme_and_goes_on_for_a_year(courses: Mapping[str, Course]) -> None:
    readme = (AFTER / "README.md").read_text()
    for name, course in courses.items():
        assert f"({name}.csv)" in readme
        if name != CENTER:
            infused = course.first("infusion")
            assert infused is not None
            assert course.facts[-1].at - infused.at >= 365 * DAY


@pytest.mark.parametrize(
    ("course", "crs", "icans"), [("a01", 2, 1), ("a02", 1, 0), ("a03", 1, 0), ("a04", 1, 0), ("a05", 2, 2)]
)
def test_the_days_in_the_hospital_are_charted_well_enough_to_grade(
    courses: Mapping[str, Course], course: str, crs: int, icans: int
) -> None:
    episodes = grade(courses[course].facts, load_rules(), NOW)
    for scale, highest in (("crs.astct", crs), ("icans.astct", icans)):
        graded = [each for each in episodes if each.scale == scale and each.grade is not None]
        assert max(each.grade for each in graded if each.grade is not None) == highest


def test_patients_and_caregivers_wrote_some_of_it(courses: Mapping[str, Course]) -> None:
    for name in ("a01", "a02", "a03"):
        assert {"patient", "caregiver"} & {fact.source for fact in courses[name].facts}


def test_lymphoma_is_partly_then_wholly_gone_by_pet_and_a_year_later_by_ct_too(courses: Mapping[str, Course]) -> None:
    found = read(courses["a01"])
    assert levels(found) == {30: "PR", 90: "CR", 180: "CR", 365: "CR"}
    assert [each.labels["ct"] for each in found.levels] == ["PR", "PR", "PR", "CR"]
    assert found.progression_at is None


def test_myeloma_is_gone_and_stays_gone_in_marrow_and_imaging_for_a_year(courses: Mapping[str, Course]) -> None:
    found = read(courses["a02"])
    assert list(levels(found).values()) == ["PR", "PR", "VGPR", "VGPR", "CR", "sCR", "sCR", "sCR", "sCR", "sCR"]
    assert found.best_confirmed == "sCR"
    assert found.labels["sustained_mrd_negative"] == "yes"


def test_leukemia_comes_back_without_cd19_while_the_cells_are_there(courses: Mapping[str, Course]) -> None:
    course = courses["a03"]
    found = read(course)
    assert levels(found)[28] == "CR"
    assert levels(found)[294] == "RELAPSE"
    assert found.relapse == "antigen_negative"
    cells, copies = b_cell_aplasia(course, CHOICES), kinetics(course, CHOICES)
    assert cells.now is True  # type: ignore[union-attr]
    curve = copies.of("car_t_copies")  # type: ignore[union-attr]
    assert curve is not None
    assert (curve.highest_day, curve.last_day) == (10, 294)


def test_what_lugano_calls_progression_lyric_leaves_open_and_the_next_scan_settles(
    courses: Mapping[str, Course],
) -> None:
    """Cheson 2016, doi 10.1182/blood-2016-05-718528: larger within twelve weeks, without clinical deterioration."""
    lyric, lugano = read(courses["a04"]), read(courses["a04"], "lugano_2014")
    assert (levels(lyric)[28], levels(lugano)[28]) == ("IR1", "PD")
    assert (levels(lyric)[60], levels(lyric)[92]) == ("PR", "CR")
    assert lyric.progression_at is None
    assert lugano.progression_at is not None


def test_progression_with_the_target_still_there(courses: Mapping[str, Course]) -> None:
    found = read(courses["a05"])
    assert (levels(found)[30], levels(found)[62], found.best_confirmed) == ("SD", "PD", "SD")
    assert found.relapse == "antigen_positive"
    death = courses["a05"].last("death")
    assert death is not None
    assert death.choice == "progression"


def test_the_center_has_a_line_that_answers_day_and_night(courses: Mapping[str, Course]) -> None:
    lines = [fact for fact in courses[CENTER].all("care_contact") if fact.choice == "line_24_hours"]
    assert [fact.detail["telephone"] for fact in lines] == ["555-0142"]
