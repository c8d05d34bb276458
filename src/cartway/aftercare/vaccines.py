"""Revaccination: for each vaccine whether it is allowed on a day, from which day, and if not, why.

Sources: PMC10909447, tables 3 and 4; ashpublications view-large 9809590, 12523012, 12523856. Limits are exclusive: CD4
of 200/uL and B cells of 20/uL are contraindications to live vaccines, recovery needs more.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

import msgspec

from cartway.aftercare.dates import MONTHS_A_YEAR, months_after
from cartway.aftercare.immune import above
from cartway.aftercare.model import Candidate, Question, Status, Vaccine
from cartway.aftercare.questions import chosen_of, data, load_questions, question
from cartway.aftercare.setting import Setting
from cartway.aftercare.vaccine_rules import Condition, Rule, conditions
from cartway.pathway.answer import Source
from cartway.record import Fact
from cartway.vocabulary import vocabulary

KILLED, ZOSTER = "killed_vaccines", "zoster"
EARLY_MONTHS, ZOSTER_MONTHS = 3, 12


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vaccine of the file: a choice of `vaccination`, its rule, the doses of its series (None: not stated)."""

    key: str
    rule: str
    doses: int | None = None
    yearly: bool = False
    confirmed: bool = True
    note: str = ""


class Schedule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of vaccines."""

    rules: Mapping[str, Rule]
    vaccines: tuple[Listed, ...]


@cache
def load_vaccines() -> Schedule:
    """The vaccines and their rules."""
    return msgspec.convert(data("vaccines"), Schedule)


def vaccines(setting: Setting) -> tuple[tuple[Vaccine, ...], tuple[Question, ...]]:
    """Every vaccine of the schedule, and the questions on which its days hang."""
    schedule = load_vaccines()
    by_rule = {name: conditions(setting, rule, name) for name, rule in schedule.rules.items()}
    early = _reconstituted(setting)
    found = tuple(
        _vaccine(setting, each, schedule.rules[each.rule], by_rule[each.rule], early) for each in schedule.vaccines
    )
    return found, tuple(_questions(setting, found))


def _reconstituted(setting: Setting) -> bool:
    """CD4 above 200/uL, B cells above 20/uL and IgA above 6 mg/dL, each measured: the test before early vaccines."""
    return all(above(setting, what) is True for what in ("cd4", "cd19", "iga"))


def _questions(setting: Setting, found: tuple[Vaccine, ...]) -> list[Question]:
    asked = []
    for key in (KILLED, ZOSTER):
        days = {each.day for vaccine in found for each in vaccine.candidates if vaccine.question == key}
        matters = len(days) > 1 and any(day is not None and setting.on < day for day in days)
        if key == ZOSTER or days:
            asked.append(question(setting, key, matters=matters))
    transplanted = setting.course.last("transplant", choice="autologous")
    if transplanted is not None:
        two_years = months_after(setting.day(transplanted), 2 * MONTHS_A_YEAR)
        asked.append(question(setting, "live_after_transplant", matters=setting.on < two_years))
    return asked


def _vaccine(setting: Setting, listed: Listed, rule: Rule, told: tuple[Condition, ...], early: bool) -> Vaccine:
    choice = vocabulary().variables["vaccination"].choices[listed.key]
    given = tuple(
        fact for fact in setting.course.all("vaccination", choice=listed.key) if setting.day(fact) > setting.last
    )
    candidates = _candidates(setting, listed, rule, told, early)
    asked = _asked(listed, candidates)
    days = [each.day for each in candidates if each.day is not None]
    status = _status(setting, listed, told, days, given)
    reasons = tuple(each.words for each in told if each.against(setting.on))
    missing = tuple(each.missing for each in told if each.met is None)
    return Vaccine(
        key=f"vaccine.{listed.key}", what=choice.label, plain=choice.plain, status=status, source=rule.source,
        why=_why(setting, rule, reasons, missing, max(days), listed.note), earliest=max(days), due_from=max(days),
        confirmed=listed.confirmed and rule.source.confirmed, missing=missing, question=asked,
        facts=tuple(fact for each in told for fact in each.facts), group=listed.rule, live=listed.rule == "live",
        doses=listed.doses, given=given, reasons=reasons, candidates=candidates,
    )  # fmt: skip


def _asked(listed: Listed, candidates: tuple[Candidate, ...]) -> str:
    if listed.rule not in ("killed", "zoster") or len({each.day for each in candidates}) < 2:
        return ""
    return ZOSTER if listed.rule == "zoster" else KILLED


def _candidates(
    setting: Setting, listed: Listed, rule: Rule, told: tuple[Condition, ...], early: bool
) -> tuple[Candidate, ...]:
    """The first days by each source: the months from the infusion, and no condition with a day later than that."""
    base = max((each.day for each in told if each.day is not None and not each.from_infusion), default=date.min)
    if listed.rule == "zoster":
        months: Mapping[str, int] = {"six_months": rule.months, "twelve_months": ZOSTER_MONTHS}
        return chosen_of(setting, ZOSTER, _dated(setting, ZOSTER, months, base))
    if listed.rule == "killed" and early:
        months = {"six_months": rule.months, "three_months": EARLY_MONTHS}
        return chosen_of(setting, KILLED, _dated(setting, KILLED, months, base))
    day = max(base, months_after(setting.last, rule.months))
    return (Candidate("", day, f"{rule.months} months from {setting.last}", rule.source, day),)


def _dated(setting: Setting, key: str, months: Mapping[str, int], base: date) -> tuple[Candidate, ...]:
    sources: Mapping[str, Source] = {option.key: option.source for option in load_questions()[key].options}
    return tuple(
        Candidate(
            option, max(base, day := months_after(setting.last, count)), f"{count} months from {setting.last}",
            sources[option], day,
        )
        for option, count in months.items()
    )  # fmt: skip


def _status(
    setting: Setting, listed: Listed, told: tuple[Condition, ...], days: list[date], given: tuple[Fact, ...]
) -> Status:
    """A contraindication goes before a date, a date before what is not known."""
    if _complete(setting, listed, given):
        return Status.done
    if any(each.met is False and each.day is None for each in told):
        return Status.not_allowed
    if setting.on < min(days):
        return Status.not_yet
    if setting.on < max(days) or any(each.met is None for each in told):
        return Status.unknown
    return Status.allowed


def _complete(setting: Setting, listed: Listed, given: tuple[Fact, ...]) -> bool:
    if listed.yearly:
        return bool(given) and setting.on < months_after(setting.day(given[-1]), MONTHS_A_YEAR)
    return listed.doses is not None and len(given) >= listed.doses


def _why(
    setting: Setting, rule: Rule, reasons: tuple[str, ...], missing: tuple[str, ...], earliest: date, note: str
) -> str:
    parts = [f"From {rule.months} months after the infusion of {setting.last}; earliest {earliest}."]
    parts += [f"{each}." for each in reasons]
    if missing:
        parts.append(f"Not known: {', '.join(missing)}.")
    return " ".join((*parts, note)).strip()
