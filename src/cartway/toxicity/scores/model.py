"""What a score answers."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Protocol

import msgspec

from cartway.times import DAY, HOUR, Instant


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


class Policies(Protocol):
    """A center's policies, by name."""

    def number(self, name: str) -> float:
        """A number, in the policy's unit."""
        ...

    def text(self, name: str) -> str:
        """A choice."""
        ...


class Choices(msgspec.Struct, frozen=True):
    """The center's policies for scores: whether a value that equals a limit gives the point; within how many hours the
    values of one score should lie, and how many days old one may be; over how many hours the HScore takes the highest
    temperature, and for how many days what was told of organs and marrow holds.
    """

    equal_gives_point: bool = True
    apart_hours: float = 24.0
    max_age_days: float = 7.0
    temperature_hours: float = 24.0
    told_max_age_days: float = 30.0

    @property
    def apart(self) -> Instant:
        """The hours as microseconds."""
        return round(self.apart_hours * HOUR)

    @property
    def max_age(self) -> Instant:
        """How old a value may be, as microseconds."""
        return round(self.max_age_days * DAY)

    @property
    def temperature_span(self) -> Instant:
        """The hours of the temperature as microseconds."""
        return round(self.temperature_hours * HOUR)

    @property
    def told_max_age(self) -> Instant:
        """How old what was told may be, as microseconds."""
        return round(self.told_max_age_days * DAY)


def choices_of(policies: Policies) -> Choices:
    """What a center set."""
    return Choices(
        policies.text("car_hematotox_equal") == "point",
        policies.number("score_apart_hours"),
        policies.number("score_max_age_days"),
        policies.number("hscore_temperature_hours"),
        policies.number("hscore_told_max_age_days"),
    )


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
