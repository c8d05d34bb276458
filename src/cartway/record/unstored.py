"""Facts of files, judged without a record as a record would that took them in.

In the same order, but what amends comes last: within files it may stand before what it names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from cartway.problem import Problem
from cartway.record.content import prepare
from cartway.record.fact import RETRACTION, Fact
from cartway.record.outcome import Refused
from cartway.record.plan import DEMO, Held, plan
from cartway.record.rows import EMPTY

DERIVED = "sha256:"


def refusals(facts: Sequence[Fact]) -> Iterator[tuple[int, Problem]]:
    """The places of facts that a record would refuse, and why: a conflict, a stale version, or an `amends` amiss."""
    places = sorted(_contested(facts), key=lambda place: _amends(facts[place]))
    nothing = Held(DEMO, EMPTY, {}, 0, {}, 0, {}, {})
    receipt = plan([prepare(facts[place]) for place in places], nothing, 0, "reader").receipt
    for place, outcome in zip(places, receipt.outcomes, strict=True):
        if isinstance(outcome, Refused):
            yield place, outcome.problem


def _contested(facts: Sequence[Fact]) -> Iterator[int]:
    """The places of facts that another one's key or `amends` has to do with; of all others nothing can be amiss."""
    keyed = Counter((fact.course, fact.key) for fact in facts if fact.key)
    named = {(fact.course, fact.amends) for fact in facts if fact.amends}
    by_digest = {course for course, key in named if key.startswith(DERIVED)}
    for place, fact in enumerate(facts):
        key = (fact.course, fact.key)
        if _amends(fact) or (keyed[key] > 1 or key in named if fact.key else fact.course in by_digest):
            yield place


def _amends(fact: Fact) -> bool:
    return bool(fact.amends) or fact.what == RETRACTION
