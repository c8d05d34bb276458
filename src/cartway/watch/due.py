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
from functools import cache, lru_cache

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, load_policies, policies_of
from cartway.pathway.products import Windows, windows
from cartway.record import Fact
from cartway.times import DAY, HOUR, Instant, to_datetime
from cartway.toxicity import Episode
from cartway.vocabulary import vocabulary
from cartway.watch.due_kept import Kept, kept_of
from cartway.watch.due_schedule import Row, Task, load_schedules

__all__ = ["Due", "Dues", "Kept", "Why", "due", "due_of", "interval", "kept_of"]

UNIT = {"h": HOUR, "d": DAY}
ANYTIME = 2**62
_NO_LABEL: Mapping[str, str] = {"daily": "due_daily_days", "near": "due_near_days"}
GRACE = "due_grace_percent"
STATES = ("overdue", "due", "later")
Seen = Sequence[tuple[str, Fact | None]]  # each part of a task with what answered it last


class Why(msgspec.Struct, frozen=True):
    """The row of the schedule that decides. `every`: microseconds; of a row that asks once, within which time.

    `policies` are those whose numbers it took. `confirmed` is False where one of them, or the row, was not seen in a
    source nor set by the center.
    """

    row: str
    words: str
    source: str
    confirmed: bool
    policies: tuple[str, ...]
    every: int
    once: bool = False


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
    where = _where(kept, episodes, policies, now, jurisdiction)
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
    label = _label(product, on, jurisdiction, group)
    setting = "home" if home else "ward"
    where = Where(Kept(), policies or load_policies(), int(day * DAY), on, setting, 0, 0, product, label, risen)
    rows = [row for row in load_schedules()[task].rows if not row.once and _begins(where, row) is not None]
    shortest = min(rows, key=lambda row: _length(where, row), default=None)
    return None if shortest is None else _why(where, shortest)


class Where(msgspec.Struct, frozen=True):
    """Where a course stands for its schedules. `since`: when its setting began. `risen`: by scale, from when on the
    grade was at least so much without a break.
    """

    kept: Kept
    policies: PathwayPolicies
    now: Instant
    on: date
    setting: str
    since: Instant
    infused: Instant
    product: str
    label: Windows | None
    risen: Mapping[str, Mapping[int, Instant]]


def _where(
    kept: Kept, episodes: Sequence[Episode], policies: PathwayPolicies, now: Instant, jurisdiction: str
) -> Where | None:
    """None before lymphodepletion and for a course that has ended."""
    infusion, begun = kept.last_infusion, kept.milestones.get("lymphodepletion")
    if kept.ended or (infusion is None and begun is None):
        return None
    on = to_datetime(now).date()
    if infusion is None or infusion.at > now:
        since = begun.at if begun is not None else now
        return Where(kept, policies, now, on, "before", since, since, "", None, {})
    left = kept.milestones.get("discharge")
    home = left is not None and infusion.at <= left.at <= now
    since = left.at if home and left is not None else infusion.at
    label = _label(infusion.choice, to_datetime(infusion.at).date(), jurisdiction, _group(kept))
    setting = "home" if home else "ward"
    return Where(kept, policies, now, on, setting, since, infusion.at, infusion.choice, label, _risen(episodes))


@lru_cache(maxsize=512)
def _label(product: str, on: date, jurisdiction: str, group: str) -> Windows | None:
    return windows(product, on, jurisdiction, group)


def _group(kept: Kept) -> str:
    fact = kept.milestones.get("diagnosis")
    choice = vocabulary().variables["diagnosis"].choices.get(fact.choice) if fact is not None else None
    return choice.classes[0] if choice is not None and choice.classes else ""


def _risen(episodes: Sequence[Episode]) -> Mapping[str, Mapping[int, Instant]]:
    """From when on each scale has been at least at each grade. Not knowing is no improvement: what cannot be assessed,
    and a lower bound, count as much as the grade before.
    """
    found: dict[str, dict[int, Instant]] = {}
    held: dict[str, int] = {}
    for each in episodes:
        if each.scale not in _scales():
            continue
        before, runs = held.get(each.scale, 0), found.setdefault(each.scale, {})
        grade = before if each.grade is None else max(each.grade, before) if each.missing else each.grade
        for level in [level for level in runs if level > grade]:
            del runs[level]
        for level in range(1, grade + 1):
            runs.setdefault(level, each.start)
        held[each.scale] = grade
    over = {each.scale for each in {each.scale: each for each in episodes}.values() if each.end is not None}
    return {scale: runs for scale, runs in found.items() if scale not in over}


@cache
def _scales() -> frozenset[str]:
    return frozenset(row.scale for task in load_schedules().values() for row in task.rows if row.scale)


def _begins(where: Where, row: Row) -> Instant | None:
    """When a row began to apply; None where it does not apply now."""
    start, end = _span(where, row)
    return start if start <= where.now < end else None


