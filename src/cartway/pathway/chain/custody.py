"""Who has each container: a fold over hand-overs and receipts. At every moment exactly one has it.

A hand-over moves custody to who takes it; the receipt confirms it. What lies in a box goes where the box goes. A
hand-over by one who never had it on record tells that one before it was not written down: the container is followed. A
hand-over by one who gave it away before, and never got it back, contradicts: the record so far stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from cartway.pathway.chain.model import Break, Custodian
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.things import Container, Things, said
from cartway.record import Fact
from cartway.times import Instant

_ORDER = {"handed_over": 0, "received": 1, "refused": 2}


class Keeping(msgspec.Struct, frozen=True):
    """How one container was kept: all who had it, in order; the breaks, each with the hand-over that shows it.

    `refused`: the refusal at receipt that no later receipt undid, None where there is none. `told`: the breaks of its
    boxes too, which are told of the boxes.
    """

    hands: tuple[Custodian, ...]
    breaks: tuple[Break, ...]
    refused: Fact | None = None
    told: frozenset[tuple[str, Instant]] = frozenset()

    @property
    def now(self) -> Custodian:
        """Who has it."""
        return self.hands[-1]


class _Step(msgspec.Struct, frozen=True):
    """One fact of custody, and the box it came by (empty: the container itself)."""

    fact: Fact
    box: str


def keeping(things: Things) -> Mapping[str, Keeping]:
    """How each container was kept until now."""
    found: dict[str, Keeping] = {}
    for container in things.containers.values():
        _keep(container, things, found, ())
    return found


def _keep(container: Container, things: Things, found: dict[str, Keeping], within: tuple[str, ...]) -> Keeping:
    """One container's keeping; that of what it came from or lies in is worked out first."""
    if container.id not in found:
        inner = (*within, container.id)
        others = {
            name: _keep(things.containers[name], things, found, inner) for name in _others(container, things, inner)
        }
        started = said(container.facts[0], "custodian") or _inherited(container, things, others)
        own = _Fold(container, started)
        for step in _steps(container, things, set()):
            own.take(step)
        told = {key for other in others.values() for key in other.told}
        breaks = tuple(one for one in own.breaks if _key(one) not in told)
        told |= {_key(one) for one in own.breaks}
        found[container.id] = Keeping(tuple(own.hands), breaks, own.refused, frozenset(told))
    return found[container.id]


def _others(container: Container, things: Things, within: Sequence[str]) -> list[str]:
    """Its boxes and what its content came from; none twice, and no circle."""
    made_of = things.made_of(container)
    names = [box for box, _, _ in things.boxes(container)] + ([made_of.id] if made_of else [])
    return [name for name in dict.fromkeys(names) if name not in within]


def _inherited(container: Container, things: Things, others: Mapping[str, Keeping]) -> str:
    """Who has what comes into being: who had what it came from, else who had the box it was put in."""
    for other in reversed(list(others.values())):
        holder = next((one.who for one in reversed(other.hands) if one.since <= container.since), "")
        if holder:
            return holder
    return ""


def _steps(container: Container, things: Things, within: set[str]) -> list[_Step]:
    """Its own custody facts and those of the boxes it lay in, while it lay in them; in time order."""
    own = [_Step(fact, "") for fact in things.course.all("custody", about=container.id)]
    for box, start, end in things.boxes(container):
        if box not in within:
            inner = _steps(things.containers[box], things, {*within, container.id})
            own += [_Step(step.fact, box) for step in inner if start <= step.fact.at <= end]
    distinct = {_move(step.fact): step for step in own}  # written down for the box and for what lies in it: one move
    return sorted(distinct.values(), key=lambda step: (step.fact.at, _ORDER.get(step.fact.choice, 0)))


def hand_overs(container: Container, things: Things) -> list[Instant]:
    """When a container was handed over, by itself or in a box."""
    return [step.fact.at for step in _steps(container, things, set()) if step.fact.choice == "handed_over"]


