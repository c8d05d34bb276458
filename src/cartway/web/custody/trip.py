"""The transport that ends with a receipt: from when, and whether a logger's file is of it."""

from __future__ import annotations

from cartway.intake.loggers import Reading, coverage
from cartway.pathway.chain.things import Things, said
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.times import MINUTE, Instant
from cartway.web.forms.draft import Draft, doubted, flawed

EARLY, LATE = 3 * 24 * 60, 60  # minutes: a dry shipper is charged for days before it leaves; clocks differ a little
FIELD = "logger_file"
_TWICE = Problem(
    "file_twice", "This file was read already, for another transport.", "Choose the file of this transport."
)


def left(course: Course, about: str, at: Instant) -> Instant | None:
    """When a container left on the way that ends at `at`: the first hand-over since it rested or was packed.

    None where no hand-over is recorded. What lies in it and the boxes it lies in go the same way.
    """
    names = _together(course, about)
    rests = [
        fact.at
        for name in names
        for fact in (
            *course.all("temperature_log", about=name),
            *course.all("storage", about=name),
            *[one for one in course.all("verification", about=name) if said(one, "step") == "receipt"],
            *[one for one in course.all("container", about=name) if said(one, "parent") in names],
        )
        if fact.at < at
    ]
    handed = sorted(
        fact.at
        for name in names
        for fact in course.all("custody", about=name, choice="handed_over")
        if fact.at <= at
    )  # fmt: skip
    since = [each for each in handed if each >= max(rests, default=each)]
    return since[0] if since else handed[-1] if handed else None


def _together(course: Course, about: str) -> list[str]:
    """A container, what lies in it, and the boxes it lies in."""
    things = Things(course)
    container = things.containers.get(about)
    boxes = things.all_boxes(container) if container is not None else ()
    inner = [one.id for one in things.containers.values() if about in things.all_boxes(one)]
    return [about, *boxes, *inner]


def of_this_trip(reading: Reading, course: Course, about: str, at: Instant, longest: float) -> Draft:
    """What is wrong with or doubtful about a file as that of the way that ends now. `longest`: minutes let pass."""
    start = left(course, about, at)
    again = [fact for fact in course.all("temperature_log") if fact.detail.get("sha256") == reading.sha256]
    if any(_other(fact.about, course, about) for fact in again):
        return flawed(FIELD, _TWICE)
    found = coverage(reading, start if start is not None else min(reading.first, at), at)
    if isinstance(found, Problem):
        return flawed(FIELD, found)
    asked = Draft()
    if found.uncovered > longest:
        asked += doubted(FIELD, f"uncovered {found.uncovered:.0f}", _uncovered(found.before, found.after))
    if found.early > EARLY or found.late > LATE:
        asked += doubted(
            FIELD,
            f"outside {found.early:.0f} {found.late:.0f}",
            f"The file begins {found.early / 60:.0f} h before the hand-over and ends {found.late:.0f} min after the "
            "receipt. Is it of this transport, and was its clock right?",
        )
    return asked


def _other(name: str, course: Course, about: str) -> bool:
    return name not in _together(course, about)


def uncovered_min(reading: Reading, course: Course, about: str, at: Instant) -> float:
    """The longest stretch of the way, in minutes, before the file's first or after its last reading."""
    start = left(course, about, at)
    return max(0, at - reading.last, reading.first - start if start is not None else 0) / MINUTE


def _uncovered(before: float, after: float) -> str:
    ends = [f"{length:.0f} min {where}" for length, where in ((before, "after the hand-over"), (after, "before the "
            "receipt")) if length > 0]  # fmt: skip
    return f"The file has no readings for {' and '.join(ends)}. That stands as a gap. Is it the file of this transport?"
