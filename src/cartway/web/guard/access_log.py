"""The access log as the administrator reads it: newest first, a page at a time, of one course or one account."""

from __future__ import annotations

from litestar import get
from litestar.response import Template

from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page

A_PAGE = 100


@get("/access-log", opt=needs(Act.see_access_log), name="access log", sync_to_thread=True)
def access_log(request: WebRequest) -> Template:
    """One page of it. A sign-in name that nobody has shows nothing."""
    office, asked = office_of(request), request.query_params
    course, name, before = asked.get("course", "").strip(), asked.get("account", "").strip(), asked.get("before", "")
    known = office.access.by_name(name) if name else None
    entries = office.access.entries(
        course=course,
        account=known.id if known else name and "nobody",
        before=int(before) if before.isdecimal() and len(before) < 19 else None,
        limit=A_PAGE + 1,
    )
    return page(
        request,
        "guard/access_log.html",
        here="access-log",
        entries=entries[:A_PAGE],
        older=entries[A_PAGE - 1].number if len(entries) > A_PAGE else None,
        later=bool(before),
        about={each.id: each.name for each in office.access.accounts()},
        course=course,
        account=name,
    )


ROUTES = (access_log,)
