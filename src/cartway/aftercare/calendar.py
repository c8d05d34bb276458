"""The follow-up calendar from day 30 to year 15: visits with their tasks, and what repeats until it is normal.

A task is answered by what was measured within its visit's window, or by a `follow_up_done` about it; a visit by a
`follow_up_visit` of its time point, or by one within the window.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache

import msgspec

from cartway.aftercare.dates import MONTHS_A_YEAR, days_after, months_after, years_after
from cartway.aftercare.immune import above
from cartway.aftercare.model import Item, Status, Task, Visit
from cartway.aftercare.questions import data
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source

MONTHS_TO_YEAR_5, YEARLY_WINDOW, GRACE = (
    "aftercare_visit_months",
    "aftercare_window_yearly_days",
    "aftercare_grace_days",
)
TO_YEAR = 5
LATER, YEARLY = "later", "yearly"


class Point(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time point as it is written: `days` or `months` after the infusion; `kind` says which tasks belong to it."""

    key: str
    what: str
    plain: str
    window: str
    days: int = 0
    months: int = 0
    from_day: int = 0
    kind: str = ""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A task as it is written. One of `by` answers it, each of them where `all`; `with_visit`: the visit does."""

    key: str
    what: str
    plain: str
    at: tuple[str, ...]
    source: Source
    by: tuple[str, ...] = ()
    all: bool = False
    diseases: tuple[str, ...] = ()
    disease: bool = False
    optional: bool = False
    with_visit: bool = False


class Repeat(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What repeats every so many days until its markers are back."""

    key: str
    what: str
    plain: str
    days: int
    markers: tuple[str, ...]
    source: Source


