"""HL7 v2 messages, from files or one by one, as drafts of facts.

Read: ORU (R01, R30 to R32), OUL (R21 to R24), and ADT (see `hl7_encounter`). Other kinds are left out by a rule that
counts them. Nothing here raises on what a message says: what cannot be read is refused in its place and the rest goes
on.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from cartway.intake.drafts import Draft, Item, Refused, as_simulated
from cartway.intake.hl7_charset import decode, keep
from cartway.intake.hl7_context import FORMAT, Context, Feed, place_of
from cartway.intake.hl7_death import death
from cartway.intake.hl7_encounter import events
from cartway.intake.hl7_framing import Frame, frames
from cartway.intake.hl7_observation import observations
from cartway.intake.hl7_patient import enrolment, subjects
from cartway.intake.hl7_syntax import Message, parse
from cartway.problem import Problem

__all__ = ["Feed", "items", "open_frame", "read_frame", "read_hl7", "refused_frame"]

RESULTS = frozenset({"R01", "R30", "R31", "R32", "R21", "R22", "R23", "R24"})


def read_hl7(source: Path | bytes, *, name: str, feed: Feed | None = None) -> Iterator[Item]:
    """Every item of a file, or of bytes in memory: plain messages, batches (FHS, BHS), MLLP blocks, in any mixture."""
    feed = feed or Feed()
    for frame in frames(source, feed.max_bytes):
        yield from read_frame(frame, name=name, feed=feed)


def read_frame(frame: Frame, *, name: str, feed: Feed) -> Iterator[Item]:
    """The items of one message."""
    message = open_frame(frame, feed)
    if isinstance(message, Problem):
        yield refused_frame(frame, message, name)
    else:
        yield from items(Context(message, feed, name, frame.number))


def open_frame(frame: Frame, feed: Feed) -> Message | Problem:
    """The message in a frame, decoded and split."""
    if frame.problem:
        return frame.problem
    if frame.charset:
        return parse(frame.data.decode("utf-8", "strict"), "utf-8") if _is_utf8(frame.data) else _not_utf16()
    decoded = decode(frame.data, feed.charset)
    return decoded if isinstance(decoded, Problem) else parse(*decoded)


def items(context: Context) -> Iterator[Item]:
    """What a message says; of a message for training or debugging (MSH-11 T, D) marked as simulated."""
    found = _items(context)
    return map(as_simulated, found) if context.is_test else found


def _items(context: Context) -> Iterator[Item]:
    """By the type of the message."""
    code, trigger = context.message.kind
    if code == "ADT":
        yield from events(context)
    elif code in ("ORU", "OUL") and (trigger in RESULTS or not trigger):
        yield from _results(context)
    else:
        yield context.ignored("message_type_not_used")


def refused_frame(frame: Frame, problem: Problem, name: str) -> Refused:
    """A whole message refused; what of it is kept can be mended and read again."""
    return Refused(problem.at(place_of(name, frame.number)), FORMAT, keep(frame.data))


def _results(context: Context) -> Iterator[Item]:
    """Deaths and observations. Before the first one of a patient comes who that is: identifiers, and birth date."""
    found = [(subjects(context, pid), pid) for pid in context.message.each("PID")]
    strangers = {who[0]: pid for who, pid in found if who}
    deaths = (item for _, pid in found for item in death(context, pid, result=True))
    empty = True
    for item in chain(deaths, observations(context)):
        empty = False
        draft = item.stand_in if isinstance(item, Refused) else item
        if isinstance(draft, Draft) and draft.subject in strangers:
            yield enrolment(context, strangers.pop(draft.subject), authoritative=False)
        yield item
    if empty:
        yield context.ignored("no_value")


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _not_utf16() -> Problem:
    return Problem("undecodable", "The file begins as UTF-16 but is not.", "Save it as UTF-8.")
