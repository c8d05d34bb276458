"""What is due of a course: which observations, since when, who does them, and by which row of which schedule.

An observation itself is the answer; a `due_answer` answers otherwise, with a reason. What was never seen is due from
the row's beginning on. Where several rows apply, the one that is due first decides.

>>> from cartway.pathway.course import Course
>>> due(Course([], 0), [], Course([], 0)).items
()
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, load_policies, policies_of
from cartway.record import Fact
from cartway.times import DAY, Instant
from cartway.toxicity import Episode
from cartway.watch.due_kept import Kept, kept_of
from cartway.watch.due_rows import (
    ANYTIME,
    Where,
    Why,
    begins,
    grace_of,
    label_of,
    length_of,
    span_of,
    where_of,
    why_of,
)
from cartway.watch.due_schedule import Row, Task, load_schedules

__all__ = ["Due", "Dues", "Kept", "Why", "due", "due_of", "interval", "kept_of"]

STATES = ("overdue", "due", "later")
Seen = Sequence[tuple[str, Fact | None]]  # each part of a task with what answered it last


class Due(msgspec.Struct, frozen=True):
    """One task of a course. `short`: its name where there is little room.

    `last`: what was seen last of the part that is waited for longest; None if never. `lacking`: the parts that are due
    by now, of `parts`: each with what was seen last and when it is due. It counts as overdue from `late_at` on.
    `answer`: the `due_answer` in force.
    """

    task: str
    what: str
    words: str
    last: Fact | None
    due_at: Instant
    late_at: Instant
    overdue: bool
    role: str
    why: Why
    lacking: tuple[str, ...] = ()
    answer: Fact | None = None
    short: str = ""
    parts: tuple[tuple[str, Fact | None, Instant], ...] = ()

    def state(self, now: Instant) -> str:
        """``overdue``, ``due`` or ``later``."""
        return "overdue" if now >= self.late_at else "due" if now >= self.due_at else "later"


class Dues(msgspec.Struct, frozen=True):
    """All tasks of a course at `now`: overdue ones first, then due ones, each in the order of a round at the bedside.

    `next_change_at`: when time alone changes an answer next; `changed_at`: when it last did, 0 if never.
    """

    items: tuple[Due, ...] = ()
    now: Instant = 0
    next_change_at: Instant | None = None
    changed_at: Instant = 0

    @property
    def overdue(self) -> tuple[Due, ...]:
        """Those that are overdue."""
        return tuple(each for each in self.items if each.overdue)

    @property
    def due(self) -> tuple[Due, ...]:
        """Those that are due, overdue ones included."""
        return tuple(each for each in self.items if each.due_at <= self.now)

    @property
    def next(self) -> Due | None:
        """The first of those that are not due yet."""
        return min((each for each in self.items if each.due_at > self.now), key=lambda each: each.due_at, default=None)


def due(course: Course, episodes: Sequence[Episode], center: Course, jurisdiction: str = "US") -> Dues:
    """What is due of a course at its `now`. `episodes` of all scales; `center` is the center's own record."""
    return due_of(kept_of(course.facts), episodes, policies_of(center), course.now, jurisdiction)


def due_of(
    kept: Kept, episodes: Sequence[Episode], policies: PathwayPolicies, now: Instant, jurisdiction: str = "US"
) -> Dues:
    """The same of what is kept of a course."""
    where = where_of(kept, episodes, policies, now, jurisdiction)
    if where is None:
        return Dues((), now)
    found = [each for name, task in load_schedules().items() for each in _due(where, name, task)]
    moments = _moments(where, found)
    ahead = [at for at in moments if at > now]
    passed = [at for at in moments if at <= now]
    ordered = sorted(found, key=lambda each: STATES.index(each.state(now)))
    return Dues(tuple(ordered), now, min(ahead, default=None), max(passed, default=0))


def interval(
    task: str, product: str, day: float, grades: Mapping[str, int], *, on: date,
    policies: PathwayPolicies | None = None, home: bool = False, group: str = "", jurisdiction: str = "US",
) -> Why | None:  # fmt: skip
    """How often a task is to be repeated so many days after the infusion, with such grades by scale; None where nothing
    asks for it. `on`: the day whose schedules and label count. Cheaper than `due`, of which it is a part.
    """
    risen = {scale: dict.fromkeys(range(1, grade + 1), 0) for scale, grade in grades.items()}
    label = label_of(product, on, jurisdiction, group)
    setting = "home" if home else "ward"
    where = Where(Kept(), policies or load_policies(), int(day * DAY), on, setting, 0, 0, product, label, risen)
    rows = [row for row in load_schedules()[task].rows if not row.once and begins(where, row) is not None]
    shortest = min(rows, key=lambda row: length_of(where, row), default=None)
    return None if shortest is None else why_of(where, shortest)


