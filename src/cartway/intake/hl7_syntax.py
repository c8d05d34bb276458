r"""The text of one HL7 v2 message as segments, fields, repetitions, components and sub-components.

A parser of our own, because the two kept libraries do not fit. Measured on a message of 200 OBX: ``hl7``
0.4.5 (BSD) splits every field of every segment up front (11 ms; this module 0.4 ms for the fields we read), takes LF
line ends for text of one single segment, blank lines for segments, and knows neither limits nor character sets.
``hl7apy`` 1.3.5 (MIT) builds a validated tree by recursion (470 ms), and refuses the versions and the sloppiness that
real feeds show.

Segments end with CR, LF or CRLF (the standard says CR; files say all three). A line that does not start like a
segment continues the one before: line breaks inside text are common. Fields are split when asked for. Escapes
(chapter 2.7) are resolved once, left to right, so what an escape yields is never read again as a delimiter or another
escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from cartway.problem import Problem

MAX_SEGMENTS = 20_000
MAX_PARTS = 2_000  # repetitions or components of one field that are looked at

_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{2}")
_LINE = re.compile(r"\r\n|\r|\n")
_LINE_COMMANDS = (".br", ".sp", ".ce")
_NULL = '""'


class Delimiters(msgspec.Struct, frozen=True):
    """The separators that MSH-1 and MSH-2 declare, and the codec that hexadecimal escapes are read in."""

    field: str = "|"
    component: str = "^"
    repeat: str = "~"
    escape: str = "\\"
    part: str = "&"
    codec: str = "utf-8"

    @property
    def declared(self) -> str:
        """MSH-2."""
        return f"{self.component}{self.repeat}{self.escape}{self.part}"


class Segment(msgspec.Struct, frozen=True):
    """One segment; `index` counts those of its name from 1.

    Numbers of fields and components are those of the standard, from 1.
    """

    name: str
    fields: list[str]
    index: int
    delimiters: Delimiters

    def raw(self, field: int) -> str:
        """A whole field as it was sent; "" where it was not."""
        return self.fields[field] if field < len(self.fields) else ""

    def repetitions(self, field: int) -> list[str]:
        """The repetitions of a field that hold anything, as they were sent."""
        raw = self.raw(field)
        return [one for one in raw.split(self.delimiters.repeat, MAX_PARTS)[:MAX_PARTS] if one] if raw else []

    def get(self, field: int, component: int = 1, part: int = 1) -> str:
        """One value of the first repetition, unescaped and stripped. A null (``""``) reads as nothing sent."""
        first = self.raw(field).split(self.delimiters.repeat, 1)[0]
        return self.part_of(first, component, part)

    def part_of(self, repetition: str, component: int = 1, part: int = 1) -> str:
        """One value of a repetition given as text."""
        value = _nth(_nth(repetition, self.delimiters.component, component), self.delimiters.part, part)
        return "" if value == _NULL else unescape(value, self.delimiters).strip()

    def is_null(self, field: int) -> bool:
        """Whether the field says that a former value is to be deleted."""
        return self.raw(field).strip() == _NULL

    def place(self, field: int | None = None) -> str:
        """Where this is: ``segment OBX[3], field 5``. Never a value."""
        return f"segment {self.name}[{self.index}]" + (f", field {field}" if field else "")

    def line(self) -> str:
        """The segment as it was sent."""
        separator = self.delimiters.field
        return separator.join(["MSH", *self.fields[2:]] if self.name == "MSH" else self.fields)


class Message(msgspec.Struct, frozen=True):
    """One message: the MSH segment first, then the others as they came."""

    segments: list[Segment]
    delimiters: Delimiters

    @property
    def header(self) -> Segment:
        """MSH."""
        return self.segments[0]

    @property
    def kind(self) -> tuple[str, str]:
        """Message code and trigger event of MSH-9, upper case: ``("ORU", "R01")``."""
        return self.header.get(9).upper(), self.header.get(9, 2).upper()

    def first(self, name: str) -> Segment | None:
        """The first segment of a name."""
        return next(self.each(name), None)

    def each(self, *names: str) -> Iterator[Segment]:
        """The segments of these names, in order."""
        return (segment for segment in self.segments if segment.name in names)


def parse(text: str, codec: str = "utf-8") -> Message | Problem:
    """One message from its text; never raises.

    Problems: no_header, several_headers, bad_delimiters, too_many_segments, forbidden_character, undecodable.
    """
    if text.count("\r") + text.count("\n") > 2 * MAX_SEGMENTS:
        return _too_many()
    lines = [line for line in _LINE.split(text) if line.strip()]
    if not lines or not lines[0].startswith("MSH"):
        return _no_header()
    if "\0" in text:
        return _nul()
    delimiters = _delimiters(lines[0], codec)
    if isinstance(delimiters, Problem):
        return delimiters
    joined = _join(lines, delimiters.field)
    if len(joined) > MAX_SEGMENTS:
        return _too_many()
    if not _escapes_readable(text, delimiters):
        return _bad_escape()
    segments = _segments(joined, delimiters)
    if sum(segment.name == "MSH" for segment in segments) > 1:
        return _several()
    return Message(segments, delimiters)


def unescape(value: str, delimiters: Delimiters) -> str:
    r"""Resolve ``\F\ \S\ \T\ \R\ \E\ \Xhh\ \.br\``; highlighting is dropped, unknown escapes are left."""
    mark = delimiters.escape
    if not mark or mark not in value:
        return value
    pieces = value.split(mark)
    out, i = [pieces[0]], 1
    while i < len(pieces) - 1:
        meaning = _meaning(pieces[i], delimiters)
        if meaning is None:  # a lone escape character: it stands for itself, and what follows may still open an escape
            out += [mark, pieces[i]]
            i += 1
        else:
            out += [meaning, pieces[i + 1]]
            i += 2
    return "".join(out) + (mark + pieces[i] if i < len(pieces) else "")


def escape(value: str, delimiters: Delimiters) -> str:
    """Text made safe to stand in a field; line ends become a space."""
    mark = delimiters.escape
    named = {delimiters.field: "F", delimiters.component: "S", delimiters.part: "T", delimiters.repeat: "R", mark: "E"}
    return "".join(f"{mark}{named[c]}{mark}" if c in named else (c if c >= " " else " ") for c in value)


def _meaning(name: str, delimiters: Delimiters) -> str | None:
    simple = {
        "F": delimiters.field, "S": delimiters.component, "T": delimiters.part, "R": delimiters.repeat,
        "E": delimiters.escape, "H": "", "N": "", "P": "#",
    }  # fmt: skip
    if name in simple:
        return simple[name]
    if name[:1] == "X":
        return _hexadecimal(name[1:], delimiters.codec)
    if name[:1] == ".":
        return "\n" if name.startswith(_LINE_COMMANDS) else " "
    return None


def _hexadecimal(digits: str, codec: str) -> str | None:
    try:
        found = bytes.fromhex(digits).decode(codec)
        return None if "\0" in found else found
    except (ValueError, UnicodeDecodeError):
        return None


def _escapes_readable(text: str, delimiters: Delimiters) -> bool:
    """Whether every hexadecimal escape is text in the message's character set."""
    mark = re.escape(delimiters.escape)
    if delimiters.escape + "X" not in text:
        return True
    found = re.findall(rf"{mark}X((?:[0-9A-Fa-f]{{2}})+){mark}", text)
    return all(_hexadecimal(digits, delimiters.codec) is not None for digits in found)


