"""`cartway aftercare`: what follows the infusion, on one day, with its sources and the questions that stay open."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, tzinfo
from itertools import chain
from pathlib import Path
from typing import Any

import msgspec
import typer

from cartway.aftercare import Aftercare, Item, Marker, Question, Status
from cartway.aftercare import aftercare as follow
from cartway.aftercare.dates import landmarks
from cartway.cli.asked import courses_asked
from cartway.cli.edge import moment, now, on_one_line, settings, sound, stop
from cartway.cli.grading import shown_zone
from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import load_policies, policies_of
from cartway.pathway.products import JURISDICTIONS
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import Response, choices_of, respond
from cartway.times import Instant, text

FACTS = ("facts", "present", "given")
SECTIONS = {
    "restrictions": "Restrictions", "calendar": "Visits", "repeated": "Until it is normal", "immune": "Immune recovery",
    "prophylaxis": "Prevention of infections", "vaccines": "Vaccines", "late_effects": "Late effects",
    "check_ins": "Check-ins", "registry": "Registry",
}  # fmt: skip
SHOWN_TO_COME = 3  # of what is not yet due, so many of a section stand in the text; JSON has all


def aftercare(
    course: str, at: str, known_at: str, policy: Sequence[str], format: str, database: str, country: str = ""
) -> None:
    """Tell what follows for the courses of a file, or one of the store.

    Problems: ``unknown_country``, ``wrong_policy``, ``unknown_policy``, ``wrong_policy_value``,
    ``policy_out_of_range``, ``no_facts``, ``unknown_course``.
    """
    until, known = moment(at, "--at"), moment(known_at, "--known-at")
    place, zone = place_of(country), shown_zone(at)
    courses, center = courses_asked(course, known, database)
    in_file = Path(course).exists()
    told = []
    for facts in courses.values():
        asked = until if until is not None else max(fact.at for fact in facts) if in_file else now()
        own = Course([*center, *chosen(policy, asked)], asked)
        told.append(_followed(Course(facts, asked), own, place, zone))
    if format == "json":
        typer.echo(json.dumps([as_json(each) for each in told], indent=2))
    else:
        typer.echo("\n".join(on_one_line(line) for each in told for line in lines(each)))


def _followed(course: Course, center: Course, place: str, zone: tzinfo) -> Aftercare:
    found = respond(course, choices_of(policies_of(center), zone))
    return follow(course, center, found if isinstance(found, Response) else None, country=place, zone=zone)


def place_of(country: str) -> str:
    """The place whose labels count: as asked, else the site's."""
    place = (country or settings(prepare=False).country).upper()
    if place not in JURISDICTIONS:
        known = ", ".join(JURISDICTIONS)
        stop(Problem("unknown_country", f"No label of '{country}' is held.", f"Use --country with one of {known}."))
    return place


def chosen(policy: Iterable[str], at: Instant) -> Iterator[Fact]:
    """The policies given on the command line as facts of the center's record, checked."""
    policies = load_policies()
    for written in policy:
        name, separator, value = written.partition("=")
        if not separator:
            stop(Problem("wrong_policy", f"'{written}' does not set a policy.", "Write --policy NAME=VALUE."))
        number = _number(value.strip())
        sound(policies.with_value(name.strip(), value.strip() if number is None else number))
        detail = {"choice": value.strip()} if number is None else {}
        yield Fact(CENTER, at, "center_policy", number, about=name.strip(), detail=detail)


def _number(value: str) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def as_json(found: Aftercare) -> dict[str, Any]:
    """One course's aftercare as plain values, with the dates that people count to."""
    told = {name: [_plain(each) for each in getattr(found, name)] for name in SECTIONS}
    questions = [_plain(each) for each in found.questions]
    dates = landmarks(found.infused[0]) if found.infused else {}
    return {
        "course": found.course, "on": found.on.isoformat(), "country": found.country, "product": found.product,
        "disease": found.disease, "infused": [day.isoformat() for day in found.infused], "day": found.day,
        "ended": found.ended.isoformat() if found.ended else None,
        "landmarks": {name: day.isoformat() for name, day in dates.items()},
        **told, "registry_forms": dict(found.registry_forms), "questions": questions,
        "notes": {note.key: note.words for note in found.notes},
    }  # fmt: skip


