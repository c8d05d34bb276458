"""A cohort graded over its columns and read row by row: the same file, the same words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from cartway.cli.app import app
from cartway.cohort import table as cohort
from cartway.times import parse
from cartway.toxicity import Episode, load_rules

UTC_TIME = pa.timestamp("us", "UTC")
COLUMNS = {
    "course": pa.string(),
    "at": UTC_TIME,
    "until": UTC_TIME,
    "what": pa.string(),
    "value": pa.float64(),
    "unit": pa.string(),
    "choice": pa.string(),
    "detail": pa.string(),
}
KEYED = {**COLUMNS, "source": pa.string(), "key": pa.string(), "amends": pa.string(), "corrected": pa.bool_()}
START = datetime(2026, 1, 10, tzinfo=UTC)
Row = dict[str, Any]


def row(what: str, hours: float, **cells: Any) -> Row:
    return {"course": "a", "at": START + timedelta(hours=hours), "what": what, **cells}


def write(path: Path, rows: list[Row], columns: dict[str, pa.DataType] = COLUMNS) -> None:
    schema = pa.schema(list(columns.items()))
    whole = [{name: one.get(name) for name in columns} for one in rows]
    pq.write_table(pa.Table.from_pylist(whole, schema=schema), path, row_group_size=max(1, len(rows) // 3))


def graded(path: Path, monkeypatch: pytest.MonkeyPatch, small: int, *options: str) -> tuple[list[str], str]:
    """The lines of the result, in order of their text, and what was told."""
    monkeypatch.setattr(cohort, "SMALL", small)
    said = CliRunner().invoke(app, ["grade", str(path), "--format", "csv", *options])
    assert said.exit_code in (0, 2), said.output
    return sorted(said.stdout.splitlines()), said.stderr


def both(path: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> tuple[list[str], list[str], str]:
    """As a big table and as a small one, and what was told of the big one."""
    big, told = graded(path, monkeypatch, 0, *options)
    small, _ = graded(path, monkeypatch, 1 << 60, *options)
    return big, small, told


# Many courses

DRAWN: tuple[tuple[str, Any], ...] = (
    ("body_temperature", lambda r: {"value": round(r.uniform(36, 41), 1), "unit": "Cel"}),
    (
        "body_temperature",
        lambda r: {"value": round(r.uniform(97, 105), 1), "unit": r.choice(["[degF]", "°F", "degK?"])},
    ),
    ("systolic_pressure", lambda r: {"value": float(r.randint(0, 150)), "unit": "mm[Hg]"}),
    ("oxygen_device", lambda r: {"choice": r.choice(["room_air", "nasal_cannula", "Nasal Cannula", "cpap", "magic"])}),
    ("oxygen_flow", lambda r: {"value": float(r.randint(1, 20)), "unit": "L/min"}),
    ("ice_score", lambda r: {"value": r.choice([0.0, 3.0, 7.5, 10.0, None])}),
    ("consciousness", lambda r: {"choice": r.choice(["awake", "unarousable", "wakes_to_voice", None])}),
    ("seizure", lambda r: {"choice": "focal", "detail": r.choice([None, '{"duration_min": 7}', '{"count": 2}'])}),
    ("drug", lambda r: {"value": r.choice([0.0, 0.5, 5.0]), "unit": "ug/min", "choice": "norepinephrine"}),
    ("drug", lambda r: {"value": 1.0, "unit": "g", "choice": r.choice(["acetaminophen", "holy water"])}),
    ("crp", lambda r: {"value": 12.0, "unit": "mg/L"}),
    ("blood_pressure", lambda r: {"value": 80.0, "unit": "mm[Hg]"}),
)


def course_rows(random: Random, name: str, length: int) -> list[Row]:
    """An infusion, where the course has one, and readings at any time of two weeks, some of them unreadable. The last
    is readable: until then a course runs.
    """
    first = [
        row("age", -1, value=float(random.randint(5, 80)), unit="a"),
        row("heart_rate", 15 * 24, value=80.0, unit="/min"),
    ]
    if random.random() < 0.9:
        first.append(row("infusion", 0, choice="axicabtagene_ciloleucel"))
    for _ in range(length):
        what, draw = random.choices(DRAWN, [6, 3, 6, 3, 3, 3, 3, 1, 1, 1, 2, 1])[0]
        first.append(row(what, random.randint(0, 14 * 24 * 60) / 60, **draw(random)))
    return [{**one, "course": name} for one in first]


def test_more_than_two_hundred_thousand_rows_mean_what_they_mean_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Compiled because of their number, not of a switch; in no order. Of a long dull course the plain reading gets the
    two ends.
    """
    random, path, short = Random(20260110), tmp_path / "cohort.parquet", tmp_path / "short.parquet"
    rows = [one for number in range(60) for one in course_rows(random, f"c{number:03}", 120)]
    dull = [{**row("heart_rate", 500 + n / 3600, value=80.0, unit="/min"), "course": "z"} for n in range(cohort.SMALL)]
    random.shuffle(rows)
    write(path, [*dull[: cohort.SMALL // 2], *rows, *dull[cohort.SMALL // 2 :]])
    write(short, [dull[0], *rows, dull[-1]])
    big, told = graded(path, monkeypatch, cohort.SMALL)
    assert "grading 20" in told and "one by one" not in told and "could not be read" in told
    small, _ = graded(short, monkeypatch, cohort.SMALL)
    assert len(big) > 500
    assert big == small


@pytest.mark.parametrize("seed", range(6))
def test_drawn_cohorts_in_any_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    random, path = Random(seed), tmp_path / "cohort.parquet"
    rows = [one for number in range(12) for one in course_rows(random, f"c{number:03}", 40)]
    if seed % 2:
        rows.sort(key=lambda one: (one["course"], one["at"]))
    else:
        random.shuffle(rows)
    write(path, rows)
    for options in ((), ("--at", "2026-01-13T06:00Z"), ("--at", "2026-01-09T23:30Z")):
        big, small, _ = both(path, monkeypatch, *options)
        assert big == small


# Rows that must be weighed or refused

BASE = [
    row("infusion", 0),
    row("age", 0, value=50.0, unit="a"),
    row("body_temperature", 1, value=39.0, unit="Cel"),
    row("systolic_pressure", 1, value=120.0, unit="mm[Hg]"),
    row("oxygen_device", 1, choice="room_air"),
    row("ice_score", 1, value=9.0),
    row("consciousness", 1, choice="awake"),
    row("heart_rate", 8, value=80.0, unit="/min"),
]
PRESSOR = row("drug", 2, value=5.0, unit="ug/min", choice="norepinephrine")
LOW = row("systolic_pressure", 2, value=80.0, unit="mm[Hg]")
KEYS = [{**one, "source": "s", "key": str(number)} for number, one in enumerate(BASE)]
ODD: dict[str, Row] = {
    "no course": {**LOW, "course": None},
    "blank course": {**LOW, "course": ""},
    "padded course": {**LOW, "course": " a "},
    "no variable": {**LOW, "what": None},
    "padded variable": {**LOW, "what": " systolic_pressure "},
    "no time": {**LOW, "at": None},
    "before 1900": {**LOW, "at": datetime(1850, 1, 1, tzinfo=UTC)},
    "after 2249": {**LOW, "at": datetime(2926, 1, 1, tzinfo=UTC)},
    "ends before it starts": {**PRESSOR, "until": START + timedelta(hours=1)},
    "detail of a wrong type": row("seizure", 2, choice="focal", detail='{"duration_min": "seven"}'),
    "unknown detail": row("seizure", 2, choice="focal", detail='{"foo": 1}'),
    "torn detail": row("seizure", 2, choice="focal", detail="{oops"),
    "deep detail": row("seizure", 2, choice="focal", detail="[" * 5000),
    "dose of an unknown unit": {**PRESSOR, "unit": "gtt/min"},
    "dose without a unit": {**PRESSOR, "unit": None},
    "impossible dose": {**PRESSOR, "value": -5.0},
    "dose that is no number": {**PRESSOR, "value": float("nan")},
    "retraction": row("retraction", 2, amends="3", source="s"),
    "amendment": {**LOW, "amends": "3", "source": "s", "key": "x"},
    "corrected": {**LOW, "corrected": True, "source": "s", "key": "3"},
    "key again": {**LOW, "source": "s", "key": "3"},
}


@pytest.mark.parametrize("name", ODD)
def test_a_row_that_must_be_weighed_makes_the_table_be_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "odd.parquet"
    write(path, [*KEYS, ODD[name]], KEYED)
    big, small, told = both(path, monkeypatch)
    assert "one by one, since" in told
    assert big == small
    assert len(big) > 4


PLAIN: dict[str, Row] = {
    "a birth date": {"course": "a", "at": datetime(1950, 1, 1, tzinfo=UTC), "what": "birth_date"},
    "a pressure before 1970": {**LOW, "at": datetime(1950, 1, 1, tzinfo=UTC)},
    "an infusion before 1970": {**BASE[0], "at": datetime(1950, 1, 1, tzinfo=UTC), "course": "b"},
    "unknown variable": {**LOW, "what": "blood_pressure"},
    "unknown unit": {**LOW, "unit": "blah"},
    "no unit": {**LOW, "unit": None},
    "impossible": {**LOW, "value": 0.0},
    "not finite": {**LOW, "value": float("nan")},
    "unknown choice": row("oxygen_device", 2, choice="magic"),
    "unknown drug": {**PRESSOR, "choice": "foostatin"},
    "empty corrections": {**LOW, "amends": "", "corrected": False},
    "key of another course": {**LOW, "course": "b", "source": "s", "key": "3"},
}


@pytest.mark.parametrize("name", PLAIN)
def test_a_row_that_stands_by_itself_is_graded_over_the_columns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    path = tmp_path / "plain.parquet"
    write(path, [*({**one, "amends": ""} for one in KEYS), PLAIN[name]], KEYED)
    big, small, told = both(path, monkeypatch)
    assert "one by one" not in told
    assert big == small


@pytest.mark.parametrize(
    ("times", "by_row"),
    [
        (pa.timestamp("us"), True),  # what pandas writes: a time without an offset
        (pa.timestamp("ms", "UTC"), False),
        (pa.timestamp("s", "Europe/Berlin"), False),
        (pa.string(), False),
    ],
)
def test_kinds_of_times(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, times: pa.DataType, by_row: bool) -> None:
    path, is_text = tmp_path / "times.parquet", pa.types.is_string(times)
    rows = [
        {**one, "at": one["at"].isoformat() if is_text else one["at"].replace(tzinfo=times.tz and UTC)} for one in BASE
    ]
    write(path, rows, {**COLUMNS, "at": times})
    big, small, told = both(path, monkeypatch)
    assert ("one by one" in told) == by_row
    assert big == small


def test_a_time_that_cannot_be_read_costs_its_row_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "times.parquet"
    rows = [{**one, "at": one["at"].isoformat()} for one in BASE]
    write(path, [*rows, {**LOW, "at": "yesterday"}, {**LOW, "at": "2026-01-10T02:00"}], {**COLUMNS, "at": pa.string()})
    big, small, told = both(path, monkeypatch)
    assert "refused 2" in told
    assert big == small


def test_a_table_of_too_many_words_is_read_row_by_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each word is another one: 2000 units, choices and variables."""
    path = tmp_path / "words.parquet"
    odd = [row(f"what{n}", 2, value=1.0, unit=f"unit{n}", choice=f"choice{n}") for n in range(2000)]
    write(path, [*BASE, *odd, *BASE])
    big, small, told = both(path, monkeypatch)
    assert "too many different words" in told
    assert big == small


def test_a_damaged_file_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "whole.parquet"
    write(path, BASE)
    whole = path.read_bytes()
    for damaged in (whole[:-20], whole[:200] + b"\x00" * 400 + whole[600:], b"PAR1PAR1", b""):
        (tmp_path / "broken.parquet").write_bytes(damaged)
        big, told = graded(tmp_path / "broken.parquet", monkeypatch, 0)
        assert (big, "refused" in told) == ([], True)


def test_the_episodes_of_a_table_come_course_by_course(tmp_path: Path) -> None:
    path, told = tmp_path / "cohort.parquet", list[str]()
    random = Random(3)
    write(path, [one for name in ("b", "a", "c") for one in course_rows(random, name, 20)])
    assert cohort.cohort_episodes(path, load_rules(), None, told.append) is None  # small: read row by row
    assert told == []


def test_nothing_starts_after_the_moment_asked_about(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "cohort.parquet"
    write(path, [*BASE, *({**one, "course": "later", "at": one["at"] + timedelta(days=9)} for one in BASE)])
    monkeypatch.setattr(cohort, "SMALL", 0)
    asked = parse("2026-01-10T02:00Z")
    episodes: list[Episode] = list(cohort.cohort_episodes(path, load_rules(), asked, lambda _: None) or [])
    assert {episode.course for episode in episodes} == {"a"}
    assert all(episode.start <= asked for episode in episodes)
