"""Follow the chain of one course from its first fact to its last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import msgspec

from cartway.problem import Problem
from cartway.record import chain
from cartway.record.checkpoint import Head
from cartway.record.content import Prepared, prepare
from cartway.record.fact import Fact
from cartway.record.rows import AuditRow, CourseRow, read_fact


class Flaw(NamedTuple):
    """What is wrong, and the position where it begins to be."""

    position: int
    reason: str


class Walk(msgspec.Struct):
    """What following a chain found. `recomputed`: the hashes that differ from the stored ones, by position."""

    facts: int = 0
    flaws: list[Flaw] = []
    recomputed: dict[int, bytes] = {}


class _UnfollowableError(Exception):
    """The chain ends here: the row is not the next fact of its course."""


def walk(
    course: CourseRow,
    rows: Iterable[AuditRow],
    stored_amendments: Mapping[int, int],
    words: Mapping[int, str],
    end: int,
    vouched: Head | None,
) -> Walk:
    """Check a course fact by fact, in the order of positions.

    `end`: the last position of the store, beyond which lies what is lost; `vouched`: what a checkpoint says.
    """
    walked, heads, amendments = Walk(), [chain.START], _Amendments()
    for row in rows:
        try:
            fact, prepared = _read(row, words, walked.facts + 1)
        except _UnfollowableError as unfollowable:
            walked.flaws.append(Flaw(row.position, str(unfollowable)))
            return walked
        walked.facts += 1
        amendments.take(fact)
        links = [_link(head, fact, prepared, walked.facts) for head in heads]
        if row.hash in links:
            heads = [row.hash]
        else:  # go on from the stored hash and from the recomputed one: whichever was not tampered with leads on
            heads = [row.hash, links[0]]
            walked.recomputed[row.position] = links[0]
            walked.flaws.append(Flaw(row.position, "The fact is not what was recorded."))
        if vouched and walked.facts == vouched.count and row.hash.hex() != vouched.head:
            walked.flaws.append(Flaw(row.position, "The course up to here is not what the checkpoint vouches for."))
    walked.flaws += _ending(course, walked.facts, heads, row.position if walked.facts else 0, end)
    walked.flaws += [] if walked.flaws else _changed(amendments.tips, stored_amendments)
    return walked


def _read(row: AuditRow, words: Mapping[int, str], sequence: int) -> tuple[Fact, Prepared]:
    if row.seq is None:
        raise _UnfollowableError("Half of the fact is missing.")
    if row.seq != sequence:
        raise _UnfollowableError("A fact of the course is missing before this one, or doubled, or at another place.")
    try:
        fact = read_fact(row.fact, words)
    except (KeyError, TypeError, ValueError, msgspec.DecodeError):
        raise _UnfollowableError("The fact cannot be read.") from None
    prepared = prepare(fact)
    if isinstance(prepared, Problem):
        raise _UnfollowableError("The fact holds what could never have been recorded.")
    if prepared.key_hash != row.key_hash:
        raise _UnfollowableError("The fact cannot be found by its key.")
    return fact, prepared


def _link(head: bytes, fact: Fact, prepared: Prepared, sequence: int) -> bytes:
    assert fact.recorded_at is not None
    return chain.link(head, prepared.canonical, sequence, fact.position, fact.recorded_at, fact.recorded_by)


def _ending(course: CourseRow, facts: int, heads: list[bytes], position: int, end: int) -> Iterator[Flaw]:
    if course.length > facts:
        yield Flaw(end + 1, "Facts at the end of the course are missing.")
    elif course.length < facts or course.head not in heads:
        yield Flaw(position, "The course does not end as its head says.")


def _changed(expected: Mapping[int, int], stored: Mapping[int, int]) -> Iterator[Flaw]:
    changed = set(expected.items()) ^ set(stored.items())
    if changed:
        yield Flaw(min(changed)[0], "What supersedes this fact was altered.")


class _Amendments:
    """Who supersedes whom, worked out anew from the keys."""

    def __init__(self) -> None:
        self.tips: dict[int, int] = {}
        self._keys: dict[str, dict[str, int]] = {}

    def take(self, fact: Fact) -> None:
        own = self._keys.get(fact.key, {}).get(fact.source)
        named = self._named(fact) if fact.amends else None
        for target in (own, named):
            self._supersede(target, fact.position)
        self._keys.setdefault(fact.key, {})[fact.source] = fact.position

    def _named(self, fact: Fact) -> int | None:
        by_source = self._keys.get(fact.amends, {})
        return by_source.get(fact.source) or next(iter(by_source.values()), None)

    def _supersede(self, target: int | None, position: int) -> None:
        while target in self.tips:
            target = self.tips[target]
        if target is not None and target != position:
            self.tips[target] = position
