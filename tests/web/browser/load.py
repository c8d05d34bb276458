"""A busy ward: many open boards, observations posted as forms are, and when each one was on each board.

Times are milliseconds since 1970 by the one clock of this machine, on which processes and pages agree.
"""

from __future__ import annotations

import re
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import httpx
from playwright.sync_api import Browser, Page

from .cluster import Cluster
from .processes import Process

POSTERS = 8
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
TRIES = 40
RETRY_S = 0.25
# Notes when a row of the board first says how many facts its course has. It is in place before the page's own scripts.
WATCH = """
window.seenRows = [];
const latest = new Map();
new MutationObserver(() => {
  const at = performance.timeOrigin + performance.now();
  for (const row of document.querySelectorAll('[data-course][data-facts]')) {
    const course = row.dataset.course, facts = +row.dataset.facts;
    if (latest.get(course) !== facts) {
      latest.set(course, facts);
      window.seenRows.push([course, facts, at, row.dataset.alerts || '']);
    }
  }
}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-facts']});
"""


UNPAINTED = "addEventListener('DOMContentLoaded', () => { document.documentElement.style.display = 'none'; });"


class Posted(NamedTuple):
    """One observation: how many `facts` its course had with it, when it was sent and when the answer came."""

    course: str
    facts: int
    sent: float
    answered: float
    tries: int


class Taken(NamedTuple):
    """A fact as the record took it in: its position, and when."""

    position: int
    at: float


class Outcome(NamedTuple):
    """`latencies` in ms, sorted: from the moment at which the server took a post in (before it was on disk) to its row
    in a board, one for each post and board.

    `lost`: how many of them a board never showed. `doubled`: facts recorded more than once. `taken`: the facts.
    `alerted`: the latencies of those rows alone with which the state of the course's alerts changed.
    """

    posts: Sequence[Posted]
    taken: Sequence[Taken]
    latencies: Sequence[float]
    lost: int
    doubled: int
    alerted: Sequence[float] = ()


class Poster:
    """A nurse's connection to the board. A post that gets no answer is sent again, as the same form."""

    def __init__(self, url: str, cookie: tuple[str, str], course: str, tries: int = TRIES) -> None:
        self.tries = tries
        self.client = httpx.Client(base_url=url, cookies={cookie[0]: cookie[1]}, timeout=30)
        sheet = self.client.get(f"/courses/{course}/chart-vitals").raise_for_status().text
        self.hidden = dict(_HIDDEN.findall(sheet))  # of the last form of the page: whose it is, and the token

    def chart(self, course: str, temperature: float) -> tuple[float, float, int]:
        """Chart a temperature on a sheet of its own; when it was sent and answered, and in how many tries."""
        sent = now_ms()
        sheet = {"form": secrets.token_urlsafe(16), "opened": str(int(sent))}
        form = {**self.hidden, **sheet, "body_temperature": f"{temperature:.1f}"}
        for tries in range(1, self.tries + 1):
            try:
                answer = self.client.post(f"/courses/{course}/chart-vitals", data=form)
            except httpx.TransportError:  # its worker was killed: another one takes the form, once
                time.sleep(RETRY_S)
                continue
            assert answer.status_code == 303, answer.status_code
            return sent, now_ms(), tries
        raise AssertionError("nobody took a form")


def open_boards(
    browser: Browser, server: Process, cookie: tuple[str, str], tabs: int, *, painted: bool = True
) -> list[Page]:
    """Boards of one person, live and watched. Not `painted`: as a browser keeps a tab that is behind another."""
    context = browser.new_context(base_url=server.url)
    context.add_init_script(WATCH if painted else WATCH + UNPAINTED)
    context.add_cookies([{"name": cookie[0], "value": cookie[1], "url": server.url}])
    pages = [context.new_page() for _ in range(tabs)]
    for page in pages:
        page.goto("/board")
        page.wait_for_selector("[data-fresh][data-state=live]", state="attached")
    return pages


def usual(number: int) -> float:
    """A temperature without a fever."""
    return 36.4 + number % 14 / 10