def arrival(container: Container, things: Things) -> Instant:
    """When it came to where it is looked at: the last hand-over of a box it lay in, else its own first; its beginning
    where it was never handed over.
    """
    steps = [step for step in _steps(container, things, set()) if step.fact.choice == "handed_over"]
    by_box, alone = [step.fact.at for step in steps if step.box], [step.fact.at for step in steps]
    return max([container.since, *(by_box[-1:] or alone[:1])])


def _move(fact: Fact) -> tuple[Instant, str, str, str]:
    return (fact.at, fact.choice, said(fact, "from"), said(fact, "to"))


def _key(one: Break) -> tuple[str, Instant]:
    return (one.code, one.at)


class _Fold:
    """The state while hand-overs are taken in: who has it, whether the receipt is open, who gave it away."""

    def __init__(self, container: Container, custodian: str) -> None:
        self.container = container
        self.hands = [Custodian(container.id, custodian, container.since)]
        self.breaks: list[Break] = []
        self.refused: Fact | None = None
        self._gave: set[str] = set()
        self._open: Fact | None = None

    def take(self, step: _Step) -> None:
        """Take in one hand-over, receipt or refusal."""
        match step.fact.choice:
            case "received":
                self._receive(step)
            case "refused":
                self._refuse(step)
            case _:
                self._hand_over(step)

    @property
    def _holder(self) -> str:
        return self.hands[-1].who

    def _hand_over(self, step: _Step) -> None:
        fact, giver = step.fact, said(step.fact, "from") or self._holder
        if not self._may_come_from(giver, fact):
            return
        if self._open is not None and giver == self._holder:
            self._break("no_receipt", self._open.at, (self._open, fact), holder=self._holder)
        self._move(step, giver, said(fact, "to"), said(fact, "person_to"), received=False)
        self._open = fact

    def _receive(self, step: _Step) -> None:
        fact, taker = step.fact, said(step.fact, "to") or self._holder
        if taker != self._holder:
            giver = said(fact, "from") or self._holder
            if giver != self._holder and not self._may_come_from(giver, fact):
                return
            if giver == self._holder:
                self._break("hand_over_not_recorded", fact.at, (fact,), giver="Somebody", holder=self._named)
            self._move(step, giver, taker, said(fact, "person_to"), received=True)
        last = self.hands[-1]
        person = last.person or said(fact, "person_to")
        self.hands[-1] = msgspec.structs.replace(last, received=True, person=person)
        self._open = self.refused = None

    def _refuse(self, step: _Step) -> None:
        """Who refuses does not have it: it stays with who brought it."""
        self.refused = step.fact
        taker = said(step.fact, "to") or self._holder
        if self._open is not None and taker == self._holder and len(self.hands) > 1:
            giver = self.hands[-2].who
            self._move(step, taker, giver, self.hands[-2].person, received=True)
            self._open = None

    def _may_come_from(self, giver: str, fact: Fact) -> bool:
        """Whether custody moves. It does not from one who gave it away; from one who never had it, with a break."""
        if giver == self._holder or not self._holder:
            return True
        if giver in self._gave:
            self._break("given_twice", fact.at, (fact,), giver=giver, holder=self._named)
            return False
        self._break("hand_over_not_recorded", fact.at, (fact,), giver=giver, holder=self._named)
        return True

    @property
    def _named(self) -> str:
        return self._holder or "nobody"

    def _move(self, step: _Step, giver: str, taker: str, person: str, *, received: bool) -> None:
        at = step.fact.at
        if not self._holder and giver:
            self.hands[-1] = msgspec.structs.replace(self.hands[-1], who=giver)
        self._gave = (self._gave | {giver, self._holder}) - {taker, ""}
        self.hands[-1] = msgspec.structs.replace(self.hands[-1], until=at)
        self.hands.append(Custodian(self.container.id, taker, at, None, person, step.box, received))

    def _break(self, code: str, at: Instant, facts: Iterable[Fact], **words: str) -> None:
        self.breaks.append(broken(code, self.container.id, at, facts, **words))
