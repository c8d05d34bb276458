"""The distress check-in of patient and caregiver: its page, and where it is sent."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy.exc import SQLAlchemyError

from cartway.aftercare.check_ins import CUT_OFF
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.record.errors import StoreError
from cartway.watch.triage import load_table
from cartway.web.access import Act, Role
from cartway.web.guard.fields import Form, text, texts
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, page, person
from cartway.web.patient.feelings import HARM, PROBLEMS, About, Said, earlier, facts_of, flaw, read
from cartway.web.patient.pages import own_facts
from cartway.web.road import center_of
from cartway.web.triage.today import CLOSED, is_closed
from cartway.words.catalog import N_

STATUS = {"no_number": 422, "course_closed": 410, "not_recorded": 503}
SHOWN = 6  # earlier check-ins
LONGEST_FORM = 64  # characters of a form's id
_FORM = re.compile(rf"[\w-]{{16,{LONGEST_FORM}}}", re.ASCII)
NOT_SENT = Problem(
    "not_recorded", N_("This was not sent. Your team has NOT seen it."), N_("Send it again, or call your team.")
)


@get("/my/{course:str}/feel", opt=needs(Act.read_own), name="how I feel", sync_to_thread=True)
def feel(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The form, with the check-ins so far; after it was sent, what happens with it."""
    return _form(request, course, None, sent=request.query_params.get("sent", ""))


@post("/my/{course:str}/feel", opt=needs(Act.write_own), name="tell how I feel", sync_to_thread=True)
def tell(request: WebRequest, course: FromPath[str], data: Form) -> Response[Any]:
    """Record it once, however often it is sent. Who speaks of self-harm sees whom to call, recorded or not."""
    said = read(text(data, "about"), _by(request), text(data, "score"), texts(data, "problem"), text(data, "text"))
    problem = flaw(said) or _record(request, course, said, text(data, "form"))
    if said.speaks_of_harm:
        form = quote(text(data, "form")[:LONGEST_FORM], safe="")
        return Redirect(f"/my/{course}/help?entered={form}", status_code=303)
    if problem is not None:
        return _form(request, course, said, problem=problem, form=text(data, "form"))
    return Redirect(f"/my/{course}/feel?sent={said.about}", status_code=303)


@get("/my/{course:str}/help", opt=needs(Act.read_own), name="help now", sync_to_thread=True)
def help_now(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """Whom to call with thoughts of self-harm. ``?entered=`` the form that said so: whether the record has it."""
    form = request.query_params.get("entered", "")
    seen = "" if not form else "yes" if _is_told(request, course, form) else "no"
    return page(request, "patient/harm.html", course=course, here="more", seen=seen)


def _is_told(request: WebRequest, course: str, form: str) -> bool:
    """Whether the record holds what was said of self-harm in a form. A record that cannot be read holds nothing."""
    try:
        facts = own_facts(request, course)
    except (StoreError, SQLAlchemyError):
        return False
    return any(fact.event == form for fact in facts.all("reported_symptom", choice=HARM))


def _record(request: WebRequest, course: str, said: Said, form: str) -> Problem | None:
    """After a death nothing is recorded: nobody would be called by it, and nobody is to be told that."""
    office, me = office_of(request), person(request).account
    if not _FORM.fullmatch(form):
        return NOT_SENT
    try:
        if is_closed(office.log.facts(course), office.now()):
            return CLOSED
        first = office.access.received(form, me.id, now=office.now())
        if isinstance(first, Problem):
            return NOT_SENT
        simulated = office.log.kind == "demo"
        facts = [msgspec.structs.replace(each, simulated=simulated) for each in facts_of(said, course, first, form)]
        receipt = office.log.append(facts, recorded_at=office.now(), recorded_by=me.id)
    except (StoreError, SQLAlchemyError):
        return NOT_SENT
    return NOT_SENT if receipt.refused else None


def _by(request: WebRequest) -> About:
    return "caregiver" if person(request).account.role is Role.caregiver else "patient"


def _form(
    request: WebRequest,
    course: str,
    said: Said | None,
    *,
    problem: Problem | None = None,
    sent: str = "",
    form: str = "",
) -> Response[Any]:
    by = _by(request)
    about = said.about if said else "patient" if by == "caregiver" and sent == "patient" else by
    facts = own_facts(request, course)
    told = earlier(facts, about)
    return page(
        request,
        "patient/feel.html",
        status=200 if problem is None else STATUS[problem.code],
        course=course,
        here="more",
        caring=by == "caregiver",
        form=form if _FORM.fullmatch(form) else secrets.token_urlsafe(16),
        said=said,
        about=about,
        groups=PROBLEMS,
        problem=problem,
        sent=sent,
        earlier=told[:SHOWN],
        closed=is_closed(facts.facts, facts.now),
        warnings=load_table().warnings,
        high=bool(told) and told[0].score >= policies_of(center_of(request)).number(CUT_OFF),
    )
