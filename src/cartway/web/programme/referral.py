"""A referral in: who it is goes into the people store, what is asked and known goes into the record of a new course.

The course's id is made of the form's random id, so that a form that comes twice opens one course; it says nothing about
the person.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from urllib.parse import quote

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.response import Redirect
from sqlalchemy.exc import SQLAlchemyError

from cartway.intake.roster import age_at
from cartway.people.errors import CourseTaken, SeveralPeople
from cartway.problem import Problem
from cartway.record import Fact
from cartway.record.errors import StoreError
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import EVERY, Act
from cartway.web.forms.chart import Chart, chart_of
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.moment import read_taken
from cartway.web.forms.plain import plain
from cartway.web.forms.sending import FAILED, STRANGE, Form, answered, stamped
from cartway.web.forms.sheet import Sheet, new_sheet, sent_sheet
from cartway.web.guard.gate import needs
from cartway.web.office import Office
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.programme.forms import referral_fields

PATH = "/referrals"
CHOSEN = ("diagnosis", "disease_status", "disease_pace")
SEXES = ("female", "male", "other", "unknown")
LONGEST = 120  # characters of a name or an identifier

REFERRAL: Form = msgspec.structs.replace(
    plain(
        "new referral", PATH, Act.coordinate, "New referral", "referral", referral_fields(),
        back="/programme", founds=True,
    ),
    template="programme/referral.html",
)  # fmt: skip


class Whom(msgspec.Struct, frozen=True):
    """Who is referred. It goes to the people store and nowhere else."""

    name: str
    birth_date: str
    sex: str
    identifier: tuple[str, str]


@get(PATH, opt=needs(Act.coordinate), name="new referral")
async def referral_form(request: WebRequest) -> Response[Any]:
    """The form, fresh."""
    now = office_of(request).now()
    fresh = new_sheet(now, Entries().having(authority="MRN"))
    return await to_thread.run_sync(lambda: _draw(request, fresh, 200))


@post(PATH, opt=needs(Act.coordinate), name="new referral, sent", status_code=200)
async def referral_sent(request: WebRequest) -> Response[Any]:
    """Open the course, or show the form again with all that it says."""
    entries = read_body(await request.body())
    return answered(request, await to_thread.run_sync(lambda: _send(request, entries)))


def _send(request: WebRequest, entries: Entries) -> Response[Any]:
    office, me, now = office_of(request), person(request), office_of(request).now()
    sheet = sent_sheet(entries)
    if sheet is None or sheet.by != me.account.id or now - sheet.opened > office.config.limits.form:
        return _draw(request, _with(new_sheet(now, entries), flawed("", STRANGE)), 422)
    try:
        first = office.access.received(sheet.id, me.account.id, now=now)
        if isinstance(first, Problem):
            return _draw(request, _with(new_sheet(now, entries), flawed("", first)), 422)
        return _take(request, sheet, first)
    except (StoreError, SQLAlchemyError):
        return _draw(request, _with(sheet, flawed("", FAILED)), 503)


def _take(request: WebRequest, sheet: Sheet, first: Instant) -> Response[Any]:
    office, entries, course = office_of(request), sheet.entries, course_id(sheet.id)
    chart = _chart(office, first)
    at, odd = read_taken(entries, chart)
    draft = odd + REFERRAL.read(entries, chart, at) + clinical(entries, at)
    who = whom(entries, day=chart.now)
    if isinstance(who, Draft):
        return _draw(request, _with(sheet, who + draft), 422)
    repeated = bool(office.log.facts(course))
    draft += Draft() if repeated else _known(office, who, first)
    if draft.flaws or (draft.open_doubts(entries) and not repeated):
        return _draw(request, _with(sheet, draft), 422)
    return _open(request, sheet, course, who, draft.facts, at)


def _open(
    request: WebRequest, sheet: Sheet, course: str, who: Whom, facts: Sequence[Fact], at: Instant
) -> Response[Any]:  # fmt: skip
    """Enter the person, record the facts, let whoever opened the course see it."""
    office, me, now = office_of(request), person(request), office_of(request).now()
    try:
        office.people.enrol(
            [who.identifier], name=who.name, birth_date=who.birth_date, sex=who.sex, now=now, by=me.account.id,
            new_id=lambda: course,
        )  # fmt: skip
    except CourseTaken:
        pass  # the same form again: the person is there, and the facts are known or were not recorded yet
    except SeveralPeople:
        return _draw(request, _with(sheet, flawed("identifier", SEVERAL)), 422)
    stated = [*facts, *_of_person(who, at)]
    ready = stamped(stated, sheet.id, course, simulated=office.log.kind == "demo")
    receipt = office.log.append(ready, recorded_at=now, recorded_by=me.account.id)
    if receipt.refused:
        return _draw(request, _with(sheet, flawed("", receipt.problems[0])), 422)
    if EVERY not in me.account.courses:
        office.access.change_courses(me.account.id, add={course}, now=now, by=me.account.id)
    return Redirect(f"/courses/{quote(course, safe='')}/pathway?entered={quote(sheet.id, safe='')}", status_code=303)


SEVERAL = Problem(
    "several_people", "This identifier leads to several people.", "Find out who it is before a course is opened."
)
OTHER_BIRTH_DATE = Problem(
    "other_birth_date",
    "This identifier belongs to somebody with another birth date.",
    "Check the identifier and the birth date against the referral.",
)


def course_id(form: str) -> str:
    """The opaque id of the course that a form opens."""
    return hashlib.sha256(f"referral {form}".encode()).hexdigest()[:16]


def whom(entries: Entries, *, day: Instant) -> Whom | Draft:
    """Who is referred, or what is missing. Problems: ``missing_entry``, ``too_long``, ``malformed_day``."""
    flaws = Draft()
    for field, words in (
        ("person_name", "The name"),
        ("authority", "Who assigned it"),
        ("identifier", "The identifier"),
    ):
        if not entries[field]:
            flaws += flawed(field, Problem("missing_entry", f"{words} is missing.", "It stands on the referral."))
        elif len(entries[field]) > LONGEST:
            flaws += flawed(field, Problem("too_long", f"{words} is too long.", f"At most {LONGEST} characters."))
    born = entries["birth_date"]
    if not _is_day(born) or (age_at(born, day) is None):
        reason = "The birth date is missing, or no day." if not born else "The birth date is no day of the past."
        flaws += flawed("birth_date", Problem("malformed_day", reason, "Type it as 1970-01-31."))
    if flaws:
        return flaws
    sex = entries["sex"] if entries["sex"] in SEXES else ""
    return Whom(entries["person_name"], born, sex, (entries["authority"], entries["identifier"]))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def clinical(entries: Entries, at: Instant) -> Draft:
    """Diagnosis, status and pace of the disease, as the referrer says. Problem: ``unknown_choice``."""
    draft = Draft()
    for what in CHOSEN:
        choice = entries[what]
        if choice and choice not in vocabulary().variables[what].choices:
            draft += flawed(what, Problem("unknown_choice", "This is none of the choices.", "Choose one of them."))
        elif choice:
            draft += Draft((Fact("", at, what, choice=choice),))
    return draft


def _of_person(who: Whom, at: Instant) -> list[Fact]:
    """Age and sex, so that no fact needs a birth date."""
    age = age_at(who.birth_date, at)
    facts = [] if age is None else [Fact("", at, "age", age, "a")]
    return [*facts, *([Fact("", at, "sex", choice=who.sex)] if who.sex else [])]


def _known(office: Office, who: Whom, now: Instant) -> Draft:
    """Whether somebody has this identifier already: the same person again is asked about, another one is refused."""
    courses = office.people.find(*who.identifier, now=now, by="web")
    if not courses:
        return Draft()
    known = office.people.person(courses[-1], now=now, by="web")
    if known.birth_date and known.birth_date != who.birth_date:
        return flawed("identifier", OTHER_BIRTH_DATE)
    count = f"{len(courses)} courses" if len(courses) > 1 else f"a course, {courses[-1]}"
    question = f"This person has {count} already. Open a further course for the same person?"
    return doubted("identifier", who.identifier[1], question)


def _chart(office: Office, now: Instant) -> Chart:
    return chart_of("", (), now, office.zone, office.rules)


def _with(sheet: Sheet, draft: Draft) -> Sheet:
    """The sheet with what is wrong with it; questions wait until nothing is wrong."""
    return msgspec.structs.replace(sheet, flaws=draft.flaws, doubts=() if draft.flaws else draft.doubts)


def _draw(request: WebRequest, sheet: Sheet, status: int) -> Response[Any]:
    office = office_of(request)
    chart = _chart(office, office.now())
    return page(
        request,
        REFERRAL.template,
        status=status,
        form=REFERRAL,
        course="a new course",
        name=None,
        chart=chart,
        sheet=sheet,
        grades={},
        back="/programme",
        chosen=_choices(),
        sexes=[(name, vocabulary().variables["sex"].choices[name].label) for name in SEXES],
        **REFERRAL.extras(chart, sheet),
    )


def _choices() -> Mapping[str, Sequence[tuple[str, str]]]:
    known = vocabulary().variables
    return {what: [(name, choice.label) for name, choice in known[what].choices.items()] for what in CHOSEN}
