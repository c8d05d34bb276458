"""What each alert rule costs and what it is worth: episodes a patient-day, and the share that somebody acted on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from litestar import get
from litestar.response import Template

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.watch.burden import Burden, RuleBurden, burden
from cartway.watch.model import Watching
from cartway.watch.rulebook import Rulebook, load_rulebook, rulebook_of
from cartway.web.access import Act
from cartway.web.alerts.changing import CHANGE
from cartway.web.alerts.reading import watching_of
from cartway.web.alerts.settings import groups as settings
from cartway.web.alerts.shown import called
from cartway.web.forms.chart import unit_shown
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.road import center_of


class Group(msgspec.Struct, frozen=True):
    """The rules of one event, those that call most first; `silent`: those that fired in no course."""

    title: str
    rows: Sequence[RuleBurden]
    silent: Sequence[RuleBurden]


@get("/alerts/burden", opt=needs(Act.read_course), name="burden of alerts", sync_to_thread=True)
def burden_page(request: WebRequest) -> Template:
    """Each rule over the courses of the ward; and every change of a rule there was. It names no patient."""
    office, me = office_of(request), person(request)
    center = center_of(request)
    book = rulebook_of(center)
    found = burden(_courses(office), book)
    return page(
        request,
        "alerts/burden.html",
        burden=found,
        groups=grouped(found, book),
        changes=changes(center),
        labels={name: rule.label for name, rule in book.rules.items()},
        called=called(me, office.access.account),
        entered=bool(request.query_params.get("entered")),
    )


@get("/alerts/rules", opt=needs(Act.read_course), name="alert rules", sync_to_thread=True)
def rules_page(request: WebRequest) -> Template:
    """What can ring here, with the numbers that decide, and their sources."""
    book = rulebook_of(center_of(request))
    return page(request, "alerts/rules.html", groups=list(settings(book, load_rulebook())), unit_words=unit_shown)


def _courses(office: Office) -> Iterator[tuple[Course, Watching]]:
    """The courses of the live ward with their alerts: whatever of them was recorded in the last weeks."""
    now = office.now()
    for standing in office.ward.standings():
        facts = office.ward.facts(office.log, standing.course)
        yield Course(facts, now), watching_of(office, standing.course, facts, now)


def grouped(found: Burden, book: Rulebook) -> list[Group]:
    """The rules by event, the loudest event first."""
    rows = sorted(found.rows, key=lambda row: (-row.rings, -row.episodes, row.label))
    events = sorted(dict.fromkeys(row.event for row in rows), key=lambda event: -_rings(rows, event))
    return [_group(book.events[event].title, [row for row in rows if row.event == event]) for event in events]


def _group(title: str, rows: Sequence[RuleBurden]) -> Group:
    return Group(title, [row for row in rows if row.episodes], [row for row in rows if not row.episodes])


def _rings(rows: Sequence[RuleBurden], event: str) -> int:
    return sum(row.rings for row in rows if row.event == event)


def changes(center: Course) -> list[Fact]:
    """Every change of a rule, the newest first."""
    return sorted(center.all(CHANGE), key=lambda fact: -fact.at)
