"""Which messages were answered AA before: by sender and control id (MSH-10), with a digest of what they said.

A sender that got no answer sends again, and must hear AA without anything being done twice. The same id with other
content is a fault of the sender and must not pass for a repetition. Senders count around, so an id is forgotten after
`HORIZON`.

This is a memory, not the guard against doubling: that is the record's own key rule, which holds even where this is
lost.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

import msgspec

from cartway.intake.hl7_syntax import Message
from cartway.times import DAY, Instant

HORIZON = 7 * DAY

Verdict = Literal["new", "repeated", "reused"]

_SCHEMA = """
create table if not exists seen (
  sender text not null, control_id text not null, digest blob not null, at integer not null,
  primary key (sender, control_id)
) without rowid;
create index if not exists seen_at on seen (at)
"""


class Identity(msgspec.Struct, frozen=True):
    """A message as its sender numbers it. `digest` covers all but MSH-7: some senders stamp a repetition anew."""

    sender: str
    control_id: str
    digest: bytes


def identify(message: Message) -> Identity:
    """The identity of a message."""
    header = message.header
    digest = hashlib.sha256("|".join(header.fields[:7] + header.fields[8:]).encode())
    for segment in message.segments[1:]:
        digest.update(b"\r" + segment.line().encode())
    return Identity(f"{header.raw(3)}|{header.raw(4)}", header.raw(10), digest.digest())


class Seen:
    """The memory, in a file of its own (or ``:memory:``) that only its owner may read. It keeps digests, no content."""

    def __init__(self, path: Path | str = ":memory:") -> None:
        if path != ":memory:":
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        self._store = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self._store.execute("pragma journal_mode = wal")
        self._store.execute("pragma synchronous = normal")
        self._store.executescript(_SCHEMA)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._store.close()

    def verdict(self, identity: Identity, now: Instant) -> Verdict:
        """Whether the message is new, the repetition of one answered AA, or another one under a used id."""
        row = self._store.execute(
            "select digest from seen where sender = ? and control_id = ? and at > ?",
            (identity.sender, identity.control_id, now - HORIZON),
        ).fetchone()
        if row is None:
            return "new"
        return "repeated" if row[0] == identity.digest else "reused"

    def remember(self, identities: Iterable[Identity], now: Instant) -> None:
        """These were taken in; their facts are durable."""
        self._store.execute("begin")
        rows = [(each.sender, each.control_id, each.digest, now) for each in identities]
        self._store.executemany("insert or replace into seen values (?, ?, ?, ?)", rows)
        self._store.execute("delete from seen where at <= ?", (now - HORIZON,))
        self._store.execute("commit")
