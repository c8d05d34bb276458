"""Who belongs to which course: the coordinator's page, and the administrator's, who sees the courses without names.

A coordinator gives only what they have: the courses they belong to themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Response, get, post
from litestar.exceptions import NotFoundException
from litestar.params import FromPath
from litestar.response import Redirect, Template

from cartway.pathway.course import CENTER
from cartway.web.access import EVERY, MAY, Account, Act, Principal, Role
from cartway.web.guard.fields import Form, texts
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person

_OF_COURSES = {role for role, acts in MAY.items() if acts & {Act.see_ward, Act.read_own}}
_OWN = {Role.patient, Role.caregiver}


@get("/teams", opt=needs(Act.assign), name="teams", sync_to_thread=True)
def teams(request: WebRequest) -> Template:
    """Everybody whose role has to do with courses, and how many they belong to; or who belongs to one."""
    office, course = office_of(request), request.query_params.get("course", "")
    given = _given(request)
    members = [each for each in office.access.accounts() if each.role in _OF_COURSES]
    if course in given:
        members = [each for each in members if course in each.courses or EVERY in each.courses]
    course = course if course in given else ""
    return page(request, "guard/teams.html", here="teams", members=members, courses=given, course=course, every=EVERY)


@get("/teams/{account:str}", opt=needs(Act.assign), name="team member", sync_to_thread=True)
def member(request: WebRequest, account: FromPath[str]) -> Template:
    """The courses of one account, to be ticked."""
    known, given = _known(request, account), _given(request)
    gives_every = _gives_every(person(request), known)
    return page(
        request, "guard/team.html", here="teams", member=known, courses=given, every=EVERY, gives_every=gives_every
    )


@post("/teams/{account:str}", opt=needs(Act.assign), name="assign", sync_to_thread=True)
def assign(request: WebRequest, account: FromPath[str], data: Form) -> Response[Any]:
    """Add what was ticked, take away what was there when the page was shown and is ticked no more.

    So two people at it at once do not undo each other's changes, and what one does not see stays as it is.
    """
    office, me, known = office_of(request), person(request), _known(request, account)
    gives = set(_given(request)) | ({EVERY} if _gives_every(me, known) else set())
    ticked, shown = set(texts(data, "course")), set(texts(data, "shown"))
    added, taken = (ticked - shown) & gives, (shown - ticked) & gives
    if added or taken:
        office.access.change_courses(known.id, add=added, take=taken, now=office.now(), by=me.account.id)
    return Redirect(f"/teams/{known.id}?kept=1", status_code=303)


def _given(request: WebRequest) -> Mapping[str, str]:
    """The courses that the reader may give, newest last, as the reader may know them."""
    office, me = office_of(request), person(request)
    known = [course for course in office.log.courses() if course != CENTER]
    courses = [course for course in known if me.may(Act.manage_accounts) or me.belongs(course)]
    office.access.note(me, Act.assign, "", via="", place="teams", now=office.now())
    if not me.may(Act.see_names):
        return {course: course for course in courses}
    names = office.names.of(courses, office.now())
    return {course: names[course].name for course in courses}


def _gives_every(me: Principal, known: Account) -> bool:
    """Whether the reader may let somebody into every course: never a patient."""
    return known.role not in _OWN and (me.may(Act.manage_accounts) or EVERY in me.account.courses)


def _known(request: WebRequest, account: str) -> Account:
    found = office_of(request).access.account(account)
    if found is None or found.role not in _OF_COURSES:
        raise NotFoundException
    return found


ROUTES = (teams, member, assign)
