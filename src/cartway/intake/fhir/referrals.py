"""ServiceRequest: a referral for cellular therapy. HL7 FHIR R4.

A request for service may be for anything. It is taken for a referral where its code or category means one here (a
center's own code map), or where its words name CAR T; any other is left out by a named rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cartway.intake.drafts import Ignored, Item, Subject, observe
from cartway.intake.fhir.context import Context
from cartway.intake.fhir.shapes import Concept, ServiceRequest
from cartway.intake.fhir.statements import ENTERED_IN_ERROR, Span, identity, person, refusal, retraction
from cartway.problem import Problem

WHAT = "referral"
URGENCY = {"routine": "routine", "urgent": "soon", "asap": "urgent", "stat": "urgent"}
"""HL7 request-priority: urgent is above routine, asap above urgent, stat above asap."""

_TAKEN_BACK = {"entered-in-error": ENTERED_IN_ERROR, "revoked": "revoked by the referrer"}
_NO_ORDER = frozenset({"proposal", "option"})
_CAR_T = re.compile(r"\bCAR[\s-]?T\b|chimeric antigen receptor", re.IGNORECASE)
_LONGEST = 200  # characters of what a referrer wrote that are kept


def referral(context: Context, asked: ServiceRequest, base: str, place: str) -> Item:
    """The referral with who sent it, the question and how soon; taken back where it was revoked or an error.

    Problems: those of times, ``no_subject``, ``codes_disagree``.
    """
    known = _is_referral(context, asked)
    if isinstance(known, Problem):
        return refusal(known, place)
    if not known:
        return Ignored("code_not_in_vocabulary", place)
    if asked.status == "draft" or asked.intent in _NO_ORDER or asked.do_not_perform:
        return Ignored("not_done", place)
    subject = person(context, asked.subject, base, place)
    if not isinstance(subject, Subject):
        return subject
    return _stated(context, asked, subject, base, place)


def _stated(context: Context, asked: ServiceRequest, subject: Subject, base: str, place: str) -> Item:
    statement, at = identity(context, asked, base), context.day(asked.authored_on)
    if asked.status in _TAKEN_BACK:
        times = at if isinstance(at, Problem) else Span(at)
        return retraction(subject, statement, times, place, _TAKEN_BACK[asked.status])
    if isinstance(at, Problem):
        return refusal(at, place)
    said = {
        "from": asked.requester.display[:_LONGEST] if asked.requester else "",
        "reason": "; ".join(_words(asked.reason_code))[:_LONGEST],
        "urgency": URGENCY.get(asked.priority, ""),
    }
    return observe(
        context.vocabulary.variables[WHAT],
        subject,
        at,
        place=place,
        detail={name: text for name, text in said.items() if text},
        source=statement.source,
        key=statement.key,
        event=statement.event,
        source_recorded_at=statement.recorded_at,
    )


def _is_referral(context: Context, asked: ServiceRequest) -> bool | Problem:
    """By a code that means one here, else by its words. Problem: ``codes_disagree``."""
    for concept in (asked.code, *asked.category):
        meaning = context.meaning(concept)
        if isinstance(meaning, Problem):
            return meaning
        if meaning is not None:
            return meaning.what == WHAT
    return any(_CAR_T.search(words) for words in _words((asked.code, *asked.category, *asked.reason_code)))


def _words(concepts: tuple[Concept, ...]) -> Iterator[str]:
    """What each concept says for people: its text, else its first code's words."""
    for concept in concepts:
        words = concept.text or next((coding.display for coding in concept.coding if coding.display), "")
        if words:
            yield words
