"""The clinic: who reads a fever, a low pressure or a low saturation at home comes in the same day, and a round is made.

The twin looks at somebody at home once in a week or a month, so that nothing would ever settle what such a reading
raises. What the clinic finds is made up for the demo: the signs that the patient usually reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant

AFTER = 4 * HOUR
SOURCE, OWN = "demo", "patient"
HIGH = {"body_temperature": 38.0}
LOW = {"systolic_pressure": 90.0, "oxygen_saturation": 92.0}
USUAL = (
    ("body_temperature", "Cel", 36.8), ("systolic_pressure", "mm[Hg]", 120.0), ("diastolic_pressure", "mm[Hg]", 75.0),
    ("heart_rate", "/min", 80.0), ("oxygen_saturation", "%", 97.0),
)  # fmt: skip
"""What is found where the patient never read it, or reads nothing that is well."""
REST = (("respiratory_rate", 16.0, "/min", ""), ("oxygen_device", None, "", "room_air"),
        ("consciousness", None, "", "awake"))  # fmt: skip


def visits(facts: Sequence[Fact]) -> list[Fact]:
    """The rounds that are made of somebody who is at home, by what was read there. `facts`: of one course."""
    died = min((fact.at for fact in facts if fact.what == "death"), default=None)
    read = [fact for fact in facts if fact.source == OWN]
    found: list[Fact] = []
    for fact in sorted(read, key=lambda each: each.at):
        at = fact.at + AFTER
        if _asks(fact) and (died is None or at < died) and (not found or fact.at - found[-1].at > DAY):
            found += _round(fact.course, at, read)
    return found


def _asks(fact: Fact) -> bool:
    value = fact.value
    if value is None:
        return False
    return value >= HIGH.get(fact.what, value + 1) or value <= LOW.get(fact.what, value - 1)


def _round(course: str, at: Instant, read: Sequence[Fact]) -> list[Fact]:
    signs = [_fact(course, at, what, _usual(what, usual, read), unit) for what, unit, usual in USUAL]
    return [*signs, *(_fact(course, at, what, value, unit, choice) for what, value, unit, choice in REST)]


def _usual(what: str, usual: float, read: Sequence[Fact]) -> float:
    """The middle of what the patient reads while well."""
    own = [fact.value for fact in read if fact.what == what and fact.value is not None and not _asks(fact)]
    return round(median(own), 1 if what == "body_temperature" else 0) if own else usual


def _fact(course: str, at: Instant, what: str, value: float | None, unit: str, choice: str = "") -> Fact:
    key = f"visit-{what}-{at // MINUTE}"
    return Fact(course, at, what, value, unit, choice, source=SOURCE, key=key, simulated=True)
