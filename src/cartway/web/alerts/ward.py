"""The ward's alerts: what rings and whom it waits for, what was seen and is still there, what is over."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response, get
from litestar.response import Template

from cartway.pathway.course import CENTER
from cartway.times import MINUTE, Instant
from cartway.watch.model import Priority
from cartway.web.access import EVERY, Act
from cartway.web.alerts.course import answered, entered_now, facts_of
from cartway.web.alerts.reading import of_center, of_ward
from cartway.web.alerts.shown import WORDS, Line, called, is_mine, is_recent, readable
from cartway.web.fresh import Fresh, fresh
from cartway.web.guard.gate import needs
from cartway.web.live import visible
from cartway.web.page import WebRequest, office_of, page, person

MINE = "mine"
GROUPS: Mapping[str, str] = {
    "rings": "Waits for somebody",
    "missed": "Over before anybody saw it",
    "seen": "Seen, and still there",
    "over": "Over in the last 12 hours",
}


class Shown(msgspec.Struct, frozen=True):
    """What one reader may see. `mine`: how many of those that ring wait for this reader. `fresh`: until when the record
    is in it.
    """

    now: Instant
    groups: Mapping[str, Sequence[Line]]
    rings: Mapping[Priority, int]
    mine: int
    is_mine: bool
    fresh: Fresh

    @property
    def mark(self) -> str:
        """All of it in a word, with the minute of which it is: a page that has it need not be sent it again."""
        parts = [_stands(line) for lines in self.groups.values() for line in lines]
        known = (self.fresh.trouble, self.fresh.is_stale, self.fresh.as_of // MINUTE)
        return hashlib.sha256(repr((self.is_mine, self.mine, known, parts)).encode()).hexdigest()[:16]


@get("/alerts", opt=needs(Act.see_ward), name="alerts", sync_to_thread=True)
def alerts_page(request: WebRequest) -> Template:
    """The whole page. ``?who=mine``: only what waits for the reader."""
    office, now = office_of(request), office_of(request).now()
    facts = facts_of(request, CENTER)
    found = of_center(office, facts, now)
    entered = [answered(fact, found) for fact in entered_now(request, facts)]
    return page(request, "alerts/ward.html", entered=entered, **_context(request, shown(request)))


@get("/alerts/rows", opt=needs(Act.see_ward), name="alert rows", sync_to_thread=True)
def alert_rows(request: WebRequest) -> Template | Response[None]:
    """The list alone, for the page's own refresh. ``?have=`` the mark of what it shows; 204 if it is that."""
    found = shown(request)
    if request.query_params.get("have") == found.mark:
        return Response(None, status_code=204)
    return page(request, "alerts/rows.html", **_context(request, found))


def shown(request: WebRequest) -> Shown:
    """What the reader may see of the ward's alerts."""
    office, me, now = office_of(request), person(request), office_of(request).now()
    office.access.note(me, Act.see_ward, "", via="", place="alerts", now=now)
    courses = visible(me, now)
    watched = [each for each in office.ward.standings() if EVERY in courses or each.course in courses]
    found = [alert for alert in of_ward(office, watched, now) if is_recent(alert, now)]
    names = office.names.of({each.course for each in found} - {CENTER}, now) if me.may(Act.see_names) else {}
    seen = [readable(alert, me.may(Act.see_names)) for alert in found]
    lines = sorted((Line(alert, names.get(alert.course)) for alert in seen), key=lambda line: line.order)
    mine = [line for line in lines if is_mine(line.alert, me)]
    only_mine = request.query_params.get("who") == MINE
    shown_lines, waits = (mine if only_mine else lines), sum(each.alert.rings for each in mine)
    return Shown(now, grouped(shown_lines), _ringing(lines), waits, only_mine, fresh(office, now))


def _stands(line: Line) -> tuple[object, ...]:
    """All that the list shows of an alert."""
    alert, seen = line.alert, line.alert.acknowledged
    what = (alert.course, alert.event, alert.onset, alert.end, alert.rings_since, line.state, alert.owner, line.name)
    return (
        *what,
        alert.escalated,
        alert.escalates_at,
        seen and (seen.at, seen.by),
        alert.outcome,
        line.why,
    )


def grouped(lines: Sequence[Line]) -> dict[str, Sequence[Line]]:
    """The lines by state, each in order; what is over, the newest first."""
    found = {state: [line for line in lines if line.state == state] for state in GROUPS}
    found["over"].sort(key=lambda line: -(line.alert.end or 0))
    return dict(found)


def _ringing(lines: Sequence[Line]) -> dict[Priority, int]:
    ringing = [line.priority for line in lines if line.alert.rings]
    return {priority: ringing.count(priority) for priority in WORDS if priority in ringing}


def _context(request: WebRequest, found: Shown) -> dict[str, Any]:
    office, me = office_of(request), person(request)
    return {
        "shown": found,
        "headings": GROUPS,
        "priorities": WORDS,
        "called": called(me, office.access.account),
        "answers": me.may(Act.answer),
        "reads": me.may(Act.read_course),
    }
