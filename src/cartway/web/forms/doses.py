"""The most that is usual of a drug at once or as a rate: above it the form asks whether the dose is right.

A slip of the decimal point is the commonest error of charting a drug. The numbers, each with its source, stand in
``doses.toml``; most are a policy of the center and no published limit.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from cartway.vocabulary import convert


class Most(msgspec.Struct, frozen=True):
    """The most that is usual of a drug, in a unit. `confirmed`: a label or guideline was seen to name it."""

    value: float
    unit: str
    source: str
    confirmed: bool


@cache
def usual() -> Mapping[str, Mapping[str, Most]]:
    """By drug and unit."""
    read = tomllib.loads((files("cartway.web.forms") / "doses.toml").read_text(encoding="utf-8"))
    return {
        drug: {
            unit: Most(float(each["value"]), unit, read["sources"][each["source"]], each["confirmed"])
            for unit, each in most.items()
        }
        for drug, most in read["most"].items()
    }


def above_usual(drug: str, value: float, unit: str) -> Most | None:
    """The most that is usual, in the unit given, where a dose or rate is above it; else None."""
    for known, most in usual().get(drug, {}).items():
        limit = most.value if known == unit else convert(most.value, known, unit)
        if limit is not None and value > limit:
            return msgspec.structs.replace(most, value=limit, unit=unit)
    return None
