"""News for open pages: what changed, told once a view and handed to every page that may see it.

A page knows the position it is at. A batch of news says from which position to which it leads: a page that is further
behind has missed something and fetches the whole.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

import msgspec

from cartway.times import Instant
from cartway.web.access import EVERY

WAITING = 64  # batches that a page may be behind before it is cut off: it then comes back and fetches the whole
STREAMS = 8  # of one session on one worker


class Row(msgspec.Struct, frozen=True):
    """One row of the board, as each view shows it. `order`: what rows are sorted by, as text."""

    course: str
    version: tuple[int, Instant]
    order: str
    facts: int
    html: Mapping[str, str]


class News(msgspec.Struct, frozen=True):
    """What a worker has to tell: the rows that changed and how fresh its knowledge is.

    `checked_at`: when the store was last asked; `trouble`: what is in the way of telling all, or ""; `troubled`: the
    courses that it is about, where it is about some.
    """

    since: int
    position: int
    now: Instant
    checked_at: Instant
    rows: Sequence[Row] = ()
    trouble: str = ""
    troubled: Sequence[str] = ()


class Listener:
    """One open stream: its view, the courses that its reader belongs to, and the session it is of."""

    def __init__(self, view: str, courses: frozenset[str], session: str = "") -> None:
        self.view, self.courses, self.session = view, courses, session
        self.queue: asyncio.Queue[bytes | None] = asyncio.Queue(WAITING)


class Hub:
    """The open pages of one worker. All of it runs on the event loop."""

    def __init__(self) -> None:
        self.latest = News(0, 0, 0, 0)
        self._listeners: dict[Listener, None] = {}  # in the order in which they joined

    def __len__(self) -> int:
        return len(self._listeners)

    def join(self, listener: Listener) -> None:
        """Add a page. It hears at once where we are and how fresh, and so whether it missed anything.

        A browser needs one stream, and its tabs where they cannot share a few: of more the oldest is cut.
        """
        mine = [each for each in self._listeners if each.session and each.session == listener.session]
        for oldest in mine[: max(0, len(mine) + 1 - STREAMS)]:
            self._cut(oldest)
        self._listeners[listener] = None
        here = msgspec.structs.replace(self.latest, since=self.latest.position, rows=())
        listener.queue.put_nowait(told(here, listener.view, listener.courses))

    def leave(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)

    def tell(self, news: News) -> None:
        """Hand news to every page: one text for all who see the same."""
        self.latest = news
        texts: dict[tuple[str, frozenset[str]], bytes] = {}
        for listener in list(self._listeners):
            seen_as = (listener.view, listener.courses)
            if seen_as not in texts:
                texts[seen_as] = told(news, *seen_as)
            self._hand(listener, texts[seen_as])

    def close(self) -> None:
        """End every page's stream: the worker stops. The pages come back to another one."""
        for listener in list(self._listeners):
            self._cut(listener)

    def _hand(self, listener: Listener, text: bytes) -> None:
        try:
            listener.queue.put_nowait(text)
        except asyncio.QueueFull:
            self._cut(listener)

    def _cut(self, listener: Listener) -> None:
        self._listeners.pop(listener, None)
        while not listener.queue.empty():
            listener.queue.get_nowait()
        listener.queue.put_nowait(None)


def told(news: News, view: str, courses: frozenset[str]) -> bytes:
    """News as a server-sent event for one view and membership. Times in milliseconds, as scripts count them."""
    rows = [
        {"course": row.course, "version": row.version, "order": row.order, "facts": row.facts, "html": row.html[view]}
        for row in news.rows
        if EVERY in courses or row.course in courses
    ]
    body = {
        "since": news.since,
        "position": news.position,
        "now": news.now // 1000,
        "checked": news.checked_at // 1000,
        "trouble": _trouble(news, courses),
        "rows": rows,
    }
    return b"event: news\nid: %d\ndata: %s\n\n" % (news.position, msgspec.json.encode(body))


def _trouble(news: News, courses: frozenset[str]) -> str:
    """The trouble, naming the rows it is about that this reader may see."""
    named = [course for course in news.troubled if EVERY in courses or course in courses]
    return f"{news.trouble} Row: {', '.join(named)}" if named else news.trouble
