"""What grading answers: episodes that cover every instant of the close watch, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources

import msgspec

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.fold import Answer
from cartway.toxicity.rules import policy_of_flag

ICE_ITEMS = frozenset({"ice_orientation", "ice_naming", "ice_command", "ice_writing", "ice_attention"})
Facts = Sequence[Fact] | Mapping[int, Fact]  # by place: a course's facts, or those that the reasons name


class Criterion(msgspec.Struct, frozen=True):
    """A criterion of a guideline's page: its name in exports, its column there, and how it is worded."""

    slug: str
    column: str
    text: str


class Edition(msgspec.Struct, frozen=True):
    """A scale's guideline. `confirmed` is False where its wording was not seen."""

    name: str
    edition: str
    citation: str
    doi: str
    effective_from: str
    confirmed: bool
    note: str = ""


class Reason(msgspec.Struct, frozen=True):
    """A criterion met and the fact that met it (None where the point is that there is none).

    `score`: the ICE that stands, where the fact is one of its items, or the baseline it is held against.
    """

    criterion: Criterion
    fact: Fact | None
    score: float | None = None


class Episode(msgspec.Struct, frozen=True):
    """A half-open time `[start, end)` with one grade. `end` is None while it lasts.

    `grade` is None where it cannot be assessed. With something `missing`, an assessable grade is a lower bound.
    `policies` are the open questions that a centre's policy decided here. `because` rests on the facts as they were
    at `start`.
    """

    course: str
    scale: str
    grade: int | None
    start: Instant
    end: Instant | None
    because: tuple[Reason, ...]
    missing: tuple[str, ...]
    policies: tuple[str, ...]
    edition: str

    @property
    def assessable(self) -> bool:
        """Whether the scale could be assessed at all."""
        return self.grade is not None

    @property
    def shown(self) -> str:
        """The grade as every surface prints it: ``2``, ``>= 2`` where something is missing, ``not assessable``."""
        if self.grade is None:
            return "not assessable"
        return f">= {self.grade}" if self.missing else str(self.grade)


@cache
def editions() -> Mapping[str, Edition]:
    """The editions of the scales, by scale."""
    import tomllib

    raw = tomllib.loads((resources.files(__package__) / "editions.toml").read_text("utf-8"))
    return {
        scale: msgspec.convert({**table, "effective_from": str(table["effective_from"])}, Edition)
        for scale, table in raw.items()
    }


@cache
def criteria() -> Mapping[int, Criterion]:
    """Every criterion by its code in the fold."""
    tables = _reasons()
    return {
        int(code): msgspec.convert(table, Criterion)
        for scale in tables.values()
        for code, table in scale["criteria"].items()
    }


@cache
def missing_names(scale: str) -> tuple[str, ...]:
    """What each bit of a scale's `missing` names."""
    table = _reasons()[scale.partition(".")[0]]["missing"]
    return tuple(str(table[str(bit)]) for bit in range(len(table)))


@cache
def _reasons() -> Mapping[str, Mapping[str, Mapping[str, dict[str, str]]]]:
    import tomllib

    tables: dict[str, Mapping[str, Mapping[str, dict[str, str]]]] = tomllib.loads(
        (resources.files(__package__) / "reasons.toml").read_text("utf-8")
    )
    return tables


def _bits(number: float) -> Iterator[int]:
    whole, bit = int(number), 0
    while whole:
        if whole & 1:
            yield bit
        whole >>= 1
        bit += 1


@cache
def names_of_missing(scale: str, number: float) -> tuple[str, ...]:
    """The variables named by the `missing` bits."""
    return tuple(missing_names(scale)[bit] for bit in _bits(number))


@cache
def names_of_policies(scale: str, number: float) -> tuple[str, ...]:
    """The policies named by the `policies` bits."""
    return tuple(policy_of_flag(scale.partition(".")[0], bit) for bit in _bits(number))


def reasons_of(out: Sequence[float], facts: Facts) -> tuple[Reason, ...]:
    """The reasons of one answer, in the order of the guideline's columns."""
    reasons = []
    for pair in range(b.PAIRS):
        code, place = int(out[b.REASONS + 2 * pair]), int(out[b.REASONS + 2 * pair + 1])
        if code:
            fact = facts[place] if place >= 0 else None
            shows_score = fact is not None and (fact.what in ICE_ITEMS or fact.what == "baseline_ice_score")
            reasons.append(Reason(criteria()[code], fact, out[b.SCORE] if shows_score else None))
    return tuple(reasons)


def episode_of(course: str, scale: str, answer: Answer, end: Instant | None, facts: Facts) -> Episode:
    """One answer of the fold as an episode. `facts` are those whose places the answer's reasons name."""
    out = answer.out
    grade = None if out[b.GRADE] == b.NOT_ASSESSABLE else int(out[b.GRADE])
    return Episode(
        course,
        scale,
        grade,
        int(answer.start),
        end,
        reasons_of(out, facts),
        names_of_missing(scale, out[b.MISSING]),
        names_of_policies(scale, out[b.POLICIES]),
        editions()[scale].edition,
    )


def episodes_of(course: str, scale: str, answers: Sequence[Answer], facts: Facts) -> list[Episode]:
    """The fold's answers as episodes; spans that are not covered leave none."""
    ends: list[Instant | None] = [*(int(a.start) for a in answers[1:]), None] if answers else []
    return [
        episode_of(course, scale, answer, end, facts)
        for answer, end in zip(answers, ends, strict=True)
        if answer.out[b.GRADE] != b.NOT_COVERED
    ]
