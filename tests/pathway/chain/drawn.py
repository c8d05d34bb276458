"""Drawing a course's way of cells from its first day to its infusion, and leaving out or changing one thing.

    course = drawn(*own_cells())                       # a sound axi-cel course
    course = drawn(*without(own_cells(), "bedside"))   # the same without the check at the bedside

Hours count from the assignment of the chain of identity identifier. A step is a list of rows with a name.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from cartway.pathway.chain.signing import digest
from cartway.pathway.course import Course
from cartway.record import Fact, validate
from cartway.times import HOUR, Instant, parse
from cartway.vocabulary import vocabulary

START = parse("2026-03-02T08:00Z")
COI, DIN, BATCH, BAG = "COI-7K2M", "W000026123456", "AX-1041", "AX-1041-1"
APHERESIS, BOX = "APH-1", "SHIP-9"
AXI, OBE = "axicabtagene_ciloleucel", "obecabtagene_autoleucel"
UNIT, COURIER, HOLDER, LAB, WARD = "Apheresis unit", "Courier", "Holder", "Cell laboratory", "Ward"
TWO = (("n.okafor", "Ngozi Okafor"), ("t.lind", "Tom Lind"))

Steps = dict[str, list[Fact]]


def fact(hour: float, what: str, about: str = "", choice: str = "", event: str = "", value: float | None = None,
         unit: str = "", **detail: Any) -> Fact:  # fmt: skip
    """One fact, `hour` hours after the start. Raises AssertionError where the vocabulary does not know its words."""
    at = START + round(hour * HOUR)
    made = Fact("c1", at, what, value, unit, choice, about=about, event=event, detail=detail, source="test",
                key=f"{what}/{about}/{choice}/{at}/{event}/{detail.get('signer', '')}")  # fmt: skip
    problem = validate(made, vocabulary())
    assert problem is None, problem
    return made


def signed(*facts: Fact, by: Iterable[tuple[str, str]] = TWO, later: Instant = 0) -> list[Fact]:
    """Facts of one event with a signature of each of these people, bound to them."""
    content = digest(facts)
    first = facts[0]
    return [
        *facts,
        *(
            msgspec.structs.replace(
                fact(0, "signature", first.event, event=first.event, signer=signer, printed_name=name, role="nurse",
                     meaning="verified", digest=content, method="password"),
                at=first.at + later, key=f"signature/{first.event}/{signer}",
            )
            for signer, name in by
        ),
    ]  # fmt: skip


def check(hour: float, step: str, about: str, choice: str = "matched", by: Iterable[tuple[str, str]] = TWO,
          **detail: Any) -> list[Fact]:  # fmt: skip
    """A check by two people at a step."""
    return signed(fact(hour, "verification", about, choice, f"{step}-{about}-{hour:g}", step=step, **detail), by=by)


def stand_in(
    hour: float, gap: str, thing: str, by: Iterable[tuple[str, str]] = TWO, text: str = "read aloud"
) -> list[Fact]:
    """Two people stand in for a gap."""
    return signed(fact(hour, "stand_in", thing, "", f"stand-in-{gap}-{thing}-{hour:g}", gap=gap, text=text), by=by)


def moved(hour: float, thing: str, giver: str, taker: str, **detail: Any) -> list[Fact]:
    """A hand-over that is confirmed within the hour."""
    return [
        fact(hour, "custody", thing, "handed_over", **{"from": giver, "to": taker}),
        fact(hour + 0.25, "custody", thing, "received", **{"from": giver, "to": taker}, **detail),
    ]


def collected(hour: float = 24, din: str = DIN, bag: str = APHERESIS, coi: str = COI) -> Steps:
    """A collection: checked, begun, completed, its bag labeled, verified and brought to the holder."""
    return {
        f"collection check {din}": check(hour - 0.5, "collection", din, band="this course", din=din),
        f"collection {din}": [
            fact(hour, "collection", choice="started", din=din, coi=coi),
            fact(hour + 5, "collection", choice="completed", din=din, coi=coi, donor="self"),
        ],
        f"apheresis bag {bag}": [fact(hour + 5, "container", bag, "apheresis_bag", coi=coi, din=din, custodian=UNIT)],
        f"label check {bag}": check(hour + 5.5, "label", bag, din=din, coi=coi),
        f"to holder {bag}": [*moved(hour + 6, bag, UNIT, COURIER), *moved(hour + 20, bag, COURIER, HOLDER)],
    }


def made(hour: float = 72, batch: str = BATCH, dins: Iterable[str] = (DIN,), product: str = AXI, coi: str = COI,
         bags: Iterable[str] = (BAG,), parts: Mapping[str, int] | None = None) -> Steps:  # fmt: skip
    """A batch: made, put into bags, released, its certificate issued."""
    parts = parts or {}
    return {
        f"batch {batch}": [fact(hour, "batch", batch, coi=coi, dins=list(dins), product=product)],
        f"bags {batch}": [
            fact(hour + 240, "container", bag, "product_bag", coi=coi, batch=batch, product=product, custodian=HOLDER,
                 patient_matches="this course", **({"part": parts[bag]} if bag in parts else {}))
            for bag in bags
        ],
        f"disposition {batch}": [fact(hour + 336, "disposition", batch, "released", specification="S-3")],
        f"certificate {batch}": [
            fact(hour + 340, "release_certificate", batch, number=f"C-{batch}", coi=coi, batch=batch, bags=list(bags))
        ],
    }  # fmt: skip


def shipped(hour: float = 432, batch: str = BATCH, box: str = BOX, bags: Iterable[str] = (BAG,)) -> Steps:
    """The bags put into a shipper, brought to the laboratory, looked at there, and stored."""
    bags = list(bags)
    return {
        f"shipper {box}": [fact(hour - 10, "container", box, "shipper", custodian=HOLDER)],
        f"packed {box}": [fact(hour - 2, "container", bag, "product_bag", batch=batch, parent=box) for bag in bags],
        f"sealed {box}": [fact(hour - 1, "seal", box, "applied", number="S1")],
        f"pickup {box}": moved(hour, box, HOLDER, COURIER),
        f"arrival {box}": moved(hour + 30, box, COURIER, LAB),
        f"seal {box}": [fact(hour + 30.5, "seal", box, "intact", number="S1")],
        f"temperature {box}": [
            fact(hour + 31, "temperature_log", box, value=-158, unit="Cel", limit_cel=-150, minutes_above=0, gap_min=10,
                 logger="L1", leg="product")
        ],
        f"receipt check {box}": [
            each for bag in bags for each in check(hour + 31, "receipt", bag, bag=bag, batch=batch)
        ],
        f"stored {box}": [fact(hour + 32, "storage", bag, "put", tank="T1", position="A1") for bag in bags],
    }  # fmt: skip


def given(hour: float = 600, bag: str = BAG, batch: str = BATCH, coi: str = COI, **detail: Any) -> Steps:
    """A bag taken to the ward, thawed, checked at the bedside and given."""
    return {
        f"thaw check {bag}": check(hour - 1, "thaw", bag, bag=bag, batch=batch),
        f"thaw {bag}": [fact(hour - 0.5, "thaw", bag, "started")],
        f"to ward {bag}": moved(hour - 0.4, bag, LAB, WARD),
        f"bedside {bag}": check(
            hour - 0.1, "bedside", bag, band="this course", bag=bag, coi=coi, batch=batch, certificate=f"C-{batch}"
        ),
        f"infusion {bag}": [fact(hour, "infusion", bag, AXI if batch == BATCH else "", bag=bag, batch=batch, **detail)],
        f"end {bag}": [fact(hour + 0.3, "infusion_end", bag)],
    }


def own_cells() -> Steps:
    """A sound course of axi-cel, one bag, from the first day to the infusion."""
    return {
        "identity": [fact(0, "chain_identity", COI, coi=COI, issuer="Holder")],
        "chosen": [fact(0, "product_chosen", choice=AXI)],
        **collected(),
        **made(),
        **shipped(),
        **given(),
    }


def until(steps: Steps, name: str) -> Steps:
    """The steps before this one."""
    names = list(steps)
    return {each: steps[each] for each in names[: names.index(name)]}


def without(steps: Steps, *names: str) -> Steps:
    """The steps without those of these names."""
    assert all(name in steps for name in names), names
    return {name: facts for name, facts in steps.items() if name not in names}


def facts_of(steps: Steps) -> list[Fact]:
    """All facts of some steps."""
    return [each for facts in steps.values() for each in facts]


def drawn(steps: Steps, *more: Fact, hour: float = 24 * 60) -> Course:
    """The course as it is this many hours after the start, by default long after the infusion."""
    return Course([*facts_of(steps), *more], START + round(hour * HOUR))
