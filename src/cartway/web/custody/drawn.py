"""The chain as the page draws it: the stations in columns, the containers as rows, what was done as a history."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from cartway.pathway.chain import Break, Chain, Index, Link, LinkKind, State, Verdict, may_infuse, signers
from cartway.pathway.chain.things import PRODUCTS, Container, Things
from cartway.pathway.course import Course
from cartway.pathway.policies import PathwayPolicies
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary

STATES = {
    State.sound: ("sound", "good"),
    State.stood_in: ("stood in for", "warn"),
    State.incomplete: ("evidence missing", "warn"),
    State.contradicted: ("contradicted", "bad"),
}
_COLUMNS = (
    ("Patient", (LinkKind.patient, LinkKind.donor)),
    ("Collection", (LinkKind.collection, LinkKind.apheresis_bag)),
    ("Batch", (LinkKind.batch,)),
    ("Bag", (LinkKind.bag,)),
    ("Patient", (LinkKind.infusion,)),
)
_TOLD = (
    "chain_identity", "collection", "container", "custody", "seal", "temperature_log", "verification", "stand_in",
    "quarantine", "storage", "label_printed", "deviation", "batch", "disposition", "release_certificate", "thaw",
    "infusion", "infusion_end",
)  # fmt: skip
_HANDLED = ("custody", "storage", "temperature_log", "thaw", "infusion")
_SIGNED = frozenset({"verification", "stand_in", "quarantine", "deviation"})
_NOT_TOLD = frozenset({"step", "sha256"})
_SHORTER = {
    "from": "from", "to": "to", "person_from": "given by", "person_to": "taken by", "coi": "chain of identity",
    "din": "donation", "dins": "donations", "batch": "batch", "bag": "container", "bags": "containers",
    "certificate": "certificate", "order": "order", "band": "wristband", "custodian": "with", "parent": "of or in",
    "patient_matches": "name on it", "leg": "leg", "limit_cel": "limit, °C", "lowest_cel": "lowest, °C",
    "gap_min": "longest gap, min", "minutes_above": "minutes above", "minutes_below": "minutes below",
    "product": "product", "issuer": "assigned by", "donor": "donor", "gap": "for", "evaluated": "donor evaluated",
}  # fmt: skip


class Column(msgspec.Struct, frozen=True):
    """One column of the path: its title and its stations; `empty` is what stands there where there is none."""

    title: str
    links: tuple[Link, ...]
    empty: str


class Row(msgspec.Struct, frozen=True):
    """One container: its kind, who has it, where it lies, what stands against it; `verdict` only of product."""

    container: Container
    kind: str
    custodian: str
    since: Instant | None
    received: bool
    place: str
    breaks: tuple[Break, ...]
    verdict: Verdict | None
    quarantined: bool


class Event(msgspec.Struct, frozen=True):
    """One line of the history: when, what, of which thing, in words, signed by whom; whether a signature is wanting."""

    at: Instant
    what: str
    about: str
    words: str
    signed: tuple[str, ...]
    unsigned: bool
    loud: bool


def columns(chain: Chain) -> list[Column]:
    """The path from the patient to the patient."""
    empty = ("", "Nothing was collected yet.", "No batch yet.", "No bag yet.", "Nothing was given yet.")
    return [
        Column(title, tuple(link for link in chain.links if link.kind in kinds), none)
        for (title, kinds), none in zip(_COLUMNS, empty, strict=True)
    ]


def state_of(breaks: Sequence[Break]) -> tuple[str, str]:
    """The words and the color of the worst of some breaks."""
    order = list(State)
    worst = max((each.state for each in breaks), key=order.index, default=State.sound)
    return STATES[worst]


def rows(chain: Chain, course: Course, index: Index, policies: PathwayPolicies) -> list[Row]:
    """The containers, the newest first; what was given already has no verdict any more."""
    things = Things(course)
    given = {name for name, _ in things.infusions}
    return [_row(each, chain, course, given, index, policies) for each in reversed(list(things.containers.values()))]


def _row(
    container: Container, chain: Chain, course: Course, given: set[str], index: Index, policies: PathwayPolicies
) -> Row:
    held, stored = chain.custodians.get(container.id), course.last("storage", about=container.id)
    product = container.kind in PRODUCTS and container.id not in given
    return Row(
        container,
        vocabulary().variables["container"].choices[container.kind].label,
        held.who if held else "",
        held.since if held else None,
        held.received if held else True,
        "given" if container.id in given else _place(stored, course.last("thaw", about=container.id)),
        tuple(each for each in chain.breaks if each.container == container.id),
        may_infuse(course, container.id, index, policies) if product else None,
        container.id in chain.quarantined,
    )


def _place(stored: Fact | None, thawed: Fact | None) -> str:
    if thawed is not None:
        return "thawed" if thawed.choice == "completed" else "thawing"
    if stored is None or stored.choice == "taken":
        return ""
    parts = (stored.detail.get("tank"), stored.detail.get("position"))
    return ", ".join(str(part) for part in parts if part) or "in storage"


def never_entered(course: Course) -> list[str]:
    """Containers that somebody handled and nobody entered: what is on their labels is not known."""
    known = Things(course).containers
    handled = (name for what in _HANDLED for name in course.abouts(what))
    return [name for name in dict.fromkeys(handled) if name and name not in known]


def shouts(chain: Chain, rows: Sequence[Row]) -> list[str]:
    """Every stand-in that counts, of the chain and of what is to be given; each once."""
    counted = [*chain.stand_ins, *(one for row in rows if row.verdict for one in row.verdict.stand_ins)]
    return list(dict.fromkeys(one.shout for one in counted))


def to_come(chain: Chain, rows: Sequence[Row]) -> dict[str, tuple[Break, ...]]:
    """For each container that is still to be given what must be there first and is no break of the chain yet."""
    known = {(each.code, each.container) for each in chain.breaks}
    found = {
        row.container.id: tuple(each for each in row.verdict.because if (each.code, each.container) not in known)
        for row in rows
        if row.verdict is not None
    }
    return {name: breaks for name, breaks in found.items() if breaks}


def history(course: Course) -> list[Event]:
    """What was done with the cells, the newest first."""
    facts = sorted(course.all(*_TOLD), key=lambda fact: fact.at, reverse=True)
    return [_event(course, fact) for fact in facts]


def _event(course: Course, fact: Fact) -> Event:
    variable = vocabulary().variables[fact.what]
    choice = variable.choices.get(fact.choice)
    what = f"{variable.label}: {choice.label}" if choice else variable.label
    step = fact.detail.get("step")
    signed = tuple(f"{one.name}, {one.role.replace('_', ' ')}: {one.meaning}" for one in signers(course, fact))
    loud = fact.what in ("stand_in", "quarantine") or fact.choice in ("mismatched", "refused")
    return Event(
        fact.at, f"{what} ({step})" if step else what, fact.about, "; ".join(_details(fact)), signed,
        fact.what in _SIGNED and not signed, loud,
    )  # fmt: skip


def _details(fact: Fact) -> Iterator[str]:
    """Its value and details in the vocabulary's words."""
    variable = vocabulary().variables[fact.what]
    if fact.value is not None:
        yield f"{fact.value:g} {'°C' if fact.unit == 'Cel' else fact.unit}"
    for name, value in fact.detail.items():
        if name not in variable.detail or name in _NOT_TOLD or value in ("", None, []) or value == fact.about:
            continue
        label = _SHORTER.get(name) or _few_words(variable.detail[name].label)
        yield f"{label}: {_product(value) if name == 'product' else _said(value)}"


def _few_words(label: str) -> str:
    """A label without what explains it, as it stands within a sentence."""
    plain = re.split(r"[:;(]", label)[0].strip()
    return plain if plain[1:2].isupper() else plain[:1].lower() + plain[1:]


def _product(name: object) -> str:
    found = vocabulary().variables["infusion"].choices.get(str(name))
    return found.label if found else str(name)


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(str(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)
