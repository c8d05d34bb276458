"""Late effects: what to look for when, and what follows where one is found.

The watch for new cancers is life-long (boxed warnings of January 2024); the registry's 15 years do not end it. A
T-cell malignancy means: the manufacturer is called, tumor and blood are kept for the test for the CAR transgene.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Literal

import msgspec

from cartway.aftercare.dates import MONTHS_A_YEAR, days_after, months_after
from cartway.aftercare.model import LateEffect, Status
from cartway.aftercare.questions import data
from cartway.aftercare.setting import Setting
from cartway.pathway.answer import Source
from cartway.record import Fact
from cartway.vocabulary import vocabulary

GRACE, DONE = "aftercare_grace_days", " (done)"
TOLD_TO = {"manufacturer": "manufacturer", "registry": "registry", "authority": "regulator"}


class Effect(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A late effect as it is written. `months`: how often it is looked for (0: with the markers), `then_months` after
    the first year.

    `look`: what counts as having looked. A call is enough for what is ``asked``; what is looked at needs a visit where
    the patient was ``seen``; of an examination or test of its ``own`` only that counts, or a measurement `by`.
    `targets`: only after products against one of these; empty for all. `boxed`: what the id of the label's boxed
    warning holds.
    """

    key: str
    watch: str
    months: int
    actions: tuple[str, ...]
    source: Source
    look: Literal["asked", "seen", "own"] = "asked"
    by: tuple[str, ...] = ()
    then_months: int = 0
    from_day: int = 0
    until_months: int = 0
    targets: tuple[str, ...] = ()
    boxed: str = ""
    lifelong: bool = False


@cache
def load_effects() -> tuple[Effect, ...]:
    """The late effects, in the file's order."""
    return msgspec.convert(data("late_effects")["effects"], tuple[Effect, ...])


def late_effects(setting: Setting) -> tuple[LateEffect, ...]:
    """The late effects to be looked for after the course's product, those present first."""
    found = [_effect(setting, each) for each in load_effects() if _concerns(setting, each)]
    return tuple(sorted(found, key=lambda each: not each.present))


def _concerns(setting: Setting, effect: Effect) -> bool:
    if not effect.targets or not setting.targets or effect.key in setting.by_choice("late_effect"):
        return True
    return any(each in effect.targets for each in setting.targets)


def _effect(setting: Setting, effect: Effect) -> LateEffect:
    choice = vocabulary().variables["late_effect"].choices[effect.key]
    present = _present(setting, effect.key)
    due_from, due_until = _next(setting, effect)
    actions = tuple(_action(each, present) for each in effect.actions) if present else effect.actions
    owed = [each for each in actions if _is_recorded(each) and not each.endswith(DONE)] if present else []
    return LateEffect(
        key=f"late_effect.{effect.key}", what=choice.label, plain=choice.plain, source=effect.source,
        status=_status(setting, present, owed, due_from, due_until), why=_why(effect, present, due_from),
        due_from=due_from, due_until=due_until, confirmed=effect.source.confirmed, facts=present, watch=effect.watch,
        actions=actions, present=present, boxed=_boxed(setting, effect),
    )  # fmt: skip


def _present(setting: Setting, key: str) -> tuple[Fact, ...]:
    """The newest statement of each finding of the kind, but for those that say it is over."""
    newest = {fact.about: fact for fact in setting.by_choice("late_effect").get(key, ())}
    return tuple(fact for fact in newest.values() if not fact.detail.get("resolved"))


def _next(setting: Setting, effect: Effect) -> tuple[date | None, date | None]:
    """When it is looked for next: so many months after the last look, never before its first day, until its last."""
    if not effect.months:
        return None, None
    first = days_after(setting.zero, effect.from_day) if effect.from_day else months_after(setting.zero, effect.months)
    last = _last_look(setting, effect)
    rare = effect.then_months and setting.on >= months_after(setting.zero, MONTHS_A_YEAR)
    every = effect.then_months if rare else effect.months
    due = first if last is None or last < first else months_after(last, every)
    if effect.until_months and due > months_after(setting.zero, effect.until_months):
        return None, None
    return due, days_after(due, round(setting.number(GRACE)))


def _last_look(setting: Setting, effect: Effect) -> date | None:
    """When it was last looked for: a check or measurement of its own, or a visit or call where that is enough."""
    visit = {"asked": setting.last_seen, "seen": setting.last_examined}.get(effect.look)
    measured = (day for what in effect.by for day in setting.days(what)[-1:] if day > setting.zero)
    done = (setting.last_done.get(f"late_effect.{effect.key}"), setting.last_done.get(effect.key))
    days = (*done, visit, *measured)
    return max((day for day in days if day is not None), default=None)


def _action(action: str, present: Sequence[Fact]) -> str:
    """The action, with a mark where the facts say that it was done."""
    told = [str(each) for fact in present for each in fact.detail.get("reported") or ()]
    words = action.casefold()
    kept = words.startswith("keep") and any(fact.detail.get("sample_kept") for fact in present)
    asked = [name for word, name in TOLD_TO.items() if word in words]
    done = kept or (bool(asked) and all(name in told for name in asked))
    return f"{action}{DONE}" if done else action


def _is_recorded(action: str) -> bool:
    """Whether the record says if an action was done: who was told, what was kept. Other actions are advice."""
    words = action.casefold()
    return words.startswith("keep") or any(word in words for word in TOLD_TO)


def _status(
    setting: Setting, present: Sequence[Fact], owed: Sequence[str], due_from: date | None, due_until: date | None
) -> Status:
    if present and owed:
        return Status.due
    if due_from is None or due_until is None:
        return Status.not_yet
    if setting.on < due_from:
        return Status.not_yet
    return Status.due if setting.on <= due_until else Status.overdue


def _why(effect: Effect, present: Sequence[Fact], due_from: date | None) -> str:
    long = " Life-long: it does not end with the registry's 15 years." if effect.lifelong else ""
    if present:
        return f"Recorded and not over. {effect.watch}.{long}"
    when = f" Next on {due_from}." if due_from else ""
    return f"{effect.watch}.{when}{long}"


def _boxed(setting: Setting, effect: Effect) -> bool:
    rows = setting.product.warnings if setting.product and effect.boxed else ()
    return any(effect.boxed in row.id for row in rows if row.effective_from <= setting.on)
