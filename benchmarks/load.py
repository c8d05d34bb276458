"""The ward under load: three hundred courses, sixty observations a second, two hundred open boards, alerts live."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
from playwright.sync_api import Browser
from tests.web.browser import chromium
from tests.web.browser.cluster import Cluster, cluster
from tests.web.browser.load import POSTERS, Outcome, Poster, busy, counts_on, open_boards
from tests.web.browser.processes import Process
from tests.web.browser.streams import Stream, delays

from benchmarks.board import FEW, Say, now, shares
from benchmarks.board_courses import COURSE, ward_of, wearable_course
from benchmarks.cohort import folder
from benchmarks.line import Line, Part
from benchmarks.measure import measured

COURSES, BOARDS, TABS, WORKERS = 300, 200, 4, 2
PER_SECOND, SECONDS = 60.0, 60.0
PATIENCE_S, PATIENT_TRIES = 40.0, 400
ALERT_S, PAGE_S = 0.5, 0.2
FEVER_EACH = 10  # one observation of so many is a fever


class Shape(msgspec.Struct, frozen=True):
    """A run: `harm` kills a worker after a third of it and stops and starts the server after two thirds."""

    what: str
    harm: bool = False


SHAPES = (Shape("load"), Shape("load, worker killed, server restarted", harm=True))
REMARK = (
    f"load: {COURSES} courses, {PER_SECOND:g} observations a second through the real form, {BOARDS} open boards "
    f"({TABS} tabs of a browser here, not painted, the others streams that no browser draws), {WORKERS} workers; "
    "browser, servers and senders share the processors. From when a post was taken in, before it is on disk, until its "
    "row with the alerts is in a tab's DOM or told to a stream. With harm done, the wait for the server is in it"
)


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Wall time on loopback."""
    lines: list[Line] = []
    with tempfile.TemporaryDirectory(dir=folder()) as place, chromium.running(*FEW) as browser:
        for number, shape in enumerate(SHAPES):
            say(f"{shape.what}: a ward of {COURSES} courses")
            with _ward(Path(place) / str(number)) as (ward, server):
                lines += _loaded(browser, ward, server, shape, say)
        say("a month of temperatures every two minutes")
        lines += _wearable(Path(place) / "wearable", repeats)
    return Part(title="The ward under load", lines=lines, remarks=[REMARK])


@contextmanager
def _ward(place: Path) -> Iterator[tuple[Cluster, Process]]:
    place.mkdir()
    with cluster(place) as ward:
        for facts in ward_of(COURSES, now()):
            ward.record(facts, now())
        yield ward, ward.serve(WORKERS)


def _loaded(browser: Browser, ward: Cluster, server: Process, shape: Shape, say: Say) -> list[Line]:
    with ExitStack() as opened:
        streams = [opened.enter_context(Stream(server.port, ward.cookie("nurse", now()))) for _ in range(BOARDS - TABS)]
        pages = open_boards(browser, server, ward.cookie("nurse", now()), TABS, painted=False)
        course = next(iter(counts_on(pages[0])))
        posters = [Poster(server.url, ward.cookie("nurse", now()), course, PATIENT_TRIES) for _ in range(POSTERS)]
        say(f"{shape.what}: {PER_SECOND:g} observations a second for {SECONDS:g} s")
        harm = threading.Thread(target=_harm, args=(server,)) if shape.harm else None
        if harm is not None:
            harm.start()
        found = busy(ward, pages, posters, PER_SECOND, SECONDS, PATIENCE_S, celsius)
        if harm is not None:
            harm.join()
        heard = delays(streams, found.taken)
    for context in {page.context for page in pages}:
        context.close()
    return _told(found, heard, shape)


def _harm(server: Process) -> None:
    time.sleep(SECONDS / 3)
    server.kill_worker(server.workers()[0])
    time.sleep(SECONDS / 3)
    server.stop()
    server.start()


def celsius(number: int) -> float:
    """Mostly no fever; now and then one, so that alerts begin and end."""
    return 39.2 if number % FEVER_EACH == 0 else 36.4 + number % 14 / 10


def _told(found: Outcome, heard: tuple[Sequence[float], int], shape: Shape) -> list[Line]:
    waits, unheard = heard
    retried = sum(post.tries > 1 for post in found.posts)
    target = None if shape.harm else ALERT_S
    return [
        Line(what=f"{shape.what}: sent", ours=len(found.posts), unit="posts"),
        Line(what=f"{shape.what}: acknowledged", ours=sum(post.answered > 0 for post in found.posts), unit="posts"),
        Line(what=f"{shape.what}: sent again for want of an answer", ours=retried, unit="posts"),
        Line(what=f"{shape.what}: stored", ours=len(found.taken), unit="facts"),
        Line(what=f"{shape.what}: not shown in a tab or told to a stream", ours=found.lost + unheard, unit="rows",
             target=0),
        Line(what=f"{shape.what}: doubled", ours=found.doubled, unit="facts", target=0),
        *shares(f"{shape.what}: answer to a post", sorted(post.answered - post.sent for post in found.posts), None),
        *shares(f"{shape.what}: row in {TABS} tabs", found.latencies, target),
        Line(what=f"{shape.what}: rows with a changed alert", ours=len(found.alerted), unit="rows"),
        *shares(f"{shape.what}: changed alert in {TABS} tabs", found.alerted, target),
        *shares(f"{shape.what}: row at {BOARDS - TABS} streams", waits, target),
    ]  # fmt: skip


def _wearable(place: Path, repeats: int) -> list[Line]:
    """A course page with a month of a wearable's temperatures, and the board's answer to one more of them."""
    place.mkdir()
    with cluster(place) as ward:
        ward.record(wearable_course(now()), now())
        name, token = ward.cookie("nurse", now())
        with httpx.Client(base_url=ward.serve().url, cookies={name: token}, timeout=60) as client:
            return [
                _page(client, part, repeats) for part in ("", "/chart", "/readings", "/alerts", "/due", "/protocol")
            ]


def _page(client: httpx.Client, part: str, repeats: int) -> Line:
    def get() -> None:
        client.get(f"/courses/{COURSE}{part}").raise_for_status()

    done = measured(get, 3 * repeats, time.perf_counter)
    return Line(what=f"a wearable's month: {part.removeprefix('/') or 'the course page'}", ours=done.median, unit="s",
                target=PAGE_S)  # fmt: skip