def post_all(
    posters: Sequence[Poster],
    courses: Mapping[str, int],
    per_second: float,
    seconds: float,
    celsius: Callable[[int], float] = usual,
) -> list[Posted]:
    """Chart in every course in turn at an even pace. `courses`: how many facts each one has. Each course's forms go
    one after another, so that it is known which observation a count of facts stands for.
    """
    started, names = time.monotonic(), list(courses)
    plan: dict[int, list[tuple[float, str]]] = defaultdict(list)
    for number in range(int(per_second * seconds)):
        place = number % len(names)
        plan[place % len(posters)].append((started + number / per_second, names[place]))

    def work(mine: int) -> list[Posted]:
        facts, done = Counter(courses), []
        for number, (due, course) in enumerate(plan[mine]):
            time.sleep(max(0.0, due - time.monotonic()))
            sent, answered, tries = posters[mine].chart(course, celsius(number))
            facts[course] += 1
            done.append(Posted(course, facts[course], sent, answered, tries))
        return done

    with ThreadPoolExecutor(len(posters)) as threads:
        return [posted for done in threads.map(work, range(len(posters))) for posted in done]


def busy(
    ward: Cluster,
    pages: Sequence[Page],
    posters: Sequence[Poster],
    per_second: float,
    seconds: float,
    wait_s: float,
    celsius: Callable[[int], float] = usual,
) -> Outcome:
    """Post in every course that the pages show, wait for the rows, and say what came of it."""
    before = counts_on(pages[0])
    posts = post_all(posters, before, per_second, seconds, celsius)
    shown_on(pages, {**before, **{post.course: post.facts for post in posts}}, wait_s)
    return outcome(pages, posts, {course: taken_in(ward, course) for course in before})


def taken_in(ward: Cluster, course: str) -> list[Taken]:
    """The facts of a course in the order of the record."""
    return sorted(Taken(fact.position, (fact.recorded_at or 0) / 1000) for fact in ward.log.facts(course))


def percentile(ordered: Sequence[float], share: float) -> float:
    """The value that this share of all does not exceed."""
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def shown_on(pages: Sequence[Page], counts: Mapping[str, int], wait_s: float) -> None:
    """Give every page until `wait_s` from now to show these counts."""
    deadline = time.monotonic() + wait_s
    for page in pages:
        while counts_on(page) != counts and time.monotonic() < deadline:
            page.wait_for_timeout(50)


def counts_on(page: Page) -> dict[str, int]:
    """How many facts of each course the rows of a board say."""
    rows: list[list[Any]] = page.locator("[data-course][data-facts]").evaluate_all(
        "rows => rows.map(row => [row.dataset.course, Number(row.dataset.facts)])"
    )
    assert len(rows) == len({course for course, _ in rows}), "a course has two rows"
    return {str(course): int(facts) for course, facts in rows}


def outcome(pages: Sequence[Page], posts: Sequence[Posted], taken: Mapping[str, Sequence[Taken]]) -> Outcome:
    """What the boards saw of the posts. `taken`: the facts of each course, in the order of the record."""
    expected = {post.course: post.facts for post in posts}
    facts_of = {post: taken[post.course][post.facts - 1] for post in posts}
    latencies, alerted, lost = [], [], 0
    for page in pages:
        seen: dict[str, list[tuple[int, float, bool]]] = defaultdict(list)
        marks: dict[str, str] = {}
        for course, facts, at, mark in page.evaluate("window.seenRows"):
            seen[course].append((facts, at, marks.get(course, mark) != mark))
            marks[course] = mark
        for post in posts:
            row = next((row for row in seen[post.course] if row[0] >= post.facts), None)
            lost += row is None
            latencies += [] if row is None else [row[1] - facts_of[post].at]
            alerted += [row[1] - facts_of[post].at] if row is not None and row[2] else []
    doubled = sum(len(taken[course]) - facts for course, facts in expected.items())
    return Outcome(posts, list(facts_of.values()), sorted(latencies), lost, doubled, sorted(alerted))


def now_ms() -> float:
    """The present, in ms since 1970."""
    return time.time_ns() / 1e6
