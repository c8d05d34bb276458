"""`cartway trials`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import typer

from cartway.cli.edge import now, on_one_line, say, settings, stop
from cartway.cli.grading import SHOWN_PROBLEMS, read, shown_zone
from cartway.pathway.course import CENTER, Course
from cartway.pathway.trials import HEADINGS, WORDS, Finding, Fit, Match, match, read_paths
from cartway.problem import Problem
from cartway.record import Fact, current, open_log
from cartway.times import DAY, Instant, from_datetime, text, to_datetime
from cartway.toxicity import by_course

NOT_READ = "not read by the software"
MARK = {"yes": "met", "no": "NOT MET", "unknown": "unknown"}


def trials(course: str, trials: Sequence[Path], on: str, format: str, database: str) -> None:
    """Match a course (in the store, or those of a facts table) against trial records."""
    for path in trials:
        if not path.exists():
            stop(Problem("no_file", f"There is no '{path}'.", "Check the path."))
    found = read_paths(trials)
    for problem in found.problems[:SHOWN_PROBLEMS]:
        say(f"not read: {problem}")
    if len(found.problems) > SHOWN_PROBLEMS:
        say(f"... and {len(found.problems) - SHOWN_PROBLEMS} more")
    if not found.trials:
        stop(Problem("no_trials", "No trial record could be read.", "See what was told above."))
    day, until = _moment(on)
    courses, center = _courses(course, database)
    matched = {
        name: match(Course(facts, until), found.trials, day, Course(center, until)) for name, facts in courses.items()
    }
    if format == "json":
        typer.echo(json.dumps([_as_json(name, day, one) for name, one in matched.items()], indent=2))
    else:
        typer.echo("\n".join(line for name, one in matched.items() for line in _as_text(name, day, one)))


def _moment(on: str) -> tuple[date, Instant]:
    """The day asked about and its last moment; today as far as it has come, where none is given."""
    zone = shown_zone()
    if not on:
        return to_datetime(now()).astimezone(zone).date(), now()
    try:
        day = date.fromisoformat(on)
    except ValueError:
        stop(Problem("no_day", f"--on is no day: '{on}'.", "Write it as 2026-01-12."))
    midnight = from_datetime(to_datetime(0).replace(year=day.year, month=day.month, day=day.day, tzinfo=zone))
    return day, midnight + DAY - 1


def _courses(course: str, database: str) -> tuple[dict[str, list[Fact]], list[Fact]]:
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


def _as_text(course: str, day: date, found: Sequence[Match]) -> Iterator[str]:
    yield f"{on_one_line(course)}: {len(found)} trial records, on {day.isoformat()}"
    yield "What a record structures is asked of the course. Its free text is for people to read."
    for fit, heading in HEADINGS.items():
        group = [each for each in found if each.fit is fit]
        if group:
            yield ""
            yield f"{heading} ({len(group)})"
        for each in group:
            yield ""
            yield from _one(each, whole=fit is not Fit.no)


def _one(each: Match, *, whole: bool) -> Iterator[str]:
    """A trial with its answers, and its free text unless it does not fit anyhow."""
    trial = each.trial
    here = " · this center takes part" if each.here else ""
    yield f"  {on_one_line(f'{trial.id}  {trial.title}')}{here}"
    taken = f"copy of {trial.as_of.isoformat()}" if trial.as_of else "the copy bears no day"
    yield f"    {on_one_line('; '.join(part for part in (trial.kind, trial.phase, trial.registry, taken) if part))}"
    if each.said is not None:
        yield f"    recorded: {each.said.choice.replace('_', ' ')} ({text(each.said.at)[:10]})"
    for answer in each.answers:
        yield from _finding(answer.finding, f"    {WORDS.get(answer.id, answer.id)}: ", 4)
    yield f"    {each.to_read} criteria in free text, {NOT_READ}"
    if whole:
        for heading, items in _free_text(each):
            yield f"    {heading}, {NOT_READ}:"
            yield from (f"      - {on_one_line(item)}" for item in items)


def _free_text(each: Match) -> Iterator[tuple[str, Sequence[str]]]:
    free = each.trial.text
    named = (("Inclusion", free.inclusion), ("Exclusion", free.exclusion), ("Under neither heading", free.other))
    return ((heading, items) for heading, items in named if items)


def _finding(finding: Finding, lead: str, indent: int) -> Iterator[str]:
    yield on_one_line(f"{lead}{MARK[finding.answer]}: {finding.text} ({finding.because})")
    if not finding.parts:
        for missing in finding.missing:
            yield on_one_line(f"{' ' * (indent + 2)}would settle it: {missing.settles}")
    for part in finding.parts:
        yield from _finding(part, f"{' ' * (indent + 2)}- ", indent + 2)


def _as_json(course: str, day: date, found: Sequence[Match]) -> dict[str, Any]:
    return {"course": course, "on": day.isoformat(), "trials": [_trial(each) for each in found]}


def _trial(each: Match) -> dict[str, Any]:
    trial = each.trial
    return {
        "trial": trial.id,
        "title": trial.title,
        "registry": trial.registry,
        "as_of": trial.as_of.isoformat() if trial.as_of else None,
        "address": trial.address or None,
        "fit": each.fit.value,
        "why": each.why,
        "this_center": each.here,
        "recorded": each.said.choice if each.said else None,
        "criteria": [
            {"id": one.id, "severity": one.severity.value, **_found(one.finding)} for one in each.answers
        ],
        "not_read": {
            "inclusion": list(trial.text.inclusion),
            "exclusion": list(trial.text.exclusion),
            "other": list(trial.text.other),
        },
    }  # fmt: skip


def _found(finding: Finding) -> dict[str, Any]:
    facts = [{"what": fact.what, "at": text(fact.at), "source": fact.source, "key": fact.key} for fact in finding.facts]
    return {
        "criterion": finding.text,
        "answer": finding.answer.value,
        "because": finding.because,
        "facts": facts,
        "missing": [{"what": each.what, "settles": each.settles} for each in finding.missing],
        **({"parts": [_found(part) for part in finding.parts]} if finding.parts else {}),
    }
