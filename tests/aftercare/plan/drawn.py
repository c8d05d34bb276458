"""Courses drawn with a few rows, and a center that can be called."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC
from typing import Any

from cartway.aftercare.plan import Language, Place, Plan, Reader, care_plan
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant, parse
from cartway.toxicity import load_rules

LINE = "+1 555 010 0142"
INFUSED = "2026-01-05T10:00Z"
NOW = parse("2026-04-20T12:00Z")
PLACE = Place("US", "Lakeside", LINE, UTC, load_rules())


def fact(at: str, what: str, course: str = "c-7", **fields: Any) -> Fact:
    return Fact(course, parse(at), what, **fields)


def course(*rows: Fact, product: str = "axicabtagene_ciloleucel", now: Instant = NOW, **infusion: Any) -> Course:
    """A course infused on January 5, 2026, with more facts."""
    return Course([fact(INFUSED, "infusion", choice=product, **infusion), *rows], now)


def center(*rows: Fact) -> Course:
    return Course(rows, NOW)


def contact(choice: str, telephone: str, course: str = "center", **detail: Any) -> Fact:
    return fact("2025-01-01T00:00Z", "care_contact", course, choice=choice, detail={"telephone": telephone, **detail})


def plan(one: Course, reader: Reader = "patient", language: Language = "en", place: Place = PLACE) -> Plan:
    found = care_plan(one, center(), place, reader, language)
    assert not isinstance(found, Problem), found
    return found


def said(found: Plan, key: str) -> Mapping[str, str]:
    """A part of the plan: what to text and when, in one line."""
    section = found.section(key)
    assert section is not None, key
    return {
        row.what: " ".join(part for part in (row.text, row.when, row.note, *row.items, row.mark) if part)
        for row in section.rows
    }


def all_words(found: Plan) -> str:
    """Every word of the plan."""
    parts = [found.title, found.lead, *found.closing]
    for section in found.sections:
        parts += [section.title, section.intro, section.empty]
        parts += [
            word for row in section.rows for word in (row.what, row.text, row.when, row.note, *row.items, row.mark)
        ]
    return "\n".join(parts)
