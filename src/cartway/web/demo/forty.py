"""A ward of many: the example courses told again, each time so many hours further back, under invented names.

For pictures, tests and whoever wants to see forty courses on one screen. All of it is simulated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cartway.record import Fact
from cartway.times import HOUR, Instant, parse, text
from cartway.web.demo.cast import Patient
from cartway.web.demo.examples import answer_facts, example_facts
from cartway.web.demo.replay import known_from

LATER = 41 * HOUR  # how much later each telling begins: another phase of the course, at another time of the day
SAID_AT = ("onset", "due")  # times that an answer names
GIVEN = ("Ada", "Bo", "Cleo", "Dara", "Eskil", "Fenna", "Goran", "Hedy", "Ivo", "Jun", "Kaja", "Lev", "Mina")
FAMILY = ("Ashgrove", "Birchwater", "Cloudberry", "Dunmarsh", "Elderfield", "Foxglove", "Gorseholm", "Hazelmere",
          "Ironbark", "Juniperhill", "Kelpstrand")  # fmt: skip


def forty(now: Instant, count: int = 40) -> list[Fact]:
    """The facts of `count` courses that are known by `now`, in the order in which they were known."""
    told = [fact for fact in _told([*example_facts(), *answer_facts()], count) if known_from(fact) <= now]
    return sorted(told, key=lambda fact: (known_from(fact), bool(fact.amends), fact.at, fact.course))


def patients(courses: Iterable[str]) -> Mapping[str, Patient]:
    """Who they are: invented, each with another name."""
    return {
        course: Patient(
            _name(n), f"{1946 + n * 7 % 60}-{1 + n % 12:02d}-{1 + n * 5 % 28:02d}", "unknown", f"DEMO-4{n:03d}"
        )
        for n, course in enumerate(sorted(courses))
    }


def _name(n: int) -> str:
    return f"{GIVEN[n % len(GIVEN)]} {FAMILY[n % len(FAMILY)]}"


def _told(facts: Iterable[Fact], count: int) -> Iterator[Fact]:
    by_course: dict[str, list[Fact]] = {}
    for fact in facts:
        by_course.setdefault(fact.course, []).append(fact)
    names = sorted(by_course)
    for n in range(count):
        again, name = n // len(names), names[n % len(names)]
        yield from (_later(fact, f"{name}-{again + 1}", again * LATER) for fact in by_course[name])


def _later(fact: Fact, course: str, hours: Instant) -> Fact:
    told = {name: text(parse(str(fact.detail[name])) + hours) for name in SAID_AT if name in fact.detail}
    moved = {"at": fact.at + hours, "course": course, "detail": {**fact.detail, **told}}
    if fact.until is not None:
        moved["until"] = fact.until + hours
    if fact.source_recorded_at is not None:
        moved["source_recorded_at"] = fact.source_recorded_at + hours
    return msgspec.structs.replace(fact, **moved)
