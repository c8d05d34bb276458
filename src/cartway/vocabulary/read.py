"""Reading what a source says in the vocabulary's words: a value with its unit, a choice, a detail.

Nothing is corrected here. What does not fit comes back as a `Problem` that says what would have been understood.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from cartway.problem import Problem
from cartway.vocabulary.load import spoken
from cartway.vocabulary.units import fold, known_spellings, tidy, units
from cartway.vocabulary.variable import Conversion, DetailField, Variable

SHOWN = 40  # characters of a stranger's text that a message repeats


def read_value(variable: Variable, value: float, unit: str) -> float | Problem:
    """The value in the variable's canonical unit (of `drug`: in the unit as given, see `read_unit`).

    Problems: ``not_a_number``, ``missing_unit``, ``unknown_unit``, ``impossible_value``, ``unexpected_value``.
    """
    conversion = variable.units.get(unit) or read_unit(variable, unit)
    if isinstance(conversion, Problem):
        return conversion
    if not math.isfinite(value):
        return _not_a_number(variable)
    canonical = conversion.to_canonical(value)
    return canonical if _is_possible(variable, canonical) else _impossible(variable, unit)


def read_unit(variable: Variable, unit: str) -> Conversion | Problem:
    """The conversion of a typed unit, exact spelling first, then without letter case. Its `unit` is the canonical one.

    Problems: ``missing_unit``, ``unknown_unit``, ``unexpected_value`` where the variable takes no number.
    """
    if not variable.units:
        return _unexpected(variable)
    found = variable.units.get(unit) or variable.units.get(unit.strip())
    return found or _loosely(variable, unit) or _unit_problem(variable, unit)


def _loosely(variable: Variable, unit: str) -> Conversion | None:
    """The conversion of a spelling with other blanks, powers or case, unless it is some other unit's own spelling."""
    text = tidy(unit)
    if not text:
        return None
    exactly = variable.units.get(text)
    if exactly or text in known_spellings():
        return exactly
    return variable.unit_spellings.get(fold(text))


def _is_possible(variable: Variable, canonical: float) -> bool:
    if variable.whole and not canonical.is_integer():
        return False
    return variable.possible is None or variable.possible[0] <= canonical <= variable.possible[1]


def read_choice(variable: Variable, text: str) -> str | Problem:
    """The canonical name of a choice. Aliases, letter case, blanks and hyphens are understood.

    Problem: ``unknown_choice``.
    """
    if text in variable.choices:
        return text
    return variable.choice_spellings.get(spoken(text)) or _unknown_choice(variable, text)


def check_detail(variable: Variable, detail: Mapping[str, Any]) -> Problem | None:
    """None where every key is declared and of its type. Problems: ``unknown_detail``, ``wrong_detail_type``."""
    for key, value in detail.items():
        field = variable.detail.get(key)
        if field is None:
            return _unknown_detail(variable, key)
        if not _is_of_type(field, value):
            return _wrong_type(variable, key, field)
    return None


def convert_detail(variable: Variable, detail: Mapping[str, Any], conversion: Conversion) -> dict[str, Any]:
    """The detail with its numbers that share the value's unit (a laboratory's upper limit) converted with it."""
    return {
        key: conversion.to_canonical(value) if _shares_unit(variable, key) and _is_number(value) else value
        for key, value in detail.items()
    }


def _shares_unit(variable: Variable, key: str) -> bool:
    field = variable.detail.get(key)
    return field is not None and field.in_unit_of_value


def _is_of_type(field: DetailField, value: object) -> bool:
    match field.type:
        case "number":
            return _is_number(value)
        case "flag":
            return isinstance(value, bool)
        case "text":
            return isinstance(value, str)
        case "list":
            return isinstance(value, list | tuple) and all(isinstance(one, str) for one in value)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _unit_problem(variable: Variable, unit: str) -> Problem:
    remedy = f"Give one of: {', '.join(accepted_units(variable))}."
    if not unit.strip():
        return Problem("missing_unit", f"{variable.label} came without a unit.", remedy)
    return Problem("unknown_unit", f"{variable.label} is not measured in '{unit[:SHOWN]}'.", remedy)


def accepted_units(variable: Variable) -> list[str]:
    """The UCUM codes of the accepted units, the canonical one first, without their other spellings."""
    return [text for text in variable.units if text in units()]


def _impossible(variable: Variable, unit: str) -> Problem:
    """Without the value itself: problems are counted, logged and shown, and a value is a patient's own."""
    given = f"{variable.label} in '{unit[:SHOWN]}'" if unit else variable.label
    low, high = variable.possible or (-math.inf, math.inf)
    numbers = "a whole number" if variable.whole else "a number"
    expected = f"Expected {numbers} from {low:g} to {high:g} {variable.unit}".rstrip()
    remedy = f"{expected}. Check value and unit. {variable.hint}".strip()
    return Problem("impossible_value", f"{given} is outside what is possible.", remedy)


def _not_a_number(variable: Variable) -> Problem:
    return Problem("not_a_number", f"{variable.label} is not a finite number.", "Give a number, or leave the fact out.")


def _unexpected(variable: Variable) -> Problem:
    wants = "one of its choices" if variable.choices else "no value"
    return Problem("unexpected_value", f"{variable.label} is not a number.", f"Give {wants}.")


def _unknown_choice(variable: Variable, text: str) -> Problem:
    known = ", ".join(list(variable.choices)[:24]) or "none: leave it empty"
    return Problem("unknown_choice", f"{variable.label} has no choice '{text[:SHOWN]}'.", f"Choices: {known}.")


def _unknown_detail(variable: Variable, key: str) -> Problem:
    known = ", ".join(variable.detail) or "none"
    return Problem("unknown_detail", f"{variable.label} has no detail '{key[:SHOWN]}'.", f"Details: {known}.")


def _wrong_type(variable: Variable, key: str, field: DetailField) -> Problem:
    return Problem(
        "wrong_detail_type",
        f"The detail '{key}' of {variable.label} is not of its type.",
        f"Give a {field.type}: {field.label}.",
    )
