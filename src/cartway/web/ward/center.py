"""What the center itself sets for the close watch: its alert rules and its policies, as its own record has them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import msgspec

from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies, load_policies, policies_of
from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.rulebook import Rulebook, load_rulebook, rulebook_of

SETS = frozenset({"center_policy", "rule_change"})


class Center(msgspec.Struct, frozen=True):
    """The rules and policies in force. `position`: of the last fact that set one of them; a row is as new as that.

    `changes_at`: when a setting dated ahead comes into force; None where there is none.
    """

    book: Rulebook
    policies: PathwayPolicies
    country: str = "US"
    position: int = 0
    changes_at: Instant | None = None


@cache
def shipped(country: str = "US") -> Center:
    """What holds where the center has set nothing."""
    return Center(load_rulebook(), load_policies(), country)


def center_of(facts: Sequence[Fact], now: Instant, country: str) -> Center:
    """What the center's record sets at `now`. `facts`: all of them, in commit order."""
    course = Course(facts, now)
    ahead = min((fact.at for fact in course.ahead if fact.what in SETS), default=None)
    return Center(rulebook_of(course), policies_of(course), country, _position(facts), ahead)


def _position(facts: Sequence[Fact]) -> int:
    """Of the last fact that set something, or took back what one had set."""
    keys = {fact.key for fact in facts if fact.what in SETS}
    return max((fact.position for fact in facts if fact.what in SETS or fact.amends in keys), default=0)
