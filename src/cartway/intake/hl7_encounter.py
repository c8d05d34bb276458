"""ADT events: who a patient is, two records that are one patient, discharge and its cancellation.

Admission and transfer are not milestones of a course, so they only say who the patient is. A discharge is keyed by
its visit number, so that its cancellation (A13) withdraws it whatever the times in between. A death that PID states is
a fact (see `hl7_death`), also when it comes with the discharge.
"""

from __future__ import annotations

from collections.abc import Iterator

from cartway.intake.drafts import Draft, Enrolment, Item, Refused, Subject
from cartway.intake.hl7_context import Context, event_stamp, stated
from cartway.intake.hl7_death import death
from cartway.intake.hl7_observation import observations
from cartway.intake.hl7_patient import enrolment, merges, subject
from cartway.intake.hl7_syntax import Segment
from cartway.problem import Problem
from cartway.record.fact import RETRACTION, Fact

REGISTERS = frozenset({"A01", "A04", "A05", "A08", "A28", "A31"})
MERGES = frozenset({"A18", "A30", "A34", "A36", "A39", "A40", "A47"})
CANCELS_NO_MILESTONE = frozenset({"A11", "A12", "A27", "A38"})
NEEDS_A_PERSON = frozenset({"A23", "A29", "A37", "A43"})  # delete a visit or person, unlink, move an identifier


def events(context: Context) -> Iterator[Item]:
    """The items of an ADT message by its trigger event."""
    trigger = context.message.kind[1] or _event_type(context)
    pid, visit = context.message.first("PID"), context.message.first("PV1")
    if trigger in REGISTERS:
        yield from _registration(context)
    elif trigger in MERGES:
        yield from merges(context)
    elif trigger == "A03":
        yield _discharge(context)
        yield from death(context, pid, visit)
    elif trigger == "A13":
        yield _discharge_cancelled(context)
    elif trigger in NEEDS_A_PERSON:
        yield context.refused(_needs_a_person())
    else:
        rule = "no_milestone" if trigger in CANCELS_NO_MILESTONE else "message_type_not_used"
        yield from list(death(context, pid)) or [context.ignored(rule)]


def _registration(context: Context) -> Iterator[Item]:
    pid = context.message.first("PID")
    found = enrolment(context, pid)
    yield found
    if pid is not None and isinstance(found, Enrolment):
        yield from death(context, pid)
        yield from observations(context)


def _discharge(context: Context) -> Draft | Refused:
    pid, visit = context.message.first("PID"), context.message.first("PV1")
    whose, at = subject(context, pid), context.time(_discharged_at(context, visit))
    for problem in (whose, at):
        if isinstance(problem, Problem):
            return context.refused(problem, visit, 45, around=[context.message.first("EVN"), pid])
    assert isinstance(whose, Subject)
    assert isinstance(at, int)
    key = _discharge_key(context) or f"discharge|{at}"
    fact = Fact(whose.identifier, at, "discharge", key=key, **stated(context))
    return Draft(fact, whose, context.place(visit, 45))


def _discharge_cancelled(context: Context) -> Draft | Refused:
    pid, visit = context.message.first("PID"), context.message.first("PV1")
    whose, key = subject(context, pid), _discharge_key(context)
    at = context.time(event_stamp(context))
    for problem in (whose, at, _no_visit_number() if not key else None):
        if isinstance(problem, Problem):
            return context.refused(problem, visit, 19, around=[context.message.first("EVN"), pid])
    assert isinstance(whose, Subject)
    assert isinstance(at, int)
    version = stated(context) | {"key": f"{key}|cancelled|{at}"}
    fact = Fact(whose.identifier, at, RETRACTION, amends=key, reason="discharge cancelled by its source", **version)
    return Draft(fact, whose, context.place(visit, 19))


def _discharge_key(context: Context) -> str:
    """By the visit number (PV1-19), else the account number (PID-18)."""
    visit, pid = context.message.first("PV1"), context.message.first("PID")
    number = (visit.get(19) if visit else "") or (pid.get(18) if pid else "")
    return f"discharge|{number[:150]}" if number else ""


def _discharged_at(context: Context, visit: Segment | None) -> str:
    event = context.message.first("EVN")
    return (visit.get(45) if visit else "") or (event.get(6) if event else "") or event_stamp(context)


def _event_type(context: Context) -> str:
    """The trigger event of old messages whose MSH-9 is ``ADT`` alone: EVN-1."""
    event = context.message.first("EVN")
    return event.get(1).upper() if event else ""


def _needs_a_person() -> Problem:
    return Problem(
        "needs_a_person",
        "The source deletes, unlinks or moves a patient's identifiers.",
        "Somebody who knows the patient must decide what becomes of the course.",
    )


def _no_visit_number() -> Problem:
    return Problem("no_visit_number", "It does not say which visit: PV1-19 and PID-18 are empty.", "Send PV1-19.")
