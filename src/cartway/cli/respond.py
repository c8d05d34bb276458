"""`cartway respond`: how the disease answers, from raw measurements, for courses in files."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import typer

from cartway.cli.draft import draft_of
from cartway.cli.edge import moment, on_one_line, safe, sound, stop
from cartway.cli.grading import read, shown_zone
from cartway.pathway.course import CENTER, Course
from cartway.pathway.policies import PathwayPolicies, policies_of
from cartway.problem import Problem
from cartway.record import Fact
from cartway.response import (
    BCellAplasia,
    Choices,
    Curve,
    Endpoints,
    Kinetics,
    Level,
    Mrd,
    Response,
    TimeTo,
    b_cell_aplasia,
    choices_of,
    endpoints,
    kinetics,
)
from cartway.response import respond as derive
from cartway.response.guidelines import GUIDELINES
from cartway.response.items import shown
from cartway.response.measured import days_between
from cartway.response.words import flag_words
from cartway.times import Instant, text, to_datetime
from cartway.toxicity import by_course

EVERY = "every"
TITLES = {
    "time_to_response": "time to response",
    "duration_of_response": "duration of response",
    "progression_free": "progression-free survival",
    "event_free": "event-free survival",
    "relapse_free": "relapse-free survival",
    "overall_survival": "overall survival",
    "non_relapse_mortality": "non-relapse mortality",
}


class Told(msgspec.Struct, frozen=True):
    """All that is told of one course."""

    course: Course
    choices: Choices
    responses: tuple[tuple[Response, Endpoints], ...]
    problems: tuple[Problem, ...]
    cells: Kinetics | None
    b_cells: BCellAplasia | None


def respond(
    inputs: Sequence[Path], criteria: str, at: str, policy: Sequence[str], format: str, output: Path | None
) -> None:
    """Tell the response of every course in some files.

    Problems: ``unknown_criteria``, ``no_facts``, ``wrong_policy``, ``output_is_input``.
    """
    if criteria not in ("", EVERY, *GUIDELINES):
        remedy = f"Use {EVERY} or one of: {', '.join(GUIDELINES)}."
        stop(Problem("unknown_criteria", f"There are no criteria '{criteria}'.", remedy))
    if output is not None and any(path.resolve() == output.resolve() for path in inputs):
        stop(Problem("output_is_input", f"'{output}' is among the inputs.", "Write to another file with -o."))
    zone, until = shown_zone(at), moment(at, "--at")
    courses = dict(by_course(read(inputs)))
    center = Course(courses.pop(CENTER, []), until if until is not None else 2**62)
    if not courses:
        stop(Problem("no_facts", "No fact of a course could be read.", "Check what the inputs hold."))
    choices = choices_of(chosen_policies(policy, center), zone)
    told = (tell(facts, until, criteria, choices) for facts in courses.values())
    if format == "json":
        _write([json.dumps([as_json(each) for each in told], indent=2)], output)
    else:
        _write((line for each in told for line in lines(each)), output)


def chosen_policies(policy: Iterable[str], center: Course) -> PathwayPolicies:
    """The center's policies with those of the command line."""
    policies = policies_of(center)
    for each in policy:
        name, separator, value = each.partition("=")
        if not separator:
            stop(Problem("wrong_policy", f"'{each}' does not set a policy.", "Write --policy NAME=VALUE."))
        policies = sound(policies.with_value(name.strip(), _number(value.strip())))
    return policies


def _number(value: str) -> float | str:
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def _write(lines: Iterable[str], output: Path | None) -> None:
    if output is None:
        for line in lines:
            typer.echo(safe(line))
        return
    with draft_of(output) as path, path.open("w", encoding="utf-8", newline="") as out:
        out.writelines(f"{line}\n" for line in lines)


