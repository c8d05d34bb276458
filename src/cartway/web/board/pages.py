"""The board: every course one belongs to, whom to look at first on top."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, get
from litestar.response import Template

from cartway.web.access import EVERY, Act
from cartway.web.guard.gate import needs
from cartway.web.live import view_of, visible
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.ward.draw import NAMED, row_html
from cartway.web.ward.standing import Standing

UNREAD = "data-unread></span>"  # the place of a row for what differs from reader to reader


@get("/board", opt=needs(Act.see_ward), name="board", sync_to_thread=True)
def board(request: WebRequest) -> Template:
    """The whole page."""
    return page(request, "board/board.html", **_ward(request))


@get("/board/rows", opt=needs(Act.see_ward), name="board rows", sync_to_thread=True)
def rows(request: WebRequest, have: str = "") -> Template | Response[None]:
    """The table alone, for a page that may have missed news. `have`: the mark of what it shows; 204 if it still is."""
    position, standings = _standings(request)
    if have and have == _mark(standings):
        return Response(None, status_code=204, headers={"Cartway-Position": str(position)})
    return page(request, "board/rows.html", **_ward(request))


def _standings(request: WebRequest) -> tuple[int, list[Standing]]:
    """What the reader may see, in the order of the board, and the position that it is at least at."""
    office, courses = office_of(request), visible(person(request), office_of(request).now())
    position = office.ward.position  # before the standings: a row may be newer than it says, never older
    return position, [each for each in office.ward.standings() if EVERY in courses or each.course in courses]


def _ward(request: WebRequest) -> dict[str, Any]:
    office, me, now = office_of(request), person(request), office_of(request).now()
    position, standings = _standings(request)
    names = office.names.of([each.course for each in standings], now) if view_of(me) == NAMED else {}
    seen = office.access.seen(me.account.id)
    office.access.note(me, Act.see_ward, "", via="", place="board", now=now)
    return {
        "position": position,
        "mark": _mark(standings),
        "standings": standings,
        "rows": {
            each.course: _with_unread(row_html(office, each, names.get(each.course), now), unread(each, seen))
            for each in standings
        },
        "seen": {each.course: seen[each.course] for each in standings if each.course in seen},
    }


def unread(standing: Standing, seen: Mapping[str, int]) -> int:
    """How many facts of a course the reader has not seen; of a course never opened nothing counts as unread."""
    return max(0, standing.facts - seen.get(standing.course, standing.facts))


def _with_unread(row: str, count: int) -> str:
    return row.replace(UNREAD, f"data-unread>{count} new</span>", 1) if count else row


def _mark(standings: Sequence[Standing]) -> str:
    """What a page shows, in a word: it need not be sent again to a page that has it."""
    shown = "\n".join(f"{each.course} {each.version}" for each in sorted(standings, key=lambda each: each.course))
    return hashlib.sha256(shown.encode()).hexdigest()[:16]
