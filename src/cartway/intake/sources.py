"""Opening what comes from outside within limits: of bytes, of a line, of what a compressed file may expand to."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, BinaryIO, cast

import msgspec

from cartway.problem import Problem

MIB = 1024 * 1024
GZIP_MAGIC = b"\x1f\x8b"
HEAD_BYTES = 64 * 1024

_BROKEN = (EOFError, gzip.BadGzipFile, zlib.error)


class Limits(msgspec.Struct, frozen=True):
    """How much of one input is read at most, in bytes.

    `expansion` times the compressed size, once `free_bytes` are out, is where a compressed file counts as a bomb:
    health data shrinks 5 to 50 times, gzip can reach 1,030.
    """

    document_bytes: int = 256 * MIB
    line_bytes: int = 16 * MIB
    total_bytes: int = 64 * 1024 * MIB
    expansion: int = 250
    free_bytes: int = 64 * MIB
    kept_input_bytes: int = MIB


LIMITS = Limits()


class TooLargeError(Exception):
    """A source gave more bytes than its limits allow."""

    def __init__(self, given: int) -> None:
        super().__init__(f"more than {given} bytes")
        self.given = given


class _Metered(io.RawIOBase):
    """A decompressed stream that stops at the limits."""

    def __init__(self, compressed: BinaryIO, limits: Limits) -> None:
        self._compressed = compressed
        self._plain = gzip.GzipFile(fileobj=compressed)
        self._limits = limits
        self._given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        chunk = self._plain.read1(len(buffer))  # not read(): what comes before a break must not be lost with it
        buffer[: len(chunk)] = chunk
        self._given += len(chunk)
        self._check()
        return len(chunk)

    def _check(self) -> None:
        fair = max(self._limits.free_bytes, self._compressed.tell() * self._limits.expansion)
        if self._given > min(fair, self._limits.total_bytes):
            raise TooLargeError(self._given)

    def close(self) -> None:
        self._compressed.close()
        super().close()


def open_source(source: Path | bytes, limits: Limits = LIMITS) -> IO[bytes]:
    """The bytes of a file or of memory, decompressed where the content is gzip (whatever the name says)."""
    raw: BinaryIO = io.BytesIO(source) if isinstance(source, bytes) else source.open("rb")
    magic = raw.read(2)
    raw.seek(0)
    if magic != GZIP_MAGIC:
        return raw
    return cast(IO[bytes], io.BufferedReader(cast(Any, _Metered(raw, limits)), HEAD_BYTES))


def head(source: Path | bytes, limits: Limits = LIMITS) -> bytes | Problem:
    """The first bytes, enough to tell the format."""
    try:
        with open_source(source, limits) as stream:
            return stream.read(HEAD_BYTES)
    except _BROKEN:
        return broken_file()
    except TooLargeError as excess:
        return too_large(excess.given)
    except OSError as failure:
        return unopened(failure)


def read_all(source: Path | bytes, limits: Limits = LIMITS) -> bytes | Problem:
    """The whole content of a document. Problems: ``too_large``, ``broken_file``, ``not_opened``."""
    try:
        with open_source(source, limits) as stream:
            content = stream.read(limits.document_bytes + 1)
    except _BROKEN:
        return broken_file()
    except TooLargeError as excess:
        return too_large(excess.given)
    except OSError as failure:
        return unopened(failure)
    return too_large(limits.document_bytes) if len(content) > limits.document_bytes else content


def lines(source: Path | bytes, limits: Limits = LIMITS) -> Iterator[tuple[int, bytes | Problem]]:
    """Each line with its number, from 1. A line over the limit is a Problem and the next follow; a break ends it."""
    number = 0
    try:
        with open_source(source, limits) as stream:
            while line := stream.readline(limits.line_bytes + 1):
                number += 1
                if len(line) > limits.line_bytes:
                    _skip_line(stream, line, limits)
                    yield number, too_large(limits.line_bytes)
                else:
                    yield number, line
    except _BROKEN:
        yield number + 1, broken_file()
    except TooLargeError as excess:
        yield number + 1, too_large(excess.given)
    except OSError as failure:
        yield number + 1, unopened(failure)


def _skip_line(stream: IO[bytes], line: bytes, limits: Limits) -> None:
    while line and not line.endswith(b"\n"):
        line = stream.readline(limits.line_bytes)


def text_of(content: bytes) -> str | Problem:
    """UTF-8 text without a byte order mark. Problem: ``not_utf8``."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        return not_utf8(f"byte {failure.start}")


def too_large(given: int) -> Problem:
    reason = f"It holds, or expands to, more than {given:,} bytes."
    return Problem(
        "too_large", reason, "Split it into smaller files or lines (NDJSON has no limit on its lines' number)."
    )


def broken_file() -> Problem:
    return Problem("broken_file", "The compressed file is truncated or damaged.", "Fetch it again from its source.")


def unopened(failure: OSError) -> Problem:
    reason = f"It could not be read: {failure.strerror or 'input error'}."
    return Problem("not_opened", reason, "Check that it exists and that you may read it.")


def not_utf8(where: str = "") -> Problem:
    reason = f"It is not UTF-8 text{f' ({where})' if where else ''}."
    return Problem("not_utf8", reason, "Save it as UTF-8; FHIR and facts tables know no other encoding.")
