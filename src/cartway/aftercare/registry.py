"""The registry's contact windows: which contact each report takes, and whether it lies in the window.

CIBMTR manual: the contact nearest to the time point; outside the window is allowed within reason and reported with a
flag; reports do not overlap. After a later transplant or infusion of modified cells the report runs to the day before
its systemic therapy, and the times count anew from it. After 15 years the registry's follow-up is complete.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache

from cartway.aftercare.dates import days_after
from cartway.aftercare.model import Contact, Question, Status
from cartway.aftercare.questions import answer_of, question
from cartway.aftercare.registry_windows import Window, load_registry, windows_from
from cartway.aftercare.setting import Setting
from cartway.record import Fact

CONDITIONING = "aftercare_conditioning_days"
PREPARING = ("chemotherapy", "lymphodepletion")


def registry(setting: Setting) -> tuple[tuple[Contact, ...], tuple[Question, ...]]:
    """Every report from the infusion to year 15, the one before a later transplant, and the question of day zero."""
    later = _later(setting)
    start = setting.infused[-1] if _from_last(setting) else setting.zero
    cut = later[1] if later else None
    found = [*_registration(setting), *_contacts(setting, start, None, cut)]
    if later:
        found += [_before_later(setting, start, *later), *_contacts(setting, later[1], later[0], None)]
    return tuple(found), _questions(setting)


def _registration(setting: Setting) -> Iterator[Contact]:
    """The registration of the infusion itself, in the US; later than the first report nobody asks for it anew."""
    rule = load_registry().registration
    if setting.country != "US":
        return
    last = days_after(setting.zero, rule.days)
    done, over = "registration" in setting.last_done, days_after(setting.zero, load_registry().times[0].first)
    late = Status.missed if setting.on >= over else Status.overdue
    yield Contact(
        key="registry.registration", what=rule.what, plain="the report to the register", time_point="registration",
        status=Status.done if done else Status.due if setting.on <= last else late, source=rule.source,
        why=f"Within {rule.days} days of the infusion: by {last}.", due_from=setting.zero, due_until=last,
        counts_from=setting.zero,
    )  # fmt: skip


def forms(setting: Setting) -> tuple[tuple[str, int], ...]:
    """How many of the forms that belong to the infusions are asked for: one 4006 an infusion date."""
    return (("4006", len(setting.infused) + len(setting.later)),)


def _questions(setting: Setting) -> tuple[Question, ...]:
    if len(setting.infused) < 2:
        return ()
    return (question(setting, "day_zero", matters=True),)


def _from_last(setting: Setting) -> bool:
    return len(setting.infused) > 1 and answer_of(setting, "day_zero").option == "last"


def _later(setting: Setting) -> tuple[Fact, date] | None:
    """The first transplant, or infusion of another therapy, after the infusion, and its day."""
    events = [*setting.all("transplant"), *setting.all("infusion")]
    days = {*setting.infused}
    later = [fact for fact in events if setting.day(fact) > setting.infused[-1] and setting.day(fact) not in days]
    first = min(later, key=lambda fact: fact.at, default=None)
    return (first, setting.day(first)) if first is not None else None


def _contacts(setting: Setting, start: date, event: Fact | None, cut: date | None) -> Iterator[Contact]:
    """The reports counted from `start`, up to a later event, each with the contact that it takes."""
    windows = [each for each in windows_from(start, setting.country == "US") if cut is None or each.first < cut]
    known = [day for day in _days_of_contact(setting) if day > start and (cut is None or day < cut)]
    taken = start
    for number, window in enumerate(windows):
        neighbors = [*windows[max(0, number - 1) : number], *windows[number + 1 : number + 2]]
        contact = _best(window, [day for day in known if day > taken and _is_nearest(day, window, neighbors)])
        taken = contact or taken
        yield _contact(setting, window, contact, event, cut)


def _days_of_contact(setting: Setting) -> Sequence[date]:
    """Days on which somebody of the team was in contact; the day of death is the last."""
    visits = [fact for fact in setting.all("follow_up_visit") if fact.choice != "missed"]
    facts = [*visits, *setting.all("last_follow_up"), *setting.all("death")]
    return sorted({setting.day(fact) for fact in facts})


def _is_nearest(day: date, window: Window, neighbors: Sequence[Window]) -> bool:
    """Whether a contact is this report's: in its window, or in none and no farther from it than from its neighbors."""
    own = _distance(day, window)
    return all(own <= _distance(day, each) for each in neighbors)


