"""The follow-up calendar from day 30 to year 15: visits with their tasks, and what repeats until it is normal.

A task is answered by what was measured within its visit's window, or by a `follow_up_done` about it; a visit by a
`follow_up_visit` of its time point, or by one within the window.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from cartway.aftercare.calendar_points import (
    MONTHS_TO_YEAR_5,
    WINDOWS,
    Part,
    Repeat,
    Span,
    load_calendar,
    parts_of,
    spans_of,
)
from cartway.aftercare.dates import days_after, years_after
from cartway.aftercare.immune import above
from cartway.aftercare.model import Item, Status, Task, Visit
from cartway.aftercare.setting import Setting

GRACE = "aftercare_grace_days"


def calendar(setting: Setting, came_back: date | None) -> tuple[Visit, ...]:
    """Every visit to year 15 with its tasks. From `came_back` on the disease is followed by its next treatment."""
    done = Done(setting)
    policies = tuple(round(setting.number(name)) for name in (MONTHS_TO_YEAR_5, *WINDOWS))
    spans = spans_of(setting.zero, *policies)
    return tuple(_visit(setting, done, span, came_back) for span in spans)


class Done:
    """What was done on which days: of each variable, and of each task said to be done."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self.visits: Sequence[tuple[date, str, str]] = [
            (setting.day(fact), fact.choice, str(fact.detail.get("time_point", "")))
            for fact in setting.all("follow_up_visit")
        ]
        self.said: Mapping[str, Sequence[date]] = {
            about: [setting.day(fact) for fact in setting.course.all("follow_up_done", about=about)]
            for about in setting.course.abouts("follow_up_done")
        }

    def measured(self, what: str, first: date, last: date) -> bool:
        """Whether it was measured on a day from `first` to `last`."""
        return _within(self._setting.days(what), first, last)

    def told(self, key: str, first: date, last: date) -> bool:
        """Whether it was said to be done, declined or not indicated on such a day."""
        return _within(self.said.get(key, ()), first, last)


def _within(days: Sequence[date], first: date, last: date) -> bool:
    place = bisect_left(days, first)
    return place < len(days) and days[place] <= last


def _visit(setting: Setting, done: Done, span: Span, came_back: date | None) -> Visit:
    state = _state(setting, span)
    held = _held(done, span) if done.visits else None
    followed = came_back is None or came_back >= span.first
    if state is Status.not_yet and held is None:
        return _to_come(span, setting.disease, followed)
    status = held or state
    tasks = (_task(done, span, part, state, status) for part in parts_of(span.point.kind, setting.disease, followed))
    return _made(span, status, tuple(tasks))


@lru_cache(maxsize=8192)
def _to_come(span: Span, disease: str, followed: bool) -> Visit:
    """A visit whose days are still to come: the same for everybody infused on that day with that disease."""
    parts = parts_of(span.point.kind, disease, followed)
    return _made(span, Status.not_yet, tuple(_asked_for(span, part, Status.not_yet) for part in parts))


def _made(span: Span, status: Status, tasks: tuple[Task, ...]) -> Visit:
    point = span.point
    return Visit(
        key=f"visit.{point.key}", what=point.what, plain=point.plain, status=status, on=span.day, time_point=point.key,
        why=f"Due on {span.day}, from {span.first} to {span.last}.", source=load_calendar().visits_source,
        due_from=span.first, due_until=span.last, confirmed=False, tasks=tasks,
    )  # fmt: skip


def _state(setting: Setting, span: Span) -> Status:
    """How something of these days stands while it is not answered."""
    if setting.on < span.first:
        return Status.not_yet
    if setting.ended is not None or setting.on >= span.after:
        return Status.missed
    return Status.due if setting.on <= span.last else Status.overdue


def _held(done: Done, span: Span) -> Status | None:
    """Whether the visit took place, by its name or by its day."""
    last = min(span.last, days_after(span.after, -1))
    named = [choice for _, choice, point in done.visits if point == span.point.key]
    near = [choice for day, choice, point in done.visits if not point and span.first <= day <= last]
    told = named or near
    if not told:
        return None
    return Status.done if any(choice != "missed" for choice in told) else Status.missed


def _task(done: Done, span: Span, part: Part, state: Status, visit: Status) -> Task:
    if state is not Status.not_yet and _is_answered(done, part, span, visit):
        return _asked_for(span, part, Status.done)
    return _asked_for(span, part, _asked(part, state))


@lru_cache(maxsize=32768)
def _asked_for(span: Span, part: Part, status: Status) -> Task:
    return Task(
        key=f"task.{span.point.key}.{part.key}", what=part.what, plain=part.plain, source=part.source, status=status,
        why=f"{span.point.what}, {span.first} to {span.last}.", due_from=span.first, due_until=span.last,
        confirmed=part.source.confirmed,
    )  # fmt: skip


def _asked(part: Part, state: Status) -> Status:
    """What is optional is never overdue."""
    return Status.due if part.optional and state is Status.overdue else state


def _is_answered(done: Done, part: Part, span: Span, visit: Status) -> bool:
    if part.with_visit and visit is Status.done:
        return True
    found = [done.measured(what, span.first, span.last) for what in part.by]
    measured = all(found) if part.all else any(found)
    return (bool(found) and measured) or done.told(part.key, span.first, span.last)


def repeated(setting: Setting) -> tuple[Item, ...]:
    """What repeats until it is normal, each with its next day."""
    return tuple(_repeat(setting, each) for each in load_calendar().repeated)


def _repeat(setting: Setting, each: Repeat) -> Item:
    facts = [fact for what in each.markers if (fact := setting.latest(what)) is not None]
    normal = all(above(setting, what) is True for what in each.markers)
    last = max((setting.day(fact) for fact in facts), default=setting.zero)
    day = days_after(max(last, setting.zero), each.days)
    until = days_after(day, round(setting.number(GRACE)))
    return Item(
        key=f"repeated.{each.key}", what=each.what, plain=each.plain, source=each.source, facts=tuple(facts),
        status=Status.done if normal else _repeated_state(setting, day, until), due_from=None if normal else day,
        due_until=None if normal else until,
        why=f"Normal when last measured on {last}." if normal else f"Last measured on {last}; next by {day}.",
    )  # fmt: skip


def _repeated_state(setting: Setting, day: date, until: date) -> Status:
    if setting.on < day or setting.ended is not None:
        return Status.not_yet
    return Status.due if setting.on <= until else Status.overdue


def completed(setting: Setting) -> bool:
    """Whether the 15 years of follow-up are over."""
    return setting.on >= years_after(setting.zero, load_calendar().last_year)
