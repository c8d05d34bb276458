"""The board: every course one belongs to, whom to look at first on top."""

from __future__ import annotations

from litestar import get
from litestar.response import Redirect, Template

from cartway.web.access import EVERY, Act
from cartway.web.guard.gate import OPEN, needs
from cartway.web.live import view_of, visible
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.ward.draw import NAMED, order_text, row_html
from cartway.web.ward.standing import Standing


@get("/board", opt=needs(Act.see_ward), name="board", sync_to_thread=True)
def board(request: WebRequest) -> Template:
    """The whole page."""
    return page(request, "board/board.html", **_ward(request))


@get("/board/rows", opt=needs(Act.see_ward), name="board rows", sync_to_thread=True)
def rows(request: WebRequest) -> Template:
    """The rows alone, for a page that missed news."""
    return page(request, "board/rows.html", **_ward(request))


def _ward(request: WebRequest) -> dict[str, object]:
    office, me = office_of(request), person(request)
    now, courses = office.now(), visible(me, office.now())
    position = office.ward.position  # before the standings: a row may be newer than it says, never older
    standings = [each for each in office.ward.standings() if EVERY in courses or each.course in courses]
    names = office.names.of([each.course for each in standings], now) if view_of(me) == NAMED else {}
    office.access.note(me, Act.see_ward, "", via="", place="board", now=now)
    return {
        "position": position,
        "standings": standings,
        "rows": {each.course: row_html(office, each, names.get(each.course)) for each in standings},
        "unread": _unread(standings, office.access.seen(me.account.id)),
    }


def _unread(standings: list[Standing], seen: object) -> dict[str, int]:
    """How many facts of each course the reader has not seen; nothing for a course never opened counts as unread."""
    assert isinstance(seen, dict)
    return {each.course: each.facts - seen.get(each.course, each.facts) for each in standings}
