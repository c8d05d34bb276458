"""Revaccination: for each vaccine whether it is allowed on a day, from which day, and if not, why.

Sources: PMC10909447, tables 3 and 4; ashpublications view-large 9809590, 12523012, 12523856. Limits are exclusive: CD4
of 200/uL and B cells of 20/uL are contraindications to live vaccines, recovery needs more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache

import msgspec

from cartway.aftercare.dates import MONTHS_A_YEAR, months_after
from cartway.aftercare.immune import above
from cartway.aftercare.model import Candidate, Question, Status, Vaccine
from cartway.aftercare.questions import chosen_of, data, load_questions, question
from cartway.aftercare.setting import Setting
from cartway.aftercare.vaccine_bars import bars
from cartway.aftercare.vaccine_rules import FRESH, Condition, Rule, conditions, treated
from cartway.pathway.answer import Source
from cartway.record import Fact
from cartway.vocabulary import vocabulary

KILLED, ZOSTER = "killed_vaccines", "zoster"
EARLY_MONTHS, ZOSTER_MONTHS = 3, 12
SEASON = "aftercare_season_month"


class Listed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A vaccine of the file: a choice of `vaccination`, its rule, the doses of its series (None: not stated)."""

    key: str
    rule: str
    doses: int | None = None
    seasonal: bool = False
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


class Group(msgspec.Struct, frozen=True):
    """What holds for every vaccine of one rule on one day: from when, why not, what is not known."""

    candidates: tuple[Candidate, ...]
    status: Status
    why: str
    earliest: date
    reasons: tuple[str, ...]
    missing: tuple[str, ...]
    question: str
    facts: tuple[Fact, ...]


def vaccines(setting: Setting, progressed: date | None = None) -> tuple[tuple[Vaccine, ...], tuple[Question, ...]]:
    """Every vaccine of the schedule, and the questions on which its days hang.

    `progressed`: when the disease progressed by the derived response.
    """
    schedule, given = load_vaccines(), treated(setting)
    early = _reconstituted(setting)
    told = {name: conditions(setting, given, rule, name) for name, rule in schedule.rules.items()}
    told["live"] = (*told["live"], *bars(setting, progressed))
    groups = {name: _group(setting, name, rule, told[name], early) for name, rule in schedule.rules.items()}
    found = tuple(_vaccine(setting, each, schedule.rules[each.rule], groups[each.rule]) for each in schedule.vaccines)
    return found, tuple(_questions(setting, groups, early))


def _reconstituted(setting: Setting) -> bool:
    """CD4 above 200/uL, B cells above 20/uL and IgA above 6 mg/dL, each measured: the test before early vaccines."""
    return all(above(setting, what) is True for what in ("cd4", "cd19", "iga"))


def _questions(setting: Setting, groups: Mapping[str, Group], early: bool) -> Iterator[Question]:
    for key, group in ((KILLED, groups["killed"]), (ZOSTER, groups["zoster"])):
        days = {each.day for each in group.candidates}
        matters = len(days) > 1 and any(day is not None and setting.on < day for day in days)
        if early or key == ZOSTER:
            yield question(setting, key, matters=matters)
    transplanted = setting.latest("transplant", choice="autologous")
    if transplanted is not None:
        two_years = months_after(setting.day(transplanted), 2 * MONTHS_A_YEAR)
        yield question(setting, "live_after_transplant", matters=setting.on < two_years)


def _group(setting: Setting, name: str, rule: Rule, told: tuple[Condition, ...], early: bool) -> Group:
    candidates = _candidates(setting, name, rule, told, early)
    days = [each.day for each in candidates if each.day is not None]
    reasons = tuple(each.words for each in told if each.against(setting.on))
    missing = tuple(each.missing for each in told if each.met is None)
    return Group(
        candidates=candidates, status=_status(setting, told, days), earliest=max(days), reasons=reasons,
        missing=missing, why=_why(setting, rule, reasons, missing, max(days)), question=_asked(name, candidates),
        facts=tuple(fact for each in told for fact in each.facts),
    )  # fmt: skip


