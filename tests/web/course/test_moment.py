"""Which moment a page is asked about."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest

from cartway.times import HOUR, parse
from cartway.web.course.moment import read_moment

NOW = parse("2026-03-16T14:00Z")
BERLIN = ZoneInfo("Europe/Berlin")


def test_nothing_asked_is_now() -> None:
    moment, problem = read_moment({}, NOW, UTC)
    assert (moment.at, moment.known_at, moment.is_now, moment.query, problem) == (NOW, NOW, True, "", None)


def test_a_local_time_is_of_the_zone_of_the_application() -> None:
    moment, _ = read_moment({"at": "2026-03-16T02:30"}, NOW, BERLIN)
    assert moment.at == parse("2026-03-16T02:30+01:00")


def test_an_offset_is_read_also_where_its_plus_came_as_a_blank() -> None:
    moment, _ = read_moment({"at": "2026-03-16T02:30 01:00"}, NOW, UTC)
    assert moment.at == parse("2026-03-16T01:30Z")


def test_who_asks_what_was_known_means_the_state_then() -> None:
    moment, _ = read_moment({"known_at": "2026-03-16T02:30Z"}, NOW, UTC)
    assert moment.at == moment.known_at == parse("2026-03-16T02:30Z")
    assert not moment.at_now


def test_a_past_state_by_all_that_is_known_now() -> None:
    moment, _ = read_moment({"at": "2026-03-16T02:30Z", "known_at": ""}, NOW, UTC)
    assert (moment.at, moment.known_at, moment.known_now, moment.is_now) == (
        NOW - 11 * HOUR - HOUR // 2,
        NOW,
        True,
        False,
    )


def test_what_lies_ahead_is_now() -> None:
    moment, problem = read_moment({"at": "2030-01-01T00:00Z", "known_at": "2031-01-01T00:00Z"}, NOW, UTC)
    assert moment.is_now
    assert problem is None


@pytest.mark.parametrize(
    "asked",
    ["garbage", "2026-13-40", "<script>", "9" * 400, "0001-01-01T00:00+23:59", "\x00", "2026-03-16T02:30+99:00"],
)
def test_what_cannot_be_read_is_said_and_gives_now(asked: str) -> None:
    moment, problem = read_moment({"at": asked}, NOW, BERLIN)
    assert moment.is_now
    assert problem is not None
    assert problem.code == "wrong_time"
    assert asked not in str(problem)


def test_a_query_leads_to_the_same_moment_again() -> None:
    moment, _ = read_moment({"at": "2026-03-15T02:30:10Z", "known_at": "2026-03-16T02:30+02:00"}, NOW, UTC)
    again, _ = read_moment(dict(pair.split("=") for pair in moment.query.split("&")), NOW, UTC)
    assert again == moment


def test_a_time_of_day_is_the_last_one() -> None:
    """By the clock of 24 hours, in the zone of the application; now is 15:00 there."""
    asked = {"14:05": "2026-03-16T13:05Z", "15:00": "2026-03-16T14:00Z", "15:01": "2026-03-15T14:01Z",
             "0:30": "2026-03-15T23:30Z", "23:59": "2026-03-15T22:59Z"}  # fmt: skip
    for text, meant in asked.items():
        moment, problem = read_moment({"at": text}, NOW, BERLIN)
        assert (moment.at, problem) == (parse(meant), None)


def test_a_date_and_a_time_as_they_are_typed() -> None:
    for text in ("2026-03-15 02:30", " 2026-03-15 02:30 ", "2026-03-15T02:30", "2026-03-15T02:30+01:00"):
        moment, problem = read_moment({"at": text}, NOW, BERLIN)
        assert (moment.at, problem) == (parse("2026-03-15T01:30Z"), None)


def test_an_hour_that_does_not_exist_is_said() -> None:
    for text in ("24:00", "12:60", "2:30 PM"):
        _, problem = read_moment({"at": text}, NOW, BERLIN)
        assert problem is not None
