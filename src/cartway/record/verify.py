"""Does the store still hold what was recorded? Every fact is read back, encoded and hashed again.

What was changed, moved, dropped or doubled shows in the chains themselves. That a consistent tail or a whole course is
gone, or that somebody hashed everything anew, shows only against a checkpoint.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import msgspec

from cartway.record import chain, cold
from cartway.record.checkpoint import Checkpoint
from cartway.record.rows import BatchRow, CourseRow
from cartway.record.walk import Flaw, Walk, walk

if TYPE_CHECKING:
    from sqlalchemy import Connection

MAX_FLAWS = 1_000


class Verification(msgspec.Struct, frozen=True):
    """How much was read, and the flaws in the order of positions. `problem`: why the checkpoint cannot be used."""

    facts: int
    courses: int
    flaws: tuple[Flaw, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        return not self.flaws and not self.problem

    @property
    def first_bad(self) -> int | None:
        """The first position at which the record is not what it was; where a tail is lost, the first one missing."""
        return self.flaws[0].position if self.flaws else None

    @property
    def reason(self) -> str:
        return self.flaws[0].reason if self.flaws else self.problem


def verify(connection: Connection, against: Checkpoint | None = None, public_key: str = "") -> Verification:
    """Check the whole record, and that it holds what a checkpoint vouches for. `public_key`: the signer to trust."""
    problem = against.problem(public_key) if against else None
    vouched = against if problem is None else None
    words, courses, end = cold.read_words(connection), cold.read_courses(connection), cold.last_position(connection)
    walks = {course.name: _walk(connection, course, words, end, vouched) for course in courses}
    recomputed = {position: link for walked in walks.values() for position, link in walked.recomputed.items()}
    flaws = [flaw for walked in walks.values() for flaw in walked.flaws]
    links, start = cold.read_links(connection), chain.start(cold.kind_of(connection))
    flaws += _batches(cold.read_batches(connection), links, start, words, recomputed, vouched)
    flaws += [Flaw(position, f"A row of `{table}` is without its fact.") for table, position in cold.strays(connection)]
    flaws += _lost(vouched, walks, end) if vouched else []
    flaws.sort()
    facts = sum(walked.facts for walked in walks.values())
    return Verification(facts, len(courses), tuple(flaws[:MAX_FLAWS]), str(problem or ""))


def _walk(
    connection: Connection, course: CourseRow, words: Mapping[int, str], end: int, vouched: Checkpoint | None
) -> Walk:
    rows, amendments = cold.audit_rows(connection, course.id), cold.read_amendments(connection, course.id)
    return walk(course, rows, amendments, words, end, vouched.heads.get(course.name) if vouched else None)


def _lost(checkpoint: Checkpoint, walks: dict[str, Walk], end: int) -> Iterator[Flaw]:
    """What a checkpoint vouches for and the record no longer has."""
    if checkpoint.position > end:
        yield Flaw(end + 1, f"The facts from here to {checkpoint.position} are lost: the checkpoint vouches for them.")
    for name, head in checkpoint.heads.items():
        if name not in walks:
            yield Flaw(end + 1, "A course that the checkpoint vouches for is lost.")
        elif walks[name].facts < head.count:
            yield Flaw(end + 1, "The tail of a course that the checkpoint vouches for is lost.")


def _batches(
    batches: Iterable[BatchRow],
    links: Iterable[Sequence[Any]],
    start: bytes,
    words: Mapping[int, str],
    recomputed: Mapping[int, bytes],
    vouched: Checkpoint | None,
) -> Iterator[Flaw]:
    """Follow the chain of the store from batch to batch, up to the first that does not fit."""
    last, head = 0, start
    for batch, group in zip_longest(batches, groupby(links, itemgetter(0))):
        held = [(position, link) for _, position, link in group[1]] if group else []
        flaw = _batch_flaw(batch, held, last, head, words, recomputed)
        if flaw is None and vouched and batch and batch.number == vouched.batch and batch.head.hex() != vouched.head:
            flaw = Flaw(batch.first, "The record up to here is not the one that the checkpoint vouches for.")
        if flaw or batch is None:
            yield from [flaw] if flaw else []
            return
        last, head = batch.last, batch.head


def _batch_flaw(
    batch: BatchRow | None,
    held: list[tuple[int, bytes]],
    last: int,
    head: bytes,
    words: Mapping[int, str],
    recomputed: Mapping[int, bytes],
) -> Flaw | None:
    if batch is None:
        return Flaw(held[0][0], "There are facts that no batch recorded.")
    for expected, found in zip_longest(range(last + 1, batch.last + 1), (position for position, _ in held)):
        if expected != found:
            return Flaw(expected or found or 0, "A fact is missing, or at another place than it was recorded.")
    for links in ([link for _, link in held], [recomputed.get(position, link) for position, link in held]):
        author = words.get(batch.author, "")
        if batch.head == chain.link_batch(head, batch.first, batch.last, batch.recorded_at, author, links):
            return None
    return Flaw(last + 1, "The batch that begins here is not the one that was recorded.")
