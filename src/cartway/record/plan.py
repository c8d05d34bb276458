"""What a batch does to a record: a pure function of the batch and of what the store already holds.

The rules of the key: the same course, source, key and content are already known. Another content under the same key is
an amendment if the source marks it as corrected or gives it a newer version; otherwise it is a conflict, and refused.
An explicit `amends` names the key of an earlier fact of the same course, of the same source if that has such a key.
Of several amendments the last one recorded is in force: it supersedes whatever stood at the tip of the statement.

Time never runs backwards in commit order: a batch is recorded no earlier than the last one, whatever its clock says,
so that what was known at a time that is past never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from cartway.problem import Problem
from cartway.record import chain
from cartway.record.content import Prepared, statement
from cartway.record.fact import RETRACTION
from cartway.record.outcome import Accepted, Known, Outcome, Receipt, Refused
from cartway.record.rows import BatchState, CourseState, Rows, entry_row, fact_row

CLINICAL, DEMO = chain.CLINICAL, "demo"


class Version(NamedTuple):
    """One recorded version of what a source states under a key."""

    position: int
    prepared: Prepared


class Held(msgspec.Struct, frozen=True):
    """What the store holds that matters to a batch.

    `versions` by (course, key), in commit order; `tips` leads from an amended position to the last one that amended it.
    """

    kind: str
    last: BatchState
    courses: Mapping[str, CourseState]
    course_count: int
    words: Mapping[str, int]
    word_count: int
    versions: Mapping[tuple[str, str], Sequence[Version]]
    tips: Mapping[int, int]


class Plan(NamedTuple):
    receipt: Receipt
    rows: Rows


def plan(batch: Sequence[Prepared | Problem], held: Held, recorded_at: int, recorded_by: str) -> Plan:
    """The outcome of each fact and the rows to write. A refused fact does not hold up the others."""
    draft = _Draft(held, recorded_at, recorded_by)
    outcomes = [draft.take(prepared) for prepared in batch]
    return Plan(Receipt(tuple(outcomes)), draft.finish())


class _Draft:
    """The rows of a batch in the making, and the store as it will be once they are written."""

    def __init__(self, held: Held, recorded_at: int, recorded_by: str) -> None:
        self.held, self.recorded_by = held, recorded_by
        self.recorded_at = max(recorded_at, held.last.recorded_at)  # of two clocks one may be behind
        self.position, self.batch = held.last.last, held.last.number + 1
        self.courses, self.touched = dict(held.courses), set[str]()
        self.versions = {key: list(versions) for key, versions in held.versions.items()}
        self.tips = dict(held.tips)
        self.rows, self.links = Rows(), list[bytes]()
        self.words = _Words(held)

    def take(self, prepared: Prepared | Problem) -> Outcome:
        if isinstance(prepared, Problem):
            return Refused(prepared)
        verdict = self.judge(prepared)
        if isinstance(verdict, Known):
            return verdict
        if isinstance(verdict, Problem):
            return Refused(verdict)
        self.record(prepared, verdict)
        return Accepted(self.position)

    def judge(self, prepared: Prepared) -> Known | Problem | list[int]:
        """Already known, a problem, or the positions that this fact amends."""
        content = prepared.content
        if content.simulated and self.held.kind == CLINICAL:
            return _simulated()
        own = [
            version
            for version in self.versions.get((content.course, content.key), ())
            if version.prepared.content.source == content.source
        ]
        same = _same_key(prepared, own) if own else []
        if not isinstance(same, list) or not (content.amends or content.what == RETRACTION):
            return same
        target = _amended(content.source, content.amends, self.versions.get((content.course, content.amends), ()))
        return target if isinstance(target, Problem) else [*same, target]

    def record(self, prepared: Prepared, amended: Iterable[int]) -> None:
        content = prepared.content
        course = self.courses.get(content.course) or self.open_course(content.course)
        self.position += 1
        head = chain.link(
            course.head, prepared.canonical, course.length + 1, self.position, self.recorded_at, self.recorded_by
        )
        words = self.words
        self.rows.facts.append(fact_row(prepared, course.id, self.position, words))
        self.rows.entries.append(entry_row(prepared, course, self.position, self.batch, words, head))
        if prepared.detail:
            self.rows.details.append((course.id, self.position, prepared.detail))
        for position in amended:
            self.supersede(course.id, position)
        self.versions.setdefault((content.course, content.key), []).append(Version(self.position, prepared))
        self.courses[content.course] = CourseState(course.id, head, course.length + 1)
        self.touched.add(content.course)
        self.links.append(head)

    def open_course(self, name: str) -> CourseState:
        opened = CourseState(self.held.course_count + len(self.rows.courses) + 1, chain.START, 0)
        self.rows.courses.append((opened.id, name, chain.START, 0))
        return opened

    def supersede(self, course: int, position: int) -> None:
        while (tip := self.tips.get(position)) is not None:
            position = tip
        if position != self.position:  # the same statement may be named by its key and by `amends`
            self.tips[position] = self.position
            self.rows.amendments.append((course, position, self.position))

    def finish(self) -> Rows:
        first = self.held.last.last + 1
        if self.position < first:
            return self.rows
        author = self.words[self.recorded_by]
        head = chain.link_batch(
            self.held.last.head if self.held.last.number else chain.start(self.held.kind),
            first,
            self.position,
            self.recorded_at,
            self.recorded_by,
            self.links,
        )
        self.rows.batches.append((self.batch, first, self.position, self.recorded_at, author, head))
        self.rows.heads.extend((*self.courses[name][1:], self.courses[name].id) for name in sorted(self.touched))
        self.rows.words.extend(self.words.added)
        return self.rows


class _Words(dict[str, int]):
    """The numbers of the words; one that is missing is numbered, and noted as added."""

    def __init__(self, held: Held) -> None:
        super().__init__(held.words)
        self.count, self.added = held.word_count, list[tuple[int, str]]()

    def __missing__(self, text: str) -> int:
        number = self.count
        self.count += 1
        self.added.append((number, text))
        self[text] = number
        return number


def _same_key(prepared: Prepared, own: Sequence[Version]) -> Known | Problem | list[int]:
    """Judge a fact against the versions that its source has recorded under its key."""
    for version in own:
        if version.prepared.canonical == prepared.canonical:
            return Known(version.position)
    latest, content = own[-1], prepared.content
    stated_then, stated_now = latest.prepared.content.source_recorded_at, content.source_recorded_at
    if statement(latest.prepared.content) == statement(content):
        return Known(latest.position)
    if stated_then is not None and stated_now is not None and stated_now < stated_then:
        return _stale()  # a late replay of an old version must not undo a newer one
    is_newer = stated_now is not None and (stated_then is None or stated_now > stated_then)
    return [latest.position] if content.corrected or is_newer else _conflict()


def _amended(source: str, key: str, versions: Sequence[Version]) -> int | Problem:
    """The position of the fact that `key` names: the same source's first, else the only source's."""
    by_source = {version.prepared.content.source: version.position for version in versions}
    if source in by_source:
        return by_source[source]
    if len(by_source) > 1:
        return Problem(
            "ambiguous_amends",
            "Several sources of this course use the key that `amends` names.",
            "State the source of the fact to amend as this fact's source.",
        )
    return next(iter(by_source.values()), None) or Problem(
        "unknown_amends",
        "No recorded fact of this course has the key that `amends` names.",
        "Record the original first, or correct `amends`.",
    )


def _conflict() -> Problem:
    return Problem(
        "conflict",
        "This source has recorded another content under the same key.",
        "If it is a correction, mark it as corrected or give its later `source_recorded_at`; if not, give its own key.",
    )


def _stale() -> Problem:
    return Problem(
        "stale_version",
        "A newer version under the same key is already recorded.",
        "If this older content is right after all, record it with a later `source_recorded_at`.",
    )


def _simulated() -> Problem:
    return Problem(
        "simulated_fact",
        "The fact is simulated, and this is a clinical record.",
        "Record simulated courses in a demo store.",
    )
