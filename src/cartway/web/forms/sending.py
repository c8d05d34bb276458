"""What all forms share: drawing one, and taking in what was sent, once.

A form's random id makes a repeated post the same statements again, under the same keys and at the same time: they are
recorded once. The time at which it first came in is the time of what was typed without a time. The author of the facts
is the account's id, which stays the same when a name or a role changes; the access store says whose it is.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response
from litestar.exceptions import NotFoundException
from litestar.response import Redirect
from sqlalchemy.exc import SQLAlchemyError

from cartway.problem import Problem
from cartway.record import Accepted, Fact, Known, Receipt
from cartway.record.content import statement
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.toxicity import SCALES
from cartway.web.access import Act
from cartway.web.forms.chart import Chart, chart_of, valid
from cartway.web.forms.draft import SURE, Doubt, Draft, Flaw, flawed
from cartway.web.forms.effect import Shown, effects, grades, of_grade
from cartway.web.forms.entries import Entries
from cartway.web.forms.moment import AGO, TAKEN, local_text, read_taken
from cartway.web.forms.sheet import Sheet, new_sheet, sent_sheet
from cartway.web.forms.signing import SECRETS, SIGNATURE, Signs, sign
from cartway.web.guard.rates import client_of
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person

SOURCE = "ward"
FETCH, TO = "Cartway-Fetch", "Cartway-To"  # see static/forms.js
PATIENCE_S = 0.3  # how long a post waits for the live ward to have what it recorded
LOOK_S = 0.01
CHECKED = {Act.verify, Act.handle_cells, Act.release, Act.infuse, Act.decide}
"""Forms of these acts are checked against all that is known of the course."""

ALL = "all"  # the question whether everything is right, where the grades are shown first
FAILED = Problem(
    "not_recorded", "The record cannot be written just now: nothing was recorded.", "Send it again; it is all kept."
)
STRANGE = Problem("wrong_form", "This form was not made for you.", "Look through what it says, and send it again.")

Read = Callable[[Entries, Chart, Instant], Draft]
Extras = Callable[[Chart, Sheet], Mapping[str, object]]


class Form(msgspec.Struct, frozen=True):
    """One form: what it is called, who may send it, how it is drawn and read.

    `read` makes facts of entries; `extras` is what its template needs beside the sheet; `fill` is what stands on a
    fresh one. `previews`: the grades without and with it are shown before it is recorded.
    """

    name: str
    path: str
    act: Act
    title: str
    template: str
    read: Read
    extras: Extras
    previews: bool = False
    fill: Callable[[Chart, str], Entries] = lambda chart, change: Entries()
    back: str = "/courses/{course:str}"  # where one goes on from it
    signs: Signs | None = None
    founds: bool = False  # whether it may be the first that is said of its course: the center's own record

    def address(self, course: str) -> str:
        """Where it goes on to, for a course."""
        return self.back.replace("{course:str}", quote(course, safe=""))


def show(form: Form, request: WebRequest, course: str) -> Response[Any]:
    """The form, fresh. The address may say which fact it is to change, by its position."""
    office = office_of(request)
    now = office.now()
    chart = _known_chart(form, office, course, office.ward.facts(office.log, course), now)
    filled = form.fill(chart, request.query_params.get("change", ""))
    return _draw(form, request, chart, new_sheet(now, filled), 200)


def send(form: Form, request: WebRequest, course: str, entries: Entries) -> Response[Any]:
    """Take in what was sent: record it and go to the course, or show the form again with all that it says."""
    office, now = office_of(request), office_of(request).now()
    sheet = sent_sheet(entries)
    if sheet is None:
        return _again(form, request, _chart(form, office, course, now), new_sheet(now, entries), STRANGE)
    if sheet.by != person(request).account.id:
        return _handed_over(form, request, _chart(form, office, course, now), sheet)
    if now - sheet.opened > office.config.limits.form:
        kept = entries if entries[TAKEN] else entries.having(**{TAKEN: local_text(sheet.opened, office.zone), AGO: ""})
        return _again(form, request, _chart(form, office, course, now), new_sheet(now, kept), _opened_long_ago())
    try:
        first = office.access.received(sheet.id, person(request).account.id, now=now)
        if isinstance(first, Problem):
            return _again(form, request, _chart(form, office, course, now), new_sheet(now, entries), first)
        return _take(form, request, _chart(form, office, course, now), sheet, first)
    except (StoreError, SQLAlchemyError):
        return _failed(form, request, course, sheet)


def answered(request: WebRequest, response: Response[Any]) -> Response[Any]:
    """What a script is told that sent a form: where to go, rather than being sent there, which it would not see."""
    if isinstance(response, Redirect) and request.headers.get(FETCH):
        return Response(None, status_code=204, headers={TO: response.url})
    return response


def _take(form: Form, request: WebRequest, chart: Chart, sheet: Sheet, first: Instant, tries: int = 3) -> Response[Any]:
    """Read the entries against the course as it was without this form, and record what they make."""
    office = office_of(request)
    own = [fact for fact in chart.facts if fact.key.startswith(f"{sheet.id}:")]
    before = chart_of(chart.course, _without(chart.facts, own), first, chart.zone, chart.rules)
    at, odd = read_taken(sheet.entries, before)
    draft = odd + form.read(sheet.entries, before, at)
    facts = stamped(draft.facts, sheet.id, chart.course, simulated=office.log.kind == "demo")
    flaws = draft.flaws or valid(facts)
    doubts = () if own else _open(form, draft, sheet.entries, facts)
    if flaws or doubts:
        return _ask(form, request, chart, sheet, flaws, doubts, facts)
    if own:
        return _repeated(form, request, chart, sheet, own, facts)
    if form.signs is not None:
        client, me = client_of(request), person(request)
        signed = sign(form.signs, facts, sheet.entries, office.access, me, client, office.now())
        if signed.flaws:
            return _ask(form, request, chart, sheet, signed.flaws, (), facts)
        facts += stamped(signed.facts, sheet.id, chart.course, simulated=office.log.kind == "demo")
    # What was checked against the chain must not have changed when it is recorded: the check is then made anew.
    lengths = {chart.course: len(chart.facts)} if form.act in CHECKED else None
    by = person(request).account.id
    receipt = office.log.append(facts, recorded_at=office.now(), recorded_by=by, lengths=lengths)
    if tries > 1 and any(problem.code == "course_changed" for problem in receipt.problems):
        return _take(form, request, _chart(form, office, chart.course, office.now()), sheet, first, tries - 1)
    if receipt.refused:
        return _again(form, request, chart, sheet, *receipt.problems)
    return _done(form, office, chart.course, sheet.id, _last(receipt))


def _without(facts: Sequence[Fact], own: Sequence[Fact]) -> Sequence[Fact]:
    """The facts that were there when this form was first recorded: a repeated post is read as the first one was."""
    return [fact for fact in facts if fact.position < own[0].position] if own else facts


def stamped(facts: Sequence[Fact], form: str, course: str, *, simulated: bool) -> list[Fact]:
    """Facts as this form states them of a course: with the keys that make a repeated post known, and one event."""
    return [
        msgspec.structs.replace(
            fact,
            course=course,
            key=f"{form}:{fact.what}" if n == 0 else f"{form}:{fact.what}:{n}",
            event=fact.event if fact.amends else form,
            source=fact.source or SOURCE,
            simulated=simulated,
            corrected=False,
            recorded_at=None,
            recorded_by="",
            position=0,
        )
        for fact, n in zip(facts, _numbered(facts), strict=True)
    ]


def _numbered(facts: Sequence[Fact]) -> list[int]:
    """For each fact how many of its kind came before it on this form."""
    return [sum(other.what == fact.what for other in facts[:n]) for n, fact in enumerate(facts)]


def _open(form: Form, draft: Draft, entries: Entries, facts: Sequence[Fact]) -> tuple[Doubt, ...]:
    """The questions still open; where the grades are shown first, whether all of it is right is one of them."""
    if form.previews:
        digest = hashlib.sha256(b"\0".join(statement(fact) for fact in facts)).hexdigest()[:16]
        draft += Draft(doubts=(Doubt(ALL, digest, ""),))
    return draft.open_doubts(entries)


def _ask(
    form: Form, request: WebRequest, chart: Chart, sheet: Sheet, flaws: Sequence[Flaw], doubts: Sequence[Doubt],
    facts: Sequence[Fact],
) -> Response[Any]:  # fmt: skip
    shown = () if flaws or not form.previews else effects(chart, facts, office_of(request).now())
    asked = msgspec.structs.replace(sheet, flaws=tuple(flaws), doubts=() if flaws else tuple(doubts), effects=shown)
    only_preview = bool(shown) and all(doubt.field == ALL for doubt in doubts)
    return _draw(form, request, chart, asked, 200 if only_preview else 422)


def _repeated(
    form: Form, request: WebRequest, chart: Chart, sheet: Sheet, own: Sequence[Fact], facts: Sequence[Fact]
) -> Response[Any]:
    """A form that came in before: the same again is recorded already; something else is a correction to be made."""
    if {statement(fact) for fact in own if fact.what != SIGNATURE} == {statement(fact) for fact in facts}:
        return _done(form, office_of(request), chart.course, sheet.id, own[-1].position)
    reason = "This form was recorded already, with other entries."
    problem = Problem("already_recorded", reason, "To change them, correct them on the patient's page.")
    return _again(form, request, chart, sheet, problem, status=409)


def _done(form: Form, office: Office, course: str, sheet: str, position: int) -> Response[Any]:
    _await(office, course, position)
    return Redirect(f"{form.address(course)}?entered={quote(sheet, safe='')}", status_code=303)


def _await(office: Office, course: str, position: int) -> None:
    """Wait a moment until the live ward has what was recorded, so that the next page shows it."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        standing = office.ward.standing(course)
        if office.ward.position >= position if standing is None else standing.position >= position:
            return
        time.sleep(LOOK_S)


