"""The demo's own pages: sign-in by one click, and the buttons of its clock."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, get, post
from litestar.enums import RequestEncodingType
from litestar.params import Body
from litestar.response import Redirect, Template

from cartway.web.access import Act
from cartway.web.demo.banner import pace
from cartway.web.demo.bill import read
from cartway.web.demo.clock import RATES, DemoClock
from cartway.web.guard.cookies import open_with
from cartway.web.guard.gate import OPEN, needs
from cartway.web.guard.paths import local_path
from cartway.web.page import WebRequest, office_of, page

Press = Literal["pause", "run", "slower", "faster", "again"]


class SignIn(msgspec.Struct):
    """Who to be: the sign-in name of somebody of the cast."""

    who: str = ""


class Pressed(msgspec.Struct):
    """A button of the clock, and the page to go back to."""

    do: Press
    back: str = "/"


Form = RequestEncodingType.URL_ENCODED


@get("/demo/sign-in", opt=OPEN, name="demo cast")
async def cast(request: WebRequest) -> Template:
    """Everybody there is to sign in as."""
    return page(request, "demo/cast.html")


@post("/demo/sign-in", opt=OPEN, name="demo sign-in", status_code=303, sync_to_thread=True)
def sign_in(request: WebRequest, data: Annotated[SignIn, Body(media_type=Form)]) -> Redirect:
    """Sign in as somebody of the cast, and out as whoever one was."""
    office, now = office_of(request), office_of(request).now()
    known = {player.account for player in read(clock_of(request).path).cast}
    account = office.access.by_name(data.who) if data.who in known else None
    if account is None or account.disabled:
        return Redirect("/demo/sign-in", status_code=303)
    clock_of(request).begin()
    return open_with(request, office.access.open_session(account.id, now=now), "/")


@get("/demo/clock", opt=OPEN, name="demo clock")
async def clock(request: WebRequest) -> dict[str, Any]:
    """What the clock shows, for the script that shows it."""
    return told(clock_of(request))


@post("/demo/clock", opt=needs(Act.account), name="demo clock set", status_code=200, sync_to_thread=True)
def press(request: WebRequest, data: Annotated[Pressed, Body(media_type=Form)]) -> Response[Any]:
    """A button of the clock was pressed: by a script, which is told what it shows now, or by a plain form."""
    clock = clock_of(request)
    turn(clock, data.do)
    if "application/json" in request.headers.get("accept", ""):
        return Response(told(clock))
    if data.do == "again":
        return page(request, "demo/again.html")
    return Redirect(local_path(data.back), status_code=303)


def turn(clock: DemoClock, button: Press) -> None:
    """Do what a button says. Slower and faster go from rate to rate, and stop at the last."""
    shown = clock.shown()
    match button:
        case "pause":
            clock.pause()
        case "run":
            clock.run()
        case "slower":
            clock.run(max([rate for rate in RATES if rate < shown.resume], default=RATES[0]))
        case "faster":
            clock.run(min([rate for rate in RATES if rate > shown.resume], default=RATES[-1]))
        case "again":
            clock.ask_again()


def told(clock: DemoClock) -> dict[str, Any]:
    """The clock as a script reads it; the time in milliseconds."""
    shown = clock.shown()
    state = {"rate": shown.rate, "pace": pace(shown), "ended": shown.ended, "again": shown.again}
    return {"now": shown.now // 1000, **state}


def clock_of(request: WebRequest) -> DemoClock:
    """The demo's clock."""
    clock = office_of(request).config.clock
    assert isinstance(clock, DemoClock), "only a demo has these pages"
    return clock


HANDLERS = (cast, sign_in, clock, press)
