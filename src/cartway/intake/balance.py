"""The balance of an import: every statement that was read is in exactly one of four places."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from cartway.intake.drafts import IGNORE_RULES


class Balance(msgspec.Struct, frozen=True):
    """What became of everything read. Ignored by rule (see `IGNORE_RULES`), refused by the code of the problem.

    `derived` counts ages and sexes added from patients' records, `enrolled` the courses begun: neither is read.
    `refusals` is the file that keeps what was refused, None where nothing was (or none was asked for).
    """

    read: int
    accepted: int
    known: int
    ignored: Mapping[str, int]
    refused: Mapping[str, int]
    files: int = 0
    enrolled: int = 0
    derived: int = 0
    refusals: Path | None = None

    def __post_init__(self) -> None:
        unknown = set(self.ignored) - set(IGNORE_RULES)
        assert not unknown, f"ignored by rules without a name: {sorted(unknown)}"
        assert self.read == self.accepted + self.known + self.ignored_total + self.refused_total, self.line()

    @property
    def ignored_total(self) -> int:
        return sum(self.ignored.values())

    @property
    def refused_total(self) -> int:
        return sum(self.refused.values())

    def line(self) -> str:
        """The balance in one line."""
        return (
            f"read {self.read} = accepted {self.accepted} + already known {self.known} "
            f"+ ignored {self.ignored_total} by a named rule + refused {self.refused_total}"
        )
