"""The diary: its page, where it is sent, and what became of what was sent.

It is a plain form. With JavaScript the phone keeps an entry until the server has answered that it is recorded
(``static/waiting.js``); the server takes each entry once, and only from the account that entered it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.exc import SQLAlchemyError

from cartway.problem import Problem
from cartway.record import Fact, current
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.watch.triage import is_early, load_table, triage
from cartway.web.access import Act, Role
from cartway.web.forms.chart import valid
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.sending import FETCH, stamped
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.speech import gettext as _
from cartway.web.triage.diary import Telling, Told, drafted, entered_at, page_tier, retold, same, told_of
from cartway.web.triage.entered import entries_of, patience
from cartway.web.triage.shown import groups, marks, numbers
from cartway.words.catalog import N_

RECEIVED = "Cartway-Received"
"""The header that names the entry that is now in the record: without it the phone takes nothing for sent."""
_FORM = re.compile(r"[\w-]{8,64}", re.ASCII)
OURS = {"Cartway-Page": "today"}
FEELINGS = ("good", "fair", "bad", "worse")
ANOTHER = Problem("another_account", N_("Somebody else is signed in now."), N_("Call. Or sign in again, and send it."))
OTHERWISE = Problem(
    "already_recorded", N_("This was sent before, with other entries."), N_("Call, and enter it again.")
)
CLOSED = Problem("course_closed", N_("This page is closed."), N_("Call your team."))
STRANGE = Problem(
    "wrong_form", N_("This page was not made for you."), N_("Call. Or open it again, and enter it again.")
)
FAILED = Problem("not_recorded", N_("It could not be written down just now."), N_("Call. Or send it again."))


@get("/my/{course:str}/today", opt=needs(Act.read_own), name="today", sync_to_thread=True)
def today(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The page. ``?entered=`` an entry just sent: what to do about it is open. ``?bare=1``: without what was entered,
    as the phone keeps it for when there is no network.
    """
    facts = office_of(request).log.facts(course)
    own = [fact for fact in current(facts) if fact.event and fact.event == request.query_params.get("entered")]
    return _draw(request, course, facts, retold(own) if own else Told(), typed=Told())


@post("/my/{course:str}/today", opt=needs(Act.write_own), name="today, sent", status_code=200)
async def sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """Take in an entry, once. A script is told by ``Cartway-Received`` that it is recorded, a browser by the page."""
    entries = read_body(await request.body())
    return await to_thread.run_sync(lambda: _sent(request, course, entries))


