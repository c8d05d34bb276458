"""The days around day zero: lymphodepletion backward from the infusion, and the window forward from its last dose."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from cartway.pathway.answer import Answer, Source
from cartway.pathway.conditioning.case import Case
from cartway.pathway.conditioning.lymphodepletion import DrugDose, Lymphodepletion
from cartway.pathway.products import Regimen, RegimenDrug
from cartway.record import Fact
from cartway.times import DAY

DRUGS = ("fludarabine", "cyclophosphamide", "bendamustine")
LONGEST = 30 * DAY  # before the infusion: what is older was another treatment


class CalendarDay(msgspec.Struct, frozen=True):
    """One day: its date, its number before or after day zero, and the drugs of the label on it."""

    on: date
    day: int
    doses: tuple[DrugDose, ...] = ()
    infusion: bool = False


class Calendar(msgspec.Struct, frozen=True):
    """Lymphodepletion laid out backward from day zero. `earliest_start`, `latest_start`: as the label's range allows.

    `fixed` where the label fixes the days; else `rest_days` were chosen, by the policy of that name or by what is
    booked or begun (`basis`). `outside`: how what is booked or begun lies outside the label's days, in words;
    else empty.
    """

    days: tuple[CalendarDay, ...]
    earliest_start: date
    latest_start: date
    rest_days: int
    fixed: bool
    basis: str
    source: Source
    outside: str = ""


class Window(msgspec.Struct, frozen=True):
    """When the label lets the infusion follow the last dose: first and last day, both included.

    `inside`: whether the planned or given infusion is; unknown while one of the two days is not. `days_left` counts
    from today. `last_dose` None: not ended as far as is known.
    """

    inside: Answer
    because: str
    source: Source
    last_dose: date | None = None
    opens: date | None = None
    closes: date | None = None
    days_left: int | None = None
    planned: date | None = None
    repeat: str = ""
    omission: str = ""
    delay: str = ""
    facts: tuple[Fact, ...] = ()


def calendar(case: Case, found: Lymphodepletion) -> Calendar | None:
    """The calendar of the usual regimen; None where there is no regimen, or no day zero."""
    usual = found.usual
    if usual is None or case.day_zero is None:
        return None
    regimen, zero = usual.regimen, case.day_zero
    length = max((day for drug in regimen.drugs for day in _course_days(drug)), default=1)
    fewest, most = regimen.end_to_infusion
    fixed = all(drug.days for drug in regimen.drugs)
    rest, basis = (fewest, "the label") if fixed else _rest_days(case, regimen, length)
    days = _laid_out(usual.doses, zero, length, rest, fixed)
    starts = [zero - timedelta(days=gap + length - 1) for gap in (most, fewest)]
    if fixed:
        starts = [days[0].on, days[0].on]
    answer, because = as_booked(case, regimen)
    outside = because if answer is not Answer.yes and started_on(case) is not None else ""
    return Calendar(days, starts[0], starts[1], rest, fixed, basis, regimen.source, outside)


def window(case: Case, regimen: Regimen) -> Window:
    """From the last dose forward: is the infusion inside, and until when it may be."""
    ended, facts = last_dose(case)
    bare = Window(
        Answer.unknown, "The lymphodepletion has not ended, as far as is recorded.", regimen.source,
        planned=case.day_zero, repeat=regimen.repeat, omission=regimen.omission, delay=regimen.delay, facts=facts,
    )  # fmt: skip
    if ended is None:
        answer, because = as_booked(case, regimen)
        return msgspec.structs.replace(bare, inside=Answer.no, because=because) if answer is Answer.no else bare
    opens, closes = (ended + timedelta(days=days) for days in regimen.end_to_infusion)
    inside, because = _inside(case, regimen, opens, closes)
    return msgspec.structs.replace(
        bare, inside=inside, because=because, last_dose=ended, opens=opens, closes=closes,
        days_left=(closes - case.today).days,
    )  # fmt: skip


def as_booked(case: Case, regimen: Regimen) -> tuple[Answer, str]:
    """Whether the lymphodepletion and the infusion, as begun or booked, lie within the label's days of each other."""
    start, zero = started_on(case), case.day_zero
    if start is None or zero is None:
        what = "lymphodepletion" if start is None else "infusion"
        return Answer.unknown, f"The {what} is not booked."
    length = max((day for drug in regimen.drugs for day in _course_days(drug)), default=1)
    rest, (fewest, most) = (zero - start).days - length + 1, regimen.end_to_infusion
    days = f"{fewest}" if fewest == most else f"{fewest} to {most}"
    because = (
        f"As begun or booked the infusion of {zero.isoformat()} comes {rest} days after the last dose of a regimen of "
        f"{length} days from {start.isoformat()}; the label's are {days}."
    )
    if fewest <= rest <= most:
        return Answer.yes, because
    if rest > most and regimen.delay:
        return Answer.unknown, f"{because} {regimen.delay}"
    return Answer.no, because


