"""Breaks of the chain of identity as findings: only what contradicts, and nobody has cleared.

Worked out from the chain as it is now: a break that was cleared is no finding any more, the chain's page tells of it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from cartway.pathway.chain import Break, BreakKind, chain
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.times import Instant
from cartway.watch.model import Finding
from cartway.watch.rulebook import Rule, Rulebook

CHAIN = frozenset({
    "chain_identity", "collection", "apheresis_request", "product_order", "product_chosen", "container", "batch",
    "manufacture_step", "release_test", "release_specification", "disposition", "out_of_specification_consent",
    "release_certificate", "label_printed", "custody", "seal", "storage", "temperature_log", "verification",
    "quarantine", "deviation", "signature", "stand_in", "thaw", "infusion", "infusion_end", "go_no_go",
    "dose_decision",
})  # fmt: skip
"""What the chain is read from."""


def identity_findings(facts: Iterable[Fact], book: Rulebook, now: Instant) -> tuple[Finding, ...]:
    """The contradictions in the chain at `now`, each since it shows."""
    rule = book.rules.get("identity_contradicted")
    if rule is None or not rule.on:
        return ()
    breaks = chain(Course(facts, now), policies=book.policies).breaks
    return tuple(_finding(rule, each) for each in breaks if each.kind is BreakKind.contradictory and each.blocks)


def _finding(rule: Rule, found: Break) -> Finding:
    """One break: each is a thing of its own, seen only by who saw it."""
    words = f"{found.container}: {found.words}" if found.container else found.words
    text = rule.text.format(words=words)
    finding = Finding(rule.name, 1, rule.priority_of(1), found.at, None, text, found.facts, (), rule.source,
                      rule.confirmed, found.at)  # fmt: skip
    return msgspec.structs.replace(finding, thing=f"{found.code}.{found.container}".rstrip("."))
