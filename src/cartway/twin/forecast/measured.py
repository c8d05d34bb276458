"""What was measured of a course, by the twin's names: laboratory values, signs, and the support they needed."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import NamedTuple

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant
from cartway.toxicity.coding import DEVICES
from cartway.twin.course.look import FLUIDS_MMHG, SATURATION_FOR_OXYGEN, pressure_limit
from cartway.twin.model import load_model
from cartway.twin.population import load_bedside
from cartway.vocabulary import vocabulary

BASELINE_DAYS = 21.0
"""A value so long before the model's first day is taken as of that day: nothing changes it before chemotherapy."""
EVERY_HOURS = 4.0
"""Of readings nearer to each other than this the last stands: a monitor's hundred readings are no hundred witnesses."""
ICE_HOURS = 24.0
"""Of scores of neurotoxicity, whose error lasts for days, one a day."""
USUAL_AGE = 60.0
OPEN = math.inf
FULL = 100.0  # % of oxygen: the scale ends there
WORST = 4.0

LABORATORY = {
    "crp": "crp", "ferritin": "ferritin", "il6": "il6", "neutrophils": "anc", "platelets": "platelets",
    "lymphocytes": "lymphocytes", "car_t_cells": "cart_cells", "car_t_copies": "cart_copies", "cd19": "cd19",
    "ldh": "ldh",
}  # fmt: skip
G_L = {"igg": ("igg", 0.01), "serum_m_protein": ("m_protein", 10.0)}
"""What the vocabulary has in mg/dL and g/dL and the twin in g/L: its name there, and by how much it is multiplied."""
ICE_FROM = ((10.0, -OPEN, 1.0), (7.0, 1.0, 2.0), (3.0, 2.0, 3.0), (0.0, 3.0, 4.0))
"""From a score on, between which grades of neurotoxicity it lies (Lee 2019, doi 10.1016/j.bbmt.2018.12.758)."""
HIGH_FLOW, POSITIVE = DEVICES.index("high_flow_nasal_cannula"), DEVICES.index("cpap")


class Reading(NamedTuple):
    """One thing measured, by the twin's name of it, at a day: a number where `low` is `high`, else what lies between.

    A value below or above the limit of a test is open at one end.
    """

    name: str
    day: float
    low: float
    high: float

    @property
    def exact(self) -> bool:
        """Whether a number was read."""
        return self.low == self.high


def measured(course: Course, zero: Instant) -> tuple[Reading, ...]:
    """All readings up to the course's present that the twin can expect something of, in time order."""
    found = [
        *(each for what, name in LABORATORY.items() for each in _numbers(course.all(what), name, zero)),
        *_numbers(course.all("body_temperature"), "temperature", zero),
        *(each for what, (name, factor) in G_L.items() for each in _numbers(course.all(what), name, zero, factor)),
        *_pressures(course, zero),
        *_saturations(course, zero),
        *_scores(course, zero),
    ]
    kept = [
        each for _, same in groupby(sorted(found, key=_by_name), key=lambda each: each.name) for each in _apart(same)
    ]
    return tuple(sorted(kept, key=lambda each: each.day))


def _by_name(reading: Reading) -> tuple[str, float]:
    return reading.name, reading.day


def _apart(readings: Iterable[Reading]) -> Iterator[Reading]:
    """Those of one name that stand far enough apart; of each stretch the last."""
    stretches: list[list[Reading]] = []
    for each in readings:
        hours = ICE_HOURS if each.name == "neurotoxicity" else EVERY_HOURS
        if stretches and each.day - stretches[-1][0].day < hours / 24 - 1e-9:
            stretches[-1].append(each)
        else:
            stretches.append([each])
    return (stretch[-1] for stretch in stretches)


def _day(fact: Fact, zero: Instant) -> float | None:
    """The day of a fact that the model covers; None of one too long before."""
    day, first = (fact.at - zero) / DAY, load_model().first_day
    return max(day, first) if day >= first - BASELINE_DAYS else None


