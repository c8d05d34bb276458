"""The board in the browser: what a page costs, what the longest course costs, and a live ward on a hundred screens."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import msgspec
from playwright.sync_api import Browser
from tests.web.browser import chromium
from tests.web.browser.cluster import Cluster, cluster
from tests.web.browser.load import POSTERS, Outcome, Poster, busy, counts_on, open_boards, percentile
from tests.web.browser.processes import Process
from tests.web.browser.streams import Stream, delays

from benchmarks.board_courses import COURSE, long_course, ward_of
from benchmarks.cohort import folder
from benchmarks.line import Line, Part
from benchmarks.measure import measured
from cartway.times import Instant

COURSES, FACTS = 40, 20_000
BOARDS, WORKERS = 100, 2
PER_SECOND, SECONDS = 20.0, 60.0
PATIENCE_S = 20.0  # for the last rows to come
PAGE_BYTES, PAINT_S, SERVER_S, LIVE_S = 150_000, 1.0, 0.3, 0.3
FEW = ("--renderer-process-limit=4",)  # a process for each of 100 tabs would spend the processors on switching
PARTS = ("", "/chart", "/why", "/readings", "/timeline")

Say = Callable[[str], None]


def run(_rows: int, repeats: int, say: Say) -> Part:
    """Wall time on loopback; pages in Chromium, which shares the processors with the servers."""
    with tempfile.TemporaryDirectory(dir=folder()) as place, chromium.running(*FEW) as browser:
        say(f"a ward of {COURSES} courses")
        with _ward(Path(place) / "ward") as (ward, server):
            lines = _page(browser, server, ward, repeats)
            for shape in SHAPES:
                lines += _live(browser, ward, server, shape, say)
        say(f"a course of {FACTS:,} facts")
        lines += _long_course(Path(place) / "long", repeats)
    return Part(title="The board", lines=lines, remarks=[REMARK])


REMARK = (
    f"live: {WORKERS} workers, {BOARDS} open boards; from when a post was taken in until its row is in a tab, or told "
    "to a stream that no browser draws. Browser, servers and senders share the processors; tabs are not painted, as "
    "behind another tab; 100 tabs in one browser ask for more than two processors have"
)


class Shape(msgspec.Struct, frozen=True):
    """How many of the open boards are `tabs` of a browser here, of how many `people`; the rest are streams."""

    what: str
    tabs: int
    people: int
    kill: bool = False


SHAPES = (
    Shape("100 boards", 10, 5),
    Shape("100 boards, a worker killed", 10, 5, kill=True),
    Shape("100 tabs in one browser", 100, 10),
)


@contextmanager
def _ward(place: Path) -> Iterator[tuple[Cluster, Process]]:
    place.mkdir()
    with cluster(place) as ward:
        for facts in ward_of(COURSES, now()):
            ward.record(facts, now())
        yield ward, ward.serve(WORKERS)


def _page(browser: Browser, server: Process, ward: Cluster, repeats: int) -> list[Line]:
    """The board as a browser that has nothing in its cache opens it; medians."""
    loads = sorted(_load(browser, server, ward.cookie("nurse", now())) for _ in range(2 * repeats + 1))
    paint, size = loads[len(loads) // 2]
    return [
        Line(what=f"board of {COURSES} courses: first paint", ours=paint, unit="s", target=PAINT_S),
        Line(what=f"board of {COURSES} courses: transferred", ours=size, unit="bytes", target=PAGE_BYTES),
    ]


def _load(browser: Browser, server: Process, cookie: tuple[str, str]) -> tuple[float, float]:
    """Seconds to the first contentful paint, and bytes of the page with all it loads."""
    page = open_boards(browser, server, cookie, 1)[0]
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    loaded = ["navigation", "resource"]
    size = page.evaluate(
        "kinds => kinds.flatMap(kind => performance.getEntriesByType(kind)).map(e => e.transferSize)", loaded
    )
    page.context.close()
    return paint / 1000, sum(size)


def _live(browser: Browser, ward: Cluster, server: Process, shape: Shape, say: Say) -> list[Line]:
    """Boards are opened, observations posted, rows awaited."""
    say(f"{shape.what}: {PER_SECOND:g} observations a second for {SECONDS:g} s")
    with ExitStack() as opened:
        streams = [
            opened.enter_context(Stream(server.port, ward.cookie("nurse", now()))) for _ in range(BOARDS - shape.tabs)
        ]
        pages = [
            page
            for _ in range(shape.people)
            for page in open_boards(
                browser, server, ward.cookie("nurse", now()), shape.tabs // shape.people, painted=False
            )
        ]
        course = next(iter(counts_on(pages[0])))
        posters = [Poster(server.url, ward.cookie("nurse", now()), course) for _ in range(POSTERS)]
        killing = threading.Timer(SECONDS / 2, lambda: server.kill_worker(server.workers()[0]))
        if shape.kill:
            killing.start()
        found = busy(ward, pages, posters, PER_SECOND, SECONDS, PATIENCE_S)
        told = delays(streams, found.taken)
    for context in {page.context for page in pages}:
        context.close()
    return _told(found, told, shape)


def _told(found: Outcome, told: tuple[Sequence[float], int], shape: Shape) -> list[Line]:
    name, (waits, unheard) = shape.what, told
    posts = sorted(post.answered - post.sent for post in found.posts)
    return [
        Line(what=f"{name}: posts taken", ours=len(found.posts), unit="posts"),
        Line(what=f"{name}: lost", ours=found.lost + unheard, unit="rows", target=0),
        Line(what=f"{name}: doubled", ours=found.doubled, unit="facts", target=0),
        *shares(f"{name}: answer to a post", posts, None),
        *shares(f"{name}: row in {shape.tabs} tabs", found.latencies, None if shape.kill else LIVE_S),
        *(shares(f"{name}: row at {BOARDS - shape.tabs} streams", waits, None if shape.kill else LIVE_S)),
    ]


def shares(what: str, ordered: Sequence[float], target: float | None) -> list[Line]:
    """The middle, the tail and the worst of waits in ms."""
    if not ordered:
        return []
    return [
        Line(what=f"{what}, {name}", ours=percentile(ordered, share) / 1000, unit="s",
             target=target if name == "p99" else None)
        for name, share in (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    ]  # fmt: skip


def _long_course(place: Path, repeats: int) -> list[Line]:
    """Each part of a course page, from a worker that has it in hand."""
    place.mkdir()
    with ExitStack() as opened:
        ward = opened.enter_context(cluster(place))
        ward.record(long_course(FACTS, now()), now())
        name, token = ward.cookie("nurse", now())
        client = opened.enter_context(httpx.Client(base_url=ward.serve().url, cookies={name: token}, timeout=60))
        return [_part(client, part, repeats) for part in PARTS]


def _part(client: httpx.Client, part: str, repeats: int) -> Line:
    def get() -> None:
        client.get(f"/courses/{COURSE}{part}").raise_for_status()

    done = measured(get, 3 * repeats, time.perf_counter)
    what = f"course of {FACTS:,} facts: {part.removeprefix('/') or 'the page'}"
    return Line(what=what, ours=done.median, unit="s", target=SERVER_S)


def now() -> Instant:
    return time.time_ns() // 1000