def _nth(text: str, separator: str, number: int) -> str:
    """The number-th piece (from 1) of a text, without splitting what comes after."""
    if number == 1:
        return text.partition(separator)[0]
    pieces = text.split(separator, number)
    return pieces[number - 1] if len(pieces) >= number else ""


def _delimiters(header: str, codec: str) -> Delimiters | Problem:
    field = header[3:4]
    declared = header[4:].partition(field)[0] if field else ""
    marks = field + declared
    unusable = any(mark.isalnum() or mark.isspace() or mark == '"' for mark in marks)
    if not 2 <= len(declared) <= 5 or unusable or len(set(marks)) != len(marks):
        return _bad_delimiters()
    return Delimiters(field, declared[0], declared[1], declared[2:3] or "\\", declared[3:4] or "&", codec)


def _join(lines: list[str], separator: str) -> list[str]:
    """Lines that do not start a segment put back into the one they continue."""
    groups: list[list[str]] = []
    for line in lines:
        if _starts_segment(line, separator) or not groups:
            groups.append([line])
        else:
            groups[-1].append(line)
    return ["\n".join(group) for group in groups]


def _starts_segment(line: str, separator: str) -> bool:
    return _SEGMENT.match(line) is not None and (len(line.rstrip()) == 3 or line[3:4] == separator)


def _segments(lines: list[str], delimiters: Delimiters) -> list[Segment]:
    counts: dict[str, int] = {}
    segments = []
    for line in lines:
        fields = line.split(delimiters.field)
        name = fields[0][:3]
        counts[name] = counts.get(name, 0) + 1
        if name == "MSH":  # MSH-1 is the separator itself, so everything after it moves by one
            fields = ["MSH", delimiters.field, *fields[1:]]
        segments.append(Segment(name, fields, counts[name], delimiters))
    return segments


def _no_header() -> Problem:
    return Problem("no_header", "The message does not start with an MSH segment.", "Send whole HL7 v2 messages.")


def _nul() -> Problem:
    return Problem("forbidden_character", "The message holds the character U+0000.", "Remove it at the source.")


def _several() -> Problem:
    return Problem("several_headers", "One message holds a second MSH segment.", "Send one message at a time.")


def _bad_delimiters() -> Problem:
    return Problem(
        "bad_delimiters",
        "MSH-1 and MSH-2 must declare distinct separators, usually |^~\\&.",
        "Correct the first nine characters of the message.",
    )


def _too_many() -> Problem:
    return Problem(
        "too_many_segments", f"The message has more than {MAX_SEGMENTS} segments.", "Split it into several messages."
    )


def _bad_escape() -> Problem:
    return Problem(
        "undecodable",
        "A hexadecimal escape is not text in the message's character set.",
        "State the true character set in MSH-18, or mend the escape.",
    )
