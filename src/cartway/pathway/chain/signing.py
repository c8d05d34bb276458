"""Who signed what: signatures bound to their event and to its content, and the stand-ins that count.

Two signatures are two people: different accounts and different printed names, for one person may hold two accounts.
Source: 21 CFR 11.50, 11.70 (signature and record are linked so that a signature cannot be moved), 11.200.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import msgspec

from cartway.pathway.chain.model import Break, BreakKind, Refusal, Signer, StandIn
from cartway.pathway.chain.rules import rules
from cartway.pathway.chain.things import one_name, said
from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.record.content import statement
from cartway.times import Instant

SIGNATURE = "signature"
MEANINGS = frozenset({"performed", "verified", "approved", "stood in"})
STAFF = frozenset({"physician", "nurse", "coordinator", "apheresis", "cell_laboratory", "pharmacy"})
"""The roles whose signature counts for the chain: those who handle the cells or decide about them."""


def digest(facts: Iterable[Fact]) -> str:
    """SHA-256 over the statements of what is signed, in an order that does not depend on who lists them."""
    return hashlib.sha256(b"\0".join(sorted(statement(fact) for fact in facts))).hexdigest()


def signers(course: Course, fact: Fact, until: Instant | None = None) -> tuple[Signer, ...]:
    """The people who signed a fact by now (and by `until`), each once, first signature first.

    A signature counts where it is of the fact's event, not older than the fact, by a named member of the staff, for
    what it means to have done, seen or approved it, and under the digest of what the event says now: what was amended
    afterwards is not what was signed.
    """
    if not fact.event:
        return ()
    of_event = [each for each in (*course.facts, *course.ahead) if each.event == fact.event]
    content = digest(each for each in of_event if each.what != SIGNATURE)
    found: list[Signer] = []
    for each in of_event:
        in_time = fact.at <= each.at <= (course.now if until is None else min(until, course.now))
        if each.what == SIGNATURE and in_time and said(each, "digest") == content and _counts(each):
            one = Signer(
                said(each, "signer"), said(each, "printed_name"), said(each, "role"), said(each, "meaning"), each.at
            )
            if one.account and one.name and all(_differ(one, other) for other in found):
                found.append(one)
    return tuple(found)


def _counts(signature: Fact) -> bool:
    meaning = said(signature, "meaning").casefold().replace("_", " ")
    return meaning in MEANINGS and said(signature, "role").casefold().replace(" ", "_") in STAFF


def _differ(one: Signer, other: Signer) -> bool:
    return one.account.casefold() != other.account.casefold() and _plain(one.name) != _plain(other.name)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def stand_ins(course: Course) -> tuple[tuple[StandIn, ...], tuple[Refusal, ...]]:
    """The stand-ins that two different people signed with a reason, for a gap that may be stood in for; and those
    that do not count.
    """
    counted: list[StandIn] = []
    refused: list[Refusal] = []
    for fact in course.all("stand_in"):
        signed = signers(course, fact)
        one = StandIn(said(fact, "gap"), fact.about, said(fact, "text"), signed, fact)
        why = _why_not(one)
        if why:
            refused.append(Refusal(fact, fact.about, one.gap, why))
        else:
            counted.append(one)
    return tuple(counted), tuple(refused)


def _why_not(one: StandIn) -> str:
    """Why a stand-in does not count, empty where it does."""
    rule = rules().get(one.gap)
    if rule is None:
        return "It names no gap that is known here."
    if rule.kind is BreakKind.contradictory:
        return "What contradicts cannot be stood in for: quarantine it and call the holder."
    if not rule.stand_in:
        return f"Nobody can stand in for this. {rule.why}"
    if not one.reason:
        return "It gives no reason."
    if len(one.signers) < 2:
        return "It is not signed by two different people."
    return ""


def with_stand_ins(breaks: Sequence[Break], counted: Sequence[StandIn]) -> tuple[Break, ...]:
    """The breaks, each with the stand-in that covers it. One made before the gap showed did not know of it."""
    return tuple(
        msgspec.structs.replace(each, stood_in_by=next((one for one in counted if _covers(one, each)), None))
        for each in breaks
    )


def _covers(one: StandIn, gap: Break) -> bool:
    same = one.gap == gap.code and one_name(one.thing) == one_name(gap.container)
    return gap.may_stand_in and same and one.fact.at >= gap.at
