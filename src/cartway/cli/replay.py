"""`cartway replay`: two settings of the rules over past courses, and what differs."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from pathlib import Path
from typing import Any

import msgspec
import typer

from cartway.cli.edge import moment, on_one_line, safe, say, stop
from cartway.cli.grading import read, scales_of, shown_zone
from cartway.cli.watch import TELL_EVERY, Settings, settings_of
from cartway.cohort.difference import AlertChange, GradeChange, alert_changes, grade_changes
from cartway.pathway.course import CENTER, Course
from cartway.problem import Problem
from cartway.record.fact import Fact
from cartway.times import Instant, text
from cartway.toxicity import by_course
from cartway.toxicity import grade as grade_course
from cartway.toxicity.wording import clock
from cartway.watch.watching import alerts_under

SHOWN = 5  # spans of a course and scale that are told as text; JSON has all


class Changes(msgspec.Struct, frozen=True):
    """What differs in one course."""

    course: str
    grades: tuple[GradeChange, ...]
    alerts: tuple[AlertChange, ...]


class Counted(msgspec.Struct, frozen=True):
    """How many alerts there were in all, before and after."""

    courses: int
    alerts_before: int
    alerts_after: int


def replay(
    inputs: Sequence[Path], policy: Sequence[str], scale: str, at: str, format: str, output: Path | None
) -> None:
    """Compare two settings over the courses of some files."""
    until, scales = moment(at, "--at"), scales_of(scale)
    if not policy or len(policy) > 2:
        stop(Problem("two_settings", "A replay compares two settings.", "Give --policy NAME=VALUE once or twice."))
    if output is not None and any(path.resolve() == output.resolve() for path in inputs):
        stop(Problem("output_is_input", f"'{output}' is among the inputs.", "Write to another file with -o."))
    courses = dict(by_course(read(inputs)))
    center = Course(courses.pop(CENTER, []), until if until is not None else 2**62)
    if not courses:
        stop(Problem("no_facts", "No fact of a course could be read.", "Check what the inputs hold."))
    before, after = (settings_of(each, center) for each in ([policy[:1], policy[1:]] if policy[1:] else [[], policy]))
    found, counted = _compare(courses, before, after, scales, until)
    lines = _json(found, counted, policy) if format == "json" else _text(found, counted, policy, shown_zone(at))
    _write(lines, output)


def _compare(
    courses: Mapping[str, Sequence[Fact]],
    before: Settings,
    after: Settings,
    scales: Sequence[str],
    until: Instant | None,
) -> tuple[list[Changes], Counted]:
    found, told, old_alerts, new_alerts = [], time.monotonic(), 0, 0
    for n, (name, facts) in enumerate(courses.items()):
        if time.monotonic() - told > TELL_EVERY:
            told = time.monotonic()
            say(f"{n} of {len(courses)} courses")
        now = until if until is not None else max(fact.at for fact in facts)
        course = Course(facts, now)
        old, new = (_derived(course, each, scales) for each in (before, after))
        old_alerts, new_alerts = old_alerts + len(old[1]), new_alerts + len(new[1])
        grades, alerts = grade_changes(name, old[0], new[0]), alert_changes(old[1], new[1])
        if grades or alerts:
            found.append(Changes(name, tuple(grades), tuple(alerts)))
    return found, Counted(len(courses), old_alerts, new_alerts)


def _derived(course: Course, chosen: Settings, scales: Sequence[str]) -> tuple[list[Any], Sequence[Any]]:
    """The episodes asked for, and the alerts, of one course under one setting."""
    wanted = tuple(dict.fromkeys((*scales, *chosen.scales)))
    episodes = grade_course(course.facts, chosen.rules, course.now, wanted)
    alerts = alerts_under(course, episodes, chosen.book).alerts
    return [each for each in episodes if each.scale in scales], alerts


def _text(found: Sequence[Changes], counted: Counted, policy: Sequence[str], zone: tzinfo) -> Iterator[str]:
    named = f"{policy[0]} against {policy[1]}" if len(policy) > 1 else f"as shipped against {policy[0]}"
    yield f"{named}: {len(found)} of {counted.courses} courses differ"
    yield from _summary(found, counted)
    for each in found:
        yield ""
        yield on_one_line(each.course)
        yield from (line for change in each.grades for line in _told_grade(change, zone))
        yield from (_told_alert(change, zone) for change in each.alerts)
    yield ""
    yield "People judge which of two rules is right. A change that is made is recorded as a fact of the center."


def _summary(found: Sequence[Changes], counted: Counted) -> Iterator[str]:
    scales = Counter(change.scale for each in found for change in each.grades)
    for scale, courses in scales.most_common():
        changes = [change for each in found for change in each.grades if change.scale == scale]
        up = sum((change.peak_after or 0) > (change.peak_before or 0) for change in changes)
        down = sum((change.peak_after or 0) < (change.peak_before or 0) for change in changes)
        hours = sum(change.hours for change in changes)
        yield f"  {scale:<20} {courses} courses, peak higher in {up}, lower in {down}; {hours:,.1f} hours differ"
    kinds = Counter(change.kind for each in found for change in each.alerts)
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none differs"
    yield f"  {'alerts':<20} {counted.alerts_before} before, {counted.alerts_after} after: {told}"


def _told_grade(change: GradeChange, zone: tzinfo) -> Iterator[str]:
    peaks = (_peak(change.peak_before), _peak(change.peak_after))
    yield f"  {change.scale}: peak {' -> '.join(peaks)}, {change.hours:.1f} hours graded otherwise"
    for span in change.spans[:SHOWN]:
        end = "" if span.end is None else clock(span.end, zone)
        yield f"    {clock(span.start, zone)} to {end}: {span.before} -> {span.after}".rstrip()
        yield f"      before: {on_one_line(span.why_before) or 'no reason told'}"
        yield f"      after:  {on_one_line(span.why_after) or 'no reason told'}"
        if span.policies:
            yield f"      decided by policy: {', '.join(span.policies)}"
    if len(change.spans) > SHOWN:
        yield f"    and {len(change.spans) - SHOWN} more spans; --format json has all"


def _peak(grade: int | None) -> str:
    return "none" if grade is None else str(grade)


def _told_alert(change: AlertChange, zone: tzinfo) -> str:
    priorities = " -> ".join(each or "none" for each in (change.before, change.after))
    return f"  alert {change.event} {change.kind}: {priorities}, {clock(change.onset, zone)}: {on_one_line(change.why)}"


def _json(found: Sequence[Changes], counted: Counted, policy: Sequence[str]) -> Iterator[str]:
    whole = {
        "settings": {"before": policy[0] if len(policy) > 1 else "", "after": policy[-1]},
        **msgspec.to_builtins(counted),
        "changed": [_course_json(each) for each in found],
    }
    yield msgspec.json.format(msgspec.json.encode(whole)).decode()


def _course_json(each: Changes) -> dict[str, Any]:
    return {
        "course": each.course,
        "grades": [{**msgspec.to_builtins(change), "hours": round(change.hours, 3),
                    "spans": [_span_json(msgspec.to_builtins(span)) for span in change.spans]}
                   for change in each.grades],
        "alerts": [{**msgspec.to_builtins(change), "onset": text(change.onset)} for change in each.alerts],
    }  # fmt: skip


def _span_json(span: dict[str, Any]) -> dict[str, Any]:
    return {**span, "start": text(span["start"]), "end": None if span["end"] is None else text(span["end"])}


def _write(lines: Iterator[str], output: Path | None) -> None:
    whole = "\n".join(lines) + "\n"
    if output is None:
        typer.echo(safe(whole), nl=False)
    else:
        output.write_text(whole, "utf-8")
