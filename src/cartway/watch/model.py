"""What an alert is: an episode of one physiological event, however many rules fire in it.

After the ideas of IEC 60601-1-8: a priority says how soon somebody must answer. An acknowledgement names what was seen
and silences only that: whatever is worse, new or dated anew rings again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import IntEnum

import msgspec

from cartway.record import Fact
from cartway.times import Instant


class Priority(IntEnum):
    """How soon somebody must answer: the larger the sooner."""

    low = 1
    medium = 2
    high = 3


class Finding(msgspec.Struct, frozen=True):
    """One rule that fires from `since` until `until` (None while it does), at one level.

    `level`: the larger the worse, for this rule alone (for a grade, the grade). `text`: what fires, with its numbers,
    in words for the bedside. `facts`: what it rests on. `confirmed`: False where a number of the rule was not seen in
    its source.
    """

    rule: str
    level: int
    priority: Priority
    since: Instant
    until: Instant | None
    text: str
    facts: tuple[Fact, ...] = ()
    missing: tuple[str, ...] = ()
    source: str = ""
    confirmed: bool = True


class Acknowledgement(msgspec.Struct, frozen=True):
    """What somebody saw of an alert, and when. `seen`: by rule, the level that was seen."""

    at: Instant
    by: str
    onset: Instant
    seen: Mapping[str, int]
    owner: str = ""
    text: str = ""


class Outcome(msgspec.Struct, frozen=True):
    """What became of an alert: acted, watched, artefact or known."""

    choice: str
    at: Instant
    by: str
    text: str = ""


class Alert(msgspec.Struct, frozen=True):
    """One episode of one event of one course. `findings`: all of the episode, in time order; present ones are open.

    `event`: the physiological event, e.g. ``cytokine_release``. `end`: None while anything fires. `owner`: the role or
    account that is to answer. `escalated`: the roles told because nobody answered, and when each was.
    """

    course: str
    event: str
    title: str
    onset: Instant
    end: Instant | None
    peak: Priority
    findings: tuple[Finding, ...]
    owner: str
    acknowledged: Acknowledgement | None = None
    outcome: Outcome | None = None
    escalated: tuple[tuple[str, Instant], ...] = ()
    escalates_at: Instant | None = None
    rings_since: Instant | None = None

    @property
    def present(self) -> tuple[Finding, ...]:
        """The findings that fire now, the worst first."""
        found = [finding for finding in self.findings if finding.until is None]
        return tuple(sorted(found, key=lambda each: (-each.priority, -each.level, each.since)))

    @property
    def priority(self) -> Priority | None:
        """The highest priority that fires now; None once it is over."""
        return max((finding.priority for finding in self.present), default=None)

    @property
    def rings(self) -> bool:
        """Whether it waits for somebody: what fires now was not all seen."""
        return self.rings_since is not None
