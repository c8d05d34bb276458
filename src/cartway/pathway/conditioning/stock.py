"""Tocilizumab on hand: what was counted, less what is set aside for others, against the label's number."""

from __future__ import annotations

import msgspec

from cartway.pathway.answer import Answer, Source, is_so
from cartway.pathway.conditioning.case import Case
from cartway.pathway.products import Tocilizumab, tocilizumab
from cartway.record import Fact
from cartway.times import HOUR, Instant

ITEM, POLICY = "tocilizumab", "tocilizumab_doses"


class OnHand(msgspec.Struct, frozen=True):
    """`free`: doses that this course may count on, its own set aside included; None where nobody counted of late.

    `needed` is the label's number, None where it names none: then `asked` is the policy's, named by `policy`.
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
    asked: int = 0
    policy: str = ""
    confirmed: bool = False

    @property
    def source(self) -> Source:
        """The label's source where it names a number, else the center's policy."""
        if self.label is not None and self.needed is not None:
            return self.label.source
        said = self.label.source.text if self.label is not None else "CAR T labels, section 5: tocilizumab available"
        return Source(f"{said}; the number is the center's policy", confirmed=self.confirmed)


def tocilizumab_on_hand(case: Case) -> OnHand:
    """What is there for this course now."""
    on = case.day_zero or case.today
    label = tocilizumab(case.product, on, case.jurisdiction) if case.product else None
    stated = [fact for fact in case.center.all("stock") if _item(fact) == ITEM and fact.value is not None]
    counts = [fact for fact in stated if not fact.detail.get("for_course")]
    needed = label.doses if label is not None else None
    asked, policy = (needed, "") if needed is not None else (int(case.policies.number(POLICY)), POLICY)
    bare = OnHand(
        Answer.unknown, "Nobody has counted the tocilizumab.", needed=needed, label=label, asked=asked, policy=policy,
        confirmed=case.policies.confirmed(POLICY),
    )  # fmt: skip
    if not counts:
        return bare
    count, aside = counts[-1], _set_aside(stated)
    others = sum(int(fact.value or 0) for name, fact in aside.items() if name != case.course.id)
    own = int(aside[case.course.id].value or 0) if case.course.id in aside else 0
    free = int(count.value or 0) - others
    found = msgspec.structs.replace(
        bare, free=free, counted_at=count.at, set_aside=others, own=own, facts=(count, *aside.values())
    )
    hours = case.policies.number("stock_max_age_hours")
    if case.now - count.at > hours * HOUR:
        because = f"The last count is older than {hours:g} hours (policy stock_max_age_hours)."
        return msgspec.structs.replace(found, free=None, because=because)
    whose = (
        f"the label asks for {asked}" if not policy else f"the label names no number; the policy {policy} is {asked}"
    )
    because = f"{max(free, 0)} doses for this course ({others} set aside for others); {whose}."
    return msgspec.structs.replace(found, answer=is_so(free >= asked), because=because)


def _item(fact: Fact) -> str:
    """What was counted: the first word of its name."""
    return (fact.about or str(fact.detail.get("item", ""))).casefold().split(" ", 1)[0]


def _set_aside(stated: list[Fact]) -> dict[str, Fact]:
    """By course, the newest number set aside for it; 0 gives it back."""
    return {str(fact.detail["for_course"]): fact for fact in stated if fact.detail.get("for_course")}