def _last(receipt: Receipt) -> int:
    return max(outcome.position for outcome in receipt.outcomes if isinstance(outcome, Accepted | Known))


def _again(
    form: Form, request: WebRequest, chart: Chart, sheet: Sheet, *problems: Problem, status: int = 422
) -> Response[Any]:
    """The form again, with problems of the whole."""
    flaws = flawed("", problems[0]).flaws + tuple(Flaw("", problem) for problem in problems[1:])
    return _draw(form, request, chart, msgspec.structs.replace(sheet, flaws=flaws), status)


def _failed(form: Form, request: WebRequest, course: str, sheet: Sheet) -> Response[Any]:
    """The store failed. The course is drawn from what the worker remembers of it, if anything."""
    office, now = office_of(request), office_of(request).now()
    try:
        facts = office.ward.facts(office.log, course)
    except (StoreError, SQLAlchemyError):
        facts = []
    return _again(form, request, chart_of(course, facts, now, office.zone, office.rules), sheet, FAILED, status=503)


def _handed_over(form: Form, request: WebRequest, chart: Chart, sheet: Sheet) -> Response[Any]:
    """Somebody else signed in since the sheet was handed out: whose name is it to stand under? All questions that the
    other one answered are asked anew, and its age still counts.
    """
    access, me = office_of(request).access, person(request).account
    other = access.account(sheet.by)
    opened = f"opened by {other.display or other.name}" if other else "handed to somebody else"
    question = (
        f"You are now signed in as {me.display or me.name}. This form was {opened}. Record it under your own name?"
    )
    fresh = new_sheet(office_of(request).now(), sheet.entries.without(SURE))
    asked = msgspec.structs.replace(fresh, opened=sheet.opened, doubts=(Doubt("entry", me.id, question),))
    return _draw(form, request, chart, asked, 409)


