"""`cartway plan`: days for all who wait, how good they are, who has none and why; after a loss, what changes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, tzinfo
from pathlib import Path
from typing import Any

import msgspec
import typer

from cartway.cli.edge import now, on_one_line, safe, settings, stop
from cartway.cli.grading import read, shown_zone
from cartway.pathway.course import CENTER, Course
from cartway.pathway.slots import (
    AGAIN,
    Closure,
    Difference,
    Effort,
    Plan,
    Planned,
    Request,
    differences,
    make_plan,
    question_of,
    request,
)
from cartway.pathway.slots.days import Day, in_words, instant_of, iso
from cartway.pathway.slots.need import Note
from cartway.pathway.slots.plan import STEP_WORDS, Stage
from cartway.problem import Problem
from cartway.record import Fact, current, open_log
from cartway.times import Instant, to_datetime
from cartway.toxicity import by_course


def plan(
    inputs: Sequence[Path],
    start: str,
    weeks: int,
    lost: Sequence[str],
    seconds: float,
    format: str,
    output: Path | None,
    database: str,
) -> None:
    """Plan the courses of some files, or of the store.

    Problems: ``no_day``, ``no_courses``, ``unknown_loss``, ``output_is_input``.
    """
    if output is not None and any(path.exists() and path.samefile(output) for path in inputs if output.exists()):
        stop(Problem("output_is_input", f"'{output}' is among the inputs.", "Write to another file with -o."))
    zone = shown_zone()
    first, moment = _start(start, zone)
    asked = _request(inputs, database, zone, first, weeks, moment)
    effort = _effort(AGAIN if asked.before and asked.keep else Effort(), seconds)
    losses = [_loss(text, asked) for text in lost]
    found = make_plan(asked, effort)
    changed: tuple[Difference, ...] = ()
    if losses:
        asked, before = _without(asked, found, losses), found
        found = make_plan(asked, _effort(AGAIN, seconds))
        changed = differences(question_of(asked), before.planned, found)
    elif asked.before:
        changed = differences(question_of(asked), asked.before, found)
    as_json = format == "json"
    written = json.dumps(_json(found, changed), indent=2) if as_json else "\n".join(_text(found, changed))
    _write(written, output)


def _effort(usual: Effort, seconds: float) -> Effort:
    return msgspec.structs.replace(usual, seconds=min(usual.seconds, seconds))


def _start(start: str, zone: tzinfo) -> tuple[Day, Instant]:
    """The first day, and the moment for which the record is read: a day that is over is read as of its end."""
    present = now()
    if not start:
        return to_datetime(present).astimezone(zone).date().toordinal(), present
    try:
        day = date.fromisoformat(start).toordinal()
    except ValueError:
        stop(Problem("no_day", f"--start is no day: '{start}'.", "Write it as 2026-01-12."))
    return day, min(present, instant_of(day + 1, zone) - 1)


def _request(inputs: Sequence[Path], database: str, zone: tzinfo, first: Day, weeks: int, moment: Instant) -> Request:
    facts = dict(by_course(read(inputs))) if inputs else _stored(database)
    center = Course(facts.pop(CENTER, []), moment)
    courses = [Course(each, moment) for each in facts.values()]
    if not courses:
        stop(Problem("no_courses", "There is no course to plan.", "Name files with courses, or import some."))
    country = settings(database, prepare=False).country
    return request([each for each in courses if each.facts], center, zone, country, first, weeks)


def _stored(database: str) -> dict[str, list[Fact]]:
    with open_log(settings(database).database, create=False) as log:
        return {course: current(log.facts(course)) for course in log.courses()}


def _loss(text: str, asked: Request) -> Closure:
    """``RESOURCE@DAY``: one place of it is lost on that day."""
    name, _, day = text.rpartition("@")
    names = {one.name for one in asked.frame.calendars.resources}
    try:
        lost = date.fromisoformat(day).toordinal()
    except ValueError:
        stop(Problem("unknown_loss", f"--lost has no day: '{text}'.", "Write it as RESOURCE@2026-01-12."))
    if name not in names:
        known = ", ".join(sorted(names)) or "none"
        stop(Problem("unknown_loss", f"There is no resource '{name}' in the calendar.", f"There are: {known}."))
    return Closure(name, lost, lost, 1, "lost")


def _without(asked: Request, before: Plan, losses: Sequence[Closure]) -> Request:
    frame = msgspec.structs.replace(asked.frame, calendars=asked.frame.calendars.lose(losses))
    return msgspec.structs.replace(asked, frame=frame, before=before.planned, keep=True)


def _write(written: str, output: Path | None) -> None:
    if output is None:
        typer.echo(safe(written))
        return
    from cartway.cli.draft import draft_of

    with draft_of(output) as path:
        path.write_text(written + "\n", encoding="utf-8")


def _text(found: Plan, changed: Sequence[Difference]) -> Iterator[str]:
    horizon = found.horizon
    yield f"Plan {found.id}, {iso(horizon.first)} to {iso(horizon.last)}: a proposal, for people to judge and accept."
    yield f"{len(found.planned)} courses have days, {len(found.unplanned)} have none."
    yield ""
    yield from _table(found.planned)
    yield from _left_out(found)
    yield from _changes(changed)
    yield ""
    yield "Proof"
    yield from (f"  {line}" for line in proof_lines(found))
    yield from _rests_on(found)


def _table(lines: Sequence[Planned]) -> Iterator[str]:
    rows: list[tuple[str, ...]] = [
        ("course", "product", "collection", "manufacture", "lymphodepletion", "infusion", "bed until", "places")
    ]
    rows += [_row(line) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(line: Planned) -> tuple[str, ...]:
    days = line.days
    lymphodepletion = "" if days.lymphodepletion is None else "-".join(map(in_words, days.lymphodepletion))
    infusion = in_words(days.infusion) + ("" if days.second_infusion is None else f", {in_words(days.second_infusion)}")
    places = ", ".join(dict.fromkeys(line.places.values()))
    return (
        on_one_line(line.course), line.product.replace("_", " "), _day(days.collection), _day(days.manufacture),
        lymphodepletion, infusion, in_words(days.bed[1]), on_one_line(places),
    )  # fmt: skip


def _day(day: Day | None) -> str:
    return "" if day is None else in_words(day)


def _left_out(found: Plan) -> Iterator[str]:
    if not found.unplanned:
        return
    yield ""
    yield "Not planned"
    for each in found.unplanned:
        for problem in each.why:
            yield f"  {on_one_line(each.course)}  {problem.code}: {on_one_line(str(problem))}"


def _changes(changed: Sequence[Difference]) -> Iterator[str]:
    if not changed:
        return
    yield ""
    yield f"Changes for {len(changed)} courses"
    for each in changed:
        yield f"  {on_one_line(each.course)}  {each.kind}: {on_one_line(' '.join(each.why))}"
        for move in each.moves:
            before = "none" if move.before is None else in_words(move.before[0])
            after = "none" if move.after is None else in_words(move.after[0])
            place = f" ({move.place_before or 'no place'} to {move.place_after or 'no place'})"
            moved = f"{before} to {after}" if before != after else before
            yield f"      {STEP_WORDS[move.step]}: {moved}" + on_one_line(place if _place_differs(move) else "")


def _place_differs(move: Any) -> bool:
    return bool(move.place_before != move.place_after)


def proof_lines(found: Plan) -> Iterator[str]:
    """What the solver made least, how far it got, and what it can prove: status, value, bound, gap."""
    proof = found.proof
    for number, stage in enumerate(proof.stages):
        plain = f", plain plan {proof.greedy[number]:,}" if proof.greedy else ""
        reached = f"value {stage.value:,}, bound {stage.bound:,}, gap {stage.gap:.2%}"
        yield f"{stage.what}: {_status(stage)}, {reached}{plain}"
    stopped = "; stopped by the clock, so another machine may find another plan" if proof.by_clock else ""
    yield f"solver's work {proof.work:g}{stopped}"


def _status(stage: Stage) -> str:
    return "optimal" if stage.proven else "feasible"


def _rests_on(found: Plan) -> Iterator[str]:
    """The numbers that the plan rests on, each once, with how many courses it is for; unconfirmed ones are marked."""
    counted: dict[Note, int] = dict.fromkeys(found.notes, 0)
    for line in found.planned:
        for note in line.notes:
            counted[note] = counted.get(note, 0) + 1
    if not counted:
        return
    yield ""
    yield "Rests on"
    for note, count in counted.items():
        mark = "" if note.confirmed else " [not confirmed]"
        whose = f" ({count} courses)" if count > 1 else ""
        yield f"  {on_one_line(note.text)}{mark}{whose}"


def _json(found: Plan, changed: Sequence[Difference]) -> dict[str, Any]:
    stages = [{**msgspec.to_builtins(stage), "gap": stage.gap} for stage in found.proof.stages]
    return {
        "plan": found.id,
        "first": iso(found.horizon.first),
        "last": iso(found.horizon.last),
        "courses": [_line_json(line) for line in found.planned],
        "not_planned": [
            {"course": each.course, "product": each.product, "why": msgspec.to_builtins(each.why)}
            for each in found.unplanned
        ],
        "changes": [_change_json(each) for each in changed],
        "proof": {
            "stages": stages,
            "work": found.proof.work,
            "plain": found.proof.greedy,
            "by_clock": found.proof.by_clock,
        },
        "notes": msgspec.to_builtins(found.notes),
    }


def _line_json(line: Planned) -> dict[str, Any]:
    steps = {step: [iso(first), iso(last)] for step, first, last in line.days.spans()}
    notes = msgspec.to_builtins(line.notes)
    return {
        "course": line.course, "product": line.product, "urgency": line.urgency, "steps": steps,
        "places": dict(line.places), "notes": notes,
    }  # fmt: skip


def _change_json(each: Difference) -> dict[str, Any]:
    moves = [
        {
            "step": move.step,
            "before": None if move.before is None else [iso(day) for day in move.before],
            "after": None if move.after is None else [iso(day) for day in move.after],
            "place_before": move.place_before,
            "place_after": move.place_after,
        }
        for move in each.moves
    ]
    return {"course": each.course, "product": each.product, "kind": each.kind, "why": list(each.why), "moves": moves}
