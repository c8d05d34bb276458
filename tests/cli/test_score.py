"""`cartway score`: files and the store, text and JSON, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import Run

HEAD = "course,at,what,value,unit,choice\n"
ROWS = (
    "c1,2026-01-05T00:00:00+00:00,ldh,480,U/L,\n"
    "c1,2026-01-05T00:00:00+00:00,creatinine,1.5,mg/dL,\n"
    "c1,2026-01-05T00:00:00+00:00,platelets,60,10^9/L,\n"
    "c1,2026-01-05T00:00:00+00:00,crp,55,mg/L,\n"
    "c1,2026-01-10T00:00:00+00:00,infusion,,,axicabtagene_ciloleucel\n"
    "c2,2026-01-10T00:00:00+00:00,infusion,,,axicabtagene_ciloleucel\n"
)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "facts.csv"
    path.write_text(HEAD + ROWS, "utf-8")
    return path


def asked(run: Run, *words: str) -> list[dict[str, Any]]:
    done = run("score", *words, "--format", "json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_every_course_of_a_file_is_scored_at_the_end_of_its_record(run: Run, table: Path) -> None:
    one, two = asked(run, str(table))
    assert one["at"] == "2026-01-10T00:00:00+00:00"
    assert one["scores"]["easix"]["value"] == pytest.approx(12)
    assert one["scores"]["m_easix"]["value"] == pytest.approx(44)
    assert two["scores"]["easix"]["missing"] == ["ldh", "creatinine", "platelets"]
    assert one["scores"]["eipm"]["value"] is None
    assert "not public" in one["scores"]["eipm"]["refused"]


def test_one_score_at_a_moment(run: Run, table: Path) -> None:
    one, _ = asked(run, str(table), "--score", "s_easix", "--at", "2026-01-04T00:00:00+00:00")
    assert one["scores"] == {"s_easix": one["scores"]["s_easix"]}
    assert one["scores"]["s_easix"]["value"] is None


def test_the_text_names_parts_points_and_sources(run: Run, table: Path) -> None:
    told = run("score", str(table)).output
    assert "EASIX: 12\n" in told
    assert "C-reactive protein: 5.5 mg/dL at 2026-01-05 00:00 UTC" in told
    assert "CAR-HEMATOTOX (not confirmed): cannot be worked out; from 3 to 7 by what is known, high" in told
    assert "eIPM (not confirmed): not worked out" in told
    assert "A physician decides." in told


def test_an_unknown_score_and_an_unknown_course_are_refused(run: Run, table: Path, tmp_path: Path) -> None:
    unknown = run("score", str(table), "--score", "apache")
    assert unknown.exit_code == 2
    assert "There is no score 'apache'." in unknown.output
    empty = tmp_path / "empty.csv"
    empty.write_text(HEAD, "utf-8")
    assert "no course that could be read" in run("score", str(empty)).output


def test_a_course_of_the_store_is_scored_by_the_center_s_policies(run: Run, table: Path) -> None:
    table.write_text(
        HEAD + ROWS.replace("c1,2026-01-05T00:00:00+00:00,crp,55", "c1,2026-01-05T00:00:00+00:00,crp,30"), "utf-8"
    )
    assert run("import", str(table)).exit_code == 0
    (one,) = asked(run, "c1", "--score", "car_hematotox", "--at", "2026-01-12T00:00+00:00")
    assert one["scores"]["car_hematotox"]["at_least"] == 3
    assert "car_hematotox_equal" in one["scores"]["car_hematotox"]["policies"]
    assert run("score", "nobody").exit_code == 2
