"""`cartway eligible`: four questions kept apart, a product at a time, with what is missing and who settles it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer

from cartway.cli.edge import now, on_one_line, settings, stop
from cartway.cli.grading import read, shown_zone
from cartway.pathway.answer import Answer, Criterion, Source
from cartway.pathway.candidacy import candidacy
from cartway.pathway.candidacy.compose import Candidacy, Flag, ProductCandidacy
from cartway.pathway.candidacy.label import LabelAnswer
from cartway.pathway.course import CENTER, Course
from cartway.pathway.products import JURISDICTIONS, product
from cartway.problem import Problem
from cartway.record import Fact, current, open_log
from cartway.times import DAY, Instant, from_datetime, text, to_datetime
from cartway.toxicity import by_course

MARK = {Answer.yes: "yes", Answer.no: "NO", Answer.unknown: "unknown"}
NOT_CONFIRMED = "not confirmed"


def eligible(course: str, on: str, country: str, product: Sequence[str], format: str, database: str) -> None:
    """Ask the courses of a file, or one of the store.

    Problems: ``no_day``, ``unknown_country``, ``unknown_product``, ``no_facts``, ``unknown_course``.
    """
    day, until = day_asked(on)
    place, names = _place(country or settings(database, prepare=False).country), _names(product)
    courses, center = _courses(course, database)
    own = Course(center, until)
    found = {
        name: candidacy(Course(facts, until), own, on=day, jurisdiction=place, products=names)
        for name, facts in courses.items()
    }
    if format == "json":
        typer.echo(json.dumps([as_json(name, each) for name, each in found.items()], indent=2))
    else:
        typer.echo("\n".join(on_one_line(line) for name, each in found.items() for line in as_text(name, each)))


def day_asked(on: str) -> tuple[date, Instant]:
    """The day asked about and its last moment; today as far as it has come where none is given."""
    zone = shown_zone()
    if not on:
        return to_datetime(now()).astimezone(zone).date(), now()
    try:
        day = date.fromisoformat(on)
    except ValueError:
        stop(Problem("no_day", f"--on is no day: '{on}'.", "Write it as 2026-01-12."))
    midnight = from_datetime(to_datetime(0).replace(year=day.year, month=day.month, day=day.day, tzinfo=zone))
    return day, midnight + DAY - 1


def _place(country: str) -> str:
    place = country.upper()
    if place not in JURISDICTIONS:
        known = ", ".join(JURISDICTIONS)
        stop(Problem("unknown_country", f"No label of '{country}' is held.", f"Use --country with one of {known}."))
    return place


def _names(asked: Sequence[str]) -> list[str] | None:
    names = []
    for text_ in asked:
        found = product(text_)
        if found is None:
            stop(Problem("unknown_product", f"No product '{text_}' is held.", "Name it by brand or generic name."))
        names.append(found.name)
    return names or None


def _courses(course: str, database: str) -> tuple[Mapping[str, list[Fact]], list[Fact]]:
    """The courses asked about, and the center's own record, which may be among those of a file."""
    if Path(course).exists():
        found = dict(by_course(read([Path(course)])))
        center = found.pop(CENTER, [])
        if not found:
            stop(Problem("no_facts", "The file holds no course that could be read.", "See what was refused above."))
        return found, center
    with open_log(settings(database).database, create=False) as log:
        facts, center = current(log.facts(course)), current(log.facts(CENTER))
    if not facts:
        remedy = "`cartway courses` lists the courses."
        stop(Problem("unknown_course", "There is neither such a file nor such a course in the store.", remedy))
    return {course: facts}, center


def as_json(name: str, found: Candidacy) -> dict[str, Any]:
    """One course's answer as plain values."""
    return {
        "course": name,
        "on": found.on.isoformat(),
        "country": found.jurisdiction,
        "status": str(found.status),
        "products": [_product_json(each) for each in found.products],
        "fitness": [_criterion_json(each) for each in (found.pathology, *found.fitness)],
        "logistics": [_criterion_json(each) for each in found.logistics],
        "collectable": {
            "earliest": _iso(found.collectable.day),
            "earliest_by_what_is_known": _iso(found.collectable.known),
            "criteria": [_criterion_json(each) for each in found.collectable.criteria],
            "washouts_blocking": [
                {"what": each.what, "last": _iso(each.last), "until": _iso(each.until), **_source_json(each.source)}
                for each in found.collectable.blocking
            ],
        },
        "flags": [_flag_json(each) for each in found.flags],
    }


