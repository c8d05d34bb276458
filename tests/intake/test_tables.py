"""Facts tables: CSV, Parquet, JSON. The columns are the fields of a fact; a bad row loses only itself."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.intake import read_facts, write_table
from cartway.intake.drafts import Draft, Item, Refused
from cartway.intake.tables import read_csv, read_json, read_ndjson, read_parquet
from cartway.record import Fact
from cartway.times import HOUR, Instant
from cartway.vocabulary import vocabulary
from intake.drawn import AT, NOON

LATER = "2026-01-10T14:00:00Z"
HEADER = (
    "course,at,until,what,value,unit,choice,detail,about,event,source,key,amends,reason,corrected,simulated,recorded_at"
)


def table(*rows: str, header: str = "course,at,what,value,unit,choice") -> list[Item]:
    content = "\n".join([header, *rows]).encode()
    return list(read_csv(content, name="t.csv", vocabulary=vocabulary()))


def one(row: str, header: str = "course,at,what,value,unit,choice") -> Fact:
    (item,) = table(row, header=header)
    assert isinstance(item, Draft), item
    return item.fact


def test_a_row_is_a_fact() -> None:
    seen = one(f"c1,{NOON},body_temperature,101.3,F,")
    assert (seen.course, seen.at, seen.what, seen.value, seen.unit, seen.said) == (
        "c1",
        AT,
        "body_temperature",
        38.5,
        "Cel",
        "101.3 F",
    )


def test_a_choice_as_people_write_it() -> None:
    assert one(f"c1,{NOON},oxygen_device,,,HFNC").choice == "high_flow_nasal_cannula"


def test_every_column() -> None:
    detail = json.dumps({"cause": "sepsis"}).replace('"', '""')
    row = f'c1,{NOON},2026-01-10T13:00:00Z,attribution,,,fever,"{detail}",les,ev,ward,k1,k0,why,true,false,{LATER}'
    seen = one(row, HEADER)
    assert seen == Fact(
        "c1",
        AT,
        "attribution",
        choice="fever",
        until=AT + HOUR,
        about="les",
        event="ev",
        detail={"cause": "sepsis"},
        source="ward",
        key="k1",
        amends="k0",
        reason="why",
        corrected=True,
        source_recorded_at=AT + 2 * HOUR,
    )


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("c1,2026-01-10T12:00:00,body_temperature,38,C,", "no_offset", "at"),
        ("c1,2026-01-10,body_temperature,38,C,", "date_without_time", "at"),
        ("c1,,body_temperature,38,C,", "no_time", "at"),
        ("c1,noon,body_temperature,38,C,", "malformed_time", "at"),
        (f",{NOON},body_temperature,38,C,", "no_course", "course"),
        (f"c1,{NOON},temperature,38,C,", "unknown_variable", "what"),
        (f"c1,{NOON},body_temperature,warm,C,", "not_a_number", "value"),
        (f"c1,{NOON},body_temperature,,C,", "missing_value", "value"),
        (f"c1,{NOON},oxygen_device,,,", "missing_value", "choice"),
    ],
)
def test_a_bad_cell_is_refused_by_line_and_column(row: str, code: str, column: str) -> None:
    good = f"c1,{NOON},heart_rate,90,/min,"
    first, bad, last = table(good, row, good)
    assert isinstance(first, Draft) and isinstance(last, Draft)
    assert isinstance(bad, Refused)
    assert (bad.problem.code, bad.problem.place) == (code, f"t.csv line 3, column {column}")
    assert bad.input.endswith(f"\n{row}\n") and bad.format == "facts-csv"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (f"c1,{NOON},body_temperature,38,,", "missing_unit"),
        (f"c1,{NOON},body_temperature,38,stone,", "unknown_unit"),
        (f"c1,{NOON},body_temperature,101.8,C,", "impossible_value"),
        (f"c1,{NOON},body_temperature,nan,C,", "not_a_number"),
        (f"c1,{NOON},body_temperature,inf,C,", "not_a_number"),
        (f"c1,{NOON},oxygen_device,,,snorkel", "unknown_choice"),
        (f"c1,{NOON},ice_score,7.5,points,", "impossible_value"),
    ],
)
def test_what_cannot_be_read_stands_as_unreadable(row: str, code: str) -> None:
    (item,) = table(row)
    assert isinstance(item, Refused) and item.problem.code == code
    assert item.stand_in is not None
    assert (item.stand_in.fact.what, item.stand_in.fact.course, item.stand_in.subject) == ("unreadable", "c1", None)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ("attribution,,,fever,,{,,", "malformed_detail"),
        ("attribution,,,fever,,[1],,", "malformed_detail"),
        ('attribution,,,fever,,"{""mood"": ""low""}",,', "unknown_detail"),
        ('attribution,,,fever,,"{""cause"": 7}",,', "wrong_detail_type"),
        ("attribution,,,fever,,,maybe,", "not_a_flag"),
        ("attribution,,,fever,2026-01-10T11:00:00Z,,,", "ends_before_start"),
        ("retraction,,,,,,,", "no_amends"),
    ],
)
def test_the_rarer_columns_are_checked_too(cells: str, code: str) -> None:
    (item,) = table(f"c1,{NOON},{cells}", header="course,at,what,value,unit,choice,until,detail,corrected,amends")
    assert isinstance(item, Refused) and item.problem.code == code


def test_unknown_columns_are_told_once() -> None:
    unknown, *rest = table(
        f"c1,{NOON},heart_rate,90,/min,,x,y", header="course,at,what,value,unit,choice,mood,star_sign"
    )
    assert isinstance(unknown, Refused) and unknown.problem.code == "unknown_column"
    assert "mood, star_sign" in unknown.problem.reason
    assert [type(item) for item in rest] == [Draft]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators(separator: str) -> None:
    rows = [line.replace(",", separator) for line in ("course,at,what,value,unit", f"c1,{NOON},heart_rate,90,/min")]
    (item,) = table(rows[1], header="﻿" + rows[0])
    assert isinstance(item, Draft)


def test_quotes_breaks_and_lines_that_are_no_text() -> None:
    rows = [
        f'c1,{NOON},death,,,other,"two\nlines"',
        f"c1,{NOON},heart_rate,90,/min,,",
    ]
    content = (
        "\n".join(["course,at,what,value,unit,choice,reason", *rows]).encode() + b"\n\xff\xfe\n" + rows[1].encode()
    )
    found = list(read_csv(content, name="t.csv", vocabulary=vocabulary()))
    assert [type(item) for item in found] == [Draft, Draft, Refused, Draft]
    assert isinstance(found[2], Refused) and found[2].problem.code == "not_utf8"
    assert found[2].problem.place == "t.csv line 5"


def test_a_row_with_too_many_cells() -> None:
    (item,) = table(f"c1,{NOON},heart_rate,90,/min,,,,,")
    assert isinstance(item, Refused) and item.problem.code == "malformed_row"


def test_a_huge_cell_is_refused_and_the_rest_goes_in() -> None:
    found = table(f"c1,{NOON},heart_rate,{'9' * 200_000},/min,", f"c1,{NOON},heart_rate,90,/min,")
    assert [type(item) for item in found] == [Refused, Draft]


def test_json_and_ndjson_of_facts() -> None:
    fact = {"course": "c1", "at": NOON, "what": "attribution", "choice": "fever", "detail": {"cause": "sepsis"}}
    bad = {"course": "c1", "at": NOON, "what": "heart_rate", "value": [1], "unit": "/min", "mood": None}
    (first, second) = read_json(json.dumps([fact, bad]).encode(), name="t.json", vocabulary=vocabulary())
    assert isinstance(first, Draft) and first.fact.detail == {"cause": "sepsis"}
    assert isinstance(second, Refused) and second.problem.code == "not_a_number"
    assert json.loads(second.input) == bad
    lines = json.dumps(fact).encode() + b"\n{broken\n\n[3]\n"
    kinds = [type(item) for item in read_ndjson(lines, name="t", vocabulary=vocabulary())]
    assert kinds == [Draft, Refused, Refused]


def test_parquet_with_real_times(tmp_path: Path) -> None:
    columns = {
        "course": ["c1", "c1"],
        "at": [datetime(2026, 1, 10, 12, tzinfo=UTC)] * 2,
        "what": ["body_temperature", "heart_rate"],
        "value": [38.4, None],
        "unit": ["Cel", "/min"],
        "star_sign": ["leo", "leo"],
    }
    path = tmp_path / "t.parquet"
    pq.write_table(pa.table(columns), path)
    unknown, first, second = read_parquet(path, name="t", vocabulary=vocabulary())
    assert isinstance(unknown, Refused) and unknown.problem.code == "unknown_column"
    assert isinstance(first, Draft) and (first.fact.at, first.fact.value) == (AT, 38.4)
    assert isinstance(second, Refused) and second.problem.place == "t row 2, column value"


def test_a_damaged_parquet_file_is_refused(tmp_path: Path) -> None:
    reading = read_facts([_written(tmp_path / "t.parquet", b"PAR1 and then nothing PAR1")])
    assert [problem.code for problem in reading.problems] == ["broken_file"]


FACTS = [
    Fact("c1", AT, "body_temperature", 38.5, "Cel", said="101.3 [degF]", source="ward", key="k1"),
    Fact("c1", AT, "infusion", choice="tisagenlecleucel"),
    Fact("c1", AT, "attribution", choice="fever", until=AT + HOUR, detail={"cause": "a,b\n\"c\""}, corrected=True),
    Fact("c2", AT + 1, "drug", 0.1, "ug/kg/min", "norepinephrine", until=AT + HOUR, simulated=True, key="k1"),
    Fact("c2", AT, "retraction", amends="k1", reason="wrong patient", source_recorded_at=AT + 1),
]  # fmt: skip


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_written_and_read_back_without_loss(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    assert write_table(FACTS, path) == len(FACTS)
    reading = read_facts([path])
    assert reading.problems == [] and reading.facts == FACTS


@given(
    at=st.integers(-(10**15), 4 * 10**15),
    value=st.floats(25, 45),
    text=st.text(st.characters(codec="utf-8", exclude_categories=["C"]), max_size=30),
)
def test_any_fact_survives_a_table(
    tmp_path_factory: pytest.TempPathFactory, at: Instant, value: float, text: str
) -> None:
    path = tmp_path_factory.mktemp("t") / "t.csv"
    written = Fact("c", at, "body_temperature", value, "Cel", reason=text.strip(), key="k")
    write_table([written], path)
    assert read_facts([path]).facts == [written]


def test_a_compressed_table(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(f"course,at,what,value,unit\nc1,{NOON},heart_rate,90,/min\n".encode()))
    assert [seen.value for seen in read_facts([path]).facts] == [90.0]


def test_a_table_is_read_without_the_heavy_libraries(tmp_path: Path) -> None:
    """`cartway grade` of one course must answer within a second."""
    path = _written(tmp_path / "t.csv", f"course,at,what,value,unit\nc1,{NOON},heart_rate,90,/min\n".encode())
    program = (
        "import sys; from cartway.intake import read_facts; r = read_facts(sys.argv[1:]); assert len(r.facts) == 1;"
        "print([m for m in ('polars', 'pyarrow', 'numba', 'sqlalchemy', 'pandas') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