def _vaccine(setting: Setting, listed: Listed, rule: Rule, group: Group) -> Vaccine:
    choice = vocabulary().variables["vaccination"].choices[listed.key]
    doses = setting.by_choice("vaccination").get(listed.key, ())
    given = tuple(fact for fact in doses if setting.day(fact) > setting.last)
    told = (group.why, _asks_for_dose(setting, listed, given), listed.note)
    return Vaccine(
        key=f"vaccine.{listed.key}", what=choice.label, plain=choice.plain, source=rule.source,
        status=Status.done if _complete(setting, listed, given) else group.status, earliest=group.earliest,
        why=" ".join(filter(None, told)), due_from=group.earliest, missing=group.missing,
        confirmed=_confirmed(setting, listed, rule, given), question=group.question, facts=group.facts,
        group=listed.rule, live=listed.rule == "live", doses=listed.doses, given=given, reasons=group.reasons,
        candidates=group.candidates,
    )  # fmt: skip


def _confirmed(setting: Setting, listed: Listed, rule: Rule, given: tuple[Fact, ...]) -> bool:
    """Live vaccines hang on how old a count may be, too, and doses on when a season begins: the center's to confirm."""
    fresh = listed.rule != "live" or setting.policies.confirmed(FRESH)
    dated = not (listed.seasonal and given) or setting.policies.confirmed(SEASON)
    return listed.confirmed and rule.source.confirmed and fresh and dated


def _asked(name: str, candidates: tuple[Candidate, ...]) -> str:
    if name not in ("killed", "zoster") or len({each.day for each in candidates}) < 2:
        return ""
    return ZOSTER if name == "zoster" else KILLED


def _candidates(
    setting: Setting, name: str, rule: Rule, told: tuple[Condition, ...], early: bool
) -> tuple[Candidate, ...]:
    """The first days by each source: the months from the infusion, and no condition with a day later than that."""
    base = max((each.day for each in told if each.day is not None and not each.from_infusion), default=date.min)
    if name == "zoster":
        months: Mapping[str, int] = {"six_months": rule.months, "twelve_months": ZOSTER_MONTHS}
        return chosen_of(setting, ZOSTER, _dated(setting, ZOSTER, months, base))
    if name == "killed" and early:
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


def _status(setting: Setting, told: tuple[Condition, ...], days: list[date]) -> Status:
    """A contraindication goes before a date, a date before what is not known."""
    if any(each.met is False and each.day is None for each in told):
        return Status.not_allowed
    if setting.on < min(days):
        return Status.not_yet
    if setting.on < max(days) or any(each.met is None for each in told):
        return Status.unknown
    return Status.allowed


def _complete(setting: Setting, listed: Listed, given: tuple[Fact, ...]) -> bool:
    """Whether the series is given; of a seasonal vaccine, its last dose in this season."""
    if listed.seasonal:
        return _series(listed, given) and setting.day(given[-1]) >= season(setting)
    return listed.doses is not None and _series(listed, given)


def _series(listed: Listed, given: tuple[Fact, ...]) -> bool:
    return len(given) >= (listed.doses or 1)


def season(setting: Setting) -> date:
    """When the season of influenza and COVID-19 vaccines began in which the day lies."""
    start = date(setting.on.year, round(setting.number(SEASON)), 1)
    return start if setting.on >= start else start.replace(year=start.year - 1)


def _asks_for_dose(setting: Setting, listed: Listed, given: tuple[Fact, ...]) -> str:
    """What is left of a seasonal vaccine whose doses lie in an earlier season."""
    if not listed.seasonal or not _series(listed, given) or _complete(setting, listed, given):
        return ""
    return f"Last given on {setting.day(given[-1])}: the dose of the season since {season(setting)} is to be asked for."


def _why(setting: Setting, rule: Rule, reasons: tuple[str, ...], missing: tuple[str, ...], earliest: date) -> str:
    parts = [f"From {rule.months} months after the infusion of {setting.last}; earliest {earliest}."]
    parts += [f"{each}." for each in reasons]
    if missing:
        parts.append(f"Not known: {', '.join(missing)}.")
    return " ".join(parts)
