"""Where one message ends and the next begins: in files (plain, batched, or MLLP blocks) and on an MLLP connection.

A file is read in chunks; no more than one message of at most `max_bytes` is held. What cannot belong to a message is
a Problem in its place, and reading goes on with the next message.
"""

from __future__ import annotations

import codecs
import gzip
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from cartway.intake.sources import TooLargeError, broken_file, open_source, unopened
from cartway.intake.sources import too_large as file_too_large
from cartway.problem import Problem

MAX_BYTES = 10 * 1024 * 1024  # a report with an embedded document is a few MB; what is larger is not for us
START, END, CARRIAGE_RETURN = b"\x0b", b"\x1c", b"\x0d"  # MLLP Release 1: <VT> message <FS><CR>

_CHUNK = 1 << 18
_LINE_END = re.compile(
    rb"[\r\n\x0b\x1c]+"
)  # searched for alone: a pattern for the whole line backtracks for hours on none
_MESSAGE = re.compile(rb"MSH[^A-Za-z0-9\s]")
_ENVELOPE = re.compile(rb"(FHS|BHS|BTS|FTS)([^A-Za-z0-9]|$)")
_BOMS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


class Frame(msgspec.Struct, frozen=True):
    """The bytes of one message, the `number`-th of its source from 1; or, with a `problem`, a stretch that is none.

    `charset` is set where the bytes were changed on the way in (UTF-16 to UTF-8), and then overrules MSH-18.
    """

    number: int
    data: bytes = b""
    problem: Problem | None = None
    charset: str = ""


def frames(source: Path | bytes, max_bytes: int = MAX_BYTES) -> Iterator[Frame]:
    """The messages of a file (compressed or not), or of bytes in memory. What the file itself is wrong with comes last.

    Problems: message_too_large, truncated, not_a_message, batch_incomplete, no_message; broken_file, too_large,
    not_opened.
    """
    splitter = _Splitter(max_bytes)
    try:
        yield from _split(source, splitter)
    except (EOFError, gzip.BadGzipFile, zlib.error):
        yield Frame(splitter.number, problem=broken_file())
    except TooLargeError as excess:
        yield Frame(splitter.number, problem=file_too_large(excess.given))
    except OSError as failure:
        yield Frame(splitter.number, problem=unopened(failure))


def _split(source: Path | bytes, splitter: _Splitter) -> Iterator[Frame]:
    chunks = _chunks(source)
    first = next(chunks, b"")
    wide = next((name for bom, name in _BOMS.items() if first.startswith(bom)), None)
    everything = _chain(first.removeprefix(codecs.BOM_UTF8) if not wide else first, chunks)
    splitter.charset = "UNICODE UTF-8" if wide else ""
    for line, at_start in _lines(_narrowed(everything, wide) if wide else everything):
        yield from splitter.take(line, at_start)
    yield from splitter.finish()


class _Splitter:
    """Gathers lines into messages."""

    def __init__(self, max_bytes: int) -> None:
        self.max_bytes, self.charset = max_bytes, ""
        self.number = self.batch_start = self.size = 0
        self.pieces: list[bytes] = []
        self.inside = self.stray = self.in_block = False

    def take(self, line: bytes, at_start: bool) -> Iterator[Frame]:
        """One line with its end; `at_start` is False for the rest of a line too long to hold."""
        if at_start and _MESSAGE.match(line):
            yield from self.close()
            self.inside, self.number = True, self.number + 1
        elif at_start and _ENVELOPE.match(line):
            yield from self.close()
            yield from self.envelope(line)
            return
        self.add(line)
        yield from self.block_marks(line)

    def add(self, line: bytes) -> None:
        self.stray = self.stray or (not self.inside and bool(line.strip(b"\r\n\x0b\x1c \t")))
        if self.inside:
            self.size += len(line)
            self.pieces.append(line if self.size <= self.max_bytes else b"")

    def block_marks(self, line: bytes) -> Iterator[Frame]:
        """Follows the MLLP marks at the end of a line."""
        if END in line:
            self.in_block = False
            yield from self.close()
        if START in line:
            yield from self.close()
            self.in_block = True

    def close(self) -> Iterator[Frame]:
        """Yields what was gathered."""
        if self.stray:
            yield Frame(self.number, problem=_not_a_message())
        if self.inside:
            yield self.message()
        self.pieces, self.size, self.inside, self.stray = [], 0, False, False

    def message(self) -> Frame:
        cut = self.in_block
        self.in_block = False
        if self.size > self.max_bytes:
            return Frame(self.number, problem=too_large(self.max_bytes))
        data = b"".join(self.pieces).strip(b"\r\n\x0b\x1c")
        return Frame(self.number, data, _truncated() if cut else None, self.charset)

    def envelope(self, line: bytes) -> Iterator[Frame]:
        """Batch headers and trailers; BTS-1 says how many messages there were."""
        if line.startswith(b"BHS"):
            self.batch_start = self.number
        stated = line.strip().split(line[3:4])[1:2] if line.startswith(b"BTS") and len(line) > 4 else []
        if stated and stated[0].isdigit() and int(stated[0][:9]) != self.number - self.batch_start:
            yield Frame(self.number, problem=_batch_incomplete())

    def finish(self) -> Iterator[Frame]:
        if self.number == 0:
            yield Frame(0, problem=_no_message())
        else:
            yield from self.close()


