"""A clinical trial as its record tells it: what it structures as rules, and its free text, split and unread."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Literal

import msgspec

from cartway.pathway.answer import Severity

Unit = Literal["year", "month", "week", "day", "hour", "minute"]
Recruiting = Literal["open", "invited", "not_yet", "paused", "closed", "not_said"]


class Bound(msgspec.Struct, frozen=True):
    """An age: `count` of `unit` since birth, reached (`included`) or passed."""

    count: float
    unit: Unit
    included: bool


class AgeRule(msgspec.Struct, frozen=True, tag="age"):
    """An age between two bounds, either of which may be open."""

    text: str
    lowest: Bound | None = None
    highest: Bound | None = None


class SexRule(msgspec.Struct, frozen=True, tag="sex"):
    """One sex only. `by_gender`: it goes by what a person says of their gender, which the record does not hold."""

    text: str
    sex: Literal["female", "male"]
    by_gender: bool = False


class ConditionRule(msgspec.Struct, frozen=True, tag="condition"):
    """The condition that the trial names, in its own words."""

    text: str
    negated: bool = False


class StateRule(msgspec.Struct, frozen=True, tag="state"):
    """How the disease stands: it came back, or it did not answer; `states` are the choices of `disease_status`."""

    text: str
    states: tuple[str, ...]


class MarkerRule(msgspec.Struct, frozen=True, tag="marker"):
    """Whether the disease carries an antigen, as pathology found it."""

    text: str
    antigen: str
    present: bool


class HealthyRule(msgspec.Struct, frozen=True, tag="healthy"):
    """Whether people without the condition may join as well."""

    text: str
    accepted: bool


class StatusRule(msgspec.Struct, frozen=True, tag="status"):
    """Whether it takes people. `as_of` is the day of the record, None where it does not say."""

    text: str
    recruiting: Recruiting
    as_of: datetime.date | None = None


class PlaceRule(msgspec.Struct, frozen=True, tag="place"):
    """The countries of its sites."""

    text: str
    countries: tuple[str, ...]


class OpenRule(msgspec.Struct, frozen=True, tag="open"):
    """A step, arm or dose level that is open, or suspended."""

    text: str
    open: bool


class UnreadRule(msgspec.Struct, frozen=True, tag="unread"):
    """A criterion that the record structures and this software does not read. `settles` is what would answer it."""

    text: str
    settles: str = ""


class AllRule(msgspec.Struct, frozen=True, tag="all"):
    """Every part must be met."""

    text: str
    parts: tuple[Rule, ...]


class AnyRule(msgspec.Struct, frozen=True, tag="any"):
    """One part is enough."""

    text: str
    parts: tuple[Rule, ...]


Rule = (
    AgeRule
    | SexRule
    | ConditionRule
    | StateRule
    | MarkerRule
    | HealthyRule
    | StatusRule
    | PlaceRule
    | OpenRule
    | UnreadRule
    | AllRule
    | AnyRule
)


class Stated(msgspec.Struct, frozen=True):
    """A rule under its id (``condition``, ``age``), with what it means where it is not met."""

    id: str
    rule: Rule
    severity: Severity = Severity.absolute


class FreeText(msgspec.Struct, frozen=True):
    """Criteria as they are written, one a line. Nothing here has been read by the software."""

    inclusion: tuple[str, ...] = ()
    exclusion: tuple[str, ...] = ()
    other: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.inclusion) + len(self.exclusion) + len(self.other)


class Site(msgspec.Struct, frozen=True):
    """Where it is done; `status` in the record's words, empty where it does not say."""

    name: str
    city: str = ""
    country: str = ""
    status: str = ""


class Trial(msgspec.Struct, frozen=True):
    """One trial record. `registry` is where it came from, `as_of` the day of that copy where it says so."""

    id: str
    title: str
    registry: str
    kind: str = ""
    phase: str = ""
    conditions: tuple[str, ...] = ()
    interventions: tuple[str, ...] = ()
    sites: tuple[Site, ...] = ()
    criteria: tuple[Stated, ...] = ()
    text: FreeText = FreeText()
    as_of: datetime.date | None = None
    place: str = ""

    @property
    def address(self) -> str:
        """Its public page, where the registry has one."""
        return f"https://clinicaltrials.gov/study/{self.id}" if self.id.startswith("NCT") else ""


def leaves(rule: Rule) -> Iterator[Rule]:
    """The rules of a tree that are no branches."""
    if isinstance(rule, AllRule | AnyRule):
        for part in rule.parts:
            yield from leaves(part)
    else:
        yield rule
