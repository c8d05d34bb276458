"""The path of an out-of-specification product to its patient: which steps its jurisdiction asks for, which are done."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import msgspec

from cartway.pathway.answer import Answer, Source, all_of
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import Instant

GIVEN, REFUSED = "given", "refused"


class PathStep(msgspec.Struct, frozen=True):
    """One step: what it asks, whose act it is, its answer (unknown while nobody acted), the fact that says so."""

    step: str
    question: str
    who: str
    answer: Answer
    source: Source
    fact: Fact | None = None
    because: str = ""


class _Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    step: str
    jurisdictions: tuple[str, ...]
    question: str
    who: str
    source: str
    confirmed: bool


@cache
def _rows() -> tuple[_Row, ...]:
    raw = tomllib.loads((resources.files(__package__) / "paths.toml").read_text("utf-8"))
    return tuple(msgspec.convert(row, _Row) for row in raw["step"])


def consent_path(course: Course, batch: str, since: Instant, jurisdiction: str) -> tuple[PathStep, ...]:
    """The steps in their order. An act from before the batch was called out of specification was not about this.

    Empty where no path is known for the jurisdiction: then nothing says that it may be given.
    """
    rows = [row for row in _rows() if jurisdiction in row.jurisdictions]
    return tuple(_step(row, course, batch, since) for row in rows)


def path_answer(steps: tuple[PathStep, ...]) -> Answer:
    """Yes once every step is done; no as soon as one was refused; else unknown."""
    return all_of(step.answer for step in steps) if steps else Answer.unknown


def _step(row: _Row, course: Course, batch: str, since: Instant) -> PathStep:
    facts = [
        fact
        for fact in course.all("out_of_specification_consent", about=batch)
        if str(fact.detail.get("step", "")) == row.step
    ]
    last = facts[-1] if facts else None
    early = last is not None and last.at < since
    answer = Answer.unknown if last is None or early else {GIVEN: Answer.yes}.get(last.choice, Answer.no)
    because = "It was recorded before the batch was called out of specification." if early else ""
    return PathStep(row.step, row.question, row.who, answer, Source(row.source, row.confirmed), last, because)