def _distance(day: date, window: Window) -> int:
    """Days outside a window; 0 within."""
    return max((window.first - day).days, (day - window.last).days, 0)


def _best(window: Window, own: Sequence[date]) -> date | None:
    """The contact nearest to the time point, those in the window first."""
    return min(own, key=lambda day: (_distance(day, window), abs((day - window.target).days)), default=None)


def _contact(setting: Setting, window: Window, contact: date | None, event: Fact | None, cut: date | None) -> Contact:
    if contact is None and event is None and setting.on < window.first:
        return _to_come(window)
    inside = None if contact is None else window.first <= contact <= window.last
    return Contact(
        key=f"registry.{window.key}{'.after_transplant' if event else ''}", what=window.what,
        plain="the report to the register", status=_status(setting, window, contact, inside, cut),
        why=_why(window, contact, inside), source=window.source, due_from=window.first, due_until=window.last,
        confirmed=window.source.confirmed, facts=(event,) if event else (), time_point=window.key,
        counts_from=window.counts_from, contact=contact, in_window=inside,
        day=None if contact is None else (contact - window.counts_from).days,
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _to_come(window: Window) -> Contact:
    """A report whose window is still to come: the same for everybody infused on that day."""
    return Contact(
        key=f"registry.{window.key}", what=window.what, plain="the report to the register", status=Status.not_yet,
        why=_why(window, None, None), source=window.source, due_from=window.first, due_until=window.last,
        confirmed=window.source.confirmed, time_point=window.key, counts_from=window.counts_from,
    )  # fmt: skip


def _status(setting: Setting, window: Window, contact: date | None, inside: bool | None, cut: date | None) -> Status:
    if inside or (contact is not None and setting.on > window.last):
        return Status.done
    if setting.on < window.first:
        return Status.not_yet
    if setting.ended is not None or cut is not None:
        return Status.missed
    return Status.due if setting.on <= window.last else Status.overdue


def _why(window: Window, contact: date | None, inside: bool | None) -> str:
    span = f"days {(window.first - window.counts_from).days} to {(window.last - window.counts_from).days}"
    window_words = f"Window {window.first} to {window.last} ({span})."
    if contact is None:
        return f"No contact yet. {window_words}"
    day = (contact - window.counts_from).days
    if inside:
        return f"Contact of {contact}, day {day}. {window_words}"
    return f"Contact of {contact}, day {day}, outside: report nearest contact with flag. {window_words}"


def _before_later(setting: Setting, start: date, event: Fact, day: date) -> Contact:
    """The report that ends before a later transplant or infusion: the day before its systemic therapy."""
    therapy = _preparation(setting, event, day)
    contact = days_after(setting.day(therapy) if therapy else day, -1)
    of = "its systemic therapy" if therapy else "it: no systemic therapy is recorded"
    name = "transplant" if event.what == "transplant" else "further infusion"
    return Contact(
        key="registry.before_later_therapy", what=f"Registry report before the {name} of {day}",
        plain="the report to the register", status=Status.done, source=load_registry().source, due_from=contact,
        why=f"Contact date {contact}, the day before {of}. The times count anew from {day}.", due_until=contact,
        facts=(event, *((therapy,) if therapy else ())), time_point="before_later_therapy", counts_from=start,
        contact=contact, day=(contact - start).days, in_window=True,
    )  # fmt: skip


def _preparation(setting: Setting, event: Fact, day: date) -> Fact | None:
    """The first systemic therapy that leads up to a transplant or infusion."""
    since = days_after(day, -round(setting.number(CONDITIONING)))
    found = [fact for fact in setting.course.all("lymphodepletion", "next_therapy", "drug") if _prepares(setting, fact)]
    return next((fact for fact in found if since <= setting.day(fact) <= day and fact.at <= event.at), None)


def _prepares(setting: Setting, fact: Fact) -> bool:
    if setting.day(fact) <= setting.infused[-1]:
        return False
    if fact.what != "drug":
        return fact.choice != "no"
    choice = setting.drug(fact)
    return choice is not None and any(each in PREPARING for each in choice.classes)
