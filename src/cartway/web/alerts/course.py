"""The alerts of one course: what rings, what was seen, every episode there was, who saw what and what was done."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.vocabulary import vocabulary
from cartway.watch.model import Alert
from cartway.web.access import Act, Principal
from cartway.web.alerts.reading import of_course
from cartway.web.alerts.shown import WORDS, Called, Line, called, readable
from cartway.web.alerts.story import OUTCOME, SEEN, Step, is_of, note_of, seen_words, story
from cartway.web.forms.chart import Chart
from cartway.web.forms.notice import notice_of
from cartway.web.fresh import fresh
from cartway.web.guard.gate import needs
from cartway.web.names import Name
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.road import tabs_of


class Told(msgspec.Struct, frozen=True):
    """An episode with its story."""

    line: Line
    steps: tuple[Step, ...]


class Answered(msgspec.Struct, frozen=True):
    """An answer that was just recorded, and where the alert stands now. `alert` is None where it is there no more."""

    fact: Fact
    words: str
    alert: Alert | None

    @property
    def is_seen(self) -> bool:
        """Whether it said that somebody saw it, and not what became of it."""
        return self.fact.what == SEEN


@get("/courses/{course:str}/alerts", opt=needs(Act.read_course), name="course alerts", sync_to_thread=True)
def course_alerts(request: WebRequest, course: FromPath[str]) -> Template:
    """The page. ``?entered=`` the id of a form that was just sent."""
    office, me, now = office_of(request), person(request), office_of(request).now()
    facts = facts_of(request, course)
    if not facts:
        raise NotFoundException
    found, stated = of_course(office, course, facts, now), Course(facts, now)
    name = called(me, office.access.account)
    names = office.names.of([course], now)[course] if me.may(Act.see_names) else None
    told = tellings(found, stated, names, name, notes=me.may(Act.see_names))
    return page(
        request,
        "alerts/course.html",
        course=course,
        name=names,
        present=[each for each in told if each.line.state in {"rings", "missed", "seen"}],
        past=[each for each in reversed(told) if each.line.state == "over"],
        entered=[answered(fact, found) for fact in entered_now(request, facts)],
        note_of=lambda text: note_of(text, me.may(Act.see_names)),
        outcomes={name: each.label for name, each in vocabulary().variables[OUTCOME].choices.items()},
        tabs=tabs_of(me, "alerts"),
        fresh=fresh(office, now),
        simulated=any(fact.simulated for fact in facts),
        **words(name, me.may(Act.answer)),
    )


def tellings(found: Sequence[Alert], course: Course, name: Name | None, call: Called, *, notes: bool) -> list[Told]:
    """Each episode with its story, those first that somebody must see to. `notes`: whether free text is told."""
    lines = [Line(readable(alert, notes), name) for alert in found]
    ringing = sorted((line for line in lines if line.state == "rings"), key=lambda line: line.order)
    rest = [line for line in lines if line.state != "rings"]
    return [Told(line, story(line.alert, course.facts, call, notes=notes)) for line in (*ringing, *rest)]


def told_of(alert: Alert, chart: Chart, me: Principal, call: Called) -> Told:
    """One episode with its story, for a form."""
    return tellings([alert], Course(chart.facts, chart.now), None, call, notes=me.may(Act.see_names))[0]


def words(call: Called, answers: bool) -> dict[str, Any]:
    """What the templates of alerts say things with."""
    return {"called": call, "priorities": WORDS, "answers": answers}


def facts_of(request: WebRequest, course: str) -> Sequence[Fact]:
    """The course, fresh from the record where the live ward does not have yet what was just sent."""
    office, entered = office_of(request), request.query_params.get("entered", "")
    facts = office.ward.facts(office.log, course)
    if entered and not any(fact.key.startswith(f"{entered}:") for fact in facts):
        return office.log.facts(course)
    return facts


def entered_now(request: WebRequest, facts: Sequence[Fact]) -> Sequence[Fact]:
    """The answers among the facts that a form just recorded (``?entered=``)."""
    office, entered = office_of(request), request.query_params.get("entered", "")
    notice = notice_of(facts, entered, office.now(), office.rules) if entered else None
    return [fact for fact in notice.facts if fact.what in {SEEN, OUTCOME}] if notice else ()


def answered(fact: Fact, found: Sequence[Alert]) -> Answered:
    """An answer, and the alert that it was to as it stands now."""
    alert = next((each for each in found if each.event == fact.about and is_of(fact, each)), None)
    return Answered(fact, seen_words(fact, alert) if alert else "", alert)
