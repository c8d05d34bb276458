"""When each part of a scheduled observation was seen last: the parts that the worklist asks for, so that an overdue
alert and the worklist read the same facts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.due_schedule import Answer, load_schedules

TASKS = ("vital_signs", "neurology")
"""The tasks that an alert rule reads."""


class Slot(NamedTuple):
    """One variable of one answer to a task."""

    name: str
    task: str
    answer: Answer


def signal(task: str) -> str:
    """The signal that something of a task was seen."""
    return f"seen:{task}"


@cache
def slots() -> Mapping[str, tuple[Slot, ...]]:
    """By variable, what it answers."""
    found: dict[str, tuple[Slot, ...]] = {}
    for task in TASKS:
        for part in load_schedules()[task].parts:
            for place, answer in enumerate(part.by):
                for what in answer.what:
                    slot = Slot(_name(task, part.name, place, what), task, answer)
                    found[what] = (*found.get(what, ()), slot)
    return found


def seen_by(fact: Fact) -> Iterator[Slot]:
    """What a fact answers."""
    return (slot for slot in slots().get(fact.what, ()) if slot.answer.fits(fact))


def last_seen(task: str, seen_at: Mapping[str, Instant]) -> Mapping[str, Instant]:
    """By part of a task, when it was seen last; 0 if never. Of what counts only together, the oldest."""
    return {name: max(min(seen_at.get(one, 0) for one in each) for each in by) for name, by in _parts(task)}


@cache
def _parts(task: str) -> tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]:
    """Each part with what answers it: for each answer the slots that count together."""
    return tuple(
        (part.name, tuple(tuple(_name(task, part.name, n, what) for what in by.what) for n, by in enumerate(part.by)))
        for part in load_schedules()[task].parts
    )


def _name(task: str, part: str, place: int, what: str) -> str:
    return f"{task}/{part}/{place}/{what}"
