"""Accepting a plan: its days become appointments in the courses' records, in one batch, once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec

from cartway.pathway.slots import Plan, Request, as_facts
from cartway.problem import Problem
from cartway.record import Accepted, Fact
from cartway.record.errors import StoreError
from cartway.web.access import Principal
from cartway.web.forms.entries import Entries
from cartway.web.forms.sending import LOOK_S, PATIENCE_S, SOURCE
from cartway.web.forms.sheet import sent_sheet
from cartway.web.office import Office
from cartway.web.plan.asking import Ask, asked_now, courses_of, digest, sees

CHANGED = Problem(
    "record_changed", "The record has changed since this was asked: nothing was recorded.", "Propose a plan again."
)


def accept(office: Office, me: Principal, ask: Ask, question: Request, plan: Plan, entries: Entries) -> str | Problem:
    """Record the plan's days; its id, or why not. The same form sent again records nothing twice.

    Problems: ``wrong_form``, ``form_expired``, ``not_all_yours``, ``record_changed``, ``not_recorded``.
    """
    sheet = sent_sheet(entries)
    if sheet is None or sheet.by != me.account.id:
        return Problem("wrong_form", "This form was not made for you.", "Look through what it says, and send it again.")
    first = office.access.received(sheet.id, me.account.id, now=office.now())
    if isinstance(first, Problem):
        return first
    # Who has no days in the plan loses those there were: everybody whom it asked about must be theirs.
    concerned = {*(line.course for line in plan.planned), *(need.course for need in question.needs)}
    if not all(sees(me, course, office.now()) for course in concerned):
        told = "The plan holds courses of other teams."
        return Problem("not_all_yours", told, "Somebody who belongs to all of them may accept it.")
    if _has(office, sheet.id, plan):
        return plan.id
    if digest(asked_now(office, ask)) != digest(question):
        return CHANGED
    return _record(office, me, sheet.id, question, plan)


def _has(office: Office, form: str, plan: Plan) -> bool:
    """Whether this very form was recorded before."""
    courses, _ = courses_of(office)
    names = {line.course for line in plan.planned}
    facts = (fact for course in courses if course.id in names for fact in (*course.facts, *course.ahead))
    return any(fact.key.startswith(f"{form}:") for fact in facts)


def _record(office: Office, me: Principal, form: str, question: Request, plan: Plan) -> str | Problem:
    facts = list(_facts(office, form, question, plan))
    if not facts:
        return plan.id
    try:
        receipt = office.log.append(facts, recorded_at=office.now(), recorded_by=me.account.id)
    except StoreError:
        told = "The record cannot be written just now: nothing was recorded."
        return Problem("not_recorded", told, "Send it again; it is all kept.")
    if receipt.refused:
        return receipt.problems[0]
    last = max((each.position for each in receipt.outcomes if isinstance(each, Accepted)), default=0)
    _await(office, last)
    return plan.id


def _facts(office: Office, form: str, question: Request, plan: Plan) -> Iterator[Fact]:
    """The appointments that differ from those of now, with keys made of the form's id."""
    courses, _ = courses_of(office)
    lines = {line.course: line for line in plan.planned}
    asked = {need.course for need in question.needs}
    for course in courses:
        if course.id not in asked:
            continue
        for number, fact in enumerate(as_facts(course, lines.get(course.id), plan.id, office.zone)):
            yield msgspec.structs.replace(
                fact, key=f"{form}:{course.id}:{number}", event="" if fact.amends else form, source=SOURCE,
                simulated=office.log.kind == "demo",
            )  # fmt: skip


def _await(office: Office, position: int) -> None:
    """Wait a moment until the live ward has what was recorded, so that the page that follows shows it."""
    until = time.monotonic() + PATIENCE_S
    while office.ward.position < position and time.monotonic() < until:
        time.sleep(LOOK_S)
