"""The log: append-only, durable, in commit order. One class over either store."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from cartway.problem import Problem
from cartway.record.columns import Columns, in_force
from cartway.record.content import MAX_BATCH, MAX_TEXT, NEVER, Prepared, key_hash, prepare
from cartway.record.fact import Fact
from cartway.record.outcome import Accepted, Receipt, Refused
from cartway.record.plan import Held, Plan, Version, plan
from cartway.record.rows import Row, Rows, Summary, read_fact
from cartway.times import Instant

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from sqlalchemy import Connection

    from cartway.record.checkpoint import Checkpoint
    from cartway.record.driver import Driver
    from cartway.record.verify import Verification


class Log:
    """A record of facts. Use it as a context manager; several threads may share it, one of them works at a time."""

    def __init__(self, driver: Driver) -> None:
        self._driver, self._lock = driver, threading.RLock()
        self.place, self.kind = driver.place, driver.kind()
        self._texts: dict[int, str] = {}
        self._numbers: dict[str, int] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._driver.close()

    def append(
        self, facts: Sequence[Fact], *, recorded_at: Instant, recorded_by: str, lengths: Mapping[str, int] | None = None
    ) -> Receipt:
        """Record a batch in one transaction: durable when this returns.

        The outcomes are in the order of `facts`: accepted, already known, or refused with its problem; a refused fact
        does not hold up the others. `lengths`: how many facts a course had when what is recorded was decided; where it
        has another number by now, the whole batch is refused as ``course_changed``. A `recorded_at` before the last
        batch's becomes that one's. Raises a `StoreError` where the store fails: then nothing of the batch is recorded.
        """
        assert isinstance(recorded_at, int) and abs(recorded_at) < NEVER, (
            "recorded_at is an Instant: whole microseconds"
        )
        assert 0 < len(recorded_by) <= MAX_TEXT and "\0" not in recorded_by, "recorded_by names who records"
        if len(facts) > MAX_BATCH:
            return Receipt((Refused(_too_many(len(facts))),) * len(facts))
        batch = [prepare(fact) for fact in facts]
        with self._lock, self._driver.writing():
            held = self._held(batch)
            if any(_length(held, course) != length for course, length in (lengths or {}).items()):
                return Receipt((Refused(_changed()),) * len(facts))
            planned = plan(batch, held, recorded_at, recorded_by)
            _assert_sound(planned)
            if planned.rows.batches:
                self._driver.write(planned.rows)
        self._learn(planned.rows.words)
        return planned.receipt

    def facts(self, course: str, *, known_at: Instant | None = None) -> list[Fact]:
        """All facts of a course in commit order, superseded ones included (see `current`), as known at `known_at`."""
        from cartway.record import cold

        with self.reading() as connection:
            found = cold.facts_of(connection, course)
        return [fact for fact in found if known_at is None or (fact.recorded_at or 0) <= known_at]

    def columns(self, course: str) -> Columns:
        """The facts of a course in force, as arrays: what derivations read. It agrees with `current`."""
        with self._lock:
            raw = self._driver.columns(course)
            self._refresh()
            return in_force(raw, self._texts)

    def courses(self) -> list[str]:
        """The names of all courses, in order."""
        from cartway.record import cold

        with self.reading() as connection:
            return cold.course_names(connection)

    def summaries(self) -> list[Summary]:
        """The courses in order, with how much is recorded of each."""
        from cartway.record import cold

        with self.reading() as connection:
            return cold.summaries(connection)

    def position(self) -> int:
        """The position of the last fact; 0 in an empty record."""
        with self._lock:
            return self._driver.last_batch().last

    def since(self, position: int, limit: int = 10_000) -> list[Fact]:
        """At most `limit` facts after a position, of all courses, in commit order."""
        from cartway.record import cold

        with self.reading() as connection:
            return cold.facts_since(connection, position, limit)

    def wait(self, position: int, timeout_s: float) -> int:
        """Block until another process records something after `position`, or the time is over; the last position."""
        return self._driver.wait(position, timeout_s)

    def checkpoint(self, key: Ed25519PrivateKey) -> Checkpoint:
        """The heads of all courses at the last position, signed. Keep it apart from the store."""
        from cartway.record import cold
        from cartway.record.checkpoint import checkpoint_of

        with self.reading() as connection:
            return checkpoint_of(cold.read_courses(connection), cold.last_batch(connection)).signed(key)

    def verify(self, against: Checkpoint | None = None, *, public_key: str = "") -> Verification:
        """Read every fact back and check the chains, and that all that a checkpoint vouches for is there.

        `public_key`, in hexadecimal, is the signer to trust; without one, whoever signed the checkpoint is believed.
        """
        from cartway.record.verify import verify

        with self.reading() as connection:
            return verify(connection, against, public_key)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A snapshot for SQLAlchemy's cold queries."""
        with self._driver.cold() as connection:
            yield connection

    def _held(self, batch: Sequence[Prepared | Problem]) -> Held:
        sound = [prepared for prepared in batch if isinstance(prepared, Prepared)]
        self._refresh()
        courses, course_count = self._driver.courses(sorted({prepared.content.course for prepared in sound}))
        versions = self._versions(sound)
        positions = [version.position for found in versions.values() for version in found]
        return Held(
            kind=self.kind,
            last=self._driver.last_batch(),
            courses=courses,
            course_count=course_count,
            words=self._numbers,
            word_count=len(self._numbers),
            versions=versions,
            tips=self._driver.tips(positions) if positions else {},
        )

    def _versions(self, batch: Sequence[Prepared]) -> dict[tuple[str, str], list[Version]]:
        """What is recorded under the keys that a batch states or amends, in commit order."""
        amending = [each.content for each in batch if each.content.amends]
        named = {key_hash(content.course, content.source, content.amends) for content in amending}
        found = self._read(self._driver.keyed(sorted(named.union(each.key_hash for each in batch))))
        own = {(fact.course, fact.source, fact.key) for fact in found.values()}
        foreign = [each for each in amending if (each.course, each.source, each.amends) not in own]
        if foreign:  # what they amend is another source's, if anybody's
            rows = self._driver.named({each.course for each in foreign}, {each.amends for each in foreign})
            found |= self._read(rows)
        versions: dict[tuple[str, str], list[Version]] = {}
        for position, fact in sorted(found.items()):
            recorded = prepare(fact)
            assert isinstance(recorded, Prepared), "what is recorded has passed the limits"
            versions.setdefault((fact.course, fact.key), []).append(Version(position, recorded))
        return versions

    def _read(self, rows: Sequence[Row]) -> dict[int, Fact]:
        facts = (read_fact(row, self._texts) for row in rows)
        return {fact.position: fact for fact in facts}

    def _refresh(self) -> None:
        self._learn(self._driver.words(len(self._texts)))

    def _learn(self, words: Sequence[tuple[Any, ...]]) -> None:
        self._texts.update(words)
        self._numbers.update((text, number) for number, text in words)


def _assert_sound(planned: Plan) -> None:
    """Before anything is written: positions without a gap, one row in each table for each accepted fact."""
    rows: Rows = planned.rows
    positions = [outcome.position for outcome in planned.receipt.outcomes if isinstance(outcome, Accepted)]
    assert len(rows.facts) == len(rows.entries) == len(positions)
    if positions:
        _, first, last, *_ = rows.batches[0]
        assert positions == list(range(first, last + 1))


def _length(held: Held, course: str) -> int:
    state = held.courses.get(course)
    return state.length if state else 0


def _changed() -> Problem:
    reason = "Something else was recorded for this course in the meantime."
    return Problem("course_changed", reason, "Look at it, and decide again.")


def _too_many(count: int) -> Problem:
    return Problem(
        "batch_too_large", f"The batch has {count} facts; at most {MAX_BATCH} go into one.", "Record it in parts."
    )
