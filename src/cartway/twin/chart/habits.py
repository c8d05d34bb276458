"""How sites chart, and what: `habits.toml` and `signs.toml`, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import msgspec

from cartway.problem import Problem


class OtherUnit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Another unit, and the share of patients whose values come in it."""

    unit: str
    share: float


class Slips(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is entered wrongly and put right. Shares of values: `typed`: temperatures with two digits exchanged, amended
    within the hour; `in_another_unit`: laboratory numbers under the wrong unit, issued anew by the laboratory; `twice`:
    values entered twice, one of them withdrawn.
    """

    typed: float
    in_another_unit: float
    twice: float


class Habits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A site's way of charting. Shares are of one.

    `minutes_off`: how far a round may lie from its hour, either way; `whole_round`, `missing`, `missed_visit`: what
    nobody charted (a round of vital signs, any single value, a visit of the disease); `late`, `late_hours`: what was
    written down later, and by how much on average; `abbreviates`: patients whose oxygen is charted in the ward's own
    words; `answers_by_item`: patients whose ICE is charted question by question; `rates_by_minute`: whose vasopressors
    are charted in micrograms a minute, not also a kilogram; `drips_by_change`: whose drips are charted as changes of
    the rate and a stop, not with an end each; `slips`: what is corrected, None where nothing is.
    """

    minutes_off: float
    whole_round: float
    missing: float
    missed_visit: float
    says_when_recorded: bool
    late: float
    late_hours: float
    abbreviates: float
    answers_by_item: float
    rates_by_minute: float
    drips_by_change: float
    units: Mapping[str, OtherUnit] = {}
    slips: Slips | None = None


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that the bedside sees, and how it is charted."""

    seen: str
    what: str
    unit: str
    when: str
    decimals: int = 0


class Signs(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All of them, with the schedules in days."""

    days: Mapping[str, tuple[float, ...]]
    sign: tuple[Sign, ...]


def _text(name: str) -> str:
    return resources.files("cartway.twin.chart").joinpath(name).read_text()


@cache
def load_habits() -> Mapping[str, Habits]:
    """Every site's habits by name."""
    return msgspec.toml.decode(_text("habits.toml"), type=dict[str, Habits])


@cache
def load_signs() -> Signs:
    """What is charted of what is seen."""
    return msgspec.toml.decode(_text("signs.toml"), type=Signs)


def habits_of(site: str) -> Habits | Problem:
    """A site's habits. Problem: ``unknown_site``."""
    known = load_habits()
    if site not in known:
        return Problem("unknown_site", "There is no such way of charting.", f"Use one of: {', '.join(known)}.")
    return known[site]
