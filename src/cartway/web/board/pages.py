"""The board: every course one belongs to, whom to look at first on top."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get
from litestar.response import Template

from cartway.times import MINUTE, Instant
from cartway.web.access import EVERY, Act
from cartway.web.downtime.folder import written_at
from cartway.web.draw import exact_clock
from cartway.web.guard.gate import needs
from cartway.web.live import view_of, visible
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.ward.draw import NAMED, row_html
from cartway.web.ward.standing import Standing

UNREAD = "data-unread></span>"  # the place of a row for what differs from reader to reader
PACK_LATE = 15 * MINUTE  # it is written every two minutes, and more seldom only on a machine that is too busy
_MORE = re.compile(r'<p class="more">.*?</p>')
_LINK = re.compile(r'<a href="/courses/[^"]*">(.*?)</a>')


class Shown(msgspec.Struct, frozen=True):
    """What one reader may see, in the order of the board. `position`: what it is at least at. `seen`: by course, how
    many facts the reader has seen.
    """

    now: Instant
    position: int
    standings: Sequence[Standing]
    seen: Mapping[str, int]

    @property
    def mark(self) -> str:
        """All of it in a word: a page that has it need not be sent it again."""
        parts = sorted(f"{each.course} {each.version} {self.seen.get(each.course)}" for each in self.standings)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


@get("/board", opt=needs(Act.see_ward), name="board", sync_to_thread=True)
def board(request: WebRequest) -> Template:
    """The whole page."""
    return _page(request, "board/board.html", _shown(request), pack=_late_pack(office_of(request)))


@get("/board/rows", opt=needs(Act.see_ward), name="board rows", sync_to_thread=True)
def rows(request: WebRequest) -> Template | Response[None]:
    """The table alone, for a page that may have missed news. `?have=`: the mark of what it shows; 204 if it is."""
    shown = _shown(request)
    if request.query_params.get("have") == shown.mark:
        return Response(None, status_code=204, headers={"Cartway-Position": str(shown.position)})
    return _page(request, "board/rows.html", shown)


def unread(standing: Standing, seen: Mapping[str, int]) -> int:
    """How many facts of a course the reader has not seen; of a course never opened nothing counts as unread."""
    return max(0, standing.facts - seen.get(standing.course, standing.facts))


def _shown(request: WebRequest) -> Shown:
    office, me, now = office_of(request), person(request), office_of(request).now()
    office.access.note(me, Act.see_ward, "", via="", place="board", now=now)
    courses = visible(me, now)
    position = office.ward.position  # before the standings: a row may be newer than it says, never older
    theirs = (each for each in office.ward.standings() if EVERY in courses or each.course in courses)
    standings = [each for each in theirs if not each.is_aside]
    seen = office.access.seen(me.account.id)
    return Shown(
        now, position, standings, {each.course: seen[each.course] for each in standings if each.course in seen}
    )


def _late_pack(office: Office) -> str:
    """What is wrong with the downtime pack that should be kept beside the server: a pack that stopped helps nobody."""
    folder, now = office.config.downtime, office.now()
    if folder is None:
        return ""
    at = written_at(folder)
    if at is None:
        return "The downtime pack has not been written."
    return "" if now - at < PACK_LATE else f"The downtime pack was last written {exact_clock(at, now, office.zone)}."


def _page(request: WebRequest, template: str, shown: Shown, pack: str = "") -> Template:
    office, standings = office_of(request), shown.standings
    is_named = view_of(person(request)) == NAMED
    names = office.names.of([each.course for each in standings], shown.now) if is_named else {}
    drawn = {each.course: row_html(office, each, names.get(each.course), shown.now) for each in standings}
    reads = person(request).may(Act.read_course)
    if not reads:
        drawn = {course: without_links(row) for course, row in drawn.items()}
    rows = {each.course: _with_unread(drawn[each.course], unread(each, shown.seen)) for each in standings}
    return page(request, template, shown=shown, standings=standings, rows=rows, reads=reads, pack=pack)


def without_links(row: str) -> str:
    """A row for who may not open the course. The same as ``unlink`` in static/board.js."""
    return _LINK.sub(r"<span>\1</span>", _MORE.sub("", row))


def _with_unread(row: str, count: int) -> str:
    return row.replace(UNREAD, f"data-unread>{count} new</span>", 1) if count else row