def tell(facts: Sequence[Fact], until: Instant | None, criteria: str, choices: Choices) -> Told:
    """All that is told of one course at a moment, or at the end of its record."""
    course = Course(facts, until if until is not None else max(fact.at for fact in facts))
    asked = tuple(GUIDELINES) if criteria == EVERY else (criteria,)
    found = [derive(course, choices, name) for name in asked]
    responses = tuple((each, endpoints(course, each, choices)) for each in found if isinstance(each, Response))
    problems = tuple(dict.fromkeys(each for each in found if isinstance(each, Problem)))
    cells, b_cells = kinetics(course, choices), b_cell_aplasia(course, choices)
    return Told(
        course, choices, responses, problems,
        None if isinstance(cells, Problem) else cells,
        None if isinstance(b_cells, Problem) else b_cells,
    )  # fmt: skip


# As JSON


def as_json(told: Told) -> dict[str, Any]:
    """One course as plain values. Days are calendar days from day 0; numbers are not rounded."""
    return {
        "course": told.course.id,
        "at": text(told.course.now),
        "responses": [_response(*each, told.choices.zone) for each in told.responses],
        "problems": [msgspec.to_builtins(each) for each in told.problems],
        "kinetics": [] if told.cells is None else _plain(told.cells.curves),
        "b_cells": None if told.b_cells is None else _plain(told.b_cells),
    }


def _response(found: Response, ends: Endpoints, zone: tzinfo) -> dict[str, Any]:
    both = zip(found.levels, found.confirmed, strict=True)
    return {
        "criteria": found.criteria,
        "edition": found.edition,
        "citation": found.citation,
        "day_zero": text(found.day_zero),
        "baseline_at": _time(found.baseline_at),
        "assessments": [_level(level, confirmed, found.day_zero, zone) for level, confirmed in both],
        "best": found.best,
        "best_confirmed": found.best_confirmed,
        **_moment("first_response", found.first_response_at, found.day_zero, zone),
        **_moment("first_complete", found.first_complete_at, found.day_zero, zone),
        **_moment("progression", found.progression_at, found.day_zero, zone),
        "relapse": found.relapse,
        "relapse_because": list(found.relapse_because),
        "mrd": [_mrd(each, found.day_zero, zone) for each in found.mrd],
        "labels": dict(found.labels),
        "flags": list(found.flags),
        "policies": list(found.policies),
        "endpoints": _plain(ends),
    }


def _level(level: Level, confirmed: Level, zero: Instant, zone: tzinfo) -> dict[str, Any]:
    plain = _plain(level)
    told = {"level": level.level, "confirmed_level": confirmed.level, "confirmed_rule": confirmed.rule}
    return {"at": text(level.at), "day": days_between(zero, level.at, zone), **told} | {
        name: value for name, value in plain.items() if name not in ("at", "level")
    }


def _mrd(found: Mrd, zero: Instant, zone: tzinfo) -> dict[str, Any]:
    return {**_plain(found), "day": days_between(zero, found.at, zone)}


def _moment(name: str, at: Instant | None, zero: Instant, zone: tzinfo) -> dict[str, Any]:
    day = None if at is None else days_between(zero, at, zone)
    return {f"{name}_at": _time(at), f"{name}_day": day}


def _time(at: Instant | None) -> str | None:
    return None if at is None else text(at)


_INSTANTS = ("at", "start", "time_zero")


def _plain(value: Any, name: str = "") -> Any:
    """A struct as plain values: instants as text, decimals as numbers."""
    if isinstance(value, msgspec.Struct):
        return {field: _plain(getattr(value, field), field) for field in value.__struct_fields__}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, int) and not isinstance(value, bool) and (name in _INSTANTS or name.endswith("_at")):
        return text(value)
    return value


# To read


def lines(told: Told) -> Iterator[str]:
    """One course to read: each assessment with its reasons, what is best, the endpoints, the CAR T cells."""
    zone = told.choices.zone
    yield f"{on_one_line(told.course.id)}, at {_date(told.course.now, zone)}"
    yield from (f"  {problem}" for problem in told.problems)
    for found, ends in told.responses:
        yield from _response_lines(found, ends, zone)
    for curve in told.cells.curves if told.cells is not None else ():
        yield from _curve_lines(curve)
    if told.b_cells is not None and told.b_cells.counts:
        yield from _b_cell_lines(told.b_cells)
    yield "Decision support: it reads what was measured. A physician decides."
    yield ""


