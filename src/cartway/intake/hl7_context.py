"""How one sender's messages are to be read, and where we are in them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from cartway.intake.drafts import Draft, Ignored, Refused
from cartway.intake.hl7_charset import DEFAULT
from cartway.intake.hl7_framing import MAX_BYTES
from cartway.intake.hl7_syntax import Message, Segment
from cartway.intake.hl7_time import offset_of, read_time
from cartway.problem import Problem
from cartway.times import Instant
from cartway.vocabulary import Meaning

FORMAT = "hl7"
TEST_IDS = frozenset({"T", "D"})  # MSH-11 (table 0103): training, debugging
MAX_EXCERPT = 16_384  # characters; a message of 20,000 faults keeps as many excerpts


class Feed(msgspec.Struct, frozen=True):
    """What a center knows about a sender and the messages do not say.

    `zone` is the time zone of stamps without an offset (None: unknown, and they are refused). `charset` is read where
    MSH-18 is empty. `local_codes` gives the center's own codes their meaning, by (coding system as written, code);
    see `local_codes`. Without `death_without_cause` what PID says of a death is left out by the rule ``policy_off``:
    for a sender that is known to state deaths wrongly.
    """

    zone: ZoneInfo | None = None
    charset: str = DEFAULT
    local_codes: Mapping[tuple[str, str], Meaning] = {}
    death_without_cause: bool = True
    max_bytes: int = MAX_BYTES


class Context(msgspec.Struct, frozen=True):
    """One message being read: the `number`-th of the source called `name`."""

    message: Message
    feed: Feed
    name: str
    number: int

    @property
    def source(self) -> str:
        """Who says so: sending application and facility, MSH-3 and MSH-4."""
        header = self.message.header
        return "/".join(part for part in (header.get(3) or header.get(3, 2), header.get(4) or header.get(4, 2)) if part)

    @property
    def is_test(self) -> bool:
        """Whether the message is no production message, so that nobody in it is real."""
        return is_test(self.message)

    def time(self, stamp: str) -> Instant | Problem:
        """A stamp of this message as an instant."""
        return read_time(stamp, offset_of(self.message.header.get(7)), self.feed.zone)

    def place(self, segment: Segment | None = None, field: int | None = None) -> str:
        """``labs.hl7, message 2 (#5f3a9c1e), segment OBX[3], field 5``.

        The control id is shown as a hash: some carry a patient's.
        """
        parts = [place_of(self.name, self.number, self.message.header.raw(10))]
        return ", ".join(parts + ([segment.place(field)] if segment else []))

    def ignored(self, rule: str, segment: Segment | None = None, field: int | None = None) -> Ignored:
        """Left out by a rule."""
        return Ignored(rule, self.place(segment, field))

    def refused(
        self,
        problem: Problem,
        segment: Segment | None = None,
        field: int | None = None,
        *,
        around: Iterable[Segment | None] = (),
        stand_in: Draft | None = None,
    ) -> Refused:
        """A refusal that keeps a small message to mend: the header, the segments `around`, the one at fault."""
        return Refused(problem.at(self.place(segment, field)), FORMAT, self.excerpt([*around, segment]), stand_in)

    def excerpt(self, segments: Iterable[Segment | None]) -> str:
        """A message of these segments alone; the whole where none is given; nothing where that is too long to keep."""
        chosen = [segment for segment in segments if segment is not None and segment.name != "MSH"]
        if not chosen:
            return "\r".join(segment.line() for segment in self.message.segments) + "\r"
        lines = [segment.line() for segment in (self.message.header, *chosen)]
        return "\r".join(lines) + "\r" if sum(map(len, lines)) <= MAX_EXCERPT else ""


def is_test(message: Message) -> bool:
    """Whether a message says that it is for training or debugging."""
    return message.header.get(11).upper() in TEST_IDS


def event_stamp(context: Context) -> str:
    """When the event was recorded: EVN-2, else the message's own time."""
    event = context.message.first("EVN")
    return (event.get(2) if event else "") or context.message.header.get(7)


def stated(context: Context) -> dict[str, Any]:
    """Who states what an ADT message says, and since when: the version of the fact."""
    recorded = context.time(event_stamp(context))
    version = None if isinstance(recorded, Problem) else recorded
    return {"source": context.source, "source_recorded_at": version}


def place_of(name: str, number: int, control_id: str = "") -> str:
    """Where a message is, without a word of what it says."""
    mark = f" (#{hashlib.sha256(control_id.encode()).hexdigest()[:8]})" if control_id else ""
    return f"{name}, message {number}{mark}"
