"""What an alert is: an episode of one physiological event, however many rules fire in it.

After the ideas of IEC 60601-1-8: a priority says how soon somebody must answer. An acknowledgement names what was seen
and silences only that: whatever is worse, new or dated anew rings again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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

    `level`: the larger the worse, for this rule alone (for a grade, the grade). `text`: what fires, with its numbers
    as they were at `since`, in words for the bedside. `facts`: what it rests on, and corrections that have kept it up
    since. `risen`: when the rule last began or rose; before `since` where it has only eased since. `confirmed`: False
    where a number of the rule was not seen in its source. `thing`: which of several things of one rule it is about;
    `loosely`: how an answer names it that does not know its thing, where one may. `words`: what somebody said in own
    words, cut. `weight`: of two of one level the larger is the worse.
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
    risen: Instant = 0
    thing: str = ""
    loosely: str = ""
    words: str = ""
    weight: float = 0.0

    @property
    def name(self) -> str:
        """What an acknowledgement names: the rule, and the thing where several may fire it at once."""
        return f"{self.rule}#{self.thing}" if self.thing else self.rule

    def over(self, until: Instant) -> Finding:
        """The same, ended."""
        return msgspec.structs.replace(self, until=until)


def known_by(finding: Finding, position: int) -> bool:
    """Whether all that a finding rests on was recorded before the fact at `position` (0: not known, then it counts)."""
    return not recorded_after(finding, position)


def recorded_after(finding: Finding, position: int) -> list[Fact]:
    """What a finding rests on and was recorded after the fact at `position`; nothing where that is not known (0)."""
    return [fact for fact in finding.facts if fact.position > position] if position else []


def is_correction(fact: Fact) -> bool:
    """Whether it says anew what was said otherwise before."""
    return bool(fact.amends) or fact.corrected


class Acknowledgement(msgspec.Struct, frozen=True):
    """What somebody saw of an alert, and when. `seen`: by `Finding.name`, the level that was seen. `position`: of the
    fact in the record, 0 where it has none: what was recorded after it, for whatever time, was not seen.
    """

    at: Instant
    by: str
    onset: Instant
    seen: Mapping[str, int]
    owner: str = ""
    text: str = ""
    position: int = 0


class Outcome(msgspec.Struct, frozen=True):
    """What became of an alert: acted, watched, artefact or known."""

    choice: str
    at: Instant
    by: str
    text: str = ""
    position: int = 0

    def is_of(self, finding: Finding) -> bool:
        """Whether it was said once this finding fired: what fires since has no outcome yet."""
        return finding.risen <= self.at and known_by(finding, self.position)


class Alert(msgspec.Struct, frozen=True):
    """One episode of one event of one course. `findings`: all of the episode, in time order; present ones are open.

    `event`: the physiological event, e.g. ``cytokine_release``. `end`: None while anything fires. `owner`: the role or
    account that is to answer. `escalated`: the roles told because nobody answered, and when each was.
    `acknowledgements`: all of this episode, the last of them also as `acknowledged`. `outcome`: none while something
    fires that came after it; `outcomes` are all that were said of the episode. `unseen`: what fires and nobody has
    seen. `unanswered`: it ended before all of it was seen, not long ago.
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
    acknowledgements: tuple[Acknowledgement, ...] = ()
    unseen: tuple[Finding, ...] = ()
    unanswered: bool = False
    outcomes: tuple[Outcome, ...] = ()

    @property
    def present(self) -> tuple[Finding, ...]:
        """The findings that fire now, the worst first."""
        return worst_first(finding for finding in self.findings if finding.until is None)

    @property
    def priority(self) -> Priority | None:
        """The highest priority that fires now; None once it is over."""
        return max((finding.priority for finding in self.present), default=None)

    @property
    def rings(self) -> bool:
        """Whether it waits for somebody: what fires now was not all seen."""
        return self.rings_since is not None


class Watching(msgspec.Struct, frozen=True):
    """All alerts of a course by onset, ended ones too.

    `changed_at`: when facts or time last changed any of it; `next_change_at`: when time alone will, None if it will
    not. Before the first fact it is 0.
    """

    alerts: tuple[Alert, ...] = ()
    next_change_at: Instant | None = None
    changed_at: Instant = 0

    @property
    def present(self) -> tuple[Alert, ...]:
        """What fires now, by priority, the longest first."""
        found = [alert for alert in self.alerts if alert.end is None]
        return tuple(sorted(found, key=lambda each: (-(each.priority or 0), each.onset)))

    @property
    def ringing(self) -> tuple[Alert, ...]:
        """What waits for somebody."""
        return tuple(alert for alert in self.present if alert.rings)

    @property
    def unanswered(self) -> tuple[Alert, ...]:
        """What ended not long ago before all of it was seen."""
        return tuple(alert for alert in self.alerts if alert.unanswered)


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Findings by priority, then level and weight, then the longest first."""
    return tuple(sorted(findings, key=lambda each: (-each.priority, -each.level, -each.weight, each.since)))
