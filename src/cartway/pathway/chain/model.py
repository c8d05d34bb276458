"""What the chain of a course is told as: its links, its breaks, who has each container, whether one may be given."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from cartway.record import Fact
from cartway.times import Instant


class BreakKind(StrEnum):
    """Missing: nobody looked, or nothing says so; the truth may well be sound. Contradictory: something speaks
    against it.
    """

    missing = "missing"
    contradictory = "contradictory"


class State(StrEnum):
    """How a chain, or one thing in it, stands; from good to bad."""

    sound = "sound"
    stood_in = "stood in for"
    incomplete = "incomplete"
    contradicted = "contradicted"


class Signer(msgspec.Struct, frozen=True):
    """One who signed: account, printed name, role, meaning, when."""

    account: str
    name: str
    role: str
    meaning: str
    at: Instant


class StandIn(msgspec.Struct, frozen=True):
    """Two people who vouch where evidence is missing. `gap` is a break's code, `thing` its container."""

    gap: str
    thing: str
    reason: str
    signers: tuple[Signer, ...]
    fact: Fact

    @property
    def shout(self) -> str:
        """In one line, for wherever the container shows from now on."""
        names = " and ".join(signer.name for signer in self.signers)
        return f"NOT CHECKED, STOOD IN FOR: {self.gap.replace('_', ' ')} of {self.thing}, by {names}: {self.reason}"


class Refusal(msgspec.Struct, frozen=True):
    """A stand-in that does not count, and why."""

    fact: Fact
    thing: str
    gap: str
    why: str


class Break(msgspec.Struct, frozen=True):
    """Where the chain does not hold.

    `code` is a rule of `breaks.toml`; `container` the container, donation number or batch it is about (what a stand-in
    names); `at` since when it shows; `words` what is wrong; `remedy` what to do; `facts` those that show it.
    `stood_in_by` is the valid stand-in, None where there is none. `may_stand_in`: whether two people may vouch at all.
    """

    code: str
    kind: BreakKind
    container: str
    at: Instant
    words: str
    remedy: str
    facts: tuple[Fact, ...] = ()
    may_stand_in: bool = False
    stood_in_by: StandIn | None = None

    @property
    def blocks(self) -> bool:
        """Whether it keeps a container from being given."""
        return self.stood_in_by is None

    @property
    def state(self) -> State:
        """What it makes of the thing it is about."""
        if self.stood_in_by is not None:
            return State.stood_in
        return State.contradicted if self.kind is BreakKind.contradictory else State.incomplete


class Custodian(msgspec.Struct, frozen=True):
    """Who has a container from `since` until `until` (None: still). Empty `who`: nobody has said.

    `person` who took it; `inside` the box it came in; `received` whether the taker confirmed it.
    """

    container: str
    who: str
    since: Instant
    until: Instant | None = None
    person: str = ""
    inside: str = ""
    received: bool = True


class LinkKind(StrEnum):
    """The stations of the path, in its order."""

    patient = "patient"
    donor = "donor"
    collection = "collection"
    apheresis_bag = "apheresis bag"
    batch = "batch"
    bag = "bag"
    infusion = "infusion"


class Link(msgspec.Struct, frozen=True):
    """One station. `of` names the stations before it; `words` is read aloud, of `at`; `breaks` are those about it."""

    kind: LinkKind
    id: str
    of: tuple[str, ...]
    words: str
    at: Instant | None = None
    breaks: tuple[Break, ...] = ()

    @property
    def state(self) -> State:
        """The worst of its breaks."""
        return worst(self.breaks)


class Chain(msgspec.Struct, frozen=True):
    """The path patient - collection - batch - bag - infusion of a course at a moment.

    `coi`: the chain of identity identifier in force, empty where none was assigned. `custodians` by container;
    `hands`: all who had it, in order. `quarantined`: containers that must not be used: set aside, or contradicted.
    `stand_ins` count; `refused` do not. `told`: what is no break and must be known (released, a result to come).
    """

    course: str
    at: Instant
    coi: str
    links: tuple[Link, ...]
    breaks: tuple[Break, ...]
    custodians: Mapping[str, Custodian]
    hands: Mapping[str, tuple[Custodian, ...]]
    quarantined: tuple[str, ...]
    stand_ins: tuple[StandIn, ...]
    refused: tuple[Refusal, ...]
    told: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The worst of all its breaks."""
        return worst(self.breaks)

    @property
    def broken(self) -> bool:
        """Whether evidence is missing that nobody stands in for, or something contradicts."""
        return any(each.blocks for each in self.breaks)


class Verdict(msgspec.Struct, frozen=True):
    """Whether a container may be given now, as far as identity, custody, condition and release go.

    `because`: what blocks it, contradictory first. `stand_ins`: gaps that two people vouch for; `shout` tells of them.
    `told`: what must be known though it does not block.
    """

    container: str
    allowed: bool
    because: tuple[Break, ...]
    stand_ins: tuple[StandIn, ...]
    refused: tuple[Refusal, ...]
    shout: str
    told: tuple[str, ...] = ()

    @property
    def contradicted(self) -> bool:
        """Whether something speaks against it: quarantine, call the holder. Nobody may stand in."""
        return any(each.kind is BreakKind.contradictory for each in self.because)


def worst(breaks: tuple[Break, ...]) -> State:
    """The worst state of some breaks, sound where there are none."""
    order = list(State)
    return max((each.state for each in breaks), key=order.index, default=State.sound)
