"""Immune recovery: the newest value of each marker, where it goes, whether it is back, and what hangs on it.

IgG within 30 days of immunoglobulins holds what was infused (CIBMTR Form 2100 manual): it is no sign of recovery, and
no low value is hidden by it. Values count from the very last infusion on, and a high one not before its first weeks are
over: the cells of the day of the infusion are those that are about to go.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec

from cartway.aftercare.dates import days_after, months_after
from cartway.aftercare.model import Marker, Reading, Status
from cartway.aftercare.questions import answer_of, data
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.record import Fact

IMMUNOGLOBULIN = "immunoglobulin"
INFUSED_IGG_DAYS = 30  # CIBMTR Form 2100 manual
GRACE, COUNTS_FROM = "aftercare_grace_days", "aftercare_counts_from_day"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A marker as it is written. `months`: how often it is measured until it is back, from `from_day` on."""

    what: str
    plain: str
    unit: str
    threshold: float
    source: Source
    decisions: tuple[str, ...]
    months: int = 0
    months_at_most: int = 0
    from_day: int = 0
    question: str = ""


@cache
def load_markers() -> Mapping[str, Rule]:
    """The markers by variable."""
    return msgspec.convert(data("immune"), dict[str, Rule])


def immune(setting: Setting) -> tuple[Marker, ...]:
    """Every marker, without the decisions on IgG, which `immunoglobulins` adds."""
    return tuple(_marker(setting, what, rule) for what, rule in load_markers().items())


def last_immunoglobulin(setting: Setting) -> Fact | None:
    """The newest infusion of immunoglobulins."""
    return setting.latest("drug", choice=IMMUNOGLOBULIN)


def value_of(setting: Setting, what: str) -> Fact | None:
    """The newest value of a marker from the day of the very last infusion on."""
    found = setting.latest(what)
    after = found is not None and found.value is not None and setting.day(found) >= setting.last
    return found if after else None


def above(setting: Setting, what: str) -> bool | None:
    """Whether a marker's newest value is above its threshold; None without one, or where a high one is early."""
    found = value_of(setting, what)
    if found is None or found.value is None:
        return None
    if found.value <= load_markers()[what].threshold:
        return False
    return None if is_early(setting, setting.day(found)) else True


def is_early(setting: Setting, day: date) -> bool:
    """Whether a day lies in the first weeks after the last infusion, when a high count is no recovery."""
    return day < days_after(setting.last, round(setting.number(COUNTS_FROM)))


def _marker(setting: Setting, what: str, rule: Rule) -> Marker:
    facts = [fact for fact in setting.since(what) if fact.value is not None]
    infused = [setting.day(fact) for fact in setting.by_choice("drug").get(IMMUNOGLOBULIN, ())] if what == "igg" else []
    counted = days_after(setting.last, round(setting.number(COUNTS_FROM)))
    readings = tuple(_reading(setting.day(fact), fact, infused, counted) for fact in facts)
    counting = [each for each in readings if each.counts]
    recovered = _recovered(rule, readings)
    due_from, due_until = _next(setting, rule, readings, recovered)
    return Marker(
        key=f"immune.{what}", what=rule.what, plain=rule.plain, unit=rule.unit, threshold=rule.threshold,
        status=_status(setting, recovered, due_from, due_until), why=_why(rule, readings), source=rule.source,
        due_from=due_from, due_until=due_until, confirmed=rule.source.confirmed, facts=tuple(facts[-2:]),
        missing=() if readings else (rule.what,), question=rule.question if recovered is not True else "",
        readings=readings, trend=_trend(counting), recovered=recovered, decisions=rule.decisions,
        native=readings[-1].counts if readings else True,
    )  # fmt: skip


def _reading(day: date, fact: Fact, infused: list[date], counted: date) -> Reading:
    """One value: `infused` the days of immunoglobulins, `counted` the first day on which a high value counts."""
    return Reading(day, fact.value or 0.0, not (infused and _soon(day, infused)), day < counted)


def _soon(day: date, infused: list[date]) -> bool:
    """Whether immunoglobulins were given up to 30 days before."""
    return any(0 <= (day - each).days <= INFUSED_IGG_DAYS for each in infused)


def _recovered(rule: Rule, readings: tuple[Reading, ...]) -> bool | None:
    """A low value is low whatever was infused; a high one says nothing soon after immunoglobulins, or too early."""
    if not readings:
        return None
    if readings[-1].value <= rule.threshold:
        return False
    return True if readings[-1].counts and not readings[-1].early else None


def _next(
    setting: Setting, rule: Rule, readings: tuple[Reading, ...], recovered: bool | None
) -> tuple[date | None, date | None]:
    """When it is measured next; nothing of a marker without an interval, or that is back."""
    if not rule.months or recovered is True:
        return None, None
    first = days_after(setting.last, rule.from_day)
    if not readings or readings[-1].day < first:
        return first, days_after(first, round(setting.number(GRACE)))
    last = readings[-1].day
    chosen = answer_of(setting, rule.question).option if rule.question else "monthly"
    soonest = rule.months if chosen != "three_monthly" else rule.months_at_most
    latest = rule.months if chosen == "monthly" else rule.months_at_most
    return months_after(last, soonest), days_after(months_after(last, latest), round(setting.number(GRACE)))


def _status(setting: Setting, recovered: bool | None, due_from: date | None, due_until: date | None) -> Status:
    if recovered is True:
        return Status.done
    if due_from is None or due_until is None:
        return Status.unknown if recovered is None else Status.not_yet
    if setting.on < due_from:
        return Status.not_yet
    return Status.due if setting.on <= due_until else Status.overdue


def _trend(counting: list[Reading]) -> str:
    if len(counting) < 2:
        return ""
    before, now = counting[-2].value, counting[-1].value
    return "steady" if now == before else "rising" if now > before else "falling"


def _why(rule: Rule, readings: tuple[Reading, ...]) -> str:
    if not readings:
        return f"Not measured since the infusion; back above {rule.threshold:g} {rule.unit}."
    last = readings[-1]
    mixed = "" if last.counts else f", within {INFUSED_IGG_DAYS} days of immunoglobulins: not the patient's own"
    early = ", too early after the infusion to count" if last.early and last.value > rule.threshold else ""
    return f"{last.value:g} {rule.unit} on {last.day}{mixed}{early}; back above {rule.threshold:g} {rule.unit}."