def _response_lines(found: Response, ends: Endpoints, zone: tzinfo) -> Iterator[str]:
    yield f"  {found.edition} ({found.citation})"
    if found.baseline_at is None:
        yield "    no baseline is charted"
    for level, confirmed in zip(found.levels, found.confirmed, strict=True):
        yield from _level_lines(level, confirmed, found.day_zero, zone)
    yield f"    best: {found.best}; confirmed: {found.best_confirmed}"
    for test in found.mrd:
        day = days_between(found.day_zero, test.at, zone)
        yield f"    MRD day {day}: {test.category.replace('_', ' ')} {on_one_line(test.method)}".rstrip()
    if found.relapse:
        yield f"    relapse: {found.relapse.replace('_', ' ')}. {on_one_line(' '.join(found.relapse_because))}"
    yield from (f"    {line}" for line in _endpoint_lines(ends))
    yield from (f"    to look at: {flag_words(flag)}" for flag in found.flags)


def _level_lines(level: Level, confirmed: Level, zero: Instant, zone: tzinfo) -> Iterator[str]:
    doubt = "" if level.confirmed else " (by a rule that is not confirmed)"
    other = "" if confirmed.level == level.level else f", confirmed {confirmed.level}"
    labels = {name: word for name, word in level.labels.items() if word != level.level and name[:4] != "mrd_"}
    named = on_one_line(", ".join(f"{name} {word}".replace("_", " ") for name, word in labels.items()))
    yield f"    day {days_between(zero, level.at, zone)}, {_date(level.at, zone)}: {level.level}{other}{doubt}" + (
        f" [{named}]" if named else ""
    )
    yield from (f"      {on_one_line(sentence)}" for sentence in level.because)
    if level.candidates:
        yield f"      open: {' or '.join(level.candidates)}"
    if level.missing:
        yield f"      missing: {on_one_line(', '.join(level.missing))}"
    yield from (f"      to look at: {flag_words(flag)}" for flag in level.flags)
    if level.policies:
        yield f"      decided by policy: {', '.join(level.policies)}"


def _endpoint_lines(ends: Endpoints) -> Iterator[str]:
    yield f"from the {ends.time_zero_is}; definitions are the center's policies (not confirmed)"
    for each in (ends.time_to_response, ends.duration_of_response, ends.progression_free, ends.event_free,
                 ends.relapse_free, ends.overall_survival, ends.non_relapse_mortality):  # fmt: skip
        if each.days is not None:
            yield _time_line(each)
    yield from (f"to look at: {flag_words(flag)}" for flag in ends.flags)


def _time_line(each: TimeTo) -> str:
    ended = each.because if each.event else each.because or "censored"
    return f"{TITLES[each.name]}: {each.days} days{'' if each.event else '+'}, {ended}"


def _curve_lines(curve: Curve) -> Iterator[str]:
    yield f"  {curve.what.replace('_', ' ')} [{curve.unit}], by calendar days (rules not confirmed)"
    if curve.highest is not None and curve.last is not None:
        last = f"last {shown(curve.last)} on day {curve.last_day}"
        yield f"    highest {shown(curve.highest)} on day {curve.highest_day}; {last}"
    areas = (("to day 28", curve.area_28), ("to day 84", curve.area_84))
    yield from (f"    area {name}: {float(found):.6g}" for name, found in areas if found is not None)
    if curve.half_life_days is not None:
        yield f"    half-life {float(curve.half_life_days):.3g} days"
    if curve.missing:
        yield f"    missing: {'; '.join(curve.missing)}"
    yield from (f"    to look at: {flag_words(flag)}" for flag in curve.flags)


def _b_cell_lines(found: BCellAplasia) -> Iterator[str]:
    last = found.counts[-1]
    state = "aplasia" if found.now else "no aplasia"
    ended = "" if found.days is None or found.censored else f", the aplasia ended by day {found.days}"
    applies = "" if found.applies else " (the product is not against CD19)"
    yield f"  B cells: {state}, {shown(last.count)}/uL on day {last.day}{ended}{applies}"
    yield from (f"    to look at: {flag_words(flag)}" for flag in found.flags)


def _date(at: Instant, zone: tzinfo) -> str:
    return to_datetime(at).astimezone(zone).date().isoformat()
