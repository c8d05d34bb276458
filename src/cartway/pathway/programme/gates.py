"""Gates: what must be settled on the way, by whom and by when, and what may not begin before.

A gate's own fact and the facts that speak of the same thing (consent, caregiver, travel time, trial options) count
alike; the newest says how it stands. What nobody has recorded is unknown, and unknown does not let anything through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from types import MappingProxyType

import msgspec

from cartway.pathway.consent import MET, NEXT, OPEN, STEP_ENDS, UNKNOWN, as_stated, in_force, judged, newest
from cartway.pathway.programme.days import stated_day
from cartway.pathway.programme.look import COORDINATOR, PHYSICIAN, Look, Task, planned
from cartway.pathway.said import chosen
from cartway.pathway.stages import ORDER
from cartway.record import Fact

SETTLED = frozenset({MET, "not_needed"})


class Gate(msgspec.Struct, frozen=True):
    """One gate of a course. `state`: open, met, refused, not_needed, expired, unknown. `before`: the step that may not
    begin before it is settled; empty where it is only asked for. `blocks`: that step is next, or lies behind.
    """

    name: str
    label: str
    state: str
    owner: str
    due: date | None
    due_why: str
    before: str
    blocks: bool
    why: str
    policy: str
    on: date | None = None
    version: str = ""
    number: str = ""
    fact: Fact | None = None

    @property
    def settled(self) -> bool:
        """Whether nobody has to do anything about it."""
        return self.state in SETTLED


class Kind(msgspec.Struct, frozen=True):
    """A kind of gate: its words, who sees to it where nobody is named, and what to do."""

    label: str
    owner: str
    to_do: str


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "payer": Kind("Payer's authorization", COORDINATOR, "Get the payer's authorization"),
        "consent": Kind("Consent", PHYSICIAN, "Have consent signed"),
        "fertility": Kind("Fertility counseling", COORDINATOR, "Offer fertility counseling"),
        "caregiver": Kind("Caregiver", COORDINATOR, "Name a caregiver around the clock"),
        "lodging": Kind("Lodging", COORDINATOR, "Arrange a place to stay within the limit"),
        "trials": Kind("Trial options", PHYSICIAN, "Talk about clinical trials"),
    }
)

Found = tuple[str, str]  # the state, and why


def gates(look: Look) -> tuple[Gate, ...]:
    """All gates of a course that the center's policies do not leave out."""
    return tuple(_gate(look, name) for name in KINDS if look.policies.text(f"gate_{name}") != "off")


def gate_tasks(look: Look, found: tuple[Gate, ...]) -> list[Task]:
    """What is to be done about the gates that are not settled."""
    return [
        Task(
            f"gate_{gate.name}", KINDS[gate.name].to_do, gate.why, gate.owner, gate.due, gate.due_why, gate.blocks,
            gate.policy, () if gate.fact is None else (gate.fact,),
        )
        for gate in found
        if not gate.settled and "preparation" in look.begun
    ]  # fmt: skip


def _gate(look: Look, name: str) -> Gate:
    kind, policy = KINDS[name], f"gate_{name}"
    chosen = look.policies.text(policy)
    before = chosen if chosen in STEP_ENDS else ""
    fact, own = _newest(look, name), _own(look, name)
    state, why = (UNKNOWN, "nothing is recorded") if fact is None else READS[name](look, fact)
    due, due_why = _due(look, own, before)
    return Gate(
        name,
        kind.label,
        state,
        _owner(look, own, kind),
        None if state in SETTLED else due,
        due_why,
        before,
        bool(before) and state not in SETTLED and ORDER[look.stage] >= ORDER[STEP_ENDS[before]],
        why,
        policy,
        None if fact is None else look.day(fact),
        _detail(fact, "version"),
        _detail(fact, "number") or _detail(own, "number"),
        fact,
    )


def _own(look: Look, name: str) -> Fact | None:
    """The gate's own last fact: it alone names an owner and a day."""
    return next((fact for fact in reversed(look.course.all("gate")) if _names(fact, name)), None)


