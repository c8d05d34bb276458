"""The file of refusals: what could not be read, why, what mends it, and the original text, one a line.

Mend the ``input`` of a line and import the file: each line is read again by its ``format``. The other fields are for
people; lines that are mended or given up may be deleted.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import msgspec

from cartway.intake.drafts import Draft, Refused, Subject
from cartway.intake.rows import Rows
from cartway.intake.sources import LIMITS, Limits, lines
from cartway.intake.tables import to_row
from cartway.problem import Problem
from cartway.record.fact import Fact

DRAFT_FORMAT = "draft"
MENDED = "mended after it was refused"


class Kept(msgspec.Struct, frozen=True):
    """One line of the file. `unreadable` is the key of the fact that stands in for it in the record."""

    refused: str
    place: str = ""
    reason: str = ""
    remedy: str = ""
    format: str = ""
    input: str = ""
    unreadable: str = ""

    def problem(self, place: str) -> Problem:
        """Why it was refused, as it was told then; `place` where the line does not say where."""
        told = {"code": self.refused, "reason": self.reason, "remedy": self.remedy, "place": self.place or place}
        return msgspec.convert(told, Problem)


class RefusalFile:
    """Written as refusals come; the file is made with the first one, so that no refusals leave no file.

    It holds patients' data, so only its owner may read it. It gets its name when all is written: what stood there is
    whole until then.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.number = 0
        self._out: IO[bytes] | None = None
        self._draft: Path | None = None

    def __enter__(self) -> RefusalFile:
        return self

    def __exit__(self, *_: object) -> None:
        if self._out is not None:
            self._out.close()
        if self._draft is not None and self.path is not None:
            self._draft.replace(self.path.resolve())

    def keep(self, refused: Refused, unreadable: str = "") -> None:
        """Write one line."""
        self.number += 1
        if self.path is None:
            return
        if self._out is None:
            self._out = self._open(self.path)
        problem = refused.problem
        kept = Kept(
            problem.code, problem.place, problem.reason, problem.remedy, refused.format, refused.input, unreadable
        )
        self._out.write(msgspec.json.encode(kept) + b"\n")

    def _open(self, path: Path) -> IO[bytes]:
        if path.exists() and not path.is_file():  # a pipe, as /dev/stdout
            return path.open("wb")
        path = path.resolve()
        self._draft = path.with_name(f".{path.name}.{os.getpid()}.new")
        self._draft.unlink(missing_ok=True)
        return os.fdopen(os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def of_draft(draft: Draft, problem: Problem) -> Refused:
    """The refusal of a fact that was read well and could not be filed: no course, or a conflict."""
    subject = {} if draft.subject is None else msgspec.structs.asdict(draft.subject)
    whole = {"subject": subject, "fact": to_row(draft.fact)}
    return Refused(problem.at(draft.place), DRAFT_FORMAT, msgspec.json.encode(whole).decode())


def read_draft(text: str, rows: Rows, place: str) -> Draft | Refused:
    """What `of_draft` kept, read again."""
    try:
        whole = msgspec.json.decode(text, type=dict[str, dict[str, Any]])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        problem = Problem("malformed_json", "It is not well-formed JSON.", "Mend its text.", place)
        return Refused(problem, DRAFT_FORMAT, text)
    item = rows.read(whole.get("fact", {}), place)
    if isinstance(item, Refused):
        return msgspec.structs.replace(item, format=DRAFT_FORMAT, input=text)
    return Draft(item.fact, _subject(whole.get("subject", {})), place)


def _subject(said: Mapping[str, Any]) -> Subject | None:
    authority, identifier = said.get("authority", ""), said.get("identifier", "")
    return Subject(str(authority), str(identifier)) if identifier else None


def kept_lines(source: Path | bytes, name: str, limits: Limits = LIMITS) -> Iterator[tuple[str, Kept | Problem]]:
    """The lines of a refusals file with their places."""
    for number, line in lines(source, limits):
        place = f"{name} line {number}"
        if isinstance(line, Problem):
            yield place, line
        elif text := line.strip():
            yield place, _kept(text)


def _kept(text: bytes) -> Kept | Problem:
    try:
        return msgspec.json.decode(text, type=Kept)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Problem(
            "malformed_json", "The line is not well-formed JSON.", "Mend it: quotes within input need a backslash."
        )


def mended(draft: Draft, kept: Kept) -> Draft:
    """A mended statement is a correction of the unreadable one that was stored in its place."""
    fact: Fact = msgspec.structs.replace(draft.fact, corrected=True)
    if kept.unreadable and not fact.key and not fact.amends:
        fact = msgspec.structs.replace(fact, amends=kept.unreadable, reason=MENDED)
    return msgspec.structs.replace(draft, fact=fact)
