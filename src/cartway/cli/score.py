"""`cartway score`: risk scores at one moment, what each is made of, and what is missing."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

import typer

from cartway.cli.asked import courses_asked
from cartway.cli.edge import moment, now, on_one_line, safe, stop
from cartway.cli.grading import shown_zone
from cartway.pathway.course import Course
from cartway.pathway.policies import policies_of
from cartway.problem import Problem
from cartway.times import Instant, text
from cartway.toxicity.scores import NAMES, Part, Score, choices_of
from cartway.toxicity.scores import score as work_out
from cartway.toxicity.scores import scores as every
from cartway.toxicity.wording import clock, unit_text


def score(course: str, name: str, at: str, known_at: str, format: str, database: str) -> None:
    """Work out scores for the courses of a file, or one of the store.

    Problems: ``unknown_score``, ``no_facts``, ``unknown_course``.
    """
    names, until, known = _names(name), moment(at, "--at"), moment(known_at, "--known-at")
    courses, center = courses_asked(course, known, database)
    in_file = Path(course).exists()
    told = []
    for one, facts in courses.items():
        asked = until if until is not None else max(fact.at for fact in facts) if in_file else now()
        choices = choices_of(policies_of(Course(center, asked)))
        all_of_them = names == NAMES
        found = (
            every(facts, asked, choices) if all_of_them else [work_out(each, facts, asked, choices) for each in names]
        )
        told.append((one, asked, found))
    if format == "json":
        typer.echo(json.dumps([as_json(*each) for each in told], indent=2))
    else:
        zone = shown_zone(at)
        typer.echo("\n".join(safe(line) for each in told for line in lines(*each, zone)))


def _names(asked: str) -> Sequence[str]:
    if asked == "all":
        return NAMES
    if asked not in NAMES:
        stop(Problem("unknown_score", f"There is no score '{asked}'.", f"Use all or one of: {', '.join(NAMES)}."))
    return (asked,)


def as_json(course: str, at: Instant, found: Sequence[Score]) -> dict[str, Any]:
    """One course's scores as plain values; a score that cannot be worked out is null."""
    return {"course": course, "at": text(at), "scores": {each.name: _score(each) for each in found}}


def _score(found: Score) -> dict[str, Any]:
    return {
        "value": found.value,
        "risk": found.risk,
        "at_least": found.at_least,
        "at_most": found.at_most,
        "parts": [_part(part) for part in found.parts],
        "missing": list(found.missing),
        "policies": list(found.policies),
        "notes": list(found.notes),
        "refused": found.refused,
        "source": f"{found.source.citation}, doi:{found.source.doi}",
        "confirmed": found.source.confirmed,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "what": part.what,
        "words": part.words,
        "value": part.value,
        "unit": part.unit,
        "at": None if part.at is None else text(part.at),
        "points": part.points,
        "said": part.said,
    }


def lines(course: str, at: Instant, found: Sequence[Score], zone: tzinfo) -> Iterator[str]:
    """One course's scores to read: the value, what it is made of, what is missing, its source."""
    yield f"{on_one_line(course)}, at {clock(at, zone)}"
    for each in found:
        doubt = "" if each.source.confirmed else " (not confirmed)"
        yield f"  {TLS.get(each.name, each.source.title)}{doubt}: {_value(each)}"
        if each.refused:
            yield f"    {each.refused}"
        for part in each.parts:
            yield f"    {_said(part, zone)}"
        if each.missing:
            yield f"    missing: {', '.join(name.replace('_', ' ') for name in each.missing)}"
        yield from (f"    {note}" for note in each.notes)
        if each.policies:
            yield f"    decided by policy: {', '.join(each.policies)}"
        yield f"    {each.source.citation}. {each.source.note}".rstrip()
    yield "Decision support: it adds up what is charted. A physician decides."
    yield ""


TLS = {"tls_laboratory": "Laboratory tumor lysis", "tls_clinical": "Clinical tumor lysis"}


def _value(found: Score) -> str:
    if found.refused:
        return "not worked out"
    if isinstance(found.value, bool):
        return f"yes, {found.risk}" if found.value and found.risk else "yes" if found.value else "no"
    if found.value is None:
        between = found.at_least is not None and found.at_most is not None and bool(found.missing)
        range_ = f"; from {found.at_least:g} to {found.at_most:g} by what is known" if between else ""
        return f"cannot be worked out{range_}" + (f", {found.risk}" if found.risk else "")
    return f"{found.value:.4g}" + (f", {found.risk}" if found.risk else "")


def _said(part: Part, zone: tzinfo) -> str:
    if part.value is None and not part.said:
        return f"{part.words}: missing"
    number = f" {on_one_line(part.said)}" if part.value is None else f" {part.value:g} {unit_text(part.unit)}".rstrip()
    points = "" if part.points is None else f", {part.points:g} {'point' if part.points == 1 else 'points'}"
    when = "" if part.at is None else f" at {clock(part.at, zone)}"
    return f"{part.words}:{number}{when}{points}"