def _lines(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """(line with its end, whether it begins a line); a line longer than a chunk comes in several parts."""
    rest, at_start = b"", True
    for chunk in chunks:
        rest += chunk
        end = 0
        for found in _LINE_END.finditer(rest):
            yield rest[end : found.end()], at_start
            end, at_start = found.end(), True
        rest = rest[end:]
        if len(rest) > _CHUNK:
            yield rest, at_start
            rest, at_start = b"", False
    if rest:
        yield rest, at_start


def _chunks(source: Path | bytes) -> Iterator[bytes]:
    with open_source(source) as file:
        while chunk := file.read(_CHUNK):
            yield chunk


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _narrowed(chunks: Iterable[bytes], codec: str) -> Iterator[bytes]:
    """UTF-16 as UTF-8; what is not UTF-16 becomes an impossible byte, which the message is then refused for."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    for chunk in chunks:
        yield decoder.decode(chunk).encode("utf-8", "replace").replace(b"\xef\xbf\xbd", b"\xff")


class Blocks:
    """MLLP blocks out of the pieces in which a connection delivers them.

    ``feed`` returns the messages that the piece completed. Bytes between blocks are dropped (senders keep alive with
    them). A block that grows past `max_bytes` is returned at once, cut, with its problem; the connection should then
    be closed.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.max_bytes, self.number = max_bytes, 0
        self._held = bytearray()
        self._open = False
        self._seen = 0  # how much of what is held was already searched for the end mark

    @property
    def in_block(self) -> bool:
        """Whether a block has begun and not ended."""
        return self._open

    def feed(self, piece: bytes) -> list[Frame]:
        """The frames that `piece` completes."""
        self._held += piece
        out = []
        while (frame := self._next()) is not None:
            out.append(frame)
        return out

    def _next(self) -> Frame | None:
        if not self._open and not self._begin():
            return None
        end = self._held.find(END + CARRIAGE_RETURN, max(0, self._seen - 1))
        self._seen = len(self._held)
        if end > self.max_bytes or (end < 0 and self._seen > self.max_bytes):
            return self._cut()
        return self._take(end, end + 2) if end >= 0 else None

    def _begin(self) -> bool:
        start = self._held.find(START)
        del self._held[: start + 1 if start >= 0 else len(self._held)]
        self._open, self._seen = start >= 0, 0
        return self._open

    def _take(self, end: int, after: int) -> Frame:
        data = bytes(self._held[:end])
        del self._held[:after]
        self._open, self._seen, self.number = False, 0, self.number + 1
        return Frame(self.number, data.strip(b"\r\n"))

    def _cut(self) -> Frame:
        head = self._take(min(len(self._held), 4096), len(self._held))
        return msgspec.structs.replace(head, problem=too_large(self.max_bytes))


def too_large(limit: int) -> Problem:
    """A message longer than is read."""
    return Problem(
        "message_too_large", f"The message is longer than {limit} bytes.", "Send documents apart, or raise the limit."
    )


def _truncated() -> Problem:
    return Problem("truncated", "The block begins but does not end.", "Send the whole message again.")


def _not_a_message() -> Problem:
    return Problem(
        "not_a_message",
        "There is text that belongs to no message.",
        "Every message starts with MSH on a line of its own.",
    )


def _no_message() -> Problem:
    return Problem("no_message", "There is no HL7 v2 message in it.", "Every message starts with MSH.")


def _batch_incomplete() -> Problem:
    return Problem(
        "batch_incomplete",
        "The batch trailer states another number of messages.",
        "Ask the sender for the whole batch.",
    )
