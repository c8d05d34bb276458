"""Vital signs: any of them, taken at one time. The parts of one blood pressure share the form's `event`."""

from __future__ import annotations

import msgspec

from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.forms.chart import Chart, measured, unknown_choice
from cartway.web.forms.draft import Draft, all_of, flawed, nothing_entered
from cartway.web.forms.entries import Entries
from cartway.web.forms.oxygen import oxygen

TEMPERATURE, UNIT = "body_temperature", "body_temperature_unit"
SYSTOLIC, DIASTOLIC, MEAN = "systolic_pressure", "diastolic_pressure", "mean_arterial_pressure"
RATES = ("heart_rate", "respiratory_rate", "oxygen_saturation")
UNMEASURABLE = "pressure_unmeasurable"
CELSIUS, FAHRENHEIT = "Cel", "[degF]"


def read_vitals(entries: Entries, chart: Chart, at: Instant) -> Draft:
    """Whatever of the vital signs was typed. An empty field is no value."""
    parts = [temperature(entries, at), pressure(entries, at), *(measured(entries, at, rate) for rate in RATES)]
    read = all_of([*parts, oxygen(entries, at)])
    return read if read.facts or read.flaws else nothing_entered(TEMPERATURE)


def usual_unit(chart: Chart) -> str:
    """The unit in which this course's last temperature was charted: what the form offers first."""
    last = chart.last(TEMPERATURE)
    return FAHRENHEIT if last is not None and last.said.endswith(FAHRENHEIT) else CELSIUS


def temperature(entries: Entries, at: Instant) -> Draft:
    """The temperature in the unit chosen beside it."""
    unit = entries[UNIT] or CELSIUS
    if unit not in (CELSIUS, FAHRENHEIT):
        return flawed(UNIT, unknown_choice("The unit of the temperature"))
    return measured(entries, at, TEMPERATURE, unit)


def pressure(entries: Entries, at: Instant) -> Draft:
    """The pressures of one measurement, and whether they can be of one."""
    if entries[UNMEASURABLE]:
        return _unmeasurable(entries, at)
    parts = [measured(entries, at, name) for name in (SYSTOLIC, DIASTOLIC, MEAN)]
    read = all_of(parts)
    values = {fact.what: fact.value for fact in read.facts}
    return read + _order(values.get(SYSTOLIC), values.get(DIASTOLIC), values.get(MEAN))


def _order(systolic: float | None, diastolic: float | None, mean: float | None) -> Draft:
    low, high = diastolic if diastolic is not None else 0.0, systolic if systolic is not None else 1e9
    if low >= high:
        return flawed(DIASTOLIC, _exchanged("The diastolic pressure is not below the systolic one."))
    if mean is not None and not low <= mean <= high:
        return flawed(MEAN, _exchanged("The mean pressure does not lie between the other two."))
    return Draft()


def _unmeasurable(entries: Entries, at: Instant) -> Draft:
    """No pressure could be measured: charted as the vocabulary asks, as its lowest possible value, with the reason."""
    if any(entries[name] for name in (SYSTOLIC, DIASTOLIC, MEAN)):
        reason = "A pressure was typed, and also that none could be measured."
        return flawed(UNMEASURABLE, Problem("contradiction", reason, "Clear one of the two."))
    variable = vocabulary().variables[SYSTOLIC]
    assert variable.possible is not None
    fact = Fact("", at, SYSTOLIC, variable.possible[0], variable.unit)
    return Draft((msgspec.structs.replace(fact, detail={"method": "not measurable"}),))


def _exchanged(reason: str) -> Problem:
    return Problem("contradiction", reason, "Look at the numbers again: are two of them exchanged?")