def _span(where: Where, row: Row) -> tuple[Instant, Instant]:
    """From when to when a row applies as things stand; an empty span where it does not."""
    never = (ANYTIME, ANYTIME)
    if not row.in_force(where.on) or (row.products and where.product not in row.products):
        return never
    if (row.setting and row.setting != where.setting) or (not row.setting and where.setting == "before"):
        return never
    end = _end(where, row)
    if not row.scale:
        return where.since, end
    risen = where.risen.get(row.scale, {}).get(row.at_least)
    return never if risen is None else (max(risen, where.infused), end)


def _end(where: Where, row: Row) -> Instant:
    if row.until_policy:
        return where.infused + int(where.policies.number(row.until_policy) * DAY)
    if not row.until:
        return ANYTIME
    start = where.infused
    if row.until == "daily" and (first := where.kept.milestones.get("infusion")) is not None:
        start = first.at  # of a split dose the daily visits count from the first part
    return start + int(_days(where, row) * DAY)


def _days(where: Where, row: Row) -> float:
    stated = _stated(where, row)
    return float(stated) if stated is not None else where.policies.number(_NO_LABEL[row.until])


def _stated(where: Where, row: Row) -> int | None:
    """The label's own number for a row's window."""
    if where.label is None:
        return None
    return where.label.daily_days if row.until == "daily" else where.label.near_days


def _why(where: Where, row: Row) -> Why:
    names = [row.policy]
    source, confirmed = row.source.text, row.source.confirmed
    if row.until and where.label is not None and _stated(where, row) is not None:
        source = f"{source}; window of the label: {where.label.source.text}"
        confirmed = confirmed and where.label.source.confirmed
    elif row.until:
        names.append(_NO_LABEL[row.until])
    names += [row.until_policy] if row.until_policy else []
    confirmed = confirmed and all(map(where.policies.confirmed, names))
    return Why(row.id, row.words, source, confirmed, tuple(names), _length(where, row), row.once)


def _length(where: Where, row: Row) -> int:
    unit = where.policies.policies[row.policy].unit
    return int(where.policies.number(row.policy) * UNIT[unit])


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
    begun = [(row, since) for row in task.rows if (since := _begins(where, row)) is not None]
    seen = [(part.name, where.kept.answer_of(part)) for part in task.parts] if begun else []
    asked = [each for row, since in begun if (each := _asked(where, name, row, since, seen)) is not None]
    if not asked:
        return
    first = min(asked, key=lambda each: (max(each.due_at, where.now), _length(where, each.row)))
    due_at, late_at = min(each.due_at for each in asked), min(each.late_at for each in asked)
    lacking = tuple(part for part, _, at in first.parts if at <= where.now)
    words = f"{task.label}: {', '.join(lacking)}" if 0 < len(lacking) < len(task.parts) else task.label
    waited = min(first.parts, key=lambda each: each[2], default=None)
    yield Due(
        name, task.label, words, waited[1] if waited else None, due_at, late_at, where.now >= late_at,
        first.row.role or task.role, _why(where, first.row), lacking, first.answer, task.short, first.parts,
    )  # fmt: skip


def _asked(where: Where, name: str, row: Row, since: Instant, seen: Seen) -> Asked | None:
    """The task as a row asks for it that applies since `since`; None where what it asks for once is answered."""
    answer = where.kept.answers.get(name)
    if answer is not None and (answer.at < since or answer.at > where.now):
        answer = None
    if row.once:
        return _asked_once(where, row, since, seen, answer)
    every = _length(where, row)
    held = _put_off(answer, every) if answer is not None else since
    parts = tuple((part, fact, max(_again(fact, every, since), held)) for part, fact in seen)
    first = min((at for _, _, at in parts), default=held)
    grace = int(every * where.policies.number(GRACE) / 100)
    return Asked(row, first, first + grace, parts, answer if first == held else None)


def _asked_once(where: Where, row: Row, since: Instant, seen: Seen, answer: Fact | None) -> Asked | None:
    """Anything seen since, or an answer that is not a postponement, settles what is asked once."""
    done = bool(seen) and all(fact is not None and fact.at >= since for _, fact in seen)
    if done or (answer is not None and answer.choice != "put_off"):
        return None
    first = since if answer is None else max(since, _put_off(answer, _length(where, row)))
    parts = tuple((part, fact, first) for part, fact in seen if fact is None or fact.at < since)
    return Asked(row, first, first + _length(where, row), parts, answer)


def _again(fact: Fact | None, every: int, since: Instant) -> Instant:
    return since if fact is None else max(fact.at + every, since)


def _put_off(answer: Fact, every: int) -> Instant:
    """Until when an answer holds: never longer than the interval."""
    longest = answer.at + every
    return min(answer.until, longest) if answer.choice == "put_off" and answer.until is not None else longest


def _moments(where: Where, found: Sequence[Due]) -> list[Instant]:
    """When something becomes due or overdue, or another row applies: before and after now."""
    moments = [at for each in found for at in (each.due_at, each.late_at, *(at for _, _, at in each.parts))]
    for task in load_schedules().values():
        moments += [at for row in task.rows for at in _span(where, row) if at < ANYTIME]
    return moments
