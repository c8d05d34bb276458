"""News: told once to all who see the same, never to who may not; a page that lags is cut off and fetches the whole."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from cartway.web.access import EVERY
from cartway.web.ward.hub import STREAMS, WAITING, Hub, Listener, News, Row, told

ALL = frozenset({EVERY})


def row(course: str, position: int = 1) -> Row:
    return Row(course, (position, 0), "000", 1, {"named": f"<tr>name of {course}</tr>", "coded": f"<tr>{course}</tr>"})


def news(since: int, position: int, *rows: Row) -> News:
    return News(since, position, now=5_000_000, checked_at=4_000_000, rows=rows)


def data(event: bytes | None) -> Any:
    """What an event says."""
    assert event is not None
    return json.loads(event.decode().partition("data: ")[2])


def waiting(listener: Listener) -> Sequence[bytes | None]:
    return [listener.queue.get_nowait() for _ in range(listener.queue.qsize())]


def test_an_event_tells_position_and_freshness_in_milliseconds() -> None:
    event = told(news(3, 4, row("a", 4)), "named", ALL)
    assert event.startswith(b"event: news\nid: 4\ndata: {") and event.endswith(b"}\n\n")
    assert data(event) == {
        "since": 3, "position": 4, "now": 5000, "checked": 4000, "trouble": "",
        "rows": [{"course": "a", "version": [4, 0], "order": "000", "facts": 1, "html": "<tr>name of a</tr>"}],
    }  # fmt: skip


def test_a_coded_view_holds_no_name() -> None:
    assert b"name of" not in told(news(0, 1, row("a")), "coded", ALL)


def test_a_row_goes_to_members_only() -> None:
    both = news(0, 1, row("a"), row("b"))
    assert [each["course"] for each in data(told(both, "named", frozenset({"b"})))["rows"]] == ["b"]
    assert data(told(both, "named", frozenset()))["rows"] == []


def test_who_joins_hears_at_once_where_we_are_and_no_rows() -> None:
    async def play() -> None:
        hub, listener = Hub(), Listener("named", ALL)
        hub.tell(news(6, 7, row("a", 7)))
        hub.join(listener)
        (event,) = waiting(listener)  # since 7, not 6: a page at 6 has not heard of the row, and must ask
        assert (data(event)["since"], data(event)["position"], data(event)["rows"]) == (7, 7, [])

    asyncio.run(play())


def test_readers_of_one_view_and_membership_share_one_text() -> None:
    async def play() -> None:
        hub, listeners = Hub(), [Listener("named", ALL) for _ in range(3)]
        for listener in listeners:
            hub.join(listener)
            waiting(listener)
        hub.tell(news(0, 1, row("a")))
        first, second, third = (waiting(listener)[0] for listener in listeners)
        assert first is second is third

    asyncio.run(play())


def test_a_page_that_does_not_read_is_cut_off() -> None:
    async def play() -> None:
        hub, slow, quick = Hub(), Listener("named", ALL), Listener("named", ALL)
        hub.join(slow)
        hub.join(quick)
        for position in range(1, WAITING + 2):
            hub.tell(news(position - 1, position))
            waiting(quick)
        assert waiting(slow) == [None]
        assert len(hub) == 1

    asyncio.run(play())


def test_a_worker_that_stops_ends_every_stream() -> None:
    async def play() -> None:
        hub, listener = Hub(), Listener("named", ALL)
        hub.join(listener)
        hub.close()
        assert (waiting(listener), len(hub)) == ([None], 0)

    asyncio.run(play())


def test_of_too_many_streams_of_a_session_the_oldest_is_cut() -> None:
    async def play() -> None:
        hub = Hub()
        mine = [Listener("named", ALL, "one") for _ in range(STREAMS + 2)]
        hub.join(other := Listener("named", ALL, "other"))
        for listener in mine:
            hub.join(listener)
        assert [waiting(listener)[-1] is None for listener in mine] == [True] * 2 + [False] * STREAMS
        assert waiting(other)[-1] is not None and len(hub) == STREAMS + 1

    asyncio.run(play())