def _names(fact: Fact, name: str) -> bool:
    return (fact.about or fact.detail.get("gate")) == name


def _newest(look: Look, name: str) -> Fact | None:
    """The newest fact about what a gate asks for. A gate that was only opened is no news of what is known already."""
    if name == "consent":
        return newest(look.course)
    told_by = look.course.all(*SPEAKING.get(name, ()))
    own = [fact for fact in look.course.all("gate") if _names(fact, name)]
    news = [fact for fact in own if fact.choice != OPEN or not told_by]
    return max([*told_by, *news], key=lambda fact: fact.at, default=None)


SPEAKING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"caregiver": ("caregiver",), "lodging": ("travel_time",), "trials": ("trial_option",)}
)


def _owner(look: Look, own: Fact | None, kind: Kind) -> str:
    named = _detail(own, "owner")
    return named or (look.owner if kind.owner == COORDINATOR else kind.owner)


def _due(look: Look, own: Fact | None, before: str) -> tuple[date | None, str]:
    stated = stated_day(_detail(own, "due"))
    if stated is not None:
        return stated, "as set"
    if before and NEXT[STEP_ENDS[before]] in look.begun:
        return look.today, f"the {before} lies behind"
    step = planned(look, before) if before else None
    if step is None:
        return None, "no day is set"
    days = int(look.policies.number("gate_lead_days"))
    return step - timedelta(days=days), f"{days} days before the {before} planned for {look.told(step)}"


def _detail(fact: Fact | None, name: str) -> str:
    return "" if fact is None else str(fact.detail.get(name) or "")


def _as_stated(look: Look, fact: Fact) -> Found:
    """A gate's own word."""
    return fact.choice, as_stated(fact, _told(look))


def _told(look: Look) -> Callable[[Fact], str]:
    return lambda fact: look.told(look.day(fact))


def _payer(look: Look, fact: Fact) -> Found:
    """An authorization is for a product: another product asks for another."""
    switched = look.course.last("apheresis_request", choice="switch_product")
    if fact.choice == MET and switched is not None and switched.at > fact.at:
        return OPEN, f"authorized on {look.told(look.day(fact))}, before the product was changed"
    return _as_stated(look, fact)


def _consent(look: Look, fact: Fact) -> Found:
    return judged(fact, in_force(look.course, look.center, look.policies), _told(look))


def _caregiver(look: Look, fact: Fact) -> Found:
    if fact.what == "gate":
        return _as_stated(look, fact)
    day = look.told(look.day(fact))
    return (MET, f"named on {day}") if fact.choice == "yes" else (OPEN, f"on {day} there was nobody")


def _lodging(look: Look, fact: Fact) -> Found:
    """Within the center's limit of travel time. Labels ask for proximity and name no minutes."""
    if fact.what == "gate" or fact.value is None:
        return _as_stated(look, fact) if fact.what == "gate" else (UNKNOWN, "the travel time is not stated")
    limit = look.policies.number("lodging_minutes")
    sure = "" if look.policies.confirmed("lodging_minutes") else ", a limit not confirmed"
    where = f" from {_detail(fact, 'lodging')}" if _detail(fact, "lodging") else ""
    words = f"{fact.value:g} min{where}; the limit is {limit:g} min{sure}"
    return (MET if fact.value <= limit else OPEN), words


def _trials(look: Look, fact: Fact) -> Found:
    if fact.what == "gate":
        return _as_stated(look, fact)
    trial = fact.about or _detail(fact, "trial") or "a trial"
    return MET, f"{trial} {chosen(fact).lower()} on {look.told(look.day(fact))}"


READS: Mapping[str, Callable[[Look, Fact], Found]] = MappingProxyType(
    {
        "payer": _payer,
        "consent": _consent,
        "fertility": _as_stated,
        "caregiver": _caregiver,
        "lodging": _lodging,
        "trials": _trials,
    }
)