def _numbers(facts: Iterable[Fact], name: str, zero: Instant, factor: float = 1.0) -> Iterator[Reading]:
    """Numbers, and limits where the fact says so or the number is zero."""
    least = load_bedside().noise[name].low
    for fact in facts:
        day = _day(fact, zero)
        if day is None or fact.value is None:
            continue
        value = fact.value * factor
        if fact.detail.get("below") or value <= 0:
            yield Reading(name, day, -OPEN, value or least)
        elif fact.detail.get("above"):
            yield Reading(name, day, value, OPEN)
        else:
            yield Reading(name, day, value, value)


# Pressure and oxygen


def _pressures(course: Course, zero: Instant) -> Iterator[Reading]:
    """Mean pressures while no vasopressor runs; when one begins, that it was too low for going without."""
    runs = list(_vasopressors(course))
    means = {fact.at: fact.value for fact in course.all("mean_arterial_pressure") if fact.value is not None}
    low = {fact.at: fact.value for fact in course.all("diastolic_pressure") if fact.value is not None}
    for fact in course.all("systolic_pressure"):
        if fact.value is not None and fact.at in low:
            means.setdefault(fact.at, (fact.value + 2 * low[fact.at]) / 3)
    first = load_model().first_day
    for at, value in means.items():
        if (at - zero) / DAY >= first and not any(start <= at <= end for start, end in runs):
            yield Reading("pressure_untreated", (at - zero) / DAY, value, value)
    for start, _ in runs[:1]:
        if start > zero:
            yield Reading("pressure_untreated", (start - zero) / DAY, -OPEN, _limit(course) - FLUIDS_MMHG)


def _limit(course: Course) -> float:
    import numpy as np

    age = course.last("age")
    years = age.value if age is not None and age.value is not None else USUAL_AGE
    return float(pressure_limit(np.array([years]))[0])


def _vasopressors(course: Course) -> Iterator[tuple[Instant, Instant]]:
    """Spells of vasopressors; of a dose without an end, six hours."""
    choices = vocabulary().variables["drug"].choices
    for fact in course.all("drug"):
        found = choices.get(fact.choice)
        if found is not None and "vasopressor" in found.classes:
            yield fact.at, fact.until if fact.until is not None else fact.at + 6 * HOUR


def _saturations(course: Course, zero: Instant) -> Iterator[Reading]:
    """Saturations on room air; when more support begins, that the saturation without it had fallen so far."""
    support, before, first = 0, 0, load_model().first_day
    facts = sorted(course.all("oxygen_saturation", "oxygen_device"), key=lambda fact: (fact.at, fact.what))
    for fact in facts:
        day = (fact.at - zero) / DAY
        if fact.what == "oxygen_device":
            support = _support(fact.choice)
            if support > before and day >= 0:
                yield Reading("saturation_room_air", day, -OPEN, SATURATION_FOR_OXYGEN[support - 1])
            before = max(before, support) if support else 0
        elif not support and fact.value is not None and fact.value < FULL and day >= first:
            yield Reading("saturation_room_air", day, fact.value, fact.value)


def _support(device: str) -> int:
    """0 room air, 1 low flow, 2 high flow, 3 positive pressure, 4 intubated."""
    if device not in DEVICES or device == "room_air":
        return 0
    place = DEVICES.index(device)
    return 4 if device == "invasive_ventilation" else 3 if place >= POSITIVE else 2 if place >= HIGH_FLOW else 1


def _scores(course: Course, zero: Instant) -> Iterator[Reading]:
    """ICE scores as grades of neurotoxicity; who cannot be woken has the highest."""
    for fact in course.all("consciousness", choice="unarousable"):
        if fact.at >= zero:
            yield Reading("neurotoxicity", (fact.at - zero) / DAY, WORST, OPEN)
    for fact in course.all("ice_score"):
        day = (fact.at - zero) / DAY
        if fact.value is not None and day >= 0:
            low, high = next((low, high) for least, low, high in ICE_FROM if fact.value >= least)
            yield Reading("neurotoxicity", day, low, high)
