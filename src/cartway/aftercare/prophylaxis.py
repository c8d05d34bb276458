"""Prophylaxis of infections: when it begins, and until when by each source. What is taken is what was recorded.

Where a source ends it by the CD4 count, "and/or" is kept as two readings (questions ``antiviral``, ``pneumocystis``).
Months count from the very last infusion. Beside a further therapy or immunosuppression nothing ends by the calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import pairwise

import msgspec

from cartway.aftercare.dates import days_after, months_after, years_after
from cartway.aftercare.goes_on import DECISION, Reason, reasons
from cartway.aftercare.immune import is_early, load_markers, value_of
from cartway.aftercare.model import Candidate, Prophylaxis, Question, Status
from cartway.aftercare.questions import chosen_of, data, load_questions, question
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.record import Fact

MONTHS = {"us_review": 6, "us_review_6": 6, "us_review_12": 12}
HERPES = ("hsv", "vzv", "herpes", "zoster", "varicella")
HEPATITIS = ("hbsag", "anti_hbc", "hbv_dna")


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A prophylaxis as it is written. `below`: neutrophils (10*9/L) under which it is asked for, 0 where it is not."""

    what: str
    plain: str
    start: str
    doses: str
    source: Source
    months: int = 0
    start_day: int = 0
    below: float = 0.0
    after_day: int = 0


@cache
def load_prophylaxis() -> Mapping[str, Rule]:
    """Every prophylaxis by its key."""
    return msgspec.convert(data("prophylaxis"), dict[str, Rule])


def prophylaxis(setting: Setting) -> tuple[tuple[Prophylaxis, ...], tuple[Question, ...]]:
    """What is asked for, may end or is not known, and the questions on its end."""
    rules = load_prophylaxis()
    why_on = reasons(setting)
    herpes = _going_on(_by_sources(setting, "antiviral", rules["antiviral"]), why_on)
    lungs = _going_on(_by_sources(setting, "pneumocystis", rules["pneumocystis"]), why_on)
    liver = (_going_on(each, why_on) for each in _hepatitis(setting, rules["hepatitis_b"]))
    counts = (_by_count(setting, key, rule) for key, rule in rules.items() if rule.below)
    found = (herpes, lungs, *liver, *(each for each in counts if each is not None))
    return found, tuple(question(setting, key, matters=_differ(setting, item)) for key, item in _asked(herpes, lungs))


def _going_on(item: Prophylaxis, why_on: tuple[Reason, ...]) -> Prophylaxis:
    """The same while something speaks against every date on which it may end: never said to end by itself."""
    if not why_on:
        return item
    ended = item.status is Status.allowed
    told = "; ".join(each.words for each in why_on)
    return msgspec.structs.replace(
        item, status=Status.unknown if ended else item.status, facts=(*item.facts, *(each.fact for each in why_on)),
        why=f"{told}: it goes on until a physician ends it. {item.why}", missing=(*item.missing, DECISION),
    )  # fmt: skip


def _asked(herpes: Prophylaxis, lungs: Prophylaxis) -> Iterator[tuple[str, Prophylaxis]]:
    yield "antiviral", herpes
    yield "pneumocystis", lungs


def _differ(setting: Setting, item: Prophylaxis) -> bool:
    days = {each.day for each in item.candidates}
    return len(days) > 1 and any(day is None or setting.on < day for day in days)


def _by_sources(setting: Setting, key: str, rule: Rule) -> Prophylaxis:
    cd4 = value_of(setting, "cd4")
    candidates = chosen_of(setting, key, tuple(_candidates(setting, key)))
    days = [each.day for each in candidates]
    known = [day for day in days if day is not None]
    taken, facts = _taken(setting, key)
    return Prophylaxis(
        key=f"prophylaxis.{key}", what=rule.what, plain=rule.plain, source=rule.source, start=rule.start,
        status=_status(setting, rule, days), stop="; or ".join(each.why for each in candidates),
        why=_why(rule, candidates), earliest=max(known) if len(known) == len(days) else None, taken=taken,
        due_from=days_after(setting.last, rule.start_day), candidates=candidates,
        confirmed=all(each.source.confirmed for each in candidates), missing=() if cd4 else ("CD4 since the infusion",),
        question=key if len(set(days)) > 1 else "", facts=(*facts, *((cd4,) if cd4 else ())),
    )  # fmt: skip


def _candidates(setting: Setting, key: str) -> Iterator[Candidate]:
    for option in load_questions()[key].options:
        if option.key in MONTHS:
            day = months_after(_herpes_or_zero(setting, key), MONTHS[option.key])
            yield Candidate(option.key, day, f"not before {day} ({option.words.lower()})", option.source, day)
        else:
            yield _ebmt(setting, option.key, option.source)


def _herpes_or_zero(setting: Setting, key: str) -> date:
    """The infusion, or the last herpes or zoster after it, from which the months of the antiviral count anew."""
    if key != "antiviral":
        return setting.last
    viral = [fact for fact in setting.by_choice("infection").get("viral", ()) if _is_herpes(fact)]
    return max([setting.last, *(setting.day(fact) for fact in viral)])


def _is_herpes(fact: Fact) -> bool:
    organism = str(fact.detail.get("organism", "")).casefold()
    return any(word in organism for word in HERPES)


