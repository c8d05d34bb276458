"""What a score answers."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

import msgspec

from cartway.times import HOUR, Instant


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a score comes from. `confirmed` is False where its table was not seen in the paper or a reprint."""

    title: str
    citation: str
    doi: str
    confirmed: bool
    note: str = ""


class Part(msgspec.Struct, frozen=True):
    """One thing that a score is made of: its value in the score's own unit, when it was so, the points it gives.

    `value` is None where it is missing, or was told in words (`said`). `points` are None where it gives none.
    """

    what: str
    words: str
    value: float | None
    unit: str
    at: Instant | None
    points: float | None = None
    said: str = ""


class Score(msgspec.Struct, frozen=True):
    """A score at one moment. `value` is None where it cannot be worked out: `missing` or `refused` says why.

    With something missing a score of points lies from `at_least` to `at_most`. `policies`: the center's that decided.
    """

    name: str
    value: float | bool | None
    source: Source
    parts: tuple[Part, ...] = ()
    missing: tuple[str, ...] = ()
    risk: str = ""
    at_least: float | None = None
    at_most: float | None = None
    policies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    refused: str = ""


class Choices(msgspec.Struct, frozen=True):
    """The center's policies for scores: whether a value that equals a limit gives the point, and within how many hours
    the values of one score should lie.
    """

    equal_gives_point: bool = True
    apart_hours: float = 24.0

    @property
    def apart(self) -> int:
        """The hours as microseconds."""
        return round(self.apart_hours * HOUR)


@cache
def table(name: str) -> dict[str, Any]:
    """A score's table as it is written."""
    return tomllib.loads((resources.files(__package__) / f"{name}.toml").read_text("utf-8"))


@cache
def source(file: str, name: str = "source") -> Source:
    """The source in a score's table."""
    return msgspec.convert(table(file)[name], Source)


@cache
def family_source(file: str, member: str) -> Source:
    """The source of one member of a family that shares a table."""
    return msgspec.convert(table(file)[member]["source"], Source)
