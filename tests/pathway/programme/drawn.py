"""Courses drawn for a question: one line a fact, days as they are said at the center."""

from __future__ import annotations

import json

from cartway.pathway.course import CENTER, Course
from cartway.pathway.programme import Stand, stand
from cartway.record import Fact
from cartway.times import Instant, parse

NOW = "2026-11-23 12:00"


def instant(text: str) -> Instant:
    """``11-02`` or ``11-02 09:30`` of 2026, or the whole; noon where no time is said."""
    day, _, clock = text.partition(" ")
    return parse(f"{day if len(day) > 5 else f'2026-{day}'}T{clock or '12:00'}Z")


def facts(course: str, lines: str) -> list[Fact]:
    """``DAY [HH:MM] WHAT[:ABOUT] CHOICE|NUMBER {details}``, a line a fact."""
    return [_fact(course, line.strip(), number) for number, line in enumerate(lines.strip().splitlines(), 1)]


def _fact(course: str, line: str, number: int) -> Fact:
    head, _, detail = line.partition("{")
    words = head.split()
    when = words.pop(0) + (f" {words.pop(0)}" if ":" in words[0] and words[0][0].isdigit() else "")
    what, _, about = words.pop(0).partition(":")
    said = words[0] if words else ""
    value = float(said) if said.replace(".", "").isdigit() else None
    stated = json.loads("{" + detail) if detail else {}
    choice = "" if value is not None else said
    return Fact(course, instant(when), what, value, choice=choice, about=about, detail=stated, position=number)


def at(lines: str, now: str = NOW, center: str = "") -> Stand:
    """Where the drawn course stands."""
    present = instant(now)
    own = facts(CENTER, center) if center else []
    return stand(Course(facts("p", lines), present), Course(own, present), present)


def codes(found: Stand) -> set[str]:
    """The codes of all that is due."""
    return {task.code for task in found.due}
