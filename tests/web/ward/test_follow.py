"""Following the record: what is recorded is told soon, trouble is told at once, and it is not the end."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC

import msgspec
import pytest

from cartway.record import Log, open_log
from cartway.record.errors import StoreBusy, StoreMissing
from cartway.toxicity import load_rules
from cartway.web.ward.follow import Follower
from cartway.web.ward.hub import News, Row
from cartway.web.ward.standing import Standing
from cartway.web.ward.ward import Ward
from toxicity import drawn as d
from web.conftest import until


def drawn_row(standing: Standing) -> Row:
    return Row(standing.course, standing.version, "", standing.facts, {})


@contextmanager
def following(url: str, draw: Callable[[Standing], Row] = drawn_row) -> Iterator[tuple[Log, Log, list[News]]]:
    """A writer's log, the follower's own, and what has been told so far."""
    told: list[News] = []
    with open_log(url, kind="demo") as writer, open_log(url) as followed:
        ward = Ward(load_rules(), UTC)
        ward.fill(followed, d.instant(0))
        follower = Follower(followed, ward, lambda: d.instant(5), draw, told.append)
        follower.start()
        try:
            yield writer, followed, told
        finally:
            follower.stop()


def record(log: Log, course: str, hour: float = 1.0) -> int:
    facts = [*d.infused(), *d.at(hour, d.temperature(38.5))]
    log.append(
        [msgspec.structs.replace(fact, course=course) for fact in facts], recorded_at=d.instant(5), recorded_by="test"
    )
    return log.position()


def test_news_lead_from_position_to_position_without_a_gap(store_url: str) -> None:
    with following(store_url) as (writer, _, told):
        last = 0
        for course in ("a", "b", "c"):
            last = record(writer, course)
            until(lambda last=last: told[-1].position == last)
    assert {row.course for news in told for row in news.rows} == {"a", "b", "c"}
    assert all(after.since == before.position for before, after in itertools.pairwise(told))


def test_without_news_it_says_how_fresh_it_is(sqlite_store: str) -> None:
    with following(sqlite_store) as (_, _, told):
        until(lambda: len(told) >= 2)
    assert told[1].rows == () and told[1].checked_at == d.instant(5) and told[1].trouble == ""


def test_a_store_that_fails_is_told_and_tried_again(sqlite_store: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with following(sqlite_store) as (writer, followed, told):
        with monkeypatch.context() as broken:

            def fail(*_: object) -> int:
                raise StoreMissing("here")

            broken.setattr(followed, "wait", fail)
            until(lambda: told[-1].trouble)
            assert told[-1].checked_at <= told[-1].now and told[-1].rows == ()
        last = record(writer, "a")
        until(lambda: told[-1].position == last and not told[-1].trouble)


def test_a_defect_in_one_row_does_not_leave_boards_that_look_alive(
    sqlite_store: str, caplog: pytest.LogCaptureFixture
) -> None:
    def draw(standing: Standing) -> Row:
        if standing.course == "a":
            raise ValueError("Jane Doe 41.9")
        return drawn_row(standing)

    with following(sqlite_store, draw) as (writer, _, told):
        record(writer, "a")
        until(lambda: told[-1].trouble == "The board cannot be worked out.")
        record(writer, "b")
        until(lambda: any(row.course == "b" for news in told for row in news.rows))
    assert "ValueError at draw" in caplog.text and "Jane Doe" not in caplog.text


def test_a_change_that_could_not_be_drawn_is_told_when_it_can(sqlite_store: str) -> None:
    """The people store was busy for a moment: the row, whose grade time alone changed, must not be lost."""
    failures = [StoreBusy("here", 5)]

    def draw(standing: Standing) -> Row:
        if failures and standing.course == "a":
            raise failures.pop()
        return drawn_row(standing)

    with following(sqlite_store, draw) as (writer, _, told):
        record(writer, "a")
        until(lambda: any(row.course == "a" for news in told for row in news.rows))
    assert not failures
    assert [news.trouble for news in told if news.trouble] == ["The record cannot be read."]
