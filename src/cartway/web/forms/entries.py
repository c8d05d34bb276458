"""What came in from a form: the fields as they were typed, without what nobody can type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import parse_qsl

import msgspec

from cartway.problem import Problem

FIELDS = 200  # more than the longest form has
LONGEST = 1000  # characters of a note
_NUMBER = re.compile(r"[+-]?\d{1,9}([.,]\d{1,6})?", re.ASCII)


class Entries(msgspec.Struct, frozen=True):
    """The fields of one post. A field that is not there reads as the empty text."""

    typed: Mapping[str, tuple[str, ...]] = {}

    def __getitem__(self, field: str) -> str:
        return self.typed.get(field, ("",))[0]

    def all(self, field: str) -> tuple[str, ...]:
        """Every value of a field that may come more than once."""
        return self.typed.get(field, ())

    def having(self, **fields: str) -> Entries:
        """The same with some fields set: what a page is filled in with before anybody has typed."""
        return Entries({**self.typed, **{name: (text,) for name, text in fields.items()}})

    def without(self, field: str) -> Entries:
        """The same with a field left out."""
        return Entries({name: texts for name, texts in self.typed.items() if name != field})


def entries_of(pairs: Iterable[tuple[str, str]]) -> Entries:
    """Entries of fields and values; control characters go, line ends and spaces around are made one way."""
    typed: dict[str, tuple[str, ...]] = {}
    for field, text in pairs:
        typed[field] = (*typed.get(field, ()), _typeable(text))
    return Entries(typed)


def read_body(body: bytes) -> Entries:
    """The entries of a form post as browsers send it. What is no form reads as one with nothing in it."""
    try:
        pairs = parse_qsl(body.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=FIELDS)
    except ValueError:
        return Entries()
    return entries_of(pairs)


def _typeable(text: str) -> str:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join("".join(c for c in line.replace("\t", " ") if c.isprintable()) for line in lines).strip()


def read_number(text: str) -> float | Problem:
    """A number as people type it, with a point or a comma. Problem: ``not_a_number``."""
    if _NUMBER.fullmatch(text) is None:
        return Problem("not_a_number", "This is not a number.", "Type digits, with one point or comma if need be.")
    return float(text.replace(",", "."))


def read_note(text: str, longest: int = LONGEST) -> str | Problem:
    """A note as typed. Problem: ``too_long``."""
    if len(text) > longest:
        return Problem("too_long", f"This note has more than {longest} characters.", "Keep it short: what matters now.")
    return text
