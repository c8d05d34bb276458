"""Tocilizumab on hand: what was counted, less what is set aside for others, against the label's number."""

from __future__ import annotations

import msgspec

from cartway.pathway.answer import Answer, Source, is_so
from cartway.pathway.conditioning.case import Case
from cartway.pathway.products import Tocilizumab, tocilizumab
from cartway.record import Fact
from cartway.times import HOUR, Instant

ITEM = "tocilizumab"


class OnHand(msgspec.Struct, frozen=True):
    """`free`: doses that this course may count on, its own set aside included; None where nobody counted of late.

    `needed` is the label's number, None where it names none: then one is needed, since it must be there at all.
    """

    answer: Answer
    because: str
    free: int | None = None
    needed: int | None = None
    counted_at: Instant | None = None
    set_aside: int = 0
    own: int = 0
    label: Tocilizumab | None = None
    facts: tuple[Fact, ...] = ()

    @property
    def source(self) -> Source:
        """The label's source, or that of what labels have in common."""
        if self.label is not None:
            return self.label.source
        return Source(
            "CAR T labels, section 5: tocilizumab available before the infusion; number not held", confirmed=False
        )


def tocilizumab_on_hand(case: Case) -> OnHand:
    """What is there for this course now."""
    on = case.day_zero or case.today
    label = tocilizumab(case.product, on, case.jurisdiction) if case.product else None
    stated = [fact for fact in case.center.all("stock") if _item(fact) == ITEM and fact.value is not None]
    counts = [fact for fact in stated if not fact.detail.get("for_course")]
    needed = label.doses if label is not None else None
    if not counts:
        return OnHand(Answer.unknown, "Nobody has counted the tocilizumab.", needed=needed, label=label)
    count, aside = counts[-1], _set_aside(stated)
    others = sum(int(fact.value or 0) for name, fact in aside.items() if name != case.course.id)
    own = int(aside[case.course.id].value or 0) if case.course.id in aside else 0
    free = int(count.value or 0) - others
    found = OnHand(Answer.unknown, "", free, needed, count.at, others, own, label, (count, *aside.values()))
    hours = case.policies.number("stock_max_age_hours")
    if case.now - count.at > hours * HOUR:
        because = f"The last count is older than {hours:g} hours (policy stock_max_age_hours)."
        return msgspec.structs.replace(found, free=None, because=because)
    enough = free >= (needed if needed is not None else 1)
    asked = (
        f"the label asks for {needed}" if needed is not None else "the label names no number; at least one is asked for"
    )
    because = f"{max(free, 0)} doses for this course ({others} set aside for others); {asked}."
    return msgspec.structs.replace(found, answer=is_so(enough), because=because)


def _item(fact: Fact) -> str:
    """What was counted: the first word of its name."""
    return (fact.about or str(fact.detail.get("item", ""))).casefold().split(" ", 1)[0]


def _set_aside(stated: list[Fact]) -> dict[str, Fact]:
    """By course, the newest number set aside for it; 0 gives it back."""
    return {str(fact.detail["for_course"]): fact for fact in stated if fact.detail.get("for_course")}
