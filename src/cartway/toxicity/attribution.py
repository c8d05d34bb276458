"""What is attributed to another cause, and the grade that would hold if nothing were: `1 (3 if not excused)`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cartway.record.fact import Fact
from cartway.times import Instant
from cartway.toxicity import bedside as b
from cartway.toxicity.coding import FEATURES
from cartway.toxicity.episode import Episode
from cartway.toxicity.fold import Fold
from cartway.toxicity.further import SCALES
from cartway.toxicity.grade import fold_course, grade, in_time_order
from cartway.toxicity.rules import Rules

ATTRIBUTION = "attribution"


class Excuse(msgspec.Struct, frozen=True):
    """An attribution in force, one a feature: of several the one that lasts longest. It would end at `until`.

    `worse_since`: when the sign got worse than it was when it was attributed, else None. `excuses`: whether it still
    excuses the sign; one that is worse is reopened, unless the policy `attribution_worsening` lets it hold.
    """

    feature: str
    cause: str
    fact: Fact
    until: Instant
    worse_since: Instant | None
    excuses: bool


def unexcused(facts: Sequence[Fact], rules: Rules, at: Instant) -> Mapping[str, Episode | None]:
    """Scale by scale the episode that would be in force at `at` had nothing ever been attributed to another cause.

    `facts`: those in force, of one course, in any order. None where the scale does not cover `at`. It costs a grading
    of the course: ask where `excuses` names something.
    """
    found = grade([fact for fact in facts if fact.what != ATTRIBUTION], rules, at)
    latest = {episode.scale: episode for episode in found if episode.end is None}
    return {scale: latest.get(scale) for scale in SCALES}


def excuses(facts: Sequence[Fact], rules: Rules, at: Instant) -> tuple[Excuse, ...]:
    """The attributions in force at `at`, reopened ones too, in the order of the features.

    `facts`: as for `unexcused`. Only features that a scale grades are named.
    """
    if not any(fact.what == ATTRIBUTION and fact.at <= at for fact in facts):
        return ()
    ordered = in_time_order(facts, at)
    return tuple(excuses_of(fold_course(ordered, rules, at), ordered, at))


def excuses_of(fold: Fold, placed: Sequence[Fact], at: Instant) -> Iterator[Excuse]:
    """As `excuses`, of a fold that has come to `at` already. `placed`: the facts it has taken, by place."""
    s, now = fold.s, float(at)
    for feature, name in enumerate(FEATURES):
        worse = b.worsened(s, feature, now)
        until = s[(b.WORSE_UNTIL if worse else b.EXCUSED_UNTIL) + feature]
        if until > now:
            fact = placed[int(b.excuse_of(s, feature, now))]
            since = int(s[b.WORSE_AT + feature]) if worse else None
            cause = str(fact.detail.get("cause") or "")
            yield Excuse(name, cause, fact, int(until), since, b.excused(s, fold.p, feature, now))
