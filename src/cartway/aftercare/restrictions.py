"""Restrictions as dates: seen daily, monitoring, staying near, driving, and what lasts longer.

A period of N days covers days 0 to N-1; the first day without it is infusion + N days. It is counted from the last
infusion, by the label text of that product on that day and in that country. FDA safety communication 2025-06-26: six
products, shorter periods. For whom both texts may count, both dates stand (question ``restriction_text``).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import msgspec

from cartway.aftercare.dates import days_after, months_after
from cartway.aftercare.label_periods import Period, candidates_of, label_of, load_restrictions
from cartway.aftercare.model import Candidate, Question, Restriction, Status
from cartway.aftercare.neurology import Finding, findings
from cartway.aftercare.questions import chosen_of, question
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.pathway.products import Windows
from cartway.record import Fact

TEXT = "restriction_text"
LIMITS = ("restriction.driving", "restriction.proximity")
NO_SOURCE = Source("No source held", confirmed=False)


def restrictions(setting: Setting) -> tuple[tuple[Restriction, ...], tuple[Question, ...]]:
    """Every restriction of a course with an infusion, and the questions that they leave."""
    texts = load_restrictions()
    label = label_of(setting)
    found = [_period(setting, key, period, label) for key, period in texts.periods.items()]
    birth = _contraception(setting)
    every = (*found, birth, _blood_products(setting), _donation(setting))
    return every, tuple(_questions(setting, found, birth))


def _questions(setting: Setting, periods: list[Restriction], birth: Restriction) -> Iterator[Question]:
    differing = [each for each in periods if each.question]
    if differing:
        yield question(setting, TEXT, matters=any(_matters(setting, each) for each in differing))
    yield question(setting, "contraception", matters=_matters(setting, birth))


def _matters(setting: Setting, item: Restriction) -> bool:
    days = {each.day for each in item.candidates}
    return len(days) > 1 and any(day is not None and setting.on < day for day in days)


def _period(setting: Setting, key: str, period: Period, label: Windows | None) -> Restriction:
    every = tuple(candidates_of(setting, period, label))
    candidates = chosen_of(setting, TEXT, every)
    days = [each.day for each in candidates if each.day is not None]
    last = max(days, default=None)
    plain = Restriction(
        key=f"restriction.{key}", what=period.what, plain=period.plain, status=_status(setting, period, days),
        why=_why(setting, period, label, candidates), source=candidates[0].source if candidates else NO_SOURCE,
        due_from=setting.last, due_until=days_after(last, -1) if last else None, earliest=last, label_earliest=last,
        confirmed=bool(candidates) and all(each.source.confirmed for each in candidates),
        missing=() if candidates else ("the label's text of this period",),
        question=TEXT if len({each.day for each in every}) > 1 else "", facts=tuple(setting.infusions[-1:]),
        counts_from=setting.last,
        days=(days[0] - setting.last).days if len(set(days)) == 1 else None,
        label_from=label.effective_from if label else None, candidates=candidates,
    )  # fmt: skip
    said = _said(setting, key)
    found = tuple(each for each in _findings(setting, key) if said is None or each.fact.at > said.at)
    return _by_neurology(_by_team(setting, said, plain), found)


def _status(setting: Setting, period: Period, days: list[date]) -> Status:
    """Restricted before the earliest of the dates, free from the latest; in between nobody can say."""
    if not days:
        return Status.unknown
    if setting.on < min(days):
        return Status.due if period.kind == "care" else Status.not_yet
    if setting.on < max(days):
        return Status.unknown
    return Status.done if period.kind == "care" else Status.allowed


def _why(setting: Setting, period: Period, label: Windows | None, candidates: tuple[Candidate, ...]) -> str:
    if not candidates:
        said = f" It says: {label.words}" if label and label.words else ""
        return f"The label text held for {setting.country} on {setting.last} gives no number.{said} The team decides."
    told = "; or ".join(f"{each.why} ({each.source.text})" for each in candidates)
    return f"Counted from the {'last ' if len(setting.infusions) > 1 else ''}infusion: {told}. The team may extend it."


def _findings(setting: Setting, key: str) -> tuple[Finding, ...]:
    return findings(setting) if key == "driving" else ()


def _by_neurology(item: Restriction, found: tuple[Finding, ...]) -> Restriction:
    """After a seizure or with a neurological finding that lasts, no date is enough for driving.

    Of what the team said before it, too: `found` is what came after the team's last word.
    """
    if not found:
        return item
    day = f"; the label's own date is {item.label_earliest}" if item.label_earliest else ""
    signs = "; ".join(each.words for each in found)
    why = f"{signs[0].upper()}{signs[1:]}: the center may extend the period, a physician decides{day}. {item.why}"
    status = item.status if item.status is Status.not_yet else Status.unknown
    told = tuple(each.fact for each in found)
    return msgspec.structs.replace(
        item, why=why, status=status, earliest=None, extended=True, facts=(*item.facts, *told),
        missing=("a physician's decision on driving",),
    )  # fmt: skip


def _said(setting: Setting, key: str) -> Fact | None:
    """What the team said last of a restriction, after the last infusion."""
    said = setting.latest("restriction", about=key)
    return None if said is None or setting.day(said) < setting.last else said


def _by_team(setting: Setting, said: Fact | None, item: Restriction) -> Restriction:
    """What the team said of it goes before the label and before every finding that it knew."""
    if said is None:
        return item
    facts = (*item.facts, said)
    if said.choice == "lifted":
        why = f"Lifted by the team on {setting.day(said)}. {item.why}"
        earliest = setting.day(said)
        status = Status.allowed if item.key in LIMITS else Status.done
        return msgspec.structs.replace(
            item, why=why, status=status, earliest=earliest, facts=facts, missing=(), question="", extended=False
        )
    return _extended(setting, item, said)


def _extended(setting: Setting, item: Restriction, said: Fact) -> Restriction:
    """Never shorter than the label, whose own question stays open where its texts differ beyond the extension."""
    until = setting.day_at(said.until) if said.until is not None else None
    why = f"Extended by the team{f' to {until}' if until else ', without a date'}. {item.why}"
    facts = (*item.facts, said)
    if until is None:
        return msgspec.structs.replace(
            item, why=why, earliest=None, extended=True, facts=facts, missing=(), question="", due_until=None,
            status=Status.not_yet,
        )  # fmt: skip
    label = item.label_earliest
    last = until if label is None else max(until, label)
    return msgspec.structs.replace(
        item, why=why, earliest=last, extended=True, facts=facts, missing=(), due_until=days_after(last, -1),
        question=item.question if label is not None and label > until else "",
        status=_extended_status(setting, item, until),
    )  # fmt: skip


def _extended_status(setting: Setting, item: Restriction, until: date) -> Status:
    """Restricted to the day that the team named, then as the label has it; free where it names none."""
    if setting.on < until:
        return Status.not_yet
    return Status.allowed if item.label_earliest is None else item.status


def _blood_products(setting: Setting) -> Restriction:
    text = load_restrictions().blood_products
    free = days_after(setting.last, text.days)
    item = Restriction(
        key="restriction.blood_products", what=text.what, plain=text.plain, source=text.source,
        status=Status.due if setting.on < free else Status.unknown, counts_from=setting.last, days=text.days,
        due_from=setting.last, due_until=days_after(free, -1), earliest=free, label_earliest=free,
        missing=() if setting.on < free else ("the center's rule on irradiated blood",),
        why=f"At least {text.days} days from {setting.last}; it does not end by itself. {text.then}.",
    )  # fmt: skip
    return _by_team(setting, _said(setting, "blood_products"), item)


def _donation(setting: Setting) -> Restriction:
    text = load_restrictions().donation
    return Restriction(
        key="restriction.donation", what=text.what, plain=text.plain, source=text.source, status=Status.not_allowed,
        counts_from=setting.zero, due_from=setting.zero, lasts=True, why="It has no end.",
    )  # fmt: skip


def _contraception(setting: Setting) -> Restriction:
    text = load_restrictions().contraception
    sex = setting.latest("sex")
    months = {"female": text.female, "male": text.male}.get(sex.choice if sex else "", {})
    dated = ((option, count, months_after(setting.last, count)) for option, count in months.items())
    every = tuple(Candidate(key, day, f"{n} months from {setting.last}", text.source, day) for key, n, day in dated)
    candidates = chosen_of(setting, "contraception", every)
    days = [each.day for each in candidates if each.day is not None]
    status = _status(setting, _CARE, days)
    item = Restriction(
        key="restriction.contraception", what=text.what, plain=text.plain, source=text.source, status=status,
        counts_from=setting.last, due_from=setting.last, earliest=max(days, default=None), confirmed=False,
        label_earliest=max(days, default=None), candidates=candidates, missing=() if months else ("the sex",),
        question="contraception" if every else "", facts=(sex,) if sex else (),
        why="; or ".join(each.why for each in candidates) or "No label names an interval: the physician decides.",
    )  # fmt: skip
    return _by_team(setting, _said(setting, "contraception"), item)


_CARE = Period("driving_days", "", "", "care")