@get("/my/{course:str}/today/state", opt=needs(Act.read_own), name="what became of entries", sync_to_thread=True)
def state(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """What was entered in the last day and whether anybody saw it; the token and the account for the next post."""
    return _part(request, course, office_of(request).log.facts(course))


def _sent(request: WebRequest, course: str, entries: Entries) -> Response[Any]:
    try:
        found = take(request, course, entries)
    except (StoreError, SQLAlchemyError):
        found = FAILED
    if not isinstance(found, Problem):
        return _received(request, course, entries["form"])
    status = {"not_recorded": 503, "another_account": 409, "already_recorded": 409, "course_closed": 410}.get(
        found.code, 422
    )
    if request.headers.get(FETCH):
        return Response("", status_code=status, media_type="text/plain", headers={"Cartway-Refused": found.code})
    return _draw(request, course, _facts(request, course), told_of(entries), told_of(entries), found, status)


def _facts(request: WebRequest, course: str) -> Sequence[Fact]:
    """The course's facts; none where the record cannot be read, since the page must open all the same."""
    try:
        return office_of(request).log.facts(course)
    except (StoreError, SQLAlchemyError):
        return ()


def _received(request: WebRequest, course: str, id: str) -> Response[Any]:
    if request.headers.get(FETCH):
        return Response("", media_type="text/plain", headers={RECEIVED: id})
    return Redirect(f"/my/{quote(course, safe='')}/today?entered={quote(id, safe='')}", status_code=303)


def take(request: WebRequest, course: str, entries: Entries, tries: int = 2) -> Problem | None:
    """Record what was told, or say why not. The same entry again is recorded already: that is no problem.

    The entry's id makes the keys of its facts, so that however often and late a phone sends it, it is there once.
    Problems: ``another_account``, ``wrong_form``, ``course_closed``, ``already_recorded``, those of the diary,
    ``not_recorded``.
    """
    office, me = office_of(request), person(request).account
    if entries["by"] != me.id:
        return ANOTHER
    id, now = entries["form"], office.now()
    if _FORM.fullmatch(id) is None:
        return STRANGE
    facts = office.log.facts(course)
    own = [fact for fact in facts if fact.key.startswith(f"{id}:")]
    first = own[0].recorded_at or now if own else now
    made = _made(course, entries, facts, me.role, first, simulated=office.log.kind == "demo")
    if isinstance(made, Problem):
        return made
    if own:
        return None if own[0].recorded_by == me.id and same(own, made) else OTHERWISE
    receipt = office.log.append(made, recorded_at=office.now(), recorded_by=me.id)
    if receipt.refused and tries > 1:  # it came in twice at once: the other one was first
        return take(request, course, entries, tries - 1)
    return FAILED if receipt.refused else None


def _made(
    course: str, entries: Entries, facts: Sequence[Fact], role: Role, first: Instant, *, simulated: bool
) -> list[Fact] | Problem:
    """The facts of an entry, with keys by which a repeated one is known."""
    if is_closed(facts, first):
        return CLOSED
    telling = Telling(str(role), first, entered_at(entries, first), is_early(infused_last(facts, first), first))
    draft = drafted(told_of(entries), telling, page_tier(entries))
    made = stamped(draft.facts, entries["form"], course, simulated=simulated)
    flaws = draft.flaws or valid(made)
    return flaws[0].problem if flaws else made


def is_closed(facts: Sequence[Fact], now: Instant) -> bool:
    """Whether the patient has died: nobody would be called by what is entered then."""
    return any(fact.what == "death" and fact.at <= now for fact in current(facts))


def infused_last(facts: Sequence[Fact], now: Instant) -> Instant | None:
    """The last infusion so far."""
    return max((fact.at for fact in current(facts) if fact.what == "infusion" and fact.at <= now), default=None)


def _draw(
    request: WebRequest, course: str, facts: Sequence[Fact], told: Told, typed: Told, problem: Problem | None = None,
    status: int = 200,
) -> Response[Any]:  # fmt: skip
    """The page. `told`: what to do about it is open from the start; `typed`: what stands in the fields."""
    office, now = office_of(request), office_of(request).now()
    early = is_early(infused_last(facts, now), now)
    tier = triage(told.answers(early)).tier
    bare = "bare" in request.query_params
    choices = vocabulary().variables["feeling"].choices
    answer: Response[Any] = page(
        request,
        "triage/today.html",
        status=status,
        here="today",
        course=course,
        closed=is_closed(facts, now),
        caring=person(request).account.role is Role.caregiver,
        flaws=[f"{_(problem.reason)} {_(problem.remedy)}"] if problem else [],
        shown=int(tier or 0),
        self_harm=_of_self_harm(told, early),
        form=secrets.token_urlsafe(16),
        window={True: "yes", False: "no", None: ""}[early],
        warnings=load_table().warnings,
        typed=typed,
        feelings=[(name, _(choices[name].plain)) for name in FEELINGS],
        marks=marks(),
        groups=groups(),
        numbers=numbers(office),
        bare=bare,
        **({"patience_ms": patience(office) // 1_000} if bare else _entered(request, course, facts)),
    )
    answer.headers.update(OURS)
    return answer


def _of_self_harm(told: Told, early: bool | None) -> bool:
    return any(each.name == "symptom:self_harm" for each in triage(told.answers(early)).because)


def _part(request: WebRequest, course: str, facts: Sequence[Fact]) -> Response[Any]:
    return page(request, "triage/entries.html", **_entered(request, course, facts))


def _entered(request: WebRequest, course: str, facts: Sequence[Fact]) -> dict[str, Any]:
    office = office_of(request)
    told = entries_of(office, course, facts, office.now()) if facts else []
    return {"told": told, "patience_ms": patience(office) // 1_000}
