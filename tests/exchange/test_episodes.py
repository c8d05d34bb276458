"""Episodes going out: JSON, CSV and Parquet say the same, row by row."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from cartway.exchange import episodes as write
from cartway.record.fact import Fact
from cartway.times import DAY, HOUR, parse
from cartway.toxicity import Episode, Rules, grade, load_rules
from cartway.toxicity.wording import clock

START = parse("2026-01-10T10:00Z")
SICK = 2 * DAY


def fact(hours: float, what: str, value: float | None = None, unit: str = "", choice: str = "") -> Fact:
    return Fact("ward-1", START + SICK + int(hours * HOUR), what, value, unit, choice)


FACTS = [
    Fact("ward-1", START, "infusion", choice="axicabtagene_ciloleucel"),
    Fact("ward-1", START, "age", 58.0, "a"),
    fact(0, "body_temperature", 38.9, "Cel"),
    fact(0, "systolic_pressure", 118.0, "mm[Hg]"),
    fact(0, "oxygen_device", choice="room_air"),
    fact(1, "ice_score", 8.0, "{score}"),
    fact(1, "consciousness", choice="awake"),
    fact(2, "drug", choice="acetaminophen", value=1.0, unit="g"),
    fact(3, "systolic_pressure", 84.0, "mm[Hg]"),
    fact(4, "drug", 5.0, "ug/min", "norepinephrine"),
    fact(5, "body_temperature", 37.2, "Cel"),
    fact(30, "oxygen_device", choice="nasal_cannula"),
]


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


@pytest.fixture(scope="module")
def told(rules: Rules) -> list[Episode]:
    return grade(FACTS, rules, None)


def as_csv(told: list[Episode], rules: Rules) -> list[dict[str, str]]:
    out = io.StringIO()
    assert write.write_csv(told, rules, out) == len(told)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def as_json(told: list[Episode], rules: Rules) -> list[dict[str, Any]]:
    out = io.StringIO()
    assert write.write_json(told, rules, out) == len(told)
    return list(json.loads(out.getvalue()))


def as_parquet(told: list[Episode], rules: Rules, path: Path) -> list[dict[str, Any]]:
    assert write.write_parquet(told, rules, path) == len(told)
    return list(pq.read_table(path).to_pylist())


def one_row(row: dict[str, Any]) -> dict[str, Any]:
    """A row of JSON as the two tables have it."""
    return {
        **row,
        "because": "; ".join(reason["text"] for reason in row["because"]),
        "missing": "; ".join(row["missing"]),
        "policies": "; ".join(f"{name}={value}" for name, value in row["policies"].items()),
        "measures": "; ".join(f"{name}={value:g}" for name, value in row["measures"].items()),
    }


def test_three_formats_say_the_same(told: list[Episode], rules: Rules, tmp_path: Path) -> None:
    in_json = [one_row(row) for row in as_json(told, rules)]
    in_csv = [
        {
            **row,
            "grade": int(row["grade"]) if row["grade"] else None,
            "end": row["end"] or None,
            "assessable": row["assessable"] == "true",
        }
        for row in as_csv(told, rules)
    ]
    in_parquet = [
        {**row, "start": row["start"].isoformat(), "end": row["end"] and row["end"].isoformat()}
        for row in as_parquet(told, rules, tmp_path / "out.parquet")
    ]
    assert len(told) > 6
    assert in_json == in_csv == in_parquet


def test_every_format_has_the_same_columns(told: list[Episode], rules: Rules, tmp_path: Path) -> None:
    for rows in (as_csv(told, rules), as_json(told, rules), as_parquet(told, rules, tmp_path / "out.parquet")):
        assert all(tuple(row) == write.COLUMNS for row in rows)


def test_a_reason_names_its_fact(told: list[Episode], rules: Rules) -> None:
    named = [reason["fact"] for row in as_json(told, rules) for reason in row["because"] if "fact" in reason]
    fever = {"what": "body_temperature", "at": "2026-01-12T10:00:00+00:00", "value": 38.9, "unit": "Cel"}
    assert fever in named
    assert {"what": "oxygen_device", "at": "2026-01-12T10:00:00+00:00", "choice": "room_air"} in named


def test_nothing_is_written_of_nothing(rules: Rules, tmp_path: Path) -> None:
    assert as_json([], rules) == as_csv([], rules) == as_parquet([], rules, tmp_path / "out.parquet") == []
    assert pq.read_schema(tmp_path / "out.parquet").names == list(write.COLUMNS)
    assert list(write.lines([])) == []


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(rules: Rules, name: str) -> None:
    facts = [Fact(name, START, "infusion", choice="axicabtagene_ciloleucel")]
    told = grade(facts, rules, None)
    out = io.StringIO(newline="")
    write.write_csv(told, rules, out)
    rows = list(csv.DictReader(io.StringIO(out.getvalue(), newline="")))
    assert {row["course"] for row in rows} == {"'" + name.replace("\r", "\n")}
    assert {row["course"] for row in as_json(told, rules)} == {name}


def test_lines_name_a_course_once_and_every_episode(told: list[Episode]) -> None:
    lines = list(write.lines(told))
    assert lines.count("ward-1") == 1
    for episode in told:
        assert any(episode.shown in line and clock(episode.start) in line for line in lines)
