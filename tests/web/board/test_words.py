"""How times and variables are written on pages."""

from __future__ import annotations

from datetime import UTC, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from cartway.times import parse
from cartway.web.draw import ago, exact_clock, few_words, machine_time, relative, short_clock, zone_name

NOW = parse("2026-03-16T14:00Z")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("at", "words"),
    [
        ("2026-03-16T13:59:30Z", "now"),
        ("2026-03-16T14:00:30Z", "now"),
        ("2026-03-16T13:48Z", "12 min ago"),
        ("2026-03-16T11:30Z", "2 h 30 min ago"),
        ("2026-03-14T12:00Z", "2 d 2 h ago"),
        ("2026-03-16T14:05Z", "in 5 min"),
    ],
)
def test_how_long_ago(at: str, words: str) -> None:
    assert ago(parse(at), NOW) == words


def test_the_forms_of_a_time() -> None:
    at = parse("2026-03-16T13:48Z")
    written = {form: relative(at, NOW, form, BERLIN) for form in ("ago", "for", "clock")}
    assert written == {"ago": "12 min ago", "for": "12 min", "clock": "14:48"}


@pytest.mark.parametrize(
    ("at", "short", "exact"),
    [
        ("2026-03-16T13:48Z", "14:48", "16 Mar 14:48"),
        ("2026-03-15T23:30Z", "00:30", "16 Mar 00:30"),  # already today in Berlin
        ("2026-03-14T01:10Z", "14 Mar 02:10", "14 Mar 02:10"),
        ("2025-12-31T12:00Z", "31 Dec 2025", "31 Dec 2025 13:00"),
    ],
)
def test_a_clock_says_no_more_than_it_must(at: str, short: str, exact: str) -> None:
    assert short_clock(parse(at), NOW, BERLIN) == short
    assert exact_clock(parse(at), NOW, BERLIN) == exact


@pytest.mark.parametrize(
    ("at", "text"), [("2026-01-10T02:00Z", "2026-01-10T02:00Z"), ("2026-01-10T02:00:30Z", "2026-01-10T02:00:30Z")]
)
def test_for_a_machine(at: str, text: str) -> None:
    assert machine_time(parse(at)) == text
    assert parse(machine_time(parse(at))) == parse(at)


def test_a_zone_by_the_name_that_browsers_know() -> None:
    assert [zone_name(zone) for zone in (BERLIN, UTC, timezone(timedelta(hours=2)))] == [
        "Europe/Berlin", "UTC", "UTC+02:00"]  # fmt: skip


def test_a_variable_in_few_words() -> None:
    assert [few_words(name) for name in ("systolic_pressure", "capd_score", "motor_weakness")] == [
        "blood pressure", "CAPD", "motor weakness"]  # fmt: skip
