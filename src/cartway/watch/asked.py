"""What a judge of an alert rule is asked with, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.rulebook import Rule, Rulebook
from cartway.watch.view import View

HOLD = -1
NO_NEXT: Instant = 2**62
EXACT = 1e-9  # decimal readings are compared as if they were exact


class Judged(NamedTuple):
    """What a rule says: its level or HOLD, the facts, what the text names, what is missing, when to look again.

    `since`: when what it tells was charted, where each telling is an event of its own (a second seizure).
    """

    level: int
    facts: tuple[Fact, ...] = ()
    said: Mapping[str, Any] = {}
    missing: tuple[str, ...] = ()
    again: Instant = NO_NEXT
    since: Instant = 0


class Asked(NamedTuple):
    """What a judge is asked with: the course, the rule, the level at which it fires already (0: not), the rules."""

    view: View
    rule: Rule
    level: int
    book: Rulebook
    kept: dict[Any, Any]  # intervals worked out before


QUIET = Judged(0)
KEEP = Judged(HOLD)
