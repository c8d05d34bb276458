"""Distress check-ins of patient and caregiver through waiting, treatment and remission, and the answers owed to them.

A number at or above the center's cut-off (policy ``distress_cut_off``) asks that somebody of the team speaks with them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache, lru_cache

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


class Time(msgspec.Struct, frozen=True, forbid_unknown_fields=True, eq=False):
    """One time of the schedule: days after the infusion, or from the `anchor` of the wait. Found by identity."""

    key: str
    what: str
    who: tuple[str, ...]
    days: int = 0
    anchor: str = ""


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of check-ins. `published`: the cut-offs that sources name, the lowest first."""

    source: Source
    caregiver_source: Source
    plain: str
    published: tuple[int, ...]
    published_words: str
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
    times = [*_waiting(setting, who), *(_times(setting.zero, who) if setting.infused else ())]
    following = [*(day for _, day in times[1:]), date.max][: len(times)]
    scores, grace = _scores(setting, who), round(setting.number(GRACE))
    for (time, day), after in zip(times, following, strict=True):
        said = next((fact for told, fact in scores if day <= told < after), None)
        until = min(days_after(day, grace), after)
        if said is None:
            yield _unsaid(who, time, day, until, _status(setting, day, until, after))
        else:
            yield _said(setting, who, time, (day, until), said)


def _waiting(setting: Setting, who: str) -> Iterator[tuple[Time, date]]:
    since = _waiting_since(setting)
    if since is not None:
        yield from ((time, since) for time in load_check_ins().times if time.anchor and who in time.who)


@lru_cache(maxsize=2048)
def _times(zero: date, who: str) -> tuple[tuple[Time, date], ...]:
    """The check-ins after an infusion of that day."""
    counted = [time for time in load_check_ins().times if not time.anchor and who in time.who]
    early = [(time, days_after(zero, time.days)) for time in counted]
    years = range(2, LAST_YEAR + 1) if who == "patient" else ()
    return (*early, *((_yearly(year), years_after(zero, year)) for year in years))


@cache
def _yearly(year: int) -> Time:
    return Time(f"year_{year}", f"Distress check-in, {year} years", ("patient",))


def _waiting_since(setting: Setting) -> date | None:
    first = next((fact for what in WAITING_FROM if (fact := setting.course.first(what)) is not None), None)
    return setting.day(first) if first is not None else None


def _scores(setting: Setting, who: str) -> Sequence[tuple[date, Fact]]:
    """What one of the two said, with its day, in time order."""
    found = (fact for fact in setting.all("distress_score") if fact.value is not None)
    own = (fact for fact in found if (fact.about or fact.detail.get("by", "patient")) == who)
    return [(setting.day(fact), fact) for fact in own]


@lru_cache(maxsize=8192)
def _unsaid(who: str, time: Time, day: date, until: date, status: Status) -> CheckIn:
    """A check-in without an answer: the same for everybody of that day."""
    schedule = load_check_ins()
    return CheckIn(
        key=f"check_in.{who}.{time.key}", what=f"{time.what}: {who}", plain=schedule.plain, source=_source(who),
        status=status, why=f"Asked for from {day} on.", due_from=day, due_until=until, confirmed=False, who=who,
        time_point=time.key,
    )  # fmt: skip


def _said(setting: Setting, who: str, time: Time, days: tuple[date, date], said: Fact) -> CheckIn:
    return CheckIn(
        key=f"check_in.{who}.{time.key}", what=f"{time.what}: {who}", plain=load_check_ins().plain,
        source=_source(who), status=Status.done, why=_why(setting, said), due_from=days[0], due_until=days[1],
        confirmed=False, facts=(said,), who=who, time_point=time.key, score=_number(said),
        above=_above(setting, said), answered=_answered(setting, who, said),
    )  # fmt: skip


def _source(who: str) -> Source:
    schedule = load_check_ins()
    return schedule.source if who == "patient" else schedule.caregiver_source


def _status(setting: Setting, day: date, until: date, following: date) -> Status:
    """How a check-in stands that nobody answered."""
    if setting.on < day:
        return Status.not_yet
    if setting.on >= following or setting.ended is not None:
        return Status.missed
    return Status.due if setting.on <= until else Status.overdue


def _why(setting: Setting, said: Fact) -> str:
    told, cut = f"{_number(said)} on {setting.day(said)}", f"{setting.number(CUT_OFF):g}"
    verdict = f"at or above the cut-off of {cut}: further evaluation" if _above(setting, said) else f"below {cut}"
    return f"{told}, {verdict}.{_differing(setting, said)}"


def _differing(setting: Setting, said: Fact) -> str:
    """That published cut-offs differ, where that makes a difference and the center has set none."""
    published = load_check_ins().published
    between = said.value is not None and published[0] <= said.value < published[-1]
    if setting.policies.confirmed(CUT_OFF) or not between:
        return ""
    return f" Cut-offs differ ({load_check_ins().published_words}): the center sets its own."


def _number(said: Fact) -> int | None:
    return None if said.value is None else int(said.value)


def _above(setting: Setting, said: Fact) -> bool:
    return said.value is not None and said.value >= setting.number(CUT_OFF)


def _answered(setting: Setting, who: str, said: Fact) -> bool:
    contacts = setting.course.all("support_contact", about=who)
    return any(fact.choice in ANSWERS and fact.at >= said.at for fact in contacts)


def _answers_owed(setting: Setting, who: str) -> Iterator[CheckIn]:
    """The newest number at or above the cut-off that nobody of the team has answered yet."""
    above = (fact for _, fact in _scores(setting, who) if _above(setting, fact))
    owed = [fact for fact in above if not _answered(setting, who, fact)]
    if not owed:
        return
    said = owed[-1]
    day = setting.day(said)
    until = days_after(day, round(setting.number(ANSWER_DAYS)))
    yield CheckIn(
        key=f"check_in.{who}.answer", what=f"Speak with the {who} about distress", plain="somebody talks with you",
        status=Status.due if setting.on <= until else Status.overdue, why=_why(setting, said), source=_source(who),
        due_from=day, due_until=until, confirmed=setting.policies.confirmed(CUT_OFF), facts=(said,), who=who,
        time_point="answer", score=_number(said), above=True,
    )  # fmt: skip
