"""Temperature-logger files: what they say is read in Cel and minutes; what they do not say is asked, never guessed."""

from __future__ import annotations

import hashlib
import time
from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cartway.intake.loggers import LARGEST, MOST_ROWS, Coverage, Reading, coverage, read_logger
from cartway.problem import Problem
from cartway.times import MINUTE, parse

SIMPLE = "Timestamp,Temperature (°C)\n2026-04-02T08:00Z,-151.2\n2026-04-02T08:10Z,-150.8\n2026-04-02T08:20Z,-152.0\n"


def read(text: str | bytes, **how: Any) -> Reading:
    found = read_logger(text.encode() if isinstance(text, str) else text, **{"zone": UTC, **how})
    assert isinstance(found, Reading), found
    return found


def refused(text: str | bytes, **how: Any) -> str:
    found = read_logger(text.encode() if isinstance(text, str) else text, **{"zone": UTC, **how})
    assert isinstance(found, Problem), found
    return found.code


def test_a_plain_file() -> None:
    found = read(SIMPLE, limit_cel=-130)
    assert (found.lowest_cel, found.highest_cel, found.readings) == (-152.0, -150.8, 3)
    assert (found.first, found.last) == (parse("2026-04-02T08:00Z"), parse("2026-04-02T08:20Z"))
    assert (found.gap_min, found.minutes_above, found.problems, found.unread) == (10.0, 0.0, (), 0)
    assert not found.too_warm
    assert found.sha256 == hashlib.sha256(SIMPLE.encode()).hexdigest()


def test_an_excursion_counts_both_stretches_beside_it() -> None:
    """One warm reading between two cold ones: it was warm for up to twenty minutes."""
    found = read(SIMPLE.replace("-150.8", "-120.0"), limit_cel=-130)
    assert (found.too_warm, found.minutes_above, found.highest_cel) == (True, 20.0, -120.0)


def test_fresh_cells_must_not_freeze_either() -> None:
    found = read("Time,Temp °C\n2026-04-02 08:00,4.1\n2026-04-02 08:10,-0.5\n", limit_cel=8, least_cel=2)
    assert (found.too_warm, found.too_cold, found.minutes_above, found.minutes_below) == (False, True, 0.0, 10.0)


def test_without_a_limit_nothing_is_said_of_excursions() -> None:
    found = read(SIMPLE)
    assert (found.minutes_above, found.too_warm) == (None, False)


@pytest.mark.parametrize(
    "text",
    [
        "Date,Time,Temp (C)\n2026-04-02,08:00:00,-150\n2026-04-02,08:10:00,-151\n",
        "Serial 77120\nTrip: outbound\n\nNo.;Date/Time;Temperature [°C];Event\n"
        "1;02.04.2026 08:00;-150,0;\n2;02.04.2026 08:10;-151,0;\n",
        "date time\ttemperature_c\n2026/04/02 08:00\t-150\n2026/04/02 08:10\t-151\n",
        "Timestamp,Payload Temp (°F),High alarm (°F)\n2026-04-02T08:00Z,-238,-202\n2026-04-02T08:10Z,-239.8,-202\n",
        "Time,Temperature [K]\n2026-04-02T08:00Z,123.15\n2026-04-02T08:10Z,122.15\n",
        'Logged at,Temperature\n2026-04-02T08:00Z,"-150,0 °C"\n2026-04-02T08:10Z,−151.0 °C\n',
        "Datum;Uhrzeit;Temperatur in °C\n02.04.2026;08:00;-150\n02.04.2026;08:10;-151\n",
        "Time,Temperature (°C)\n4/2/2026 8:00 AM,-150\n4/2/2026 8:10 AM,-151\n4/13/2026 8:00 PM,-150.5\n",
    ],
    ids=["two columns", "words before, decimal comma", "tabs", "F and an alarm", "K", "unit beside", "German", "US"],
)  # fmt: skip
def test_every_makers_table(text: str) -> None:
    found = read(text)
    assert (found.highest_cel, found.lowest_cel) == pytest.approx((-150.0, -151.0))
    assert found.first == parse("2026-04-02T08:00Z")
    assert found.unread == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_every_encoding_that_loggers_write(encoding: str) -> None:
    assert read(SIMPLE.encode(encoding)).readings == 3


def test_times_without_a_zone_are_the_centers_unless_the_file_says_utc() -> None:
    local = "Time,Temp (C)\n2026-04-02 08:00,4\n2026-04-02 08:10,4\n"
    assert read(local, zone=ZoneInfo("Europe/Berlin")).first == parse("2026-04-02T06:00Z")
    assert read(local.replace("Time", "Time (UTC)"), zone=ZoneInfo("Europe/Berlin")).first == parse("2026-04-02T08:00Z")


