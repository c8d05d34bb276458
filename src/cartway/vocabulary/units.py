"""Units: what each is worth, and the spellings that people type for it.

Every number is kept as an exact fraction until the last step. Two units convert when they measure the same thing
(``mg/dL`` and ``g/L``); what needs a substance's molar mass is written with the variable instead.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

import msgspec

from cartway.vocabulary.toml import load_toml
from cartway.vocabulary.variable import Conversion

_TYPED = str.maketrans("µμ×·⁰¹²³⁶⁹", "uux.012369")
_POWER_OF_TEN = re.compile(r"^x?10(?:\*\*|\*|\^|[eE])?\(?([369]|12)\)?(?=[^\d]|$)")
_ANNOTATION = re.compile(r"\{[^{}]*\}")
# A capital M or P before small letters is UCUM's mega or peta. 'Mg/dL' may be a slip for mg/dL; not ours to guess.
_MEGA_OR_PETA = re.compile(r"(?<![A-Za-z])[MP][a-z]{1,3}(?![A-Za-z])")


class Unit(msgspec.Struct, frozen=True):
    """A UCUM unit: ``value * factor + offset`` is the number in the base unit of what it `measures`."""

    ucum: str
    measures: str
    factor: Fraction
    offset: Fraction
    spellings: tuple[str, ...]


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A unit as ``units.toml`` writes it."""

    factor: str
    offset: str = "0"
    spellings: tuple[str, ...] = ()


def exact(text: str) -> Fraction:
    """The exact number of a decimal or a ratio of decimals, ``5/9`` or ``1/88.42``. Raises ValueError."""
    over, _, under = text.partition("/")
    return Fraction(over) / Fraction(under or "1")


@functools.cache
def units() -> Mapping[str, Unit]:
    """Every unit by its UCUM code."""
    written = msgspec.convert(load_toml("units"), dict[str, dict[str, _Written]])
    return {
        ucum: Unit(ucum, measures, exact(unit.factor), exact(unit.offset), unit.spellings)
        for measures, of_a_kind in written.items()
        for ucum, unit in of_a_kind.items()
    }


def measuring(measures: str) -> Iterator[Unit]:
    """The units that measure one thing, for example ``mass_concentration``."""
    return (unit for unit in units().values() if unit.measures == measures)


def between(given: Unit, wanted: Unit) -> Conversion:
    """The conversion between two units that measure the same thing."""
    scale = given.factor / wanted.factor
    offset = (given.offset - wanted.offset) / wanted.factor
    return Conversion(wanted.ucum, float(scale), float(offset))


@functools.cache
def known_spellings() -> frozenset[str]:
    """Every exact spelling of every unit."""
    return frozenset(text for unit in units().values() for text in (unit.ucum, *unit.spellings))


def convert(value: float, given: str, wanted: str) -> float | None:
    """A number of one UCUM unit in another, None where they measure different things (``ug/min``, ``ug/kg/min``)."""
    here, there = units().get(given), units().get(wanted)
    if here is None or there is None or here.measures != there.measures:
        return None
    return between(here, there).to_canonical(value)


def tidy(text: str) -> str:
    """A typed unit with its blanks, Greek letters, annotations and powers of ten written one way."""
    bare = _ANNOTATION.sub("", "".join(text.translate(_TYPED).split()))
    return _POWER_OF_TEN.sub(r"10*\1", bare)


def fold(text: str) -> str:
    """The spelling without its letter case, except where case carries the meaning (``Mm`` is not ``mm``).

    All capitals are read as UCUM's case-insensitive form, which HL7 v2 senders use: ``MMOL/L`` is mmol/L.
    """
    return text if _MEGA_OR_PETA.search(text) else text.casefold()
