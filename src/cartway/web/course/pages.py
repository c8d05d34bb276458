"""The course page and its parts. Each part is a page of its own too, for who follows a link without scripts."""

from __future__ import annotations

from typing import Any

import msgspec
from litestar import Response, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Template

from cartway.web.access import Act
from cartway.web.course.chart import chart, is_thinned, summary
from cartway.web.course.moment import read_moment
from cartway.web.course.readings import readings
from cartway.web.course.timeline import GROUPS, authors, timeline
from cartway.web.course.view import View, look
from cartway.web.course.why import EPISODES_SHOWN, all_spells, reasons, scale_name
from cartway.web.forms.notice import notice_of
from cartway.web.guard.gate import needs
from cartway.web.names import Name
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.ward.briefly import briefly
from cartway.web.ward.standing import TREND_OVER

UNWATCHED = "x-cartway-hidden"  # sent by a page that keeps itself fresh while nobody looks at it

# The forms, whose act each is, and their words.
FORMS = (
    ("chart-vitals", Act.chart, "Vital signs"),
    ("chart-oxygen", Act.chart, "Oxygen"),
    ("chart-ice", Act.chart, "ICE"),
    ("chart-capd", Act.chart, "CAPD"),
    ("give-drug", Act.give_drug, "Drug"),
    ("attribute", Act.attribute, "Attribution"),
)


@get("/courses/{course:str}", opt=needs(Act.read_course), name="course", sync_to_thread=True)
def course_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The whole page. Who opens it at the present has seen what there is."""
    context = _context(request, course)
    view: View = context["view"]
    if view.moment.is_now and UNWATCHED not in request.headers:
        office, me = office_of(request), person(request)
        office.access.mark_seen(me.account.id, course, len(view.known.facts), now=view.moment.now)
    entered = request.query_params.get("entered", "")
    notice = notice_of(view.known.facts, entered, view.moment.now, view.office.rules) if entered else None
    return page(
        request,
        "course/course.html",
        notice=notice,
        **context,
        **_why(view),
        **_timeline(request, view),
        **_readings(request, view),
    )


@get("/courses/{course:str}/why", opt=needs(Act.read_course), name="course why", sync_to_thread=True)
def why(request: WebRequest, course: FromPath[str]) -> Template:
    """Why the grades are what they are, and every episode."""
    context = _context(request, course)
    return _part(request, "why", {**context, **_why(context["view"], every="all" in request.query_params)})


@get("/courses/{course:str}/timeline", opt=needs(Act.read_course), name="course timeline", sync_to_thread=True)
def timeline_page(request: WebRequest, course: FromPath[str]) -> Template:
    """Facts, a page at a time."""
    context = _context(request, course)
    part = "entries" if "more" in request.query_params else "timeline"
    return _part(request, part, {**context, **_timeline(request, context["view"])})


@get("/courses/{course:str}/readings", opt=needs(Act.read_course), name="course readings", sync_to_thread=True)
def readings_page(request: WebRequest, course: FromPath[str]) -> Template:
    """The table twin of the chart, a page at a time."""
    context = _context(request, course)
    return _part(request, "readings", {**context, **_readings(request, context["view"])})


@get("/courses/{course:str}/chart", opt=needs(Act.read_course), name="course chart", sync_to_thread=True)
def chart_data(request: WebRequest, course: FromPath[str]) -> Response[bytes]:
    """The chart's data, as compact JSON."""
    view: View = _context(request, course)["view"]
    return Response(msgspec.json.encode(chart(view)), media_type="application/json")


ROUTES = (course_page, why, timeline_page, readings_page, chart_data)


def _context(request: WebRequest, course: str) -> dict[str, Any]:
    """What every part needs. A course that is not in the record is no page."""
    office, me = office_of(request), person(request)
    position = office.ward.position  # before the facts: they may be newer than it says, never older
    moment, problem = read_moment(request.query_params, office.now(), office.zone)
    view = look(office, course, moment)
    if view is None:
        raise NotFoundException
    name = office.names.of([course], moment.now)[course] if me.may(Act.see_names) else Name(course, known=False)
    return {
        "view": view,
        "course": course,
        "position": position,
        "moment": moment,
        "problem": problem,
        "standing": view.standing,
        "because": briefly(view.standing, view.office.rules, moment.at, view.zone),
        "lately": TREND_OVER,
        "name": name,
        "forms": [] if not moment.is_now else _forms(view, me.may),
        "some_simulated": view.known.simulated > 0,
        "all_simulated": view.known.simulated == len(view.known.facts),
        "now": moment.now,
        "scale_name": scale_name,
        "known_count": len(view.known.facts),
    }


def _forms(view: View, may: Any) -> list[tuple[str, str]]:
    """Links to the forms that this role may use; of the two scores the one for the age, both where it is not known."""
    child = None if view.age_years is None else view.age_years < view.office.rules.number("age_switch_years")
    unfit = {True: "chart-ice", False: "chart-capd", None: ""}[child]
    return [(path, words) for path, act, words in FORMS if may(act) and path != unfit]


def _why(view: View, *, every: bool = False) -> dict[str, Any]:
    spells = all_spells(view)
    shown = spells if every else spells[:EPISODES_SHOWN]
    return {
        "why": reasons(view),
        "spells": shown,
        "spells_left": len(spells) - len(shown),
        "infusion": view.first("infusion"),
        "excuses": view.excuses,
    }


def _timeline(request: WebRequest, view: View) -> dict[str, Any]:
    query = request.query_params
    position = query.get("fact", "")
    found = timeline(
        view,
        group=query.get("group", ""),
        before=query.get("before", ""),
        fact=int(position) if position.isdecimal() and len(position) < 19 else 0,
    )
    office, me = office_of(request), person(request)
    named = authors(found, office.access.account) if me.may(Act.see_names) else {}
    return {"timeline": found, "authors": named, "groups": tuple(GROUPS), "positioned": bool(position)}


def _readings(request: WebRequest, view: View) -> dict[str, Any]:
    return {
        "readings": readings(view, before=request.query_params.get("until", "")),
        "summary": summary(view),
        "thinned": is_thinned(view),
    }


def _part(request: WebRequest, part: str, context: dict[str, Any]) -> Template:
    """A part alone for HTMX, else in a page of its own."""
    is_fragment = request.headers.get("hx-request") == "true"
    whole = "timeline" if part == "entries" else part
    return page(request, f"course/{part}.html" if is_fragment else "course/part.html", part=whole, **context)
