"""Conversions worked out once: the same code in the same unit comes thousands of times in one file."""

from __future__ import annotations

import sys

import msgspec

from cartway.problem import Problem
from cartway.vocabulary import Variable, read_unit

_LARGEST = sys.float_info.max


class Plan(msgspec.Struct, frozen=True, gc=False):
    """How a number becomes canonical: ``value * scale + offset`` to 12 digits, kept where ``low <= it <= high``.

    `same` is True where it already is canonical. `said_unit` is how the source wrote its unit. `has_limits`
    tells that the laboratory's limits of normal are kept beside it.
    """

    what: str
    unit: str
    scale: float
    offset: float
    low: float
    high: float
    same: bool
    said_unit: str
    has_limits: bool = False


def number_plan(variable: Variable, unit: str) -> Plan | None:
    """The plan for a plain number of `variable` in `unit`; None where the general path must decide."""
    if variable.kind != "number" or variable.whole:
        return None
    conversion = read_unit(variable, unit)
    if isinstance(conversion, Problem):
        return None
    low, high = variable.possible or (-_LARGEST, _LARGEST)
    limits = "upper_limit" in variable.detail
    same = conversion.scale == 1.0 and conversion.offset == 0.0
    return Plan(variable.name, conversion.unit, conversion.scale, conversion.offset, low, high, same, unit, limits)