def _ebmt(setting: Setting, option: str, source: Source) -> Candidate:
    """One year, and or or CD4 above 200/uL."""
    year, back = years_after(setting.last, 1), _cd4_back(setting)
    if option == "ebmt_either":
        day = year if back is None else min(year, back)
        return Candidate(option, day, f"not before {day} (1 year, or CD4 above 200/uL)", source, year)
    if back is None:
        return Candidate(option, None, f"not before {year}, and only with CD4 above 200/uL", source, year)
    day = max(year, back)
    return Candidate(option, day, f"not before {day} (1 year, and CD4 above 200/uL since {back})", source, year)


def _cd4_back(setting: Setting) -> date | None:
    """Since when CD4 has been above its limit without a break; None where the newest value is not."""
    limit, first = load_markers()["cd4"].threshold, None
    for fact in reversed(setting.since("cd4")):
        if (fact.value is not None and fact.value <= limit) or is_early(setting, setting.day(fact)):
            break
        first = fact if fact.value is not None else first
    return None if first is None else setting.day(first)


def _status(setting: Setting, rule: Rule, days: list[date | None]) -> Status:
    """Due until the first of the dates, free to end from the last; in between sources differ."""
    if setting.on < days_after(setting.last, rule.start_day):
        return Status.not_yet
    if all(day is None or setting.on < day for day in days):
        return Status.due
    return Status.allowed if all(day is not None and setting.on >= day for day in days) else Status.unknown


def _why(rule: Rule, candidates: tuple[Candidate, ...]) -> str:
    ends = "; ".join(f"{each.why}: {each.source.text}" for each in candidates)
    return f"Begins {rule.start}. It continues, and may end {ends}. In the sources' words: {rule.doses}."


def _taken(setting: Setting, choice: str) -> tuple[bool | None, tuple[Fact, ...]]:
    """Whether it was last recorded as running; None where nothing is recorded."""
    said = setting.latest("prophylaxis", choice=choice)
    if said is None:
        return None, ()
    return said.until is None or setting.day_at(said.until) > setting.on, (said,)


def _hepatitis(setting: Setting, rule: Rule) -> Iterator[Prophylaxis]:
    positive = _ever_positive(setting)
    absent = [what for what in ("hbsag", "anti_hbc") if not setting.all(what)]
    if not positive and not absent:
        return
    until = months_after(setting.last, rule.months)
    on = setting.latest("antiviral_prophylaxis")
    carrier = any(fact.what in ("hbsag", "hbv_dna") for fact in positive)
    ends = Status.unknown if carrier else Status.allowed
    running = Status.due if setting.on < until else ends
    yield Prophylaxis(
        key="prophylaxis.hepatitis_b", what=rule.what, plain=rule.plain, source=rule.source, start=rule.start,
        status=running if positive else Status.unknown, stop=f"at least {rule.months} months: not before {until}",
        why=_hepatitis_why(rule, positive, until, carrier), earliest=until if positive else None, due_until=None,
        taken=None if on is None else on.choice == "on",
        missing=_hepatitis_missing(positive, absent, carrier), facts=(*positive, *((on,) if on else ())),
    )  # fmt: skip


def _ever_positive(setting: Setting) -> list[Fact]:
    """The newest positive result of each test. One that turns negative later, without B cells, is not forgotten."""
    found = ([fact for fact in setting.all(what) if _positive(fact)][-1:] for what in HEPATITIS)
    return [fact for each in found for fact in each]


def _hepatitis_missing(positive: list[Fact], absent: list[str], carrier: bool) -> tuple[str, ...]:
    if positive:
        return ("hepatology's decision",) if carrier else ()
    return tuple(_NAMES[each] for each in absent)


_NAMES = {"hbsag": "HBsAg", "anti_hbc": "anti-HBc", "hbv_dna": "HBV DNA"}


def _hepatitis_why(rule: Rule, positive: list[Fact], until: date, carrier: bool) -> str:
    if not positive:
        return "Whether it is needed hangs on HBsAg and anti-HBc, which are not recorded."
    found = ", ".join(_NAMES[fact.what] for fact in positive)
    kept = " A virus that is still there is not left untreated by a calendar: hepatology decides." if carrier else ""
    least = f"for at least {rule.months} months, to {until} or longer"
    return f"{found} positive: {rule.doses}, from {rule.start}, {least}.{kept}"


def _positive(fact: Fact) -> bool:
    if fact.what == "hbv_dna":
        return bool(fact.value) and not fact.detail.get("below")
    return fact.choice == "positive"


def _by_count(setting: Setting, key: str, rule: Rule) -> Prophylaxis | None:
    """What hangs on neutrophils; nothing where they are not low, or were never measured since the infusion."""
    found = value_of(setting, "neutrophils")
    late_enough = (setting.on - setting.last).days > rule.after_day or not rule.after_day
    if found is None or found.value is None or found.value >= rule.below or not late_enough:
        return None
    taken, facts = _taken(setting, key)
    return Prophylaxis(
        key=f"prophylaxis.{key}", what=rule.what, plain=rule.plain, source=rule.source, start=rule.start,
        status=Status.due, stop=f"when neutrophils are above {rule.below * 1000:g}/uL", taken=taken,
        due_from=_since(setting, rule.below), facts=(found, *facts),
        why=f"Neutrophils {found.value * 1000:g}/uL on {setting.day(found)}. In the sources' words: {rule.doses}.",
    )  # fmt: skip


def _since(setting: Setting, below: float) -> date:
    """Since when neutrophils have been that low, in the readings without a break."""
    low = [fact for fact in setting.all("neutrophils") if fact.value is not None]
    start = setting.day(low[-1])
    for later, earlier in pairwise(reversed(low)):
        if earlier.value is None or earlier.value >= below or later.value is None:
            break
        start = setting.day(earlier)
    return start
