"""Which drugs run at a moment, by the rule that grades them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from cartway.record import Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import NOT_GIVEN, STOPPED, drip_end

MILESTONES: Mapping[str, int] = {"infusion": b.INFUSION, "discharge": b.DISCHARGE}


class Running(msgspec.Struct, frozen=True):
    """A drug that runs: by the fact that last said so, since when without a stop."""

    fact: Fact
    since: Instant

    @property
    def drug(self) -> str:
        return self.fact.choice


def running(stated: Sequence[Fact], now: Instant) -> list[Running]:
    """The drugs that run at `now`, the longest running first. `stated`: the facts in force by now, in time order.

    Each drug is run through the bedside's own rule, so that what is listed is what counts.
    """
    drips: dict[str, _Drip] = {}
    for fact in stated:
        if fact.what == "drug" and _was_given(fact):
            drips.setdefault(fact.choice, _Drip()).take(fact)
        elif fact.what in MILESTONES:
            for drip in drips.values():
                b.set_milestone(drip.s, MILESTONES[fact.what], 1.0, float(fact.at), 0.0)
    found = [Running(drip.fact, drip.since) for drip in drips.values() if drip.fact and drip.infusing(now)]
    return sorted(found, key=lambda each: (each.since, each.drug))


class _Drip:
    """One drug's run, on a bedside of its own."""

    def __init__(self) -> None:
        self.s: list[float] = [0.0] * b.SIZE
        b.clear(self.s)
        self.p = [0.0] * b.P_SIZE
        self.fact: Fact | None = None
        self.since: Instant = 0

    def infusing(self, now: Instant) -> bool:
        return b.infusing(self.s, 0, float(now))

    def take(self, fact: Fact) -> None:
        at = float(fact.at)
        rate = 0.0 if _status(fact) in STOPPED else 1.0 if fact.value is None else fact.value
        end = drip_end(fact, at, at if fact.until is None else float(fact.until))
        before = self.infusing(fact.at - 1)
        b.run_drip(self.s, self.p, 0, rate, at, end, 0.0)
        if rate and end > at:
            self.since = self.since if before else fact.at
            self.fact = fact


def _status(fact: Fact) -> str:
    return str(fact.detail.get("status", "")).casefold()


def _was_given(fact: Fact) -> bool:
    return _status(fact) not in NOT_GIVEN
