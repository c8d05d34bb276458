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
from cartway.toxicity.further import ALL_SCALES
from cartway.toxicity.rules import FAMILIES, policy_of_flag

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
    family: str = ""


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
    at `start`. `measures`: what the scale counted (days, say) by the end of the episode, by name.
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
    measures: Mapping[str, float] = {}

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

    tables = (tomllib.loads(text) for text in _texts("editions"))
    raw = {scale: table for each in tables for scale, table in each.items()}
    return {
        scale: msgspec.convert({**raw[scale], "effective_from": str(raw[scale]["effective_from"])}, Edition)
        for scale in ALL_SCALES
    }


def _texts(name: str) -> Iterator[str]:
    """The files of one kind of table: that of CRS and ICANS, then those of the further scales' families."""
    folder = resources.files(__package__)
    yield (folder / f"{name}.toml").read_text("utf-8")
    yield from ((folder / f"{name}_{family}.toml").read_text("utf-8") for family in FAMILIES)


def family_of(scale: str) -> str:
    """The family whose tables word a scale's answers: ``crs`` of ``crs.astct``, ``older`` of ``crs.penn``."""
    return editions()[scale].family or scale.partition(".")[0]


@cache
def criteria() -> Mapping[int, Criterion]:
    """Every criterion by its code in the fold."""
    tables = _reasons()
    return {
        int(code): msgspec.convert(table, Criterion)
        for scale in tables.values()
        for code, table in scale.get("criteria", {}).items()
    }


@cache
def missing_names(scale: str) -> tuple[str, ...]:
    """What each bit of a scale's `missing` names."""
    table = _reasons()[family_of(scale)]["missing"]
    return tuple(str(table[str(bit)]) for bit in range(len(table)))


@cache
def _reasons() -> Mapping[str, Mapping[str, Mapping[str, dict[str, str]]]]:
    import tomllib

    tables: dict[str, Mapping[str, Mapping[str, dict[str, str]]]] = {}
    for text in _texts("reasons"):
        tables |= tomllib.loads(text)
    return tables


@cache
def names_of_measures(scale: str) -> tuple[str, ...]:
    """What each measure of a scale is called; none for most."""
    tables = _reasons()
    table = tables.get(scale, tables[family_of(scale)]).get("measures", {})
    return tuple(str(table[str(place)]) for place in range(len(table)))


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
    return tuple(policy_of_flag(family_of(scale), bit) for bit in _bits(number))


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
        {} if grade is None else {name: out[b.MEASURES + i] for i, name in enumerate(names_of_measures(scale))},
    )


def episodes_of(course: str, scale: str, answers: Sequence[Answer], facts: Facts) -> list[Episode]:
    """The fold's answers as episodes; spans that are not covered leave none.

    Answers in a row that differ in what they counted alone are one episode, with what was counted by its end.
    """
    ends: list[Instant | None] = [*(int(a.start) for a in answers[1:]), None] if answers else []
    found: list[Episode] = []
    for answer, end in zip(answers, ends, strict=True):
        if answer.out[b.GRADE] != b.NOT_COVERED:
            episode = episode_of(course, scale, answer, end, facts)
            if found and _goes_on(found[-1], episode):
                episode = msgspec.structs.replace(found.pop(), end=end, measures=episode.measures)
            found.append(episode)
    return found


def _goes_on(before: Episode, after: Episode) -> bool:
    same = (before.grade, before.missing, before.policies) == (after.grade, after.missing, after.policies)
    return same and before.end == after.start and _criteria(before) == _criteria(after)


def _criteria(episode: Episode) -> list[str]:
    return [reason.criterion.slug for reason in episode.because]
