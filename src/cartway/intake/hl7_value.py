"""The value of an OBX by its type (OBX-2): numbers, structured numbers, coded answers, text.

Numbers are what the NM type allows: a sign, digits, a point. ``38,5`` is refused, since it is 38.5 to one sender and
385 to another. ``<0.1`` of a laboratory value is kept as 0.1 and ``below``: that a count lies under the detection
limit is what matters about it. The reference range (OBX-7) goes with the value, since half of the toxicity scales
count in upper limits of normal.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from cartway.intake.hl7_codes import BLOOD_PRESSURE, coded, meaning, texts
from cartway.intake.hl7_context import Feed
from cartway.intake.hl7_syntax import Segment, unescape
from cartway.problem import Problem
from cartway.vocabulary import Meaning, Variable, read_choice, vocabulary

TEXT = frozenset({"ST", "TX", "FT", "IS", "ID", "NM", "SN", ""})
CODED = frozenset({"CE", "CWE", "CNE", "CF"})
YES = frozenset({"y", "yes", "true", "1", "present", "positive", "pos", "+"})
NO = frozenset({"n", "no", "false", "0", "absent", "negative", "neg", "-", "none"})

_NUMBER = re.compile(r"[+-]?(?:\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})", re.ASCII)
_COMPARED = re.compile(r"(<=|>=|<|>)\s*([+-]?\d{1,15}(?:\.\d{0,15})?)", re.ASCII)
_RANGE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*-\s*(\d{1,9}(?:\.\d{1,9})?)|<=?\s*(\d{1,9}(?:\.\d{1,9})?)", re.ASCII)
_PAIR = re.compile(r"(\d{2,3}(?:\.\d{1,2})?)\s*/\s*(\d{1,3}(?:\.\d{1,2})?)", re.ASCII)
_MAX_TEXT = 200


class Reading(msgspec.Struct, frozen=True):
    """What was read: a number as it was written, or a choice; with its small extras."""

    value: str | None = None
    choice: str = ""
    detail: Mapping[str, Any] = {}


class Nothing(msgspec.Struct, frozen=True):
    """There is no value, and the rule by which it is left out."""

    rule: str


def read(obx: Segment, feed: Feed, variable: Variable, choice: str = "") -> Reading | Nothing | Problem:
    """The value of an OBX for a variable. `choice` is what OBX-3 already names (a drug, a device).

    Problems: several_values, null_value, value_type, not_a_number, censored_value, not_yes_or_no.
    """
    if obx.is_null(5):
        return _null_value()
    values = obx.repetitions(5)
    if not values:
        return Nothing("no_value")
    if len(values) > 1:
        return _several_values()
    kind = obx.get(2).upper()
    if kind not in TEXT | CODED:
        return _value_type()
    if choice and not variable.units:
        return _affirmed(_word(obx, kind, values[0]), choice)
    return _answer(obx, feed, variable, kind, choice)


def pressures(obx: Segment, found: Meaning) -> tuple[str, str] | None:
    """Systolic and diastolic out of text like ``120/80``, where OBX-3 means a blood pressure."""
    if found.what not in (BLOOD_PRESSURE, "systolic_pressure") or obx.get(2).upper() not in TEXT:
        return None
    pair = _PAIR.fullmatch(obx.raw(5).strip())
    return (pair[1], pair[2]) if pair else _structured_pair(obx)


def _structured_pair(obx: Segment) -> tuple[str, str] | None:
    """``^120^/^80`` as a structured number."""
    if obx.get(2).upper() != "SN" or obx.get(5, 3) != "/" or obx.get(5, 1):
        return None
    return obx.get(5, 2), obx.get(5, 4)


def _answer(obx: Segment, feed: Feed, variable: Variable, kind: str, choice: str) -> Reading | Nothing | Problem:
    if kind in CODED and variable.choices:
        return _coded_choice(obx, feed, variable)
    word = _word(obx, kind, obx.raw(5))
    if not word:
        return Nothing("no_value")
    if variable.kind == "mark":
        return _affirmed(word, "")
    if variable.kind == "choice" and not choice:
        return Reading(choice=word[:_MAX_TEXT])
    number = _number(variable, word, choice)
    return number if isinstance(number, Problem) else _with_range(obx, variable, number)


def _word(obx: Segment, kind: str, value: str) -> str:
    """The value as one text: of a coded element its words, of a structured number its parts, else all of it."""
    if kind in CODED:
        return next(iter(texts(obx, value)), "")
    return _structured(obx) if kind == "SN" else unescape(value, obx.delimiters).strip()


def _structured(obx: Segment) -> str:
    """A structured number as text: ``<5``; a range or ratio keeps its separator and so is no number."""
    parts = (obx.get(5, component) for component in (1, 2, 3, 4))
    return "".join(parts).removeprefix("=")


def _number(variable: Variable, word: str, choice: str) -> Reading | Problem:
    if _NUMBER.fullmatch(word):
        return Reading(word, choice)
    compared = _COMPARED.fullmatch(word)
    if compared is None:
        return _not_a_number()
    flag = "below" if compared[1].startswith("<") else "above"
    return Reading(compared[2], choice, {flag: True}) if flag in variable.detail else _censored()


def _with_range(obx: Segment, variable: Variable, reading: Reading) -> Reading:
    """The laboratory's limits of normal beside the value, where the variable takes them and OBX-7 is a plain range."""
    limits = _RANGE.fullmatch(obx.get(7))
    if limits is None or "upper_limit" not in variable.detail:
        return reading
    low, high, only = limits.groups()
    stated = {"lower_limit": low, "upper_limit": high or only}
    return msgspec.structs.replace(
        reading, detail={**reading.detail, **{name: float(one) for name, one in stated.items() if one}}
    )


def _coded_choice(obx: Segment, feed: Feed, variable: Variable) -> Reading | Problem:
    """A choice by its code, else by its words."""
    found = meaning(vocabulary(), feed, list(coded(obx, obx.raw(5))))
    if isinstance(found, Problem):
        return found
    if found is not None and found.what == variable.name and found.choice:
        return Reading(choice=found.choice)
    words = texts(obx, obx.raw(5))
    read = (read_choice(variable, word) for word in words)
    return Reading(
        choice=next((name for name in read if isinstance(name, str)), words[0][:_MAX_TEXT] if words else "?")
    )


def _affirmed(word: str, choice: str) -> Reading | Nothing | Problem:
    """A thing that happened or did not: only a plain yes makes it a fact."""
    if word.casefold() in YES:
        return Reading(choice=choice)
    return Nothing("not_done") if word.casefold() in NO else _not_yes_or_no()


def _null_value() -> Problem:
    return Problem("null_value", "The value is deleted, but the status does not say corrected.", "Send status D or C.")


def _several_values() -> Problem:
    return Problem("several_values", "There are several values where one belongs.", "Send one OBX for each value.")


def _value_type() -> Problem:
    return Problem("value_type", "A value of this type cannot be read here.", "Send NM, SN, ST, CE or CWE in OBX-2.")


def _not_a_number() -> Problem:
    return Problem("not_a_number", "The value is not a number.", "Send digits with a point, and the unit in OBX-6.")


def _censored() -> Problem:
    return Problem(
        "censored_value", "The value is only known as less or more than a number.", "Send the number measured."
    )


def _not_yes_or_no() -> Problem:
    return Problem("not_yes_or_no", "The value says neither yes nor no.", "Send Y or N.")
