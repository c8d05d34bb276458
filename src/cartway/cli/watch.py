"""`cartway watch`: the alerts of courses in files, and with `--replay` what the rules would have cost over them."""

from __future__ import annotations

import csv
import math
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import IO, Any, NamedTuple

import msgspec
import typer

from cartway.cli.edge import moment, on_one_line, safe, say, sound, stop
from cartway.cli.grading import read, shown_zone
from cartway.pathway.course import CENTER, Course
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant, text
from cartway.toxicity import Rules, by_course, load_rules
from cartway.toxicity import grade as grade_course
from cartway.watch.burden import Burden, RuleBurden, Tally
from cartway.watch.model import Alert, Watching
from cartway.watch.rulebook import Rulebook, rulebook_of, switched, with_policies
from cartway.watch.watching import alerts_under

TELL_EVERY = 2.0  # seconds between lines that say how far it got


class Settings(NamedTuple):
    """The rules in force for one run."""

    rules: Rules
    book: Rulebook
    scales: tuple[str, ...]


def watch(
    inputs: Sequence[Path], replay: bool, at: str, policy: Sequence[str], format: str, output: Path | None
) -> None:
    """Tell the alerts of courses in files, or with `replay` each rule's burden."""
    until = moment(at, "--at")
    form = "csv" if output is not None and output.suffix.lower() == ".csv" else str(format)
    if output is not None and any(path.resolve() == output.resolve() for path in inputs):
        stop(Problem("output_is_input", f"'{output}' is among the inputs.", "Write to another file with -o."))
    courses = dict(by_course(read(inputs)))
    center = Course(courses.pop(CENTER, []), until if until is not None else 2**62)
    if not courses:
        stop(Problem("no_facts", "No fact of a course could be read.", "Check what the inputs hold."))
    chosen = settings_of(policy, center)
    watched = _watched(courses, chosen, until)
    lines = _replay(watched, chosen, len(courses), form) if replay else _present(watched, form, shown_zone(at))
    _write(lines, output)


def settings_of(policy: Iterable[str], center: Course | None = None) -> Settings:
    """The rules with the policies of the command line: those of grading, and those of the center."""
    rules, book = load_rules(), rulebook_of(center)
    for each in policy:
        name, separator, value = each.partition("=")
        if not separator:
            stop(Problem("wrong_policy", f"'{each}' does not set a policy.", "Write --policy NAME=VALUE."))
        if name.strip() in book.rules and value.strip() in ("on", "off"):
            book = switched(book, name.strip(), value.strip() == "on")
        elif name.strip() in book.policies.policies:
            book = with_policies(book, sound(book.policies.with_value(name.strip(), _number(value.strip()))))
        else:
            rules = sound(rules.with_policy(name.strip(), value.strip()))
    scales = tuple(dict.fromkeys(rule.scale for rule in book.rules.values() if rule.on and rule.scale))
    return Settings(rules, book, scales)


def _number(value: str) -> float | str:
    """A number where it is one that can be compared; "nan" and "inf" stay text, which no number's policy takes."""
    try:
        number = float(value)
    except ValueError:
        return value
    return number if math.isfinite(number) else value


def alerts_of_course(facts: Sequence[Fact], chosen: Settings, until: Instant | None) -> tuple[Course, Watching]:
    """One course and its alerts at `until`, or at the end of its record."""
    at = until if until is not None else max(fact.at for fact in facts)
    course = Course(facts, at)
    episodes = grade_course(course.facts, chosen.rules, at, chosen.scales)
    return course, alerts_under(course, episodes, chosen.book)


def _watched(
    courses: Mapping[str, Sequence[Fact]], chosen: Settings, until: Instant | None
) -> Iterator[tuple[Course, Watching]]:
    told = time.monotonic()
    for n, facts in enumerate(courses.values()):
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            say(f"{n} of {len(courses)} courses")
        if until is None or any(fact.at <= until for fact in facts):
            yield alerts_of_course(facts, chosen, until)


def _present(watched: Iterable[tuple[Course, Watching]], form: str, zone: tzinfo) -> Iterator[str]:
    """What fires now, and what ended unanswered of late, course by course."""
    rows = [(course, alert) for course, found in watched for alert in (*found.present, *found.unanswered)]
    if form == "json":
        yield msgspec.json.format(msgspec.json.encode([_as_json(alert) for _, alert in rows])).decode()
    elif form == "csv":
        yield from _csv(
            ("course", "event", "priority", "onset", "end", "rings", "findings"), map(_as_row, _seconds(rows))
        )
    else:
        yield from (line for _, alert in rows for line in _told(alert, zone))
        if not rows:
            yield "Nothing fires."


def _seconds(rows: Iterable[tuple[Course, Alert]]) -> Iterator[Alert]:
    return (alert for _, alert in rows)


