"""The stream that keeps open pages up to date: one a browser, shared by its tabs (see ``static/live.js``)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from anyio import to_thread
from litestar import get
from litestar.response import Stream

from cartway.times import Instant
from cartway.web.access import EVERY, Act, Principal
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, person
from cartway.web.ward.draw import CODED, NAMED
from cartway.web.ward.hub import Listener

CHECK_S = 10.0  # how often an open stream asks whether its session still stands
SIGNED_OUT = b"event: signed-out\ndata: {}\n\n"


@get("/live", opt=needs(Act.see_ward), name="live")
async def live(request: WebRequest, session: str = "") -> Stream:
    """News as they come, and at least every two seconds word of how fresh they are.

    `session`: the one that the page was drawn for. Where another was opened in this browser since, the page is told
    that it is signed out.
    """
    office, principal = office_of(request), person(request)
    if session and not principal.session.startswith(session):
        return Stream(iter([SIGNED_OUT]), media_type="text/event-stream")
    await to_thread.run_sync(
        lambda: office.access.note(principal, Act.see_ward, "", via="", place="live", now=office.now())
    )
    return Stream(
        _stream(office, principal, request.auth),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


async def _stream(office: Office, principal: Principal, token: str) -> AsyncIterator[bytes]:
    courses = visible(principal, office.now())
    listener = Listener(view_of(principal), courses, principal.session)
    office.hub.join(listener)
    checked = asyncio.get_running_loop().time()
    try:
        yield b"retry: 1000\n\n"
        while True:  # watching is not using: it does not keep a session alive, and ends with it
            text: bytes | None = b""
            with suppress(TimeoutError):
                text = await asyncio.wait_for(listener.queue.get(), CHECK_S)
            if text is None:
                return
            if asyncio.get_running_loop().time() - checked >= CHECK_S:
                checked = asyncio.get_running_loop().time()
                found = await to_thread.run_sync(lambda: office.access.peek(token, now=office.now()))
                if found is None:
                    yield SIGNED_OUT
                    return
                if visible(found, office.now()) != courses or view_of(found) != listener.view:
                    return  # the page comes back, and sees what it may see now
            if text:
                yield text
    finally:
        office.hub.leave(listener)


def view_of(principal: Principal) -> str:
    """Whether this reader sees names."""
    return NAMED if principal.may(Act.see_names) else CODED


def visible(principal: Principal, now: Instant) -> frozenset[str]:
    """The courses this reader belongs to, and those opened by breaking the glass; EVERY stands for all."""
    opened = {course for course, until in principal.opened.items() if until > now and course != EVERY}
    return principal.account.courses | opened
