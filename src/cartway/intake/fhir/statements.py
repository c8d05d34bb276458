"""What the kinds of resources share: whose it is, when it was true, under which key, and taking a statement back."""

from __future__ import annotations

import msgspec

from cartway.intake.drafts import Draft, Ignored, Refused, Subject
from cartway.intake.fhir.context import Context
from cartway.intake.fhir.shapes import Observation, Period, Reference, Resource
from cartway.problem import Problem
from cartway.record.fact import RETRACTION, Fact
from cartway.times import Instant
from cartway.vocabulary import Variable

# Weight, diagnosis, home oxygen: the hour does not matter, and sources often give the date alone.
BY_DAY = frozenset({"person", "baseline"})
ENTERED_IN_ERROR = "entered in error at the source"


class Statement(msgspec.Struct, frozen=True, gc=False):
    """Who says it, under which key of theirs, and when they last changed it. `event` ties the parts of one resource."""

    source: str
    key: str
    event: str
    recorded_at: Instant | None


class Span(msgspec.Struct, frozen=True, gc=False):
    """When it was true; `until` is None for a moment, and for what still lasts."""

    at: Instant
    until: Instant | None = None


def identity(context: Context, resource: Resource, base: str, suffix: str = "") -> Statement:
    """The statement's key is ``Type/id``, with a suffix for its parts; without an id the content is the key."""
    kind = type(resource).__name__
    event = f"{kind}/{resource.id}" if resource.id else ""
    return Statement(context.authority(base), event and event + suffix, event, recorded_at(context, resource))


def recorded_at(context: Context, resource: Resource) -> Instant | None:
    """When the source last changed the resource, where it says so."""
    text = resource.meta.lastUpdated if resource.meta else ""
    if not text and isinstance(resource, Observation):
        text = resource.issued
    moment = context.instant(text) if text else None
    return None if isinstance(moment, Problem) else moment


def person(context: Context, reference: Reference | None, base: str, place: str) -> Subject | Refused | Ignored:
    """Whom it is about, or why it goes no further."""
    found = context.subject(reference, base)
    if isinstance(found, Subject):
        return found
    return Ignored("not_about_a_patient", place) if found is None else refusal(found, place)


def span(context: Context, moment: str, period: Period | None, variable: Variable | None = None) -> Span | Problem:
    """From a dateTime or a Period; of a variable for which the day is enough, from a date. Problems: those of times,
    ``ends_before_start``.
    """
    read = context.day if variable is not None and variable.group in BY_DAY else context.instant
    if moment or period is None:
        at = read(moment)
        return at if isinstance(at, Problem) else Span(at)
    start = read(period.start)
    end = read(period.end) if period.end else None
    if isinstance(start, Problem):
        return start
    if isinstance(end, Problem):
        return end
    if end is not None and end < start:
        return Problem("ends_before_start", "It ends before it starts.", "Mend the period at the source.")
    return Span(start, end)


def retraction(
    subject: Subject, statement: Statement, times: Span | Problem, place: str, reason: str = ENTERED_IN_ERROR
) -> Draft | Refused:
    """Takes back what was said under the same key, in whole or in parts."""
    if isinstance(times, Problem):
        return refusal(times, place)
    fact = Fact(
        subject.identifier,
        times.at,
        RETRACTION,
        source=statement.source,
        amends=statement.key,
        reason=reason,
        source_recorded_at=statement.recorded_at,
    )
    return Draft(fact, subject, place)


def refusal(problem: Problem, place: str) -> Refused:
    """A refusal at its place; the original text is added where the resource was cut out."""
    return Refused(problem.at(place))
