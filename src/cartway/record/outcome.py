"""What became of each fact of a batch."""

from __future__ import annotations

import msgspec

from cartway.problem import Problem


class Accepted(msgspec.Struct, frozen=True, tag=True):
    """Recorded, durably, at this position of the store."""

    position: int


class Known(msgspec.Struct, frozen=True, tag=True):
    """Already recorded, at this position: the same source, key and content."""

    position: int


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Not recorded, for this reason."""

    problem: Problem


Outcome = Accepted | Known | Refused


class Receipt(msgspec.Struct, frozen=True):
    """The outcomes of a batch in the order of its facts. When it is handed out, what it calls accepted is durable."""

    outcomes: tuple[Outcome, ...]

    @property
    def accepted(self) -> int:
        return sum(isinstance(outcome, Accepted) for outcome in self.outcomes)

    @property
    def known(self) -> int:
        return sum(isinstance(outcome, Known) for outcome in self.outcomes)

    @property
    def refused(self) -> int:
        return sum(isinstance(outcome, Refused) for outcome in self.outcomes)

    @property
    def problems(self) -> list[Problem]:
        return [outcome.problem for outcome in self.outcomes if isinstance(outcome, Refused)]
