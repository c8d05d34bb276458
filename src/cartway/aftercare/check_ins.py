"""Distress check-ins of patient and caregiver through waiting, treatment and remission, and the answers owed to them.

A number at or above the center's cut-off (policy ``distress_cut_off``) asks that somebody of the team speaks with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import pairwise

import msgspec

from cartway.aftercare.dates import LAST_YEAR, days_after, years_after
from cartway.aftercare.model import CheckIn, Status
from cartway.aftercare.questions import data
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.record import Fact

CUT_OFF, ANSWER_DAYS, GRACE = "distress_cut_off", "distress_answer_days", "aftercare_grace_days"
ANSWERS = ("talked", "referred", "declined")
PEOPLE = ("patient", "caregiver")
WAITING_FROM = ("referral", "consent", "collection", "lymphodepletion")


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One time of the schedule: days after the infusion, or from the `anchor` of the wait."""

    key: str
    what: str
    who: tuple[str, ...]
    days: int = 0
    anchor: str = ""


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of check-ins."""

    source: Source
    caregiver_source: Source
    plain: str
    times: tuple[Time, ...]


@cache
def load_check_ins() -> Schedule:
    """The schedule."""
    return msgspec.convert(data("check_ins"), Schedule)


def check_ins(setting: Setting) -> tuple[CheckIn, ...]:
    """What was said, is asked for and comes next, and the answers owed. Without an infusion only those of the wait."""
    every = [each for who in PEOPLE for each in (*_answers_owed(setting, who), *_of(setting, who))]
    return tuple(every)


def _of(setting: Setting, who: str) -> Iterator[CheckIn]:
    times = [*_times(setting, who)]
    scores = _scores(setting, who)
    for (time, day), (_, following) in pairwise([*times, (None, date.max)]):
        if time is not None:
            yield _check_in(setting, who, time, day, following, scores)


def _times(setting: Setting, who: str) -> Iterator[tuple[Time, date]]:
    for time in load_check_ins().times:
        if who in time.who:
            day = _waiting_since(setting) if time.anchor else _after(setting, time.days)
            if day is not None:
                yield time, day
    if who == "patient" and setting.infused:
        yield from ((_yearly(year), years_after(setting.zero, year)) for year in range(2, LAST_YEAR + 1))


@cache
def _yearly(year: int) -> Time:
    return Time(f"year_{year}", f"Distress check-in, {year} years", ("patient",))


def _after(setting: Setting, days: int) -> date | None:
    return days_after(setting.zero, days) if setting.infused else None


def _waiting_since(setting: Setting) -> date | None:
    first = next((fact for what in WAITING_FROM if (fact := setting.course.first(what)) is not None), None)
    return setting.day(first) if first is not None else None


def _scores(setting: Setting, who: str) -> Sequence[Fact]:
    found = setting.course.all("distress_score")
    return [
        fact for fact in found if fact.value is not None and (fact.about or fact.detail.get("by", "patient")) == who
    ]


def _check_in(setting: Setting, who: str, time: Time, day: date, following: date, scores: Sequence[Fact]) -> CheckIn:
    schedule = load_check_ins()
    said = next((fact for fact in scores if day <= setting.day(fact) < following), None)
    source = schedule.source if who == "patient" else schedule.caregiver_source
    until = min(days_after(day, round(setting.number(GRACE))), following)
    return CheckIn(
        key=f"check_in.{who}.{time.key}", what=f"{time.what}: {who}", plain=schedule.plain, source=source,
        status=_status(setting, said, day, until, following), why=_why(setting, said, day), due_from=day,
        due_until=until, confirmed=False, facts=(said,) if said else (), who=who, time_point=time.key,
        score=_number(said), above=_above(setting, said), answered=said is not None and _answered(setting, who, said),
    )  # fmt: skip


def _status(setting: Setting, said: Fact | None, day: date, until: date, following: date) -> Status:
    if said is not None:
        return Status.done
    if setting.on < day:
        return Status.not_yet
    if setting.on >= following:
        return Status.missed
    return Status.due if setting.on <= until else Status.overdue


def _why(setting: Setting, said: Fact | None, day: date) -> str:
    if said is None:
        return f"Asked for from {day} on."
    told = f"{_number(said)} on {setting.day(said)}"
    if not _above(setting, said):
        return f"{told}, below the center's cut-off of {setting.number(CUT_OFF):g}."
    return f"{told}, at or above the center's cut-off of {setting.number(CUT_OFF):g}: further evaluation."


def _number(said: Fact | None) -> int | None:
    return None if said is None or said.value is None else int(said.value)


def _above(setting: Setting, said: Fact | None) -> bool:
    return said is not None and said.value is not None and said.value >= setting.number(CUT_OFF)


def _answered(setting: Setting, who: str, said: Fact) -> bool:
    contacts = setting.course.all("support_contact", about=who)
    return any(fact.choice in ANSWERS and fact.at >= said.at for fact in contacts)


def _answers_owed(setting: Setting, who: str) -> Iterator[CheckIn]:
    """The newest number at or above the cut-off that nobody of the team has answered yet."""
    owed = [fact for fact in _scores(setting, who) if _above(setting, fact) and not _answered(setting, who, fact)]
    if not owed:
        return
    said = owed[-1]
    day = setting.day(said)
    until = days_after(day, round(setting.number(ANSWER_DAYS)))
    source = load_check_ins().source if who == "patient" else load_check_ins().caregiver_source
    yield CheckIn(
        key=f"check_in.{who}.answer", what=f"Speak with the {who} about distress", plain="somebody talks with you",
        status=Status.due if setting.on <= until else Status.overdue, why=_why(setting, said, day), source=source,
        due_from=day, due_until=until, confirmed=setting.policies.confirmed(CUT_OFF), facts=(said,), who=who,
        time_point="answer", score=_number(said), above=True,
    )  # fmt: skip