def _product_json(found: ProductCandidacy) -> dict[str, Any]:
    return {
        "product": found.product,
        "brand": found.brand,
        "label": _label_json(found.label),
        "target": [_criterion_json(each) for each in (*found.antigen, *found.holder)],
        "earliest_collection": _iso(found.collectable.day),
        "notes": [{"id": each.id, "words": each.words, **_source_json(each.source)} for each in found.notes],
        "status": str(found.status),
        "next": {"action": found.next.action, "owner": found.next.owner},
    }


def _label_json(found: LabelAnswer) -> dict[str, Any]:
    return {
        "answer": str(found.answer),
        "because": found.because,
        "rule": found.rule.id if found.rule else None,
        "words": found.rule.words if found.rule else "",
        "version": found.version,
        "confirmed": found.confirmed,
        "readings": list(found.ambiguous),
        "missing": [{"what": each.what, "words": each.words, "settles": each.settles} for each in found.missing],
        "criteria": [_criterion_json(each) for each in found.criteria],
        "others": [{"rule": each.rule.id, "answer": str(each.answer)} for each in found.others],
        "not_yet": [{"rule": row.id, "from": row.effective_from.isoformat()} for row in found.not_yet],
    }


def _criterion_json(found: Criterion) -> dict[str, Any]:
    return {
        "id": found.id,
        "axis": str(found.axis),
        "question": found.question,
        "answer": str(found.answer),
        "severity": str(found.severity),
        "because": found.because,
        "decided_by": found.decided_by,
        "missing": [{"what": each.what, "words": each.words, "settles": each.settles} for each in found.missing],
        "facts": [
            {"what": fact.what, "about": fact.about, "at": text(fact.at), "key": fact.key} for fact in found.facts
        ],
        **_source_json(found.source),
    }


def _flag_json(found: Flag) -> dict[str, Any]:
    return {
        "id": found.id,
        "severity": str(found.severity),
        "answer": str(found.answer),
        "words": found.words,
        "action": found.action,
        "owner": found.owner,
        "products": found.product,
        **_source_json(found.source),
    }


def _source_json(source: Source) -> dict[str, Any]:
    return {"source": source.text, "confirmed": source.confirmed}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def as_text(name: str, found: Candidacy) -> Iterator[str]:
    """One course's answer to read aloud: each product's label, then the other three questions once."""
    yield f"{name}: on {found.on.isoformat()}, by the labels of {found.jurisdiction}: {found.status.words.lower()}"
    yield "What the labels say (not fitness, not the target):"
    for each in found.products:
        yield from _label_lines(each)
    yield from _section("Fitness", (found.pathology, *found.fitness))
    asked = [one for one in found.products if one.label.answer is not Answer.no]
    target = {(each.id, each.because): each for one in asked for each in (*one.antigen, *one.holder)}
    yield from _section("Target and holder", target.values())
    yield f"  earliest collection: {_iso(found.collectable.day) or 'not known'}"
    yield from _section("Collection", found.collectable.criteria)
    yield from _section("Logistics", found.logistics)
    yield "Decision support: it says what labels and protocols say. A physician decides."
    yield ""


def _label_lines(found: ProductCandidacy) -> Iterator[str]:
    says = found.label
    doubt = "" if says.confirmed else f" ({NOT_CONFIRMED})"
    yield f"  {found.brand or found.product}: {MARK[says.answer]}{doubt}. {says.because}"
    if says.version:
        yield f"    {says.version}"
    for reading in says.ambiguous:
        yield f"    read so: {reading}"
    for each in says.missing if says.answer is Answer.unknown else ():
        yield f"    missing: {each.words}; settled by {each.settles}"
    for row in says.not_yet:
        yield f"    not yet: {row.id} begins on {row.effective_from.isoformat()}"
    yield f"    next: {found.next.action} ({found.next.owner})"


def _section(title: str, criteria: Iterable[Criterion]) -> Iterator[str]:
    """Only what is not met or not known, the gravest first; how many are met."""
    every = list(criteria)
    open_ = [each for each in every if each.flagged]
    yield f"{title}: {len(every) - len(open_)} of {len(every)} met"
    for each in sorted(open_, key=lambda one: ("ABS", "DEF", "REL", "INFO").index(one.severity)):
        doubt = "" if each.source.confirmed else f" ({NOT_CONFIRMED})"
        yield f"  {each.id} {each.severity} {MARK[each.answer]}: {each.because}{doubt}"
        yield from (f"    missing: {one.words}; settled by {one.settles}" for one in each.missing)
