"""The points of the days and of what stands ready: doses, the label's window, tocilizumab, premedication, equipment."""

from __future__ import annotations

from cartway.pathway.answer import Answer, Criterion, Missing, Source
from cartway.pathway.conditioning.calendar import as_booked, window
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.lymphodepletion import lymphodepletion, regimens_of
from cartway.pathway.conditioning.points import LABELS, on_the_day, point
from cartway.pathway.conditioning.stock import tocilizumab_on_hand
from cartway.pathway.conditioning.thaw import limits_of
from cartway.pathway.products import Regimen, product

AT_HAND = Source("US prescribing information of the CAR T products, sections 2 and 5: medicines and equipment at hand")


def doses(case: Case) -> list[Criterion]:
    """Every dose of the usual regimen can be worked out."""
    found = lymphodepletion(case)
    question = "The label's doses can be worked out: weight, height, renal function, a confirmed regimen"
    source = found.usual.regimen.source if found.usual is not None else LABELS
    refusals = [*found.refusals, *(each for d in (found.usual.doses if found.usual else ()) for each in d.refusals)]
    facts = [*found.surface.weight.facts, *found.surface.height.facts, *found.renal.facts]
    if any(each.code == "none_needed" for each in refusals):
        return []
    if not refusals:
        return [point("DOSES", question, Answer.yes, "They can.", source, facts)]
    because = " ".join(dict.fromkeys(each.words for each in refusals))
    policy = next((each.policy for each in refusals if each.policy), "")
    return [point("DOSES", question, Answer.unknown, because, source, facts, policy=policy)]


def in_window(case: Case) -> list[Criterion]:
    """The infusion lies in the label's window after the last dose of lymphodepletion."""
    known, usual = product(case.product) if case.product else None, _usual(case)
    if known is not None and known.lymphodepletion == "none":
        return []
    question = "The infusion lies within the label's days after lymphodepletion"
    if usual is None:
        return [point("WINDOW", question, Answer.unknown, "No text of the label is held.", LABELS)]
    found = window(case, usual)
    until = f" It closes on {found.closes.isoformat()}." if found.closes is not None else ""
    return [point("WINDOW", question, found.inside, found.because + until, usual.source, found.facts)]


def in_window_as_booked(case: Case) -> list[Criterion]:
    """Before anything is given: the infusion as booked lies in the label's window of a lymphodepletion as booked."""
    known, usual = product(case.product) if case.product else None, _usual(case)
    if usual is None or (known is not None and known.lymphodepletion == "none"):
        return []
    answer, because = as_booked(case, usual)
    question = "The infusion is booked within the label's days after lymphodepletion"
    return [point("BOOKED", question, answer, because, usual.source, [case.planned] if case.planned else [])]


def _usual(case: Case) -> Regimen | None:
    return next((row for row in regimens_of(case) if not row.alternative), None)


def tocilizumab(case: Case) -> list[Criterion]:
    """Counted, and free for this course."""
    found = tocilizumab_on_hand(case)
    question = "Tocilizumab is on hand for this course"
    lacks = (Missing("stock", "a count of tocilizumab", "a count in the pharmacy"),)
    missing = lacks if found.answer is Answer.unknown else ()
    return [
        point(
            "TOCI",
            question,
            found.answer,
            found.because,
            found.source,
            found.facts,
            missing=missing,
            policy=found.policy,
        )
    ]


def premedication(case: Case) -> list[Criterion]:
    """Given today, as the label words it."""
    limits = limits_of(case)
    said = limits.premedication if limits is not None else None
    source = said.source if said is not None else LABELS
    words = f": the label says {said.text}" if said is not None else ""
    return on_the_day(case, "PREMED", f"Premedication is given{words}", "premedication", "given", source)


def equipment(case: Case) -> list[Criterion]:
    """At the bedside today."""
    question = "Emergency medicines and equipment stand at the bedside"
    return on_the_day(case, "EQUIP", question, "emergency_equipment", "ready", AT_HAND)
