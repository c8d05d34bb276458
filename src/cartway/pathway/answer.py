"""What every rule of the pathway answers with: yes, no or unknown, the facts it used, and what would settle it.

A missing fact makes an answer unknown, never no. An answer that rests on a source nobody has seen says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from cartway.record import Fact


class Answer(StrEnum):
    """Three answers, and no fourth."""

    yes = "yes"
    no = "no"
    unknown = "unknown"


class Severity(StrEnum):
    """What an unmet criterion means: blocks; defers until it is mended; needs a named clinician's decision; is told."""

    absolute = "ABS"
    deferring = "DEF"
    relative = "REL"
    note = "INFO"


class Axis(StrEnum):
    """Four questions with different sources and different owners. They are never mixed into one."""

    label = "label"
    fitness = "fitness"
    collectable = "collectable"
    logistics = "logistics"


class Source(msgspec.Struct, frozen=True):
    """Who says so. `confirmed` is False where the source itself was not seen; every surface shows that."""

    text: str
    confirmed: bool = True


class Missing(msgspec.Struct, frozen=True):
    """A fact that is not there: the variable (and its `about`), in words, and the test that would settle it."""

    what: str
    words: str
    settles: str


class Criterion(msgspec.Struct, frozen=True):
    """One question asked of a course, and its answer.

    `id` is the rule's (``FIT-02``, ``YES-LBCL2``). `answer` is yes where the criterion is met. `severity` is what it
    means if it is not. `because` is the reason in words with the values and the threshold; `facts` are those used.
    `decided_by` names a policy that decided, empty where none did.
    """

    id: str
    axis: Axis
    question: str
    answer: Answer
    severity: Severity
    because: str
    source: Source
    facts: tuple[Fact, ...] = ()
    missing: tuple[Missing, ...] = ()
    decided_by: str = ""

    @property
    def flagged(self) -> bool:
        """Whether it needs somebody's eye: not met, or not known."""
        return self.answer is not Answer.yes


def all_of(answers: Iterable[Answer]) -> Answer:
    """Yes if all are; no if any is; else unknown. A no is not undone by what is not known."""
    found = list(answers)
    if Answer.no in found:
        return Answer.no
    return Answer.unknown if Answer.unknown in found else Answer.yes


def any_of(answers: Iterable[Answer]) -> Answer:
    """Yes if any is; no if all are; else unknown."""
    found = list(answers)
    if Answer.yes in found:
        return Answer.yes
    return Answer.unknown if Answer.unknown in found else Answer.no


def is_so(holds: bool) -> Answer:
    """Yes or no for what is known."""
    return Answer.yes if holds else Answer.no
