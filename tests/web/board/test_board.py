"""The board as a whole: order, sections, who sees which courses, what is unread, what a page fetches anew."""

from __future__ import annotations

import json
import re

import pytest

from cartway.web.access import Role
from cartway.web.ward.draw import draw_row
from toxicity import drawn as d
from web.board.reading import Board, board, chart, enrolled, row, rows_of, well, words
from web.conftest import Site


def test_whom_to_look_at_first_is_on_top(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1), course="well", hour=2)
    chart(site, d.infused(), d.age(60), well(1), d.at(2, d.temperature(39)), course="fever")
    chart(site, d.infused(), d.age(60), well(1), d.at(2, d.temperature(39), d.pressure(80)), course="low")
    chart(site, d.infused(), d.age(60), well(1), d.discharged(1.5), course="home", hour=2)
    chart(site, d.age(60), d.at(1, d.temperature(36.6)), course="coming", hour=2)
    rows = board(site.client(Role.nurse)).rows
    assert list(rows) == ["low", "fever", "well", "coming", "home"]
    assert [each.section for each in rows.values()] == ["watch", "watch", "watch", "before", "over"]
    orders = [each.attributes["data-order"] for each in rows.values()]
    assert orders == sorted(orders), "a page sorts by this text"


def test_the_number_of_courses_stands_over_each_section(site: Site) -> None:
    for course in ("a", "b"):
        chart(site, d.infused(), well(1), course=course)
    html = site.client(Role.nurse).get("/board").text
    assert words(re.sub(r"<[^>]*>", " ", html)).count("Close watch 2") == 1
    assert '<tbody role="rowgroup" data-stage="before" hidden>' in html


def test_only_the_courses_one_belongs_to(site: Site) -> None:
    for course in ("mine", "theirs"):
        chart(site, d.infused(), well(1), course=course)
    shown = board(site.client(Role.nurse, ["mine"]))
    assert list(shown.rows) == ["mine"] and "theirs" not in shown.html


def test_nobody_is_a_course(site: Site) -> None:
    chart(site, d.infused(), well(1), hour=1)
    assert "No courses are open to you" in site.client(Role.nurse, []).get("/board").text


@pytest.mark.parametrize("role", [Role.administrator, Role.patient, Role.caregiver])
def test_the_board_is_for_the_ward(site: Site, role: Role) -> None:
    assert site.client(role).get("/board").status_code == 403
    assert site.client(role).get("/board/rows").status_code == 403


def test_signed_out(site: Site) -> None:
    assert site.client(None).get("/board").status_code == 303


@pytest.mark.parametrize(("role", "links"), [(Role.nurse, 2), (Role.apheresis, 0), (Role.cell_laboratory, 0)])
def test_no_link_leads_where_the_role_may_not_go(site: Site, role: Role, links: int) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    enrolled(site, "Amara Okafor")
    shown = board(site.client(role))
    assert len(re.findall('href="/courses/', shown.html)) == links
    assert words(shown.rows["a"]["who"].text).startswith("Amara Okafor")


# Unread


def test_what_is_unread_since_the_reader_last_opened_the_course(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    client = site.client(Role.nurse)
    account = site.office.access.accounts()[-1]
    assert "new" not in board(client).rows["a"]["who"].text, "a course never opened has nothing new"
    site.office.access.mark_seen(account.id, "a", 8, now=site.now)
    assert "new" not in board(client).rows["a"]["who"].text
    chart(site, d.at(1.2, d.temperature(37), d.pressure(120)))
    shown = board(client)
    assert "2 new" in shown.rows["a"]["who"].text
    assert json.loads(shown.table["data-seen"]) == {"a": 8}
    assert "new" not in row(site)["who"].text, "another reader's is another's"


def test_what_goes_to_all_pages_says_nothing_of_one_reader(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    standing = site.office.ward.standing("a")
    assert standing is not None
    drawn = draw_row(site.office, standing)
    assert all("data-unread></span>" in html for html in drawn.html.values())


# What a page fetches


def test_a_page_that_has_it_all_is_sent_nothing(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    client = site.client(Role.nurse)
    shown = board(client)
    again = client.get("/board/rows", params={"have": shown.table["data-mark"]})
    assert (again.status_code, again.text) == (204, "")
    assert again.headers["cartway-position"] == shown.table["data-position"]


def test_a_page_that_missed_something_is_sent_the_whole(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    client = site.client(Role.nurse)
    shown = board(client)
    chart(site, d.at(1.2, d.temperature(39)))
    again = client.get("/board/rows", params={"have": shown.table["data-mark"]})
    now = Board(again.text)
    assert words(now.rows["a"].scales[0].text).startswith("1")
    assert int(now.table["data-position"]) > int(shown.table["data-position"])
    assert older(shown.rows["a"].attributes["data-version"], now.rows["a"].attributes["data-version"])


def test_time_alone_makes_another_mark(site: Site) -> None:
    """No fact came, so the position is the same; the grade is not."""
    chart(site, d.infused(), d.age(60), well(1), hour=12.9)
    client = site.client(Role.nurse)
    shown = board(client)
    site.now = d.instant(13.1)
    site.settle()
    again = client.get("/board/rows", params={"have": shown.table["data-mark"]})
    assert again.status_code == 200
    assert Board(again.text).table["data-position"] == shown.table["data-position"]


def test_a_course_read_elsewhere_makes_another_mark(site: Site) -> None:
    chart(site, d.infused(), d.age(60), well(1))
    client = site.client(Role.nurse)
    shown = board(client)
    site.office.access.mark_seen(site.office.access.accounts()[-1].id, "a", 3, now=site.now)
    assert client.get("/board/rows", params={"have": shown.table["data-mark"]}).status_code == 200


def older(one: str, other: str) -> bool:
    return [int(part) for part in one.split(".")] < [int(part) for part in other.split(".")]


def test_a_row_says_what_a_script_compares(site: Site) -> None:
    chart(site, d.infused(), d.age(60), d.at(1, d.temperature(39.0), d.pressure(120)))
    assert row(site).attributes["data-marks"] == ">=1 na"


# Size, and what it loads


def test_forty_courses_are_small(site: Site) -> None:
    """190 KB is the whole budget, with style and scripts as they are sent: 40 rows with alerts, tasks and curves."""
    ill = [
        *d.infused(),
        *d.age(60),
        *well(1),
        *d.at(2, d.temperature(39), d.pressure(80), d.oxygen("nasal_cannula"), d.flow(2)),
    ]
    site.now = d.instant(3)
    site.record([row for number in range(40) for row in rows_of(f"course-{number}", ill)])
    for number in range(40):
        enrolled(site, "Amara-Josephine Okafor-Lindqvist", f"course-{number}", identifier=str(4000 + number))
    client = site.client(Role.nurse)
    html = client.get("/board").text
    loaded = set(re.findall(r'(?:src|href|data-worker)="(/static/[^"]+)', html))
    total = len(html.encode()) + sum(client.get(path).num_bytes_downloaded for path in loaded)
    assert not any("htmx" in path for path in loaded)
    assert total < 190_000, total


def test_without_scripts_the_page_comes_anew_each_minute_and_says_so(site: Site) -> None:
    html = site.client(Role.nurse).get("/board").text
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in html
    assert "anew each minute" in html


def test_nothing_inline(site: Site) -> None:
    """The content security policy lets no inline style or script run, so none may be relied on."""
    chart(site, d.infused(), d.age(60), well(1), d.at(2, d.temperature(39)))
    html = site.client(Role.nurse).get("/board").text
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|<script>|javascript:", html)
