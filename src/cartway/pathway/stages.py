"""The stages from referral to infusion: which fact begins each, and where a re-collection takes a course back to.

A stage has begun when the fact that begins it is in force and lies after the last restart. A later stage that has
begun means that the course is there, whatever is not recorded of the stages before. The stage of the second part is
one of its own only where the dose is split: elsewhere the infusion begins it and ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.parts import is_split, parts_of
from cartway.record import Fact
from cartway.times import Instant


class Stage(msgspec.Struct, frozen=True):
    """One stage. `waits_for`: the event that ends it. `begins_with`: the event that begins it."""

    name: str
    label: str
    begins_with: str
    waits_for: str


STAGES = (
    Stage("referral", "Referred", "referral", "first look at the referral"),
    Stage("assessment", "In assessment", "first assessment", "tumor board's decision"),
    Stage("preparation", "To be ordered", "tumor board's decision", "order of the product"),
    Stage("collection", "To be collected", "order of the product", "collection"),
    Stage("manufacture", "Being made", "collection", "release of the product"),
    Stage("ready", "Released", "release of the product", "lymphodepletion"),
    Stage("lymphodepletion", "Lymphodepletion", "lymphodepletion", "infusion"),
    Stage("second_part", "First part infused", "infusion of the first part", "second part of the dose"),
    Stage("infused", "Infused", "infusion", ""),
)
ORDER: Mapping[str, int] = MappingProxyType({stage.name: number for number, stage in enumerate(STAGES)})

ASSESSING = (
    "tumor_board", "gate", "consent", "antigen_expression", "ecog_score", "karnofsky_score", "lansky_score", "lvef",
    "creatinine_clearance", "infection_status", "hbsag", "venous_access", "trial_option",
)  # fmt: skip
"""The variables of which one, entered after the referral and not with it, means that somebody has begun to look."""

BACK_TO = MappingProxyType({"recollect": "collection", "remanufacture": "manufacture", "switch_product": "preparation"})
"""What a restart takes a course back to. A new collection keeps its chain of identity; another product is ordered anew
and, since no holder takes another's starting material, collected anew.
"""

GIVEN_BACK = frozenset({"cancelled"})
COLLECTED = frozenset({"completed", ""})  # a mark without a choice is the day of the collection
RELEASED = frozenset({"released", "released_pending"})


class Begun(msgspec.Struct, frozen=True):
    """When a stage began, by which fact; `again` where a restart took the course back to it."""

    at: Instant
    fact: Fact
    again: bool = False


def stage_named(name: str) -> Stage:
    """The stage of that name."""
    return STAGES[ORDER[name]]


def restarts(course: Course) -> list[Fact]:
    """The decisions to collect again, to make again or to take another product, oldest first."""
    return [fact for fact in course.all("apheresis_request") if fact.choice in BACK_TO]


def restart(course: Course) -> Fact | None:
    """The last of them; None where none was made."""
    return next(reversed(restarts(course)), None)


def reached(course: Course) -> Mapping[str, Begun]:
    """The stages that have begun, in their order. Empty for a course without facts."""
    if not course.facts:
        return {}
    found = _first_parts(course) | _later_parts(course, restart(course))
    return {stage.name: found[stage.name] for stage in STAGES if stage.name in found}


def effective(course: Course, what: str, stage: str) -> list[Fact]:
    """The facts of a variable that still count for a stage: those after the last restart that went back that far."""
    back = [each for each in restarts(course) if ORDER[stage] > ORDER[BACK_TO[each.choice]]]
    return [fact for fact in course.all(what) if not back or fact.at > back[-1].at]


def collections(course: Course) -> list[Fact]:
    """The completed collections that the product is made of: those since the last decision to collect again."""
    return [fact for fact in effective(course, "collection", "manufacture") if fact.choice in COLLECTED]


def disposition(course: Course) -> Fact | None:
    """The last disposition of what is being made now."""
    found = effective(course, "disposition", "ready")
    return found[-1] if found else None


def _first_parts(course: Course) -> dict[str, Begun]:
    referral = course.first("referral") or course.facts[0]
    found = {"referral": Begun(referral.at, referral)}
    assessed = [
        fact for fact in course.all(*ASSESSING) if fact.at >= referral.at and not _sent_with(fact, referral)
    ]  # fmt: skip
    if assessed:
        found["assessment"] = Begun(assessed[0].at, assessed[0])
    accepted = _recommended(course.all("tumor_board"))
    if accepted is not None:
        found["preparation"] = Begun(accepted.at, accepted)
    return found


def _sent_with(fact: Fact, referral: Fact) -> bool:
    """Whether a fact came with the referral: what the referrer wrote is no assessment of ours."""
    return fact is referral or bool(fact.event and fact.event == referral.event) or fact.at == referral.at


def _recommended(decisions: list[Fact]) -> Fact | None:
    """The decision since which CAR T has been recommended without a break."""
    since = None
    for decision in decisions:
        since = (since or decision) if decision.choice == "accepted" else None
    return since


def _later_parts(course: Course, again: Fact | None) -> dict[str, Begun]:
    back = {} if again is None else {BACK_TO[again.choice]: Begun(again.at, again, again=True)}
    begins = {
        "collection": _ordered(effective(course, "product_order", "collection")),
        "manufacture": next(iter(collections(course)), None),
        "ready": _released(course),
        "lymphodepletion": next(iter(effective(course, "lymphodepletion", "lymphodepletion")), None),
        "second_part": next(iter(effective(course, "infusion", "infused")), None),
        "infused": _infused(course),
    }
    return {stage: Begun(fact.at, fact) for stage, fact in begins.items() if fact is not None} | back


def _infused(course: Course) -> Fact | None:
    """The infusion; of a split dose what settles its second part: that it is in, or the decision not to give it."""
    found = tuple(effective(course, "infusion", "infused"))
    if not found or not is_split(found[0].choice):
        return found[0] if found else None
    parts = parts_of(course, found)
    if parts.whole:
        return parts.second[-1]
    decided = [fact for fact in course.all("dose_decision") if fact.at >= found[0].at]
    return decided[-1] if decided and decided[-1].choice == "withhold" else None


def _ordered(orders: list[Fact]) -> Fact | None:
    """The first order of those since the last was cancelled."""
    since = None
    for order in orders:
        since = None if order.choice in GIVEN_BACK else (since or order)
    return since


def _released(course: Course) -> Fact | None:
    """The release: by disposition, or by the certificate of an out-of-specification product that was asked for."""
    last = disposition(course)
    if last is not None and last.choice in RELEASED:
        return last
    certificates = effective(course, "release_certificate", "ready")
    if last is not None and last.choice == "out_of_specification":
        later = [each for each in certificates if each.at >= last.at]
        return later[-1] if later else None
    return certificates[-1] if certificates and last is None else None
