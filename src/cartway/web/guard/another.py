"""Another patient: by the identifier on the wristband to the course of somebody who is not on one's board.

No search and no list: who types a whole identifier has it before them. It is sent in the body of a form, and is in no
address and no log.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from litestar import Response, get, post
from litestar.response import Redirect, Template

from cartway.people import Holder
from cartway.problem import Problem
from cartway.web.access import Act, Principal
from cartway.web.guard.errors import not_yours_page
from cartway.web.guard.fields import Form, text
from cartway.web.guard.gate import SEEKS, needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person

LONGEST = 100
PLACE = "another patient"

NOBODY = Problem(
    "no_such_patient",
    "Nobody here has this number.",
    "Compare it with the wristband, character by character. If it is right, the patient is not enrolled here.",
)
SEVERAL = Problem(
    "several_patients", "Several patients have this number, each from another system.", "Choose who assigned it."
)
NOTHING_YET = Problem(
    "nothing_recorded", "This patient is enrolled, and nothing is recorded of them yet.", "There is nothing to open."
)


@get("/another-patient", opt=needs(Act.break_glass), name=f"{PLACE} page")
async def another_page(request: WebRequest) -> Template:
    """The form."""
    return _form(request)


@post("/another-patient", opt=needs(Act.break_glass) | SEEKS, name=PLACE, sync_to_thread=True)
def another(request: WebRequest, data: Form) -> Response[Any]:
    """On to the course of whoever has the identifier, or to the glass before it. Of several courses the newest."""
    office, me = office_of(request), person(request)
    identifier, authority = text(data, "identifier").strip(), text(data, "authority")
    found = _holders(office, me, identifier, authority)
    course = _newest(office, found[0]) if len(found) == 1 else ""
    via = me.via(course, office.now()) if course else ""
    told = "found" if course else f"found {len(found)}"
    office.access.note(me, Act.break_glass, course, via=via, place=PLACE, now=office.now(), reason=told)
    if not course:
        problem = NOTHING_YET if len(found) == 1 else SEVERAL if found else NOBODY
        return _form(request, problem, identifier, [each.authority for each in found] if len(found) > 1 else [])
    if via:
        return Redirect(f"/courses/{quote(course, safe='')}", status_code=303)
    return not_yours_page(request, course, status=200, **whom(office, me, course))


def _form(
    request: WebRequest, problem: Problem | None = None, identifier: str = "", authorities: Sequence[str] = ()
) -> Template:
    said = {"problem": problem, "identifier": identifier, "authorities": authorities}
    return page(request, "guard/another.html", status=422 if problem else 200, here="another-patient", **said)


def _holders(office: Office, me: Principal, identifier: str, authority: str) -> list[Holder]:
    if not (0 < len(identifier) <= LONGEST and identifier.isprintable() and authority.isprintable()):
        return []
    return office.people.holders(identifier, authority=authority, now=office.now(), by=me.account.id)


def _newest(office: Office, holder: Holder) -> str:
    """The course begun last of those that something is recorded of."""
    recorded = set(office.log.courses())
    return next((course for course in reversed(holder.courses) if course in recorded), "")


def whom(office: Office, me: Principal, course: str) -> dict[str, Any]:
    """What the page before the glass says of the patient: the initials and the year of birth.

    They show a slip of one digit, which leads to somebody else, before the glass is broken; and they tell who only
    tries numbers neither a name nor a birth date, which come after the glass, with a reason that is kept. Only to who
    had the identifier: `mark` goes with the form, and says that this session found this course by it.
    """
    name = office.names.of([course], office.now())[course]
    initials = " ".join(f"{part[0]}." for part in name.name.split()) if name.known else ""
    return {"initials": initials, "born": name.birth_date[:4], "mark": _mark(office, me, course)}


def whom_found(office: Office, me: Principal, course: str, mark: str) -> dict[str, Any]:
    """The same again where the form comes back; nothing for who came another way."""
    found = hmac.compare_digest(mark.encode("utf-8", "replace"), _mark(office, me, course).encode())
    return whom(office, me, course) if found else {}


def _mark(office: Office, me: Principal, course: str) -> str:
    said = f"{me.session} {course}".encode("utf-8", "replace")
    return hmac.new(office.access.secret("found by identifier"), said, "sha256").hexdigest()


ROUTES = (another_page, another)
