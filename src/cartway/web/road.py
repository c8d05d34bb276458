"""What the pages of the road to infusion share: the course as its rules read it, its head, its tabs."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import msgspec
from litestar.exceptions import NotFoundException
from litestar.response import Template

from cartway.pathway.closing import closed
from cartway.pathway.course import CENTER, Course
from cartway.times import to_datetime
from cartway.web.access import Act, Principal
from cartway.web.page import WebRequest, office_of, page, person


class Tab(msgspec.Struct, frozen=True):
    """One of the pages of a course: its last part of the address, its words, the act it needs, the part it is of."""

    path: str
    words: str
    act: Act
    part: str = "Road to infusion"


WARD, AFTER = "Ward", "After"


TABS = (
    Tab("pathway", "Road", Act.see_programme),
    Tab("candidacy", "Candidacy", Act.see_programme),
    Tab("trials", "Trials", Act.see_programme),
    Tab("chain", "Chain of identity", Act.see_programme),
    Tab("manufacture", "Manufacture", Act.see_programme),
    Tab("conditioning", "Lymphodepletion", Act.see_programme),
    Tab("infusion-day", "Infusion day", Act.see_programme),
    Tab("", "Course", Act.read_course, WARD),
    Tab("alerts", "Alerts", Act.read_course, WARD),
    Tab("due", "Due", Act.read_course, WARD),
    Tab("protocol", "Protocol", Act.read_course, WARD),
    Tab("forecast", "Forecast", Act.read_course, WARD),
    Tab("infections", "Infections and scores", Act.read_course, WARD),
    Tab("response", "Response", Act.read_course, AFTER),
    Tab("aftercare", "Life after", Act.read_course, AFTER),
)


class Tabs(msgspec.Struct, frozen=True):
    """`parts`: of each part of a course's pages the first that is open to the reader. `tabs`: those of `part`."""

    parts: tuple[Tab, ...]
    tabs: tuple[Tab, ...]
    part: str


def tabs_of(me: Principal, shown: str) -> Tabs:
    """What stands above a page of a course. `shown`: the address of its tab."""
    open_to = [each for each in TABS if me.may(each.act)]
    part = next((each.part for each in TABS if each.path == shown), TABS[0].part)
    first = {each.part: each for each in reversed(open_to)}
    parts = tuple(first[name] for name in dict.fromkeys(each.part for each in open_to))
    return Tabs(parts, tuple(each for each in open_to if each.part == part), part)


def course_of(request: WebRequest, course: str) -> Course:
    """The course as it stands now. One of which nothing is recorded is not found; nor is the center's own record."""
    office = office_of(request)
    facts = office.ward.facts(office.log, course)
    if not facts or course == CENTER:
        raise NotFoundException
    return Course(facts, office.now())


def center_of(request: WebRequest) -> Course:
    """The center's own record as it stands now; it may be empty."""
    office = office_of(request)
    return Course(office.ward.facts(office.log, CENTER), office.now())


def road(request: WebRequest, course: Course, template: str, tab: str, **context: Any) -> Template:
    """A page of a course's road, which extends ``pathway/page.html``. `tab`: the address of its tab.

    The template has, beside what every page has: `course` (the id), `name` (None for who may not see names), `tabs`
    (see `Tabs`), `tab`, `entered` (something was just recorded), `ended` (in words, of a course that goes no further;
    else empty).
    """
    office, me = office_of(request), person(request)
    name = office.names.of([course.id], office.now())[course.id] if me.may(Act.see_names) else None
    return page(
        request,
        template,
        course=course.id,
        name=name,
        tabs=tabs_of(me, tab),
        tab=tab,
        ended=_ended(course, office.zone),
        entered=bool(request.query_params.get("entered")),
        **context,
    )


def _ended(course: Course, zone: tzinfo) -> str:
    """``Died on Feb 27, 2026``, with the reason where one was given."""
    end = closed(course)
    if end is None:
        return ""
    day = to_datetime(end.at).astimezone(zone)
    return f"{end.label} on {day:%b} {day.day}, {day.year}" + (f": {end.why}" if end.why else "")