def test_rows_in_any_order_are_the_same_reading_and_that_is_told() -> None:
    head, *rows = SIMPLE.splitlines()
    found = read("\n".join([head, *reversed(rows)]))
    assert (found.first, found.gap_min, found.readings) == (parse("2026-04-02T08:00Z"), 10.0, 3)
    assert [each.code for each in found.problems] == ["unsorted_rows"]


def test_a_gap_is_named_with_its_times() -> None:
    late = "".join(f"2026-04-02T{hour}:{minute}0Z,-150\n" for hour in ("13", "14") for minute in range(6))
    found = read(SIMPLE + late)
    assert found.gap_min == 280.0
    (gap,) = found.gaps
    assert (gap.start, gap.end) == (parse("2026-04-02T08:20Z"), parse("2026-04-02T13:00Z"))


@pytest.mark.parametrize("bad", ["ERR", "", "NaN", "-300", "999"])
def test_what_cannot_be_read_becomes_part_of_a_gap_and_is_told_with_its_line(bad: str) -> None:
    found = read(SIMPLE.replace("-150.8", bad))
    assert (found.readings, found.unread, found.gap_min) == (2, 1, 20.0)
    assert found.problems[0].place == "line 3"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty_file"),
        ("\ufeff \n", "empty_file"),
        ("hello\nworld\n", "no_table"),
        ('Time,Temp (C)\n"' + "x" * 140_000, "malformed_table"),
        ("Time,Temp (C)\n", "nothing_readable"),
        ("Time,Temperature (C)\nx,y\n", "nothing_readable"),
        ("Time,Temperature\n2026-04-02T08:00Z,-150\n", "no_unit"),
        ("Time,Temp A (C),Temp B (C)\n2026-04-02T08:00Z,-150,20\n", "several_temperatures"),
        ("Time,Temp (C)\n04/05/2026 08:00,-150\n", "ambiguous_dates"),
        ("Time,Temp (C)\n2026-04-02,-150\n", "nothing_readable"),
    ],
)  # fmt: skip
def test_what_would_have_to_be_guessed_is_asked(text: str, code: str) -> None:
    assert refused(text) == code


def test_what_was_asked_can_be_stated() -> None:
    assert read("Time,Temperature\n2026-04-02T08:00Z,-238\n", unit="F").highest_cel == -150.0
    two = "Time,Temp A (C),Temp B (C)\n2026-04-02T08:00Z,-150,20\n"
    assert read(two, column="temp a (c)").highest_cel == -150.0


def test_a_million_rows_are_refused_politely_and_at_once() -> None:
    many = "Time,Temp (C)\n" + "2026-04-02T08:00Z,-150\n" * 300_000
    started = time.perf_counter()
    assert refused(many) == "too_many_rows"
    assert refused(b"x" * (LARGEST + 1)) == "too_large"
    assert time.perf_counter() - started < 5
    assert MOST_ROWS < 300_000


def test_no_value_of_the_file_is_in_a_problem() -> None:
    found = read(SIMPLE + "Magdalena,Ostrowska\n")
    assert "Magdalena" not in str(found.problems)


@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: ("Time,Temp (C)\n" + text).encode()))
def test_no_file_breaks_it(content: bytes) -> None:
    found = read_logger(content, zone=UTC, limit_cel=8)
    assert isinstance(found, Reading | Problem)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (0, 20, Coverage(0, 0, 0, 0)),
        (-30, 20, Coverage(30, 0, 0, 0)),
        (0, 50, Coverage(0, 30, 0, 0)),
        (5, 15, Coverage(0, 0, 5, 5)),
        (20, 40, Coverage(0, 20, 20, 0)),
    ],
)
def test_how_a_file_covers_a_transport(start: int, end: int, expected: Coverage) -> None:
    """A file of 20 minutes, against a way that begins and ends these minutes after its first reading."""
    found = read(SIMPLE)
    assert coverage(found, found.first + start * MINUTE, found.first + end * MINUTE) == expected


@pytest.mark.parametrize(("start", "end"), [(21, 60), (-60, -1)])
def test_a_file_that_shares_no_moment_with_a_transport_is_of_another(start: int, end: int) -> None:
    found = read(SIMPLE)
    answer = coverage(found, found.first + start * MINUTE, found.first + end * MINUTE)
    assert isinstance(answer, Problem)
    assert answer.code == "another_trip"
