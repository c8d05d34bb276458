"""The road that a course has come, stage by stage with what happened in each, and the stages to come with their days.

A course that was collected or made again visits a stage twice, and both visits stand there.
"""

from __future__ import annotations

from datetime import date

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.parts import is_split
from cartway.pathway.programme.look import Look, planned
from cartway.pathway.stages import ASSESSING, BACK_TO, ORDER, STAGES, Stage, reached, stage_named
from cartway.record import Fact
from cartway.vocabulary import vocabulary

TOLD = (
    "referral", "tumor_board", "product_chosen", "consent", "product_order", "manufacturing_slot", "chain_identity",
    "collection", "batch", "manufacture_step", "disposition", "release_certificate", "bridging_therapy", "restaging",
    "disease_pace", "apheresis_request", "go_no_go", "lymphodepletion", "infusion", "course_closed", "death",
)  # fmt: skip
"""The variables that are told on the road. Gates have their own table, custody its own page."""

READ = frozenset({*TOLD, *ASSESSING})
PLANNED = {
    "manufacture": "collection", "lymphodepletion": "lymphodepletion", "second_part": "infusion", "infused": "infusion",
}  # fmt: skip
"""The appointment that plans the beginning of a stage."""
DETAILS = {
    "from": "", "urgency": "", "text": "", "regimen": "", "method": "", "version": "version ", "order": "", "coi": "",
    "din": "", "hold_expires": "held until ", "collection_day": "collection on ",
}  # fmt: skip
"""The details that are told, each with the word before it."""
BY_CHOICE = frozenset({"apheresis_request", "course_closed"})  # the choice says all


class Event(msgspec.Struct, frozen=True):
    """Something that happened: in words, with the details that matter, and its fact."""

    words: str
    more: str
    fact: Fact


class Visit(msgspec.Struct, frozen=True):
    """A stage that the course was in, from `began` to `ended` (None while it is there). `again`: it came back to it."""

    stage: Stage
    again: bool
    began: date
    ended: date | None
    days: int
    events: tuple[Event, ...]


class Ahead(msgspec.Struct, frozen=True):
    """A stage to come. `planned`: the day for which what begins it is planned; None where no day is set."""

    stage: Stage
    planned: date | None


def visits(look: Look) -> tuple[Visit, ...]:
    """The stages in the order in which the course was in them. What happened is told where the course was then."""
    told = _told(look.course)
    found: list[tuple[str, list[Fact]]] = []
    seen: set[str] = set()
    for moment in sorted({fact.at for fact in told}):
        stage = _stage_at(Course(told, moment))
        if not found or found[-1][0] != stage:
            found.append((stage, []))
        found[-1][1].extend(fact for fact in told if fact.at == moment)
    made = []
    for number, (stage, facts) in enumerate(found):
        end = found[number + 1][1][0] if number + 1 < len(found) else None
        made.append(_visit(look, stage, stage in seen, facts, end))
        seen.add(stage)
    return tuple(made)


def _told(course: Course) -> list[Fact]:
    """What is told of the road. It begins with the referral: findings of before are history, what was done is told."""
    referral = course.first("referral")
    if referral is None:
        return [fact for fact in course.facts if fact.what in READ or fact is course.facts[0]]
    return [fact for fact in course.facts if fact.what in TOLD or (fact.what in READ and fact.at >= referral.at)]


def ahead(look: Look) -> tuple[Ahead, ...]:
    """The stages after the present one, each with the day for which its beginning is planned."""
    coming, split = STAGES[ORDER[look.stage] + 1 :], is_split(look.product)
    return tuple(Ahead(stage, _begins(look, stage, split)) for stage in coming if split or stage.name != "second_part")


def skipped(look: Look) -> tuple[Stage, ...]:
    """Stages that must lie behind, of which nothing is recorded."""
    behind = STAGES[: ORDER[look.stage]]
    again = {BACK_TO[fact.choice] for fact in look.course.all("apheresis_request") if fact.choice in BACK_TO}
    return tuple(stage for stage in behind if stage.name not in look.begun and stage.name not in again)


def _stage_at(course: Course) -> str:
    begun = reached(course)
    return list(begun)[-1] if begun else STAGES[0].name


def _visit(look: Look, stage: str, again: bool, facts: list[Fact], end: Fact | None) -> Visit:
    referral = look.course.first("referral") if stage == STAGES[0].name else None
    began, ended = look.day(referral or facts[0]), None if end is None else look.day(end)
    days = ((ended or look.today) - began).days
    told = [fact for fact in facts if fact.what in TOLD] or facts[:1]
    return Visit(stage_named(stage), again, began, ended, days, tuple(map(_event, told)))


def _event(fact: Fact) -> Event:
    """``Bridging therapy: radiotherapy``, with what the fact says beside its choice; of an assessment only that it was.

    Its value is for the pages of those who assess.
    """
    variable = vocabulary().variables[fact.what]
    if fact.what not in TOLD:
        return Event("First look", variable.label, fact)
    choice = variable.choices.get(fact.choice)
    more = [before + str(fact.detail[name]) for name, before in DETAILS.items() if fact.detail.get(name)]
    about = [fact.about] if fact.about and not any(fact.about in each for each in more) else []
    if choice is not None and fact.what in BY_CHOICE:
        return Event(choice.label, ", ".join(more), fact)
    return Event(variable.label + (f": {choice.label}" if choice else ""), ", ".join([*about, *more]), fact)


def _begins(look: Look, stage: Stage, split: bool) -> date | None:
    """The planned day of the event that begins a stage. The infusion begins a split dose and does not end it."""
    if stage.name not in PLANNED or (split and stage.name == "infused"):
        return None
    return planned(look, PLANNED[stage.name])
