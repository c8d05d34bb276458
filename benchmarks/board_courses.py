"""The courses that the board is measured with: example courses at different days, and one that is very long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle, islice

import msgspec

from cartway.intake import read_facts
from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.toxicity import by_course
from cartway.web.demo.examples import example_files

COURSE = "course-long"
EVERY = 5 * MINUTE  # a monitor that charts every five minutes
VITAL_SIGNS = (
    ("body_temperature", "Cel", 37.2, 1.2),
    ("systolic_pressure", "mm[Hg]", 108.0, 14.0),
    ("heart_rate", "/min", 92.0, 12.0),
    ("respiratory_rate", "/min", 18.0, 3.0),
    ("oxygen_saturation", "%", 96.0, 2.0),
)


def ward_of(courses: int, now: Instant) -> Iterator[list[Fact]]:
    """The example courses over and over, each as far as it would have come today: three days on to two weeks."""
    stories = by_course(read_facts(example_files()).facts)
    for number, (name, facts) in enumerate(islice(cycle(sorted(stories.items())), courses)):
        shift = now - _infused(facts) - (3 + number % 12) * DAY - number * 7 * MINUTE
        yield [
            moved
            for fact in facts
            if (moved := _moved(fact, f"course-{number:02d}-{name}", shift)).at <= now - number % 5 * HOUR
        ]


def _infused(facts: Sequence[Fact]) -> Instant:
    return min(fact.at for fact in facts if fact.what == "infusion")


def _moved(fact: Fact, course: str, by: int) -> Fact:
    until = None if fact.until is None else fact.until + by
    return msgspec.structs.replace(fact, course=course, at=fact.at + by, until=until)


def long_course(facts: int, now: Instant) -> list[Fact]:
    """A course of that many facts: five vital signs every five minutes, ICE and a vasopressor now and then."""
    rounds = facts // len(VITAL_SIGNS)
    begun = now - rounds * EVERY
    made = [Fact(COURSE, begun, "infusion", choice="axicabtagene_ciloleucel", source="chart", key="infusion")]
    for number in range(rounds):
        at = begun + number * EVERY + MINUTE
        made += _round(at, number)
    return made[:facts]


def _round(at: Instant, number: int) -> list[Fact]:
    """One round of vital signs; every eighth hour an ICE."""
    swing = abs(number % 288 - 144) / 144  # a fever that comes and goes once a day
    found = [
        Fact(COURSE, at, what, round(usual + span * (swing if what == "body_temperature" else number % 7 / 7 - 0.5), 1),
             unit, source="monitor", key=f"{what}-{number}")
        for what, unit, usual, span in VITAL_SIGNS
    ]  # fmt: skip
    if number % 96 == 0:
        found.append(
            Fact(COURSE, at, "ice_score", float(10 - number // 96 % 3), "{score}", source="chart", key=f"ice-{number}")
        )
    return found


def wearable_course(now: Instant) -> list[Fact]:
    """A month of a wearable's temperature every two minutes: 21,600 facts, and the infusion."""
    every, count = 2 * MINUTE, 30 * 24 * 30
    begun = now - count * every
    made = [Fact(COURSE, begun, "infusion", choice="axicabtagene_ciloleucel", source="chart", key="infusion")]
    for number in range(count):
        celsius = round(36.6 + (1.9 if number % 2160 < 120 else 0.0) + number % 9 / 20, 2)
        at = begun + (number + 1) * every - MINUTE
        made.append(Fact(COURSE, at, "body_temperature", celsius, "Cel", source="wearable", key=f"t-{number}"))
    return made
