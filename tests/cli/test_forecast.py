"""`cartway forecast` on a virtual patient's facts, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cartway.cli import app
from cartway.times import parse
from cartway.twin.chart import chart
from cartway.twin.course import run
from cartway.twin.population import draw

ZERO = parse("2026-03-01T10:00Z")


@pytest.fixture(scope="module")
def patient(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The facts of one virtual patient, a month of them."""
    path = tmp_path_factory.mktemp("forecast") / "facts.parquet"
    went = run(draw("axi-cel", "lbcl", 1, seed=99), until=30.0)
    pq.write_table(chart(went, site="tidy", seed=3, t0=ZERO, spread=False), path)
    return path


def told(*arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, ["forecast", *arguments])
    return result.exit_code, result.stdout + result.stderr


def as_json(*arguments: str) -> list[dict[str, Any]]:
    result = CliRunner().invoke(app, ["forecast", *arguments, "--format", "json"])
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_it_tells_signs_chances_and_what_it_is(patient: Path) -> None:
    status, text = told(str(patient), "--at", "2026-03-09T10:00Z")
    assert status == 0
    assert "axi-cel for LBCL, day" in text
    assert "Research use: simulated" in text
    assert "Temperature" in text
    assert "CRS of grade 2 or more in the next two weeks" in text
    assert "effective of" in text


def test_json_has_all_of_it(patient: Path) -> None:
    (found,) = as_json(str(patient), "--at", "2026-03-09T10:00Z", "--seed", "5", "--policy", "early")
    assert (found["seed"], found["policy"], found["simulated"]) == (5, "early", True)
    assert found["ess"] >= 400
    assert len(found["fans"]) == 4
    assert found["at"] == "2026-03-09T10:00:00+00:00"
    assert "Research use" in found["research_use"]


def test_a_course_before_its_infusion_says_why(patient: Path) -> None:
    status, text = told(str(patient), "--at", "2026-02-20T10:00Z")
    assert status == 0
    assert "no forecast. No infusion is charted." in text
    (found,) = as_json(str(patient), "--at", "2026-02-20T10:00Z")
    assert found["problem"]["code"] == "no_infusion"


def test_an_unknown_policy_stops(patient: Path) -> None:
    status, text = told(str(patient), "--policy", "homeopathy")
    assert status == 2
    assert "There is no such policy." in text


def test_no_chance_is_told_as_none(patient: Path) -> None:
    """Five hundred virtual courses tell no chance below half a percent."""
    _, text = told(str(patient), "--at", "2026-03-09T10:00Z")
    assert " 0 %" not in text
    assert "< 1 %" in text


def test_what_the_readings_contradict_is_not_told() -> None:
    """Examples are stories, not patients of the model: this one's temperatures stand still as no patient's do."""
    _, text = told(str(Path(__file__).parents[2] / "examples" / "05-tocilizumab.csv"))
    assert "CONTRADICT" in text or "no forecast" in text
    assert "in the next two weeks" not in text