def _plain(value: Any) -> dict[str, Any]:
    """A value as JSON holds it; facts by what, when and which, without their texts."""
    facts = {name: [_fact(each) for each in getattr(value, name)] for name in FACTS if hasattr(value, name)}
    bare = msgspec.structs.replace(value, **dict.fromkeys(facts, ()))
    tasks = {"tasks": [_plain(each) for each in value.tasks]} if getattr(value, "tasks", ()) else {}
    plain: dict[str, Any] = msgspec.to_builtins(msgspec.structs.replace(bare, tasks=()) if tasks else bare)
    return {**plain, **facts, **tasks}


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "what": fact.what, "at": text(fact.at), "value": fact.value, "unit": fact.unit, "choice": fact.choice,
        "about": fact.about, "key": fact.key, "position": fact.position,
    }  # fmt: skip


def lines(found: Aftercare) -> Iterator[str]:
    """One course's aftercare to read: what is due, then section by section, then the open questions."""
    day = "no infusion" if found.day is None else f"day {found.day}"
    yield f"{found.course}: on {found.on.isoformat()}, {day}, by the labels of {found.country}"
    yield from (f"  {note.words}" for note in found.notes)
    due = found.due()
    if due:
        yield "Due"
        yield from chain.from_iterable(_line(each) for each in due)
    for name, title in SECTIONS.items():
        yield from _section(title, [each for each in getattr(found, name) if each not in due])
    yield from chain.from_iterable(_question(each) for each in found.questions if each.open)
    yield "Decision support: it says what labels and published schedules say. A physician decides."
    yield ""


def _section(title: str, items: Sequence[Item]) -> Iterator[str]:
    """A section; of what is not yet due only the next ones."""
    coming = [each for each in items if each.status is Status.not_yet and each.due_from is not None]
    later = sorted(coming, key=lambda each: each.due_from or date.max)[SHOWN_TO_COME:] if title in _LONG else []
    shown = [each for each in items if each not in later]
    if shown:
        yield title
        yield from chain.from_iterable(_line(each) for each in shown)
    if later:
        yield f"  and {len(later)} more to come, the last {later[-1].due_from}"


_LONG = ("Visits", "Check-ins", "Registry")
WORDS = {Status.not_yet: "not yet", Status.not_allowed: "not allowed", Status.unknown: "NOT KNOWN"}


def _line(item: Item) -> Iterator[str]:
    doubt = "" if item.confirmed else " (not confirmed)"
    yield f"  {item.what}: {_stands(item)}{doubt}. {item.why}"
    if item.missing and item.missing[0] not in item.why:
        yield f"    missing: {', '.join(item.missing)}"
    for each in getattr(item, "decisions", ()):
        yield f"    {each}"
    if getattr(item, "present", ()):
        yield from (f"    {each}" for each in getattr(item, "actions", ()))


def _stands(item: Item) -> str:
    """How an item stands, in a word or two; a marker is back or not, whenever it is next measured."""
    if isinstance(item, Marker) and item.status not in (Status.due, Status.overdue):
        return {True: "back", False: "not back", None: "NOT KNOWN"}[item.recovered]
    return WORDS.get(item.status, str(item.status))


def _question(question: Question) -> Iterator[str]:
    yield f"Sources differ, nobody chose: {question.words} ({question.key})"
    yield f"  {question.why}"
    for option in question.options:
        doubt = "" if option.source.confirmed else " (not confirmed)"
        yield f"  {option.key}: {option.words}{doubt}. {option.source.text}"
