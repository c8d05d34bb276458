"""How often a drug with a maximum was given, how many doses are left, and from when the next is allowed.

Counted from this record alone: doses given elsewhere are unknown.
"""

from __future__ import annotations

import msgspec

from cartway.record import Fact
from cartway.times import DAY, HOUR, MINUTE, Instant
from cartway.watch.protocol.model import DoseRule
from cartway.watch.protocol.situation import Situation

ELSEWHERE = "Doses given elsewhere are unknown."


class Tally(msgspec.Struct, frozen=True):
    """The doses of a drug in this record. `left`: of all that are allowed; None where an entry could not be read.

    `next_at`: from when on the next may be given (past, or 0, where that is now); None where none is left.
    `entries`: how many entries the doses were charted in. `in_day`: doses of the last 24 hours. `unread`: a drug entry
    that could not be read.
    """

    rule: DoseRule
    doses: tuple[Fact, ...]
    entries: int
    in_day: int
    left: int | None
    next_at: Instant | None
    unread: Fact | None = None

    @property
    def spent(self) -> bool:
        """Whether the record alone shows that the maximum is reached."""
        return len(self.doses) >= self.rule.most_in_all > 0

    def waits(self, now: Instant) -> bool:
        """Whether the next dose is not allowed yet."""
        return self.next_at is not None and self.next_at > now

    @property
    def words(self) -> str:
        """``2 given, 2 left of 4; doses given elsewhere are unknown.``"""
        most, count = self.rule.most_in_all, len(self.doses)
        left = "how many are left is not known: an entry of a drug could not be read" if self.left is None else (
            f"{self.left} left of {most}"
        )  # fmt: skip
        merged = f" ({self.entries} entries; those close together are counted once)" if self.entries > count else ""
        return f"{count} given{merged}, {left}. {ELSEWHERE}"


def tally(s: Situation, rule: DoseRule) -> Tally:
    """The doses of `rule.drug` in the whole record, before the infusion too."""
    entries = s.given(rule.drug)
    doses = _merged(entries, round(s.policies.number("protocol_same_dose_minutes") * MINUTE))
    left = max(rule.most_in_all - len(doses), 0)
    unread = s.unread_drug
    return Tally(
        rule,
        tuple(doses),
        len(entries),
        sum(s.now - dose.at < DAY for dose in doses),
        None if unread is not None and left else left,
        _next_at(doses, rule) if left else None,
        unread,
    )


def _merged(entries: list[Fact], window: Instant) -> list[Fact]:
    """One entry a dose: an entry close after a counted one is taken for the same dose."""
    doses: list[Fact] = []
    for entry in entries:
        if not doses or entry.at - doses[-1].at > window:
            doses.append(entry)
    return doses


def _next_at(doses: list[Fact], rule: DoseRule) -> Instant | None:
    """The first moment at which one more keeps the distance and the maximum of any 24 hours."""
    if not doses:
        return 0
    by_distance = doses[-1].at + rule.hours_between * HOUR
    full = rule.most_in_day and len(doses) >= rule.most_in_day
    return max(by_distance, doses[-rule.most_in_day].at + DAY) if full else by_distance
