"""Asking what is due of a drawn course, in a clinician's words.

    left = charted(infused(), at(8, *ROUND))
    assert state(left, 12.5, "vital_signs") == "due"

Hours are counted from the infusion of axi-cel on 10 January 2026, 00:00 UTC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from cartway.pathway.course import CENTER, Course
from cartway.record import Fact, current
from cartway.toxicity import Episode, editions
from cartway.watch.due import Due, Dues, due
from toxicity import drawn as d
from toxicity.drawn import instant

ROUND = (
    d.temperature(37.0), d.pressure(120), d.measured("heart_rate", 80), d.measured("oxygen_saturation", 97),
)  # fmt: skip
COUNTS = (d.measured("neutrophils", 2.0), d.measured("platelets", 90), d.measured("hemoglobin", 9.0))


def charted(*parts: Iterable[Fact]) -> list[Fact]:
    """The parts of a course, one after another, in no order."""
    return [fact for part in parts for fact in part]


def lymphodepleted(hour: float = -96) -> list[Fact]:
    return d.at(hour, d.said("lymphodepletion", "started"))


def graded(scale: str, *steps: tuple[float, int | None]) -> list[Episode]:
    """A scale's grades, each from its hour until the next; the last one lasts."""
    ends = [*(instant(hour) for hour, _ in steps[1:]), None]
    edition = editions()[scale].edition
    return [
        Episode("course-1", scale, grade, instant(hour), end, (), () if grade is not None else ("what",), (), edition)
        for (hour, grade), end in zip(steps, ends, strict=True)
    ]


def policy(name: str, number: float) -> list[Fact]:
    """The center's record with one policy set."""
    return [Fact(CENTER, instant(-1000), "center_policy", float(number), about=name)]


def answered(hour: float, task: str, choice: str, until: float | None = None) -> list[Fact]:
    lasts = None if until is None else instant(until)
    return [Fact("course-1", instant(hour), "due_answer", choice=choice, until=lasts, about=task)]


def asked(
    facts: Iterable[Fact], hour: float, episodes: Sequence[Episode] = (), center: Sequence[Fact] = (),
    jurisdiction: str = "US",
) -> Dues:  # fmt: skip
    """All that is due at an hour."""
    now = instant(hour)
    return due(Course(current(list(facts)), now), list(episodes), Course(center, now), jurisdiction)


def one(
    facts: Iterable[Fact], hour: float, task: str, episodes: Sequence[Episode] = (), center: Sequence[Fact] = ()
) -> Due | None:
    """One task at an hour; None where nothing asks for it."""
    return next((each for each in asked(facts, hour, episodes, center).items if each.task == task), None)


def state(
    facts: Iterable[Fact], hour: float, task: str, episodes: Sequence[Episode] = (), center: Sequence[Fact] = ()
) -> str:
    """``overdue``, ``due``, ``later`` or ``not asked``."""
    found = one(facts, hour, task, episodes, center)
    return "not asked" if found is None else found.state(instant(hour))
