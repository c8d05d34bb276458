"""A course drawn as text: a fact a line, ``day variable value-or-choice key=value ...``; ``_`` stands for a space.

``about`` and ``until`` (a day) are the fact's own, every other key is a detail; a list is separated by commas.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from cartway.pathway.course import CENTER, Course
from cartway.record import Fact
from cartway.times import DAY, Instant, parse
from cartway.vocabulary import vocabulary

TODAY = "2026-11-01"


def course(text: str = "", today: str = TODAY) -> Course:
    """The drawn course at the end of a day."""
    return Course(facts(text), noon(today))


def center(text: str = "", today: str = TODAY) -> Course:
    """The drawn record of the center."""
    return Course(facts(text, CENTER), noon(today))


def noon(day: str) -> Instant:
    """The middle of a day, UTC."""
    return parse(f"{day}T00:00:00+00:00") + DAY // 2


def day(text: str) -> date:
    """A day."""
    return date.fromisoformat(text)


def facts(text: str, of: str = "p01") -> list[Fact]:
    """The drawn facts of a course."""
    return [_fact(line.split(), of) for line in text.splitlines() if line.strip()]


def _fact(words: list[str], of: str) -> Fact:
    at, what, *rest = words
    variable = vocabulary().variables[what]
    given: dict[str, Any] = dict(word.split("=", 1) for word in rest if "=" in word)
    told = next((word for word in rest if "=" not in word), "")
    number = variable.kind == "number" and told not in variable.choices
    until = given.pop("until", None)
    return Fact(
        of, parse(f"{at}T00:00:00+00:00"), what, value=float(told) if number else None,
        unit=variable.unit if number else "", choice="" if number else told, about=given.pop("about", ""),
        until=parse(f"{until}T00:00:00+00:00") if until else None,
        detail={key: _read(variable.detail[key].type, value) for key, value in given.items()},
    )  # fmt: skip


def _read(kind: str, text: str) -> object:
    match kind:
        case "number":
            return float(text)
        case "flag":
            return text == "yes"
        case "list":
            return [part.replace("_", " ") for part in text.split(",")]
    return text.replace("_", " ")
