"""Kinetics, B-cell aplasia and endpoints of a course in words for the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.problem import Problem
from cartway.response.b_cells import BCellAplasia, b_cell_aplasia
from cartway.response.endpoints import Endpoints, TimeTo
from cartway.response.kinetics import Curve, kinetics
from cartway.response.model import Choices
from cartway.response.words import flag_words
from cartway.toxicity.wording import unit_text

NAMES: Mapping[str, str] = {
    "time_to_response": "Time to response",
    "duration_of_response": "Duration of response",
    "progression_free": "Progression-free survival",
    "event_free": "Event-free survival",
    "relapse_free": "Relapse-free survival",
    "overall_survival": "Overall survival",
    "non_relapse_mortality": "Death without relapse",
}
KEYS: Mapping[str, str] = {"car_t_copies": "car-t-copies", "car_t_cells": "car-t-cells"}


class Time(msgspec.Struct, frozen=True):
    """An endpoint as a row: its name, the days (with a plus where it goes on), and why it ends there."""

    name: str
    days: str
    why: str


def times(found: Endpoints) -> list[Time]:
    """Every endpoint that applies."""
    several = (getattr(found, name) for name in NAMES)
    return [_time(each) for each in several if each.days is not None]


def _time(each: TimeTo) -> Time:
    return Time(NAMES[each.name], f"{each.days}{'' if each.event else '+'}", each.because)


class Decided(msgspec.Struct, frozen=True):
    """A policy that decided something here: what it means, what it is set to, whether a source or the center set it."""

    meaning: str
    value: str
    confirmed: bool


def decided(names: Sequence[str], policies: PathwayPolicies) -> list[Decided]:
    """The policies of these names, as they are in force."""
    known = [name for name in names if name in policies.policies]
    return [
        Decided(policies.policies[name].meaning, _set_to(name, policies), policies.confirmed(name)) for name in known
    ]


def _set_to(name: str, policies: PathwayPolicies) -> str:
    policy = policies.policies[name]
    if policy.choices:
        return policies.text(name).replace("_", " ")
    return f"{policies.number(name):g} {unit_text(policy.unit)}".strip()


def beneath(course: Course, choices: Choices, policies: PathwayPolicies) -> Mapping[str, tuple[str, ...]]:
    """What is said below a picture, by its key."""
    found = kinetics(course, choices)
    cells = b_cell_aplasia(course, choices)
    said = {} if isinstance(found, Problem) else {KEYS[curve.what]: tuple(_told(curve)) for curve in found.curves}
    return said if isinstance(cells, Problem) else {**said, "b-cells": tuple(_aplasia(cells, policies))}


def _told(curve: Curve) -> Iterator[str]:
    if curve.highest is not None:
        yield f"Highest {several(curve.highest)} on day {curve.highest_day}"
    for days, area in ((28, curve.area_28), (84, curve.area_84)):
        if area is not None:
            yield f"Area to day {days}: {several(area)} × days"
    if curve.last_day is not None:
        more = "" if curve.detectable_at_last else ", not in the last sample"
        yield f"Detected up to day {curve.last_day}{more}"
    if curve.half_life_days is not None and curve.half_life_fit is not None:
        yield f"Half-life {curve.half_life_days:.0f} days (R² {curve.half_life_fit:.2f})"
    yield from (f"Missing: {each}" for each in curve.missing)
    yield from (flag_words(each) for each in curve.flags)
    if not curve.confirmed:
        yield "How area and half-life are worked out is not confirmed from a source"


def _aplasia(found: BCellAplasia, policies: PathwayPolicies) -> Iterator[str]:
    if found.applies and found.days is not None:
        yield f"Aplasia for {found.days} days{', and it goes on' if found.censored else ''}"
    if not found.applies:
        yield "The product is not against CD19: no aplasia is expected of it"
    if found.applies:
        yield from (flag_words(each) for each in found.flags)
        yield from (
            "The limit is not confirmed from a source" for name in found.policies if not policies.confirmed(name)
        )


def several(value: Decimal) -> str:
    """A number with thousands set apart, to three digits."""
    return f"{float(f'{value:.3g}'):,.10g}"
