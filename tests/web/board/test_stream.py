"""The stream that keeps pages up to date, over a real server: what a page hears, and what it must not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from cartway.web import live
from cartway.web.access import Role
from cartway.web.guard.cookies import COOKIE
from toxicity import drawn as d
from web.board.reading import Board, chart, enrolled, rows_of, well, words
from web.conftest import Site

HEARD_S = 5.0


class Page:
    """Somebody's open page: the events of its stream, one after another."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines

    def event(self) -> tuple[str, dict[str, Any]]:
        """The next event: its kind and what it says."""
        kind = next(line.removeprefix("event: ") for line in self._lines if line.startswith("event: "))
        return kind, json.loads(next(line.removeprefix("data: ") for line in self._lines if line.startswith("data: ")))

    def rows(self) -> dict[str, dict[str, Any]]:
        """The rows of the next news that has any, by course."""
        while True:
            kind, news = self.event()
            if kind == "news" and news["rows"]:
                return {row["course"]: row for row in news["rows"]}


@contextmanager
def listening(base: str, cookie: tuple[str, str], session: str = "") -> Iterator[Page]:
    with (
        httpx.Client(timeout=HEARD_S, cookies=dict([cookie])) as client,
        client.stream("GET", f"{base}/live", params={"session": session}) as answer,
    ):
        assert answer.headers["content-type"].startswith("text/event-stream")
        yield Page(answer.iter_lines())


def test_a_fact_recorded_now_is_a_row_in_both_views(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    enrolled(site, "Amara Okafor")
    with (
        site.serve() as base,
        listening(base, site.cookie(Role.nurse)) as nurse,
        listening(base, site.cookie(Role.data_manager)) as manager,
        listening(base, site.cookie(Role.nurse, ["another"])) as stranger,
    ):
        position = nurse.event()[1]["position"]
        manager.event()
        stranger.event()
        _record(site)
        named, coded = nurse.rows()["a"], manager.rows()["a"]
        secrets = ("Amara Okafor", "1961-03-04", "4711")
        assert all(each in named["html"] for each in secrets)
        assert not any(each in coded["html"] for each in secrets)
        read = Board(f'<table><tbody data-stage="watch">{coded["html"]}</tbody></table>').rows["a"]
        assert words(read.scales[0].text).startswith("1")
        assert read.attributes["data-version"] == ".".join(str(part) for part in coded["version"])
        assert (coded["order"], coded["facts"]) == (read.attributes["data-order"], int(read.attributes["data-facts"]))
        kind, news = stranger.event()
        assert (kind, news["rows"], news["position"]) == ("news", [], position + 1), "it happened; to whom is not said"


def test_who_signs_out_is_told(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "CHECK_S", 0.1)
    cookie = site.cookie(Role.nurse)
    with site.serve() as base, listening(base, cookie) as page:
        page.event()
        site.office.access.close_session(cookie[1], now=site.now)
        assert "signed-out" in (page.event()[0] for _ in range(5))


def test_a_page_of_another_session_is_signed_out(site: Site) -> None:
    """B signed in after A in one browser: A's page must not go on with what B may see."""
    with site.serve() as base, listening(base, site.cookie(Role.nurse), session="of-somebody-else") as page:
        assert page.event()[0] == "signed-out"


def test_the_page_says_whose_session_it_is_of(site: Site) -> None:
    cookie = site.cookie(Role.nurse)
    with site.serve() as base, httpx.Client(cookies=dict([cookie])) as client:
        html = client.get(f"{base}/board").text
        session = html.partition('data-session="')[2].partition('"')[0]
        assert session and session not in cookie[1], "a mark of the session, nothing of its token"
        with listening(base, cookie, session=session) as page:
            assert page.event()[0] == "news"


def _record(site: Site) -> None:
    """Another process records a fever."""
    facts = d.at(1.5, d.temperature(38.6))
    site.now = facts[0].at
    assert not site.office.log.append(rows_of("a", facts), recorded_at=site.now, recorded_by="feed").problems


def test_a_stream_ends_when_its_reader_may_see_other_courses(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A coordinator takes the course away while the board is open: the page comes back and sees what it may see now."""
    monkeypatch.setattr(live, "CHECK_S", 0.1)
    chart(site, d.infused(), d.age(60), well(1))
    nurse = site.account(Role.nurse, ["course-1"])
    cookie = COOKIE, site.office.access.open_session(nurse.id, now=site.now).token
    with site.serve() as base, listening(base, cookie) as page:
        page.event()
        site.office.access.change_courses(nurse.id, take=["course-1"], now=site.now, by="test")
        with pytest.raises(StopIteration):
            while page.event()[0] == "news":
                pass