def _inside(case: Case, regimen: Regimen, opens: date, closes: date) -> tuple[Answer, str]:
    if not case.infusions and case.today > closes:
        return Answer.no, "The label's window has closed."
    if case.day_zero is None:
        return Answer.unknown, "No infusion is planned."
    if opens <= case.day_zero <= closes:
        return Answer.yes, "The infusion lies inside the label's window."
    if case.day_zero > closes and regimen.delay:
        return Answer.unknown, f"The infusion lies after the label's window. {regimen.delay}"
    return Answer.no, "The infusion lies outside the label's window."


def last_dose(case: Case) -> tuple[date | None, tuple[Fact, ...]]:
    """The day of the last dose and what says so: once its end is charted, the last drug given, else that end.

    A start after the last end is another lymphodepletion, which has not ended.
    """
    first = case.infusions[0].at if case.infusions else case.now + 1
    charted = [fact for fact in case.course.all("lymphodepletion") if first - LONGEST <= fact.at < first]
    started = next((fact for fact in reversed(charted) if fact.choice == "started"), None)
    ended = next((fact for fact in reversed(charted) if fact.choice == "completed"), None)
    if ended is None or (started is not None and started.at > ended.at):
        return None, tuple(charted)
    since = started.at if started is not None else first - LONGEST
    given = [fact for fact in given_of(case) if since <= fact.at < first]
    days = [case.day_of(fact.at) for fact in (*given, *([ended] if not given else []))]
    return max(days), (*charted, *given)


def given_of(case: Case) -> list[Fact]:
    """The doses of lymphodepleting drugs that were given."""
    return [fact for fact in case.course.all("drug") if fact.choice in DRUGS and fact.value != 0]


def started_on(case: Case) -> date | None:
    """The day on which the lymphodepletion before the infusion began; else the day for which it is booked."""
    first = case.infusions[0].at if case.infusions else case.now + 1
    begun = [
        fact for fact in case.course.all("lymphodepletion", choice="started") if first - LONGEST <= fact.at < first
    ]
    if begun:
        return case.day_of(begun[-1].at)
    booked = [*case.course.facts, *case.course.ahead]
    days = [
        fact
        for fact in booked
        if fact.what == "appointment" and fact.choice == "lymphodepletion" and fact.detail.get("state") != "cancelled"
    ]
    newest = max(days, key=lambda fact: (fact.position, fact.at), default=None)
    return case.day_of(newest.at) if newest is not None else None


def _rest_days(case: Case, regimen: Regimen, length: int) -> tuple[int, str]:
    """Days from the last dose to the infusion: as begun or booked, else by policy, within what the label allows."""
    fewest, most = regimen.end_to_infusion
    start = started_on(case)
    if start is not None and case.day_zero is not None:
        return (case.day_zero - start).days - length + 1, "its start, as begun or booked"
    wanted = int(case.policies.number("lymphodepletion_rest_days"))
    return min(max(wanted, fewest), most), "the policy lymphodepletion_rest_days"


def _laid_out(doses: tuple[DrugDose, ...], zero: date, length: int, rest: int, fixed: bool) -> tuple[CalendarDay, ...]:
    """A day each from the first dose to the infusion."""
    by_day: dict[int, list[DrugDose]] = {}
    for dose in doses:
        for day in dose.days if fixed else (n - length - rest for n in _course_days(dose)):
            by_day.setdefault(day, []).append(dose)
    first = min(by_day, default=0)
    return tuple(
        CalendarDay(zero + timedelta(days=day), day, tuple(by_day.get(day, ())), infusion=day == 0)
        for day in range(first, 1)
    )


def _course_days(drug: DrugDose | RegimenDrug) -> Iterable[int]:
    """The days of the regimen on which a drug is given, its first being 1."""
    return drug.course_days or range(1, drug.times + 1)
