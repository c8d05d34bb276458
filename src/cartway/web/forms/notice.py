"""What the course's page says after a form was sent: what was recorded, and the grades now."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import msgspec

from cartway.record import RETRACTION, Fact
from cartway.times import MINUTE, Instant
from cartway.toxicity import Rules
from cartway.web.forms.effect import LABELS, Shown, grades

FRESH = 10 * MINUTE  # a notice of something older is no news: somebody opened an old address
_FORM = re.compile(r"[\w-]{8,64}", re.ASCII)


class Notice(msgspec.Struct, frozen=True):
    """What a form recorded; nothing where this worker does not have it yet. `grades` by label, as printed now."""

    facts: Sequence[Fact]
    grades: Mapping[str, Shown]

    @property
    def withdrawn(self) -> bool:
        return any(fact.what == RETRACTION for fact in self.facts)


def notice_of(facts: Sequence[Fact], form: str, now: Instant, rules: Rules) -> Notice | None:
    """What to say of the form with this id; None where it is old, or none. `facts`: all of the course."""
    if _FORM.fullmatch(form) is None:
        return None
    recorded = [fact for fact in facts if fact.key.startswith(f"{form}:")]
    if any(now - (fact.recorded_at or 0) > FRESH for fact in recorded):
        return None
    shown = grades(facts, rules, now) if recorded else {}
    return Notice(recorded, {LABELS[scale]: each for scale, each in shown.items()})
