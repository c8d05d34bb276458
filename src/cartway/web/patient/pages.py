"""The pages of patients and caregivers. No grades: they are the team's tool, and would only frighten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from litestar import Response, get
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cartway.aftercare import Aftercare, Status, aftercare
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.watch.triage import Tier
from cartway.web.access import EVERY, Act, Role
from cartway.web.aftercare.plans import own_plan
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.patient.journey import journey
from cartway.web.patient.own import own
from cartway.web.patient.readers import Reader, readers
from cartway.web.patient.team import contacts, members
from cartway.web.road import center_of
from cartway.web.speech import language
from cartway.web.triage.shown import by_tier
from cartway.words import load_shelf

MOST_LINES = 2000  # of the access log, newest first: some months of a busy record


@get("/my", opt=needs(Act.read_own), name="my courses", sync_to_thread=True)
def my(request: WebRequest) -> Response[Any]:
    """On to the course; who has none or several chooses."""
    courses = sorted(person(request).account.courses - {EVERY})
    if len(courses) == 1:
        return Redirect(f"/my/{courses[0]}", status_code=303)
    office = office_of(request)
    return page(
        request, "patient/mine.html", here="home", signs=_signs(), own=[own(office, course) for course in courses]
    )


@get("/my/{course:str}", opt=needs(Act.read_own), name="my course", sync_to_thread=True)
def my_course(request: WebRequest, course: FromPath[str]) -> Template:
    """Where somebody is on the road, what comes next, and what was measured last."""
    office, facts, center = office_of(request), own_facts(request, course), center_of(request)
    country, plan = office.config.country, own_plan(request, course)
    road = journey(facts, center, zone=office.zone, country=country)
    after = aftercare(facts, center, country=country, zone=office.zone)
    return _page(
        request,
        "patient/home.html",
        course,
        "home",
        own=own(office, course),
        road=road,
        shelf=load_shelf(language()),
        plan=None if isinstance(plan, Problem) or road.ended else plan,
        waits=sum(each.key.rpartition(".")[2] in TOLD_AT_HOME for each in after.restrictions),
        asked=_is_asked(request, after),
        signs=_signs(),
        quiet=road.ended == "died",
    )


def _signs() -> Sequence[str]:
    """The signs of the emergency tier in the reader's language, from the table of triage."""
    return [each.words for each in by_tier()[Tier.emergency]]


TOLD_AT_HOME = ("driving", "proximity")
"""What one may not do yet and the first page names: the first rows of that part of the plan."""


def _is_asked(request: WebRequest, after: Aftercare) -> bool:
    """Whether a check-in of who reads this is due: how they feel."""
    who = "caregiver" if person(request).account.role is Role.caregiver else "patient"
    asked = (Status.due, Status.overdue)
    return any(each.who == who and each.score is None and each.status in asked for each in after.check_ins)


@get("/my/{course:str}/more", opt=needs(Act.read_own), name="my more", sync_to_thread=True)
def more(request: WebRequest, course: FromPath[str]) -> Template:
    """The way to all other pages."""
    return _page(request, "patient/more.html", course, "more")


@get("/my/{course:str}/team", opt=needs(Act.read_own), name="my team", sync_to_thread=True)
def team(request: WebRequest, course: FromPath[str]) -> Template:
    """Whom to call, and who looks after one here."""
    ours, theirs = members(office_of(request).access.accounts(), course)
    called = contacts(own_facts(request, course), center_of(request))
    return _page(request, "patient/team.html", course, "more", contacts=called, team=ours, people=theirs)


@get("/my/{course:str}/readers", opt=needs(Act.read_own), name="who read my record", sync_to_thread=True)
def who_read(request: WebRequest, course: FromPath[str]) -> Template:
    """The access log of one's own record, in words."""
    office, me = office_of(request), person(request).account
    entries = office.access.entries(course=course, of_others=me.id, limit=MOST_LINES + 1)
    accounts = {each.id: each for each in office.access.accounts()}
    told = readers(entries[:MOST_LINES], accounts, office.zone)
    return _page(
        request, "patient/readers.html", course, "more",
        days=_by_day(told), whole=len(entries) <= MOST_LINES,
    )  # fmt: skip


def _by_day(told: Sequence[Reader]) -> dict[date, list[Reader]]:
    days: dict[date, list[Reader]] = {}
    for each in told:
        days.setdefault(each.day, []).append(each)
    return days


def own_facts(request: WebRequest, course: str) -> Course:
    """The course as it stands now, fresh from the record: what was just told is on the next page. It may be empty."""
    office = office_of(request)
    return Course(office.log.facts(course), office.now())


def _page(request: WebRequest, template: str, course: str, here: str, **context: Any) -> Template:
    caring = person(request).account.role is Role.caregiver
    return page(request, template, course=course, here=here, caring=caring, **context)
