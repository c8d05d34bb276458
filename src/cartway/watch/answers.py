"""What people answered to alerts: acknowledgements and outcomes, read from facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from cartway.record import Fact
from cartway.times import Instant, parse
from cartway.watch.model import Acknowledgement, Outcome

ACKNOWLEDGEMENT, OUTCOME = "alert_acknowledgement", "alert_outcome"
ANSWERS = frozenset({ACKNOWLEDGEMENT, OUTCOME})


class Told(msgspec.Struct, frozen=True):
    """An outcome, and the onset of the episode that it is of."""

    onset: Instant
    outcome: Outcome


class Answers(msgspec.Struct, frozen=True):
    """By event, in time order. An answer whose onset cannot be read answers nothing."""

    acknowledged: Mapping[str, tuple[Acknowledgement, ...]] = {}
    outcomes: Mapping[str, tuple[Told, ...]] = {}

    def taking(self, facts: Iterable[Fact]) -> Answers:
        """With these answers too."""
        acknowledged, outcomes = dict(self.acknowledged), dict(self.outcomes)
        for fact in facts:
            event, onset = fact.about or str(fact.detail.get("alert", "")), _moment(fact.detail.get("onset"))
            if onset is None:
                continue
            if fact.what == ACKNOWLEDGEMENT:
                found = (*acknowledged.get(event, ()), _acknowledgement(fact, onset))
                acknowledged[event] = tuple(sorted(found, key=lambda each: each.at))
            else:
                told = Told(
                    onset,
                    Outcome(fact.choice, fact.at, fact.recorded_by, str(fact.detail.get("text", "")), fact.position),
                )
                outcomes[event] = tuple(sorted((*outcomes.get(event, ()), told), key=lambda each: each.outcome.at))
        return Answers(acknowledged, outcomes)


def _moment(text: object) -> Instant | None:
    try:
        return parse(str(text))
    except ValueError:
        return None


def _acknowledgement(fact: Fact, onset: Instant) -> Acknowledgement:
    owner = str(fact.detail.get("owner", "")) or (fact.recorded_by if fact.choice == "taken" else "")
    seen = _seen(fact.detail.get("seen"))
    note = str(fact.detail.get("text", ""))
    return Acknowledgement(fact.at, fact.recorded_by, onset, seen, owner, note, fact.position)


def _seen(stated: object) -> dict[str, int]:
    """``rule:level`` each; of a rule named twice the higher. What cannot be read was not seen."""
    found: dict[str, int] = {}
    for each in stated if isinstance(stated, list | tuple) else ():
        rule, _, level = str(each).rpartition(":")
        if rule and level.isdigit():
            found[rule] = max(int(level), found.get(rule, 0))
    return found