def _opened_long_ago() -> Problem:
    reason = "This form was opened more than a day ago."
    return Problem("form_too_old", reason, "Look whether it is still right, and at its time, before you send it again.")


def _chart(form: Form, office: Office, course: str, now: Instant) -> Chart:
    """The course, fresh from the record."""
    return _known_chart(form, office, course, office.log.facts(course), now)


def _known_chart(form: Form, office: Office, course: str, facts: Sequence[Fact], now: Instant) -> Chart:
    """One of which nothing is recorded is no course: a slip of the address."""
    if not facts and not form.founds:
        raise NotFoundException
    return chart_of(course, facts, now, office.zone, office.rules)


def _draw(form: Form, request: WebRequest, chart: Chart, sheet: Sheet, status: int) -> Response[Any]:
    office, me = office_of(request), person(request)
    now = office.now()
    name = office.names.of([chart.course], now)[chart.course] if me.may(Act.see_names) else None
    for secret in SECRETS:
        sheet = msgspec.structs.replace(sheet, entries=sheet.entries.without(secret))
    return page(
        request,
        form.template,
        status=status,
        form=form,
        course=chart.course,
        name=name,
        chart=chart,
        sheet=sheet,
        grades=_grades(office, chart, now),
        back=form.address(chart.course),
        **form.extras(chart, sheet),
    )


def _grades(office: Office, chart: Chart, now: Instant) -> Mapping[str, Shown]:
    """The grades now: as the live ward has them, if it has come as far as this."""
    standing = office.ward.standing(chart.course)
    if standing is None or not chart.facts or standing.position < chart.facts[-1].position:
        return grades(chart.facts, chart.rules, now)
    return {scale: of_grade(standing.grades.get(scale)) for scale in SCALES}
