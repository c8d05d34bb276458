"""The access log as the administrator reads it: newest first, a page at a time, of one course or one account."""

from __future__ import annotations

from collections.abc import Sequence

from litestar import get
from litestar.response import Template

from cartway.web.access import AccessEntry, Act
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
        entries=folded(entries[:A_PAGE]),
        older=entries[A_PAGE - 1].number if len(entries) > A_PAGE else None,
        later=bool(before),
        about={each.id: each.name for each in office.access.accounts()},
        course=course,
        account=name,
    )


def folded(entries: Sequence[AccessEntry]) -> list[tuple[AccessEntry, int]]:
    """Each line with how many it stands for: looks at the board that somebody took after one another, with nothing of
    theirs between, are one, at the time of the newest. Nothing about a course is folded, and no refusal.
    """
    shown: list[tuple[AccessEntry, int]] = []
    last: dict[str, int] = {}  # where the newest line of an account stands, if another may be folded into it
    for each in entries:
        looks = each.act == Act.see_ward and not each.course and not each.via
        if looks and each.account in last:
            newest, count = shown[last[each.account]]
            shown[last[each.account]] = newest, count + 1
            continue
        last.pop(each.account, None)
        if looks:
            last[each.account] = len(shown)
        shown.append((each, 1))
    return shown


ROUTES = (access_log,)