class Asked(msgspec.Struct, frozen=True):
    """A task as one row asks for it. `parts` with the newest fact and when each is due."""

    row: Row
    due_at: Instant
    late_at: Instant
    parts: tuple[tuple[str, Fact | None, Instant], ...]
    answer: Fact | None


def _due(where: Where, name: str, task: Task) -> Iterator[Due]:
    """The task as the row asks that is due first; of rows that are due alike the one that asks most often. Due and
    overdue it is from the first moment that any row says.
    """
    begun = [(row, since) for row in task.rows if (since := begins(where, row)) is not None]
    seen = [(part.name, where.kept.answer_of(part)) for part in task.parts] if begun else []
    asked = [each for row, since in begun if (each := _asked(where, name, row, since, seen)) is not None]
    if not asked:
        return
    first = min(asked, key=lambda each: (max(each.due_at, where.now), length_of(where, each.row)))
    due_at, late_at = min(each.due_at for each in asked), min(each.late_at for each in asked)
    lacking = tuple(part for part, _, at in first.parts if at <= where.now)
    words = f"{task.label}: {', '.join(lacking)}" if 0 < len(lacking) < len(task.parts) else task.label
    waited = min(first.parts, key=lambda each: each[2], default=None)
    yield Due(
        name, task.label, words, waited[1] if waited else None, due_at, late_at, where.now >= late_at,
        first.row.role or task.role, why_of(where, first.row), lacking, first.answer, task.short, first.parts,
    )  # fmt: skip


def _asked(where: Where, name: str, row: Row, since: Instant, seen: Seen) -> Asked | None:
    """The task as a row asks for it that applies since `since`; None where what it asks for once is answered."""
    answer = where.kept.answers.get(name)
    if answer is not None and (answer.at < since or answer.at > where.now):
        answer = None
    if row.once:
        return _asked_once(where, row, since, seen, answer)
    every, grace = length_of(where, row), grace_of(where, row)
    bare = [(part, fact, _again(fact, every, since)) for part, fact in seen]
    parts = tuple((part, fact, _deferred(answer, at, every, grace)) for part, fact, at in bare)
    first = min((at for _, _, at in parts), default=since)
    counts = answer is not None and first > min((at for _, _, at in bare), default=since)
    return Asked(row, first, first + grace, parts, answer if counts else None)


def _asked_once(where: Where, row: Row, since: Instant, seen: Seen, answer: Fact | None) -> Asked | None:
    """Anything seen since, or an answer that is not a postponement, settles what is asked once."""
    done = bool(seen) and all(fact is not None and fact.at >= since for _, fact in seen)
    if done or (answer is not None and answer.choice != "put_off"):
        return None
    every = length_of(where, row)
    first = _deferred(answer, since, every, 0)
    parts = tuple((part, fact, first) for part, fact in seen if fact is None or fact.at < since)
    return Asked(row, first, first + every, parts, answer)


def _again(fact: Fact | None, every: int, since: Instant) -> Instant:
    return since if fact is None else max(fact.at + every, since)


def _deferred(answer: Fact | None, due_at: Instant, every: int, grace: int) -> Instant:
    """When a part is due with an answer in force. Done elsewhere counts as seen then. What was not done, or is put off
    again and again, is due at the latest one interval after it would have been overdue.
    """
    if answer is None:
        return due_at
    held = max(due_at, _held(answer, every))
    return held if answer.choice == "done" else min(held, due_at + grace + every)


def _held(answer: Fact, every: int) -> Instant:
    """Until when an answer holds: never longer than the interval."""
    longest = answer.at + every
    return min(answer.until, longest) if answer.choice == "put_off" and answer.until is not None else longest


def _moments(where: Where, found: Sequence[Due]) -> list[Instant]:
    """When something becomes due or overdue, or another row applies: before and after now."""
    moments = [at for each in found for at in (each.due_at, each.late_at, *(at for _, _, at in each.parts))]
    for task in load_schedules().values():
        moments += [at for row in task.rows for at in span_of(where, row) if at < ANYTIME]
    return moments