def _told(alert: Alert, zone: tzinfo) -> Iterator[str]:
    from cartway.toxicity.wording import clock

    state = "ended unanswered" if alert.end is not None else "rings" if alert.rings else "seen"
    priority = (alert.priority or alert.peak).name
    yield f"{on_one_line(alert.course)}  {priority:<6}  {alert.title}, {state}, since {clock(alert.onset, zone)}"
    for finding in alert.present or alert.findings:
        note = "" if finding.confirmed else " (not confirmed)"
        yield f"    {on_one_line(finding.text)}, since {clock(finding.since, zone)}{note}"


def _as_json(alert: Alert) -> dict[str, Any]:
    return {
        "course": alert.course, "event": alert.event, "priority": (alert.priority or alert.peak).name,
        "onset": text(alert.onset), "end": None if alert.end is None else text(alert.end),
        "rings": alert.rings, "unanswered": alert.unanswered, "owner": alert.owner,
        "findings": [
            {"rule": each.rule, "level": each.level, "priority": each.priority.name, "since": text(each.since),
             "until": None if each.until is None else text(each.until), "text": each.text,
             "missing": list(each.missing), "source": each.source, "confirmed": each.confirmed}
            for each in alert.findings
        ],
    }  # fmt: skip


def _as_row(alert: Alert) -> tuple[str, ...]:
    end = "" if alert.end is None else text(alert.end)
    rings = "yes" if alert.rings else "no"
    found = "; ".join(each.text for each in alert.present or alert.findings)
    return alert.course, alert.event, (alert.priority or alert.peak).name, text(alert.onset), end, rings, found


COLUMNS = ("rule", "event", "episodes", "opened", "rings", "courses", "per patient-day", "rings per patient-day",
           "acted, recorded", "acted, inferred", "confirmed")  # fmt: skip


def _replay(watched: Iterable[tuple[Course, Watching]], chosen: Settings, courses: int, form: str) -> Iterator[str]:
    tally = Tally(chosen.book)
    for course, found in watched:
        tally.add(course, found)
    say(f"{courses} of {courses} courses")
    burden = tally.burden()
    if form == "json":
        yield msgspec.json.format(msgspec.json.encode(_burden_json(burden))).decode()
    elif form == "csv":
        yield from _csv(COLUMNS, (_cells(row) for row in burden.rows))
    else:
        yield from _table([COLUMNS[:-1], *(_cells(row)[:-1] for row in burden.rows if row.episodes or not row.on)])
        yield ""
        yield from _summary(burden)


def _burden_json(burden: Burden) -> dict[str, Any]:
    whole = msgspec.to_builtins(burden)
    shares = [{"acted_recorded": row.acted_recorded, "acted_inferred": row.acted_inferred} for row in burden.rows]
    whole["rows"] = [{**row, **share} for row, share in zip(whole["rows"], shares, strict=True)]
    return {**whole, "alerts_per_patient_day": burden.alerts_per_patient_day,
            "rings_per_patient_day": burden.rings_per_patient_day}  # fmt: skip


def _cells(row: RuleBurden) -> tuple[str, ...]:
    name = row.rule if row.on else f"{row.rule} (off)"
    counts = (row.episodes, row.opened, row.rings, row.courses)
    rates = (row.per_patient_day, row.rings_per_patient_day)
    return (
        name, row.event, *map(str, counts), *("-" if rate is None else f"{rate:.3f}" for rate in rates),
        _share(row.acted_recorded), _share(row.acted_inferred), "yes" if row.confirmed else "no",
    )  # fmt: skip


def _share(share: float | None) -> str:
    return "-" if share is None else f"{share:.0%}"


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(len(row[n]) for row in rows) for n in range(len(rows[0]))]
    for row in rows:
        cells = [
            cell.ljust(width) if n < 2 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        yield "  ".join(cells).rstrip()


def _summary(burden: Burden) -> Iterator[str]:
    per_day = burden.alerts_per_patient_day
    courses = "1 course" if burden.courses == 1 else f"{burden.courses} courses"
    yield f"{courses}, {burden.patient_days:.0f} patient-days under close watch"
    yield f"{burden.alerts} alerts" + ("" if per_day is None else f", {per_day:.2f} a patient-day")
    rings = burden.rings_per_patient_day
    yield f"{burden.rings} calls" + ("" if rings is None else f", {rings:.2f} a patient-day")
    yield (
        "acted, recorded: of the episodes with an outcome. acted, inferred: of the others, where a treatment or test "
        f"of the event began within {burden.acted_within_hours:g} h; nobody acted because of an alert then."
    )


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    import io

    for row in (columns, *rows):
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow(row)
        yield out.getvalue()


def _write(lines: Iterable[str], output: Path | None) -> None:
    if output is None:
        for line in lines:
            typer.echo(safe(line))
        return
    from cartway.cli.draft import draft_of

    with draft_of(output) as path, path.open("w", encoding="utf-8", newline="") as out:
        _lines(lines, out)


def _lines(lines: Iterable[str], out: IO[str]) -> None:
    out.writelines(f"{line}\n" for line in lines)


__all__ = ["Settings", "alerts_of_course", "settings_of", "watch"]