class Calendar(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of the calendar."""

    last_year: int
    visits_source: Source
    visits: tuple[Point, ...]
    tasks: tuple[Part, ...]
    repeated: tuple[Repeat, ...]


@cache
def load_calendar() -> Calendar:
    """The visits, tasks and repetitions."""
    return msgspec.convert(data("calendar"), Calendar)


def calendar(setting: Setting, came_back: date | None) -> tuple[Visit, ...]:
    """Every visit to year 15 with its tasks. From `came_back` on the disease is followed by its next treatment."""
    points = _points(round(setting.number(MONTHS_TO_YEAR_5)))
    done = Done(setting)
    dated = [(point, _day(setting, point)) for point in points]
    following = [*(_opens(setting, *each) for each in dated[1:]), date.max]
    return tuple(
        _visit(setting, done, point, day, after, came_back)
        for (point, day), after in zip(dated, following, strict=True)
    )


@cache
def _points(months: int) -> tuple[Point, ...]:
    """The written visits, those to year 5 every so many months, those to year 15 every year."""
    written = load_calendar()
    early = tuple(msgspec.structs.replace(point, kind=point.key) for point in written.visits)
    to_five = range(MONTHS_A_YEAR + months, TO_YEAR * MONTHS_A_YEAR + 1, months)
    later = [_later(count, LATER) for count in to_five]
    return (
        *early,
        *later,
        *(_later(year * MONTHS_A_YEAR, YEARLY) for year in range(TO_YEAR + 1, written.last_year + 1)),
    )


def _later(months: int, kind: str) -> Point:
    years, rest = divmod(months, MONTHS_A_YEAR)
    name = f"month {months}" if rest else f"year {years}"
    said = f"{months} months" if rest else f"{years} years"
    return Point(
        name.replace(" ", "_"),
        f"Visit of {name}",
        f"your check-up after {said}",
        YEARLY_WINDOW,
        months=months,
        kind=kind,
    )


def _day(setting: Setting, point: Point) -> date:
    return months_after(setting.zero, point.months) if point.months else days_after(setting.zero, point.days)


def _opens(setting: Setting, point: Point, day: date) -> date:
    if point.from_day:
        return days_after(setting.zero, point.from_day)
    return days_after(day, -round(setting.number(point.window)))


class Done:
    """What was done on which days: of each variable, and of each task said to be done."""

    def __init__(self, setting: Setting) -> None:
        self._setting = setting
        self._days: dict[str, Sequence[date]] = {}
        self.visits: Sequence[tuple[date, str, str]] = [
            (setting.day(fact), fact.choice, str(fact.detail.get("time_point", "")))
            for fact in setting.course.all("follow_up_visit")
        ]
        self.said: Mapping[str, Sequence[date]] = {
            about: [setting.day(fact) for fact in setting.course.all("follow_up_done", about=about)]
            for about in setting.course.abouts("follow_up_done")
        }

    def measured(self, what: str, first: date, last: date) -> bool:
        """Whether it was measured on a day from `first` to `last`."""
        if what not in self._days:
            self._days[what] = [self._setting.day(fact) for fact in self._setting.course.all(what)]
        return _within(self._days[what], first, last)

    def told(self, key: str, first: date, last: date) -> bool:
        """Whether it was said to be done, declined or not indicated on such a day."""
        return _within(self.said.get(key, ()), first, last)


def _within(days: Sequence[date], first: date, last: date) -> bool:
    place = bisect_left(days, first)
    return place < len(days) and days[place] <= last


def _visit(setting: Setting, done: Done, point: Point, day: date, after: date, came_back: date | None) -> Visit:
    first = _opens(setting, point, day)
    last = days_after(day, round(setting.number(point.window)))
    state = _state(setting, first, last, after)
    held = _held(done, point.key, first, min(last, days_after(after, -1)))
    status = held or state
    return Visit(
        key=f"visit.{point.key}", what=point.what, plain=point.plain, status=status, on=day, time_point=point.key,
        why=f"Due on {day}, from {first} to {last}.", source=load_calendar().visits_source, due_from=first,
        due_until=last, confirmed=False,
        tasks=tuple(_tasks(setting, done, point, (first, last), status, state, came_back)),
    )  # fmt: skip


def _state(setting: Setting, first: date, last: date, after: date) -> Status:
    """How something of these days stands while it is not answered."""
    if setting.on < first:
        return Status.not_yet
    if setting.ended is not None or setting.on >= after:
        return Status.missed
    return Status.due if setting.on <= last else Status.overdue


def _held(done: Done, key: str, first: date, last: date) -> Status | None:
    """Whether the visit took place, by its name or by its day."""
    named = [choice for _, choice, point in done.visits if point == key]
    near = [choice for day, choice, point in done.visits if not point and first <= day <= last]
    told = named or near
    if not told:
        return None
    return Status.done if any(choice != "missed" for choice in told) else Status.missed


def _tasks(
    setting: Setting,
    done: Done,
    point: Point,
    days: tuple[date, date],
    visit: Status,
    state: Status,
    came_back: date | None,
) -> Iterator[Task]:
    first, last = days
    for part in _parts(point.kind, setting.disease):
        if part.disease and came_back is not None and came_back < first:
            continue
        answered = state is not Status.not_yet and _is_answered(done, part, first, last, visit)
        yield Task(
            key=f"task.{point.key}.{part.key}", what=part.what, plain=part.plain, source=part.source,
            status=Status.done if answered else _asked(part, state), why=part.source.text, due_from=first,
            due_until=last, confirmed=part.source.confirmed,
        )  # fmt: skip


def _asked(part: Part, state: Status) -> Status:
    """What is optional is never overdue."""
    return Status.due if part.optional and state is Status.overdue else state


@cache
def _parts(kind: str, disease: str) -> tuple[Part, ...]:
    tasks = load_calendar().tasks
    return tuple(part for part in tasks if kind in part.at and (not part.diseases or disease in part.diseases))


def _is_answered(done: Done, part: Part, first: date, last: date, visit: Status) -> bool:
    if part.with_visit and visit is Status.done:
        return True
    found = (done.measured(what, first, last) for what in part.by)
    measured = (all(found) if part.all else any(found)) if part.by else False
    return measured or done.told(part.key, first, last)


def repeated(setting: Setting) -> tuple[Item, ...]:
    """What repeats until it is normal, each with its next day."""
    return tuple(_repeat(setting, each) for each in load_calendar().repeated)


def _repeat(setting: Setting, each: Repeat) -> Item:
    facts = [fact for what in each.markers if (fact := setting.course.last(what)) is not None]
    normal = all(above(setting, what) is True for what in each.markers)
    last = max((setting.day(fact) for fact in facts), default=setting.zero)
    day = days_after(max(last, setting.zero), each.days)
    until = days_after(day, round(setting.number(GRACE)))
    return Item(
        key=f"repeated.{each.key}", what=each.what, plain=each.plain, source=each.source, facts=tuple(facts),
        status=Status.done if normal else _state(setting, day, until, date.max), due_from=None if normal else day,
        due_until=None if normal else until,
        why=f"Normal when last measured on {last}." if normal else f"Last measured on {last}; next by {day}.",
    )  # fmt: skip


def completed(setting: Setting) -> bool:
    """Whether the 15 years of follow-up are over."""
    return setting.on >= years_after(setting.zero, load_calendar().last_year)
