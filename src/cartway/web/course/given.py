"""What was done with a drug, in the ward's words: started, new rate, stopped, given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from cartway.record import Fact
from cartway.toxicity.coding import NOT_GIVEN, STOPPED, drip_end, is_rate
from cartway.toxicity.wording import said
from cartway.vocabulary import vocabulary
from cartway.web.forms.drug import ROUTES

NOT_GIVEN_WORDS: Mapping[str, str] = {"refused": "refused", "held": "held", "entered-in-error": "entered in error"}
PAUSED = frozenset({"on-hold", "on_hold"})
ENDS_ALL = ("infusion", "discharge")  # what stands before one of these says nothing of a rate after it
_TOLD = frozenset({"continuous", "status", "sedation", "prophylaxis", "route"})
_FLAGS: Mapping[str, str] = {"sedation": "to sedate", "prophylaxis": "to prevent"}


def status_of(fact: Fact) -> str:
    return str(fact.detail.get("status", "")).casefold() if fact.detail else ""


def stops(fact: Fact) -> bool:
    """Whether it says that the drug runs no more."""
    return fact.value == 0 or status_of(fact) in STOPPED


def runs(fact: Fact) -> bool:
    """Whether it says that the drug runs from then on, at some rate."""
    return not stops(fact) and drip_end(fact, float(fact.at), float(fact.until or fact.at)) > fact.at


def infused(fact: Fact) -> bool:
    """Whether it says at which rate the drug runs, and is no dose that took a while."""
    return runs(fact) and (fact.until is None or is_rate(fact.unit) or bool(fact.detail.get("continuous")))


def dose(fact: Fact) -> str:
    """How much of it, without its name."""
    return "" if fact.value is None else said(msgspec.structs.replace(fact, choice=""))


def before(fact: Fact, stated: Sequence[Fact]) -> Fact | None:
    """What says at which rate the drug ran when `fact` was charted; None where it did not run.

    `stated`: the facts in force on drugs, infusions and discharges, in time order.
    """
    for each in reversed(stated):
        if (each.at, each.position) >= (fact.at, fact.position):
            continue
        if each.what in ENDS_ALL:
            return None
        if each.choice == fact.choice and status_of(each) not in NOT_GIVEN and (stops(each) or infused(each)):
            return each if infused(each) and (each.until is None or each.until > fact.at) else None
    return None


def done(fact: Fact, ran: Fact | None) -> str:
    """``started 0.1 mcg/kg/min``, ``new rate 0.05 mcg/kg/min``, ``stopped``, ``656 mg given``, ``1 g refused``.

    `ran`: what said at which rate it ran before, see `before`.
    """
    status, amount = status_of(fact), dose(fact)
    if status in NOT_GIVEN:
        return f"{amount} {NOT_GIVEN_WORDS.get(status, 'not given')}".strip()
    if stops(fact):
        return "paused" if status in PAUSED else "stopped"
    if infused(fact):
        return f"{change(fact, ran)} {amount}".strip()
    return f"{amount} given".strip()


def change(fact: Fact, ran: Fact | None) -> str:
    """Of a drug that runs: whether it was started then, was given a new rate, or still runs."""
    if ran is None:
        return "started"
    return "still running" if (ran.value, ran.unit) == (fact.value, fact.unit) else "new rate"


def particulars(fact: Fact) -> Iterator[tuple[str, str]]:
    """The other details, labelled; what needs no label has none. What `done` says is not said again."""
    fields = vocabulary().variables["drug"].detail
    if fact.detail.get("route"):
        yield "", _route(str(fact.detail["route"]))
    yield from (("", words) for name, words in _FLAGS.items() if fact.detail.get(name) is True)
    for name, told in fact.detail.items():
        if name not in _TOLD:
            yield fields[name].label if name in fields else name.replace("_", " "), str(told)


def _route(name: str) -> str:
    return ROUTES.get(name.casefold(), name).lower()
