"""Courses drawn for the label axis: a disease, an age, lines of therapy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cartway.pathway.candidacy.label import LabelAnswer, label
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import parse

ON = date(2026, 11, 1)
SEVEN = ("Kymriah", "Yescarta", "Tecartus", "Breyanzi", "Abecma", "Carvykti", "Aucatzyl")


def moment(day: str) -> int:
    return parse(f"{day}T00:00+00:00")


def fact(what: str, *, at: str = "2026-10-01", until: str = "", **rest: Any) -> Fact:
    return Fact("c1", moment(at), what, until=moment(until) if until else None, **rest)


def line(number: int, start: str, end: str = "", **detail: Any) -> Fact:
    return fact("line_of_therapy", at=start, until=end, value=float(number), unit="{count}", detail=detail)


def r_chop(number: int = 1, start: str = "2025-03-01", end: str = "2025-08-15", **detail: Any) -> Fact:
    """R-CHOP with a complete response, then a relapse; `detail` says when."""
    usual = {
        "regimen": "R-CHOP x6", "classes": ["chemotherapy", "anti-CD20", "anthracycline"], "systemic": True,
        "response": "CR", "outcome": "relapse",
    }  # fmt: skip
    return line(number, start, end, **{**usual, **detail})


def disease(
    choice: str, *, status: str = "relapsed", confirmed: bool | None = True, at: str = "2026-10-01", **detail: Any
) -> list[Fact]:
    told = {**detail, **({} if confirmed is None else {"histology_confirmed": confirmed})}
    stated = [fact("disease_status", choice=status, at=at)] if status else []
    return [fact("diagnosis", choice=choice, detail=told, at=at), *stated]


def aged(years: float, at: str = "2026-11-01") -> Fact:
    return fact("age", at=at, value=years, unit="a")


def course(facts: Sequence[Fact], on: date = ON) -> Course:
    return Course(facts, parse(f"{on.isoformat()}T23:59+00:00"))


def says(facts: Sequence[Fact], product: str, on: date = ON, place: str = "US") -> LabelAnswer:
    return label(course(facts, on), product, on, place)


def verdicts(facts: Sequence[Fact], on: date = ON, place: str = "US") -> Mapping[str, str]:
    """What the labels of the seven say, those that say yes or unknown."""
    found = {name: str(says(facts, name, on, place).answer) for name in SEVEN}
    return {name: answer for name, answer in found.items() if answer != "no"}
