"""What one process records is on every open page, whatever happens to servers, streams and tabs (part E)."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from playwright.sync_api import Page, expect

from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.web.access import EVERY

from .cluster import Cluster, fact
from .conftest import Visit
from .load import counts_on
from .wire import Wire

COURSES = ("K1", "K2", "K3")


def now() -> Instant:
    return time.time_ns() // 1000


def feverless(course: str, at: Instant) -> list[Fact]:
    """A course five days after its infusion, looked at an hour ago: nothing wrong."""
    seen = at - HOUR
    return [
        fact(course, seen - 5 * DAY, "infusion", choice="axicabtagene_ciloleucel"),
        fact(course, seen, "body_temperature", 36.8, "Cel"),
        fact(course, seen, "systolic_pressure", 120.0, "mm[Hg]"),
        fact(course, seen, "oxygen_saturation", 97.0, "%"),
        fact(course, seen, "oxygen_device", choice="room_air"),
        fact(course, seen, "ice_score", 10.0, "{score}"),
    ]


@pytest.fixture
def started(ward: Cluster) -> Instant:
    """Three courses without fever; when each was looked at last."""
    at = now()
    for course in COURSES:
        ward.record(feverless(course, at), at)
    return at - HOUR


def state(page: Page, expected: str) -> None:
    """Wait until the page says that it is so."""
    expect(page.locator("[data-fresh]")).to_have_attribute("data-state", expected)


def whole(page: Page, ward: Cluster) -> None:
    """Every course once, with as many facts as are recorded: nothing lost, nothing doubled."""
    expected = Counter(fact.course for fact in ward.log.since(0, 10_000))
    for course, facts in expected.items():
        expect(page.locator(f"#row-{course}")).to_have_attribute("data-facts", str(facts))
    assert counts_on(page) == expected


def test_what_another_process_records_is_on_the_pages_of_every_worker(
    ward: Cluster, started: Instant, visit: Visit
) -> None:
    servers = ward.serve(), ward.serve()
    pages = [visit(server.url, ward.cookie("nurse", now())).open("/board") for server in servers]
    ward.record([fact("K1", started + MINUTE, "body_temperature", 38.6, "Cel")], now())
    for page in pages:
        expect(page.locator("#row-K1")).to_contain_text("38.6")
        expect(page.locator("#row-K1 .grade").first).to_have_text("1")
        whole(page, ward)


def test_a_form_sent_to_one_worker_is_on_the_page_of_the_other(ward: Cluster, started: Instant, visit: Visit) -> None:
    one, other = ward.serve(), ward.serve()
    board = visit(other.url, ward.cookie("nurse", now())).open("/board")
    form = visit(one.url, ward.cookie("nurse", now())).open("/courses/K2/chart-vitals")
    form.get_by_role("textbox", name="Temperature").fill("38.6")
    form.get_by_role("button", name="Record vital signs").click()
    expect(board.locator("#row-K2")).to_contain_text("38.6")
    whole(board, ward)


def test_a_page_that_was_cut_off_says_so_and_catches_up(ward: Cluster, started: Instant, visit: Visit) -> None:
    with Wire(ward.serve().port) as wire:
        guest = visit(wire.url, ward.cookie("nurse", now()))
        guest.forgive(r"ERR_|Failed to load|NetworkError")
        page = guest.open("/board")
        state(page, "live")
        wire.cut()
        state(page, "stale")
        for minute in range(1, 9):
            ward.record([fact("K1", started + minute * MINUTE, "heart_rate", 80.0 + minute, "/min")], now())
        wire.mend()
        state(page, "live")
        whole(page, ward)


def test_a_stream_that_hangs_is_noticed(ward: Cluster, started: Instant, visit: Visit) -> None:
    with Wire(ward.serve().port) as wire:
        guest = visit(wire.url, ward.cookie("nurse", now()))
        guest.forgive(r"ERR_|Failed to load|NetworkError")
        page = guest.open("/board")
        state(page, "live")
        wire.hang()
        state(page, "stale")
        ward.record([fact("K1", started + MINUTE, "heart_rate", 95.0, "/min")], now())
        wire.mend()
        state(page, "live")
        whole(page, ward)


def test_a_server_that_was_killed_comes_back_with_everything(ward: Cluster, started: Instant, visit: Visit) -> None:
    server = ward.serve(workers=2)
    guest = visit(server.url, ward.cookie("nurse", now()))
    guest.forgive(r"ERR_|Failed to load|NetworkError")
    page = guest.open("/board")
    state(page, "live")
    server.kill()
    state(page, "stale")
    ward.record([fact("K1", started + MINUTE, "body_temperature", 38.6, "Cel")], now())
    server.start()
    state(page, "live")
    expect(page.locator("#row-K1")).to_contain_text("38.6")
    whole(page, ward)


def test_pages_move_to_another_worker_when_theirs_is_killed(ward: Cluster, started: Instant, visit: Visit) -> None:
    server = ward.serve(workers=2)
    guests = [visit(server.url, ward.cookie("nurse", now())) for _ in range(4)]
    pages = []
    for guest in guests:
        guest.forgive(r"ERR_|Failed to load|NetworkError")
        pages.append(guest.open("/board"))
        state(pages[-1], "live")
    for minute, worker in enumerate(server.workers(), 1):  # one after the other: every page loses its worker once
        server.kill_worker(worker)
        ward.record([fact("K3", started + minute * MINUTE, "heart_rate", 90.0 + minute, "/min")], now())
        for page in pages:
            state(page, "live")
            whole(page, ward)


# As browsers treat a tab that nobody sees: no frames, timers after a second at the earliest, repeated ones each minute.
HIDE = """Object.defineProperty(Document.prototype, 'hidden', {get: () => true});
Object.defineProperty(Document.prototype, 'visibilityState', {get: () => 'hidden'});
window.requestAnimationFrame = () => 0;
const later = window.setTimeout, often = window.setInterval;
window.setTimeout = (what, wait = 0, ...rest) => later(what, Math.max(wait, 1000), ...rest);
window.setInterval = (what, wait = 0, ...rest) => often(what, Math.max(wait, 60000), ...rest);"""


def test_a_hidden_tab_keeps_up(ward: Cluster, started: Instant, visit: Visit) -> None:
    guest = visit(ward.serve().url, ward.cookie("nurse", now()))
    guest.context.add_init_script(HIDE)
    page = guest.open("/board")
    ward.record([fact("K1", started + MINUTE, "body_temperature", 38.6, "Cel")], now())
    expect(page.locator("#row-K1")).to_contain_text("38.6")
    whole(page, ward)


def test_who_is_signed_out_elsewhere_sees_nothing_more(ward: Cluster, started: Instant, visit: Visit) -> None:
    cookie = ward.cookie("nurse", now())
    guest = visit(ward.serve().url, cookie)
    guest.forgive(r"status of 401")
    page = guest.open("/board")
    expect(page.locator("#row-K1")).to_be_visible()
    ward.access.close_session(cookie[1], now=now())
    expect(page.locator("#row-K1")).not_to_be_visible()
    expect(page.locator("body")).to_contain_text("signed out")


def test_a_page_shows_only_the_courses_of_its_reader(ward: Cluster, started: Instant, visit: Visit) -> None:
    url = ward.serve().url
    one, every = (visit(url, ward.cookie("nurse", now(), courses)).open("/board") for courses in (["K2"], [EVERY]))
    ward.record([fact(course, started + MINUTE, "body_temperature", 38.6, "Cel") for course in COURSES], now())
    for course in COURSES:
        expect(every.locator(f"#row-{course}")).to_contain_text("38.6")
    expect(one.locator("#row-K2")).to_contain_text("38.6")
    assert set(counts_on(one)) == {"K2"}
    assert "K1" not in one.content()
