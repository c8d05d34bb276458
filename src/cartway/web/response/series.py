"""What is drawn of a disease and the CAR T cells: a series of readings a line, taken from the facts as charted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from decimal import Decimal

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.response.measured import days_between, detail_number, exact
from cartway.times import DAY, Instant

METHODS = {"ngf": "next-generation flow", "ngs": "sequencing", "pcr": "PCR", "mass_spectrometry": "mass spectrometry"}
BEFORE = 60 * DAY  # how far before the infusion a baseline is still drawn
WORDS = {
    "not_detected": "not detected",
    "not_quantifiable": "positive, too little to count",
    "detected": "detected, no share told",
    "not_evaluable": "not evaluable",
    "too_small": "too small to measure",
    "not_visible": "no longer visible",
    "none": "none",
}


class Reading(msgspec.Struct, frozen=True):
    """One reading: when, on which day, what it says in words. `value` is None where nothing can be drawn; `below`: the
    value is a limit, and the true one lies below it. `by`: how it was tested, where that was told.
    """

    at: Instant
    day: int
    words: str
    value: Decimal | None = None
    below: bool = False
    by: str = ""


class Series(msgspec.Struct, frozen=True):
    """A line of a picture. `name` is its word where a picture has several."""

    readings: tuple[Reading, ...] = ()
    name: str = ""


def series(course: Course, day_zero: Instant, zone: tzinfo, unit: str, *whats: str, name: str = "") -> Series:
    """The readings of variables since shortly before the infusion, in time order; `unit` as people write it."""
    facts = [fact for fact in course.all(*whats) if fact.at >= day_zero - BEFORE]
    return Series(tuple(_reading(fact, days_between(day_zero, fact.at, zone), unit) for fact in facts), name)


def _reading(fact: Fact, day: int, unit: str) -> Reading:
    value = exact(fact)
    if value is None:
        return _of_a_choice(fact, day)
    below = bool(fact.detail.get("below"))
    words = f"{'below ' if below else ''}{plainly(value)} {unit}".strip()
    return Reading(fact.at, day, words, value, below, tested(fact))


def _of_a_choice(fact: Fact, day: int) -> Reading:
    """A word instead of a number: not detected lies below what the test could see; none is zero."""
    words = WORDS.get(fact.choice, fact.choice.replace("_", " "))
    limit = detail_number(fact, "limit")
    if fact.choice == "not_detected" and limit is not None:
        return Reading(fact.at, day, f"{words}, the test sees {one_in(limit)}", limit, below=True, by=tested(fact))
    return Reading(fact.at, day, words, Decimal(0) if fact.choice == "none" else None, by=tested(fact))


def tested(fact: Fact) -> str:
    """By which method, in which specimen: ``sequencing, marrow``; empty where neither was told."""
    method, specimen = (str(fact.detail.get(name, "")) for name in ("method", "specimen"))
    return ", ".join(each for each in (METHODS.get(method, method), specimen) if each)


def plainly(value: Decimal) -> str:
    """A number without the zeros that a float adds."""
    return f"{value.quantize(1) if value == value.to_integral_value() else value.normalize():f}"


def one_in(share: Decimal) -> str:
    """A small share as people say it: ``1 in 100,000``."""
    return f"1 in {round(1 / share):,}" if share > 0 else "0"


def shares(found: Series) -> Series:
    """The same, each share said as one in so many."""
    return msgspec.structs.replace(found, readings=tuple(_as_share(each) for each in found.readings))


def _as_share(reading: Reading) -> Reading:
    if reading.value is None or reading.below:
        return reading
    return msgspec.structs.replace(reading, words=f"{reading.value * 100:.4g} % ({one_in(reading.value)})")


def known(several: Sequence[Series]) -> Iterator[Reading]:
    """All readings that can be drawn."""
    yield from (reading for each in several for reading in each.readings if reading.value is not None)
