"""The path from the patient to the infusion, as stations with what is before each, in words to read aloud."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from cartway.pathway.chain.model import Break, Link, LinkKind
from cartway.pathway.chain.things import PRODUCTS, SELF, WHOLE, Collection, Container, Things, said

PATIENT = "patient"


def links(things: Things, breaks: Sequence[Break]) -> tuple[Link, ...]:
    """The stations in the order of the path, each with the breaks about it; the whole course's are the patient's."""
    found = list(_stations(things))
    return tuple(msgspec.structs.replace(link, breaks=_of(link, found, breaks)) for link in found)


def _of(link: Link, found: Sequence[Link], breaks: Sequence[Break]) -> tuple[Break, ...]:
    """The breaks of a station; the patient's also has those of things that are no station."""
    stations = {each.id for each in found if each.kind is not LinkKind.infusion}
    if link.kind is LinkKind.infusion:
        return ()
    own = [each for each in breaks if each.container == link.id]
    if link.kind is LinkKind.patient:
        own += [each for each in breaks if each.container == WHOLE or each.container not in stations]
    return tuple(own)


def _stations(things: Things) -> Iterator[Link]:
    course = things.course
    coi = things.coi
    identified = f"chain of identity {coi}" if coi else "no chain of identity identifier"
    yield Link(LinkKind.patient, PATIENT, (), f"Patient of course {course.id}, {identified}")
    for one in things.collections:
        yield from _collection(one, things)
    bags = sorted(things.containers.values(), key=lambda bag: (bag.since, bag.id))
    for bag in bags:
        if bag.kind == "apheresis_bag":
            yield _apheresis_bag(bag, things)
    for name in _batches(things):
        yield _batch(name, things)
    for bag in bags:
        if bag.kind in PRODUCTS:
            yield _bag(bag, things)
    for bag_id, fact in things.infusions:
        words = f"Given: {bag_id}" if bag_id else "Given: container not recorded"
        yield Link(LinkKind.infusion, bag_id, (bag_id,) if bag_id else (), words, fact.at)


def _collection(one: Collection, things: Things) -> Iterator[Link]:
    donor, source = one.says("donor"), PATIENT
    if donor not in SELF | {things.course.id}:
        source = f"donor {donor}"
        yield Link(LinkKind.donor, source, (), f"Donor {donor}")
    number = f"donation number {one.din}" if one.din else "no donation number"
    state = {"started": "begun", "failed": "failed"}.get(one.state, "completed")
    yield Link(LinkKind.collection, one.thing, (source,), f"Collection {state}, {number}", one.facts[-1].at)


def _apheresis_bag(bag: Container, things: Things) -> Link:
    of = [one.thing for one in things.collections if one.din and one.din == bag.din]
    number = f"donation number {bag.din}" if bag.din else "no donation number on it"
    return Link(LinkKind.apheresis_bag, bag.id, tuple(of), f"Collected bag {bag.id}, {number}", bag.since)


def _batches(things: Things) -> tuple[str, ...]:
    """The batches on record and those that are only on a label."""
    labels = [things.batch_of(each) for each in things.containers.values() if each.kind in PRODUCTS]
    return tuple(name for name in dict.fromkeys([*things.batches, *labels]) if name)


def _batch(name: str, things: Things) -> Link:
    batch = things.batches.get(name)
    dins = batch.dins if batch is not None else ()
    bags = [each.id for each in things.containers.values() if each.kind == "apheresis_bag" and each.din in dins]
    without_bag = [din for din in dins if not any(each.din == din for each in things.containers.values())]
    collections = [one.thing for one in things.collections if one.din in without_bag]
    last = things.course.last("disposition", about=name)
    state = last.choice.replace("_", " ") if last is not None else "not released"
    again = batch.says("remanufacture_of") if batch is not None else ""
    made_again = f", made again in place of {again}" if again else ""
    product = batch.says("product").replace("_", " ") if batch is not None else ""
    words = ", ".join(part for part in (f"Batch {name}", product, state) if part) + made_again
    at = last.at if last is not None else batch.since if batch is not None else None
    return Link(LinkKind.batch, name, (*bags, *collections), words, at)


def _bag(bag: Container, things: Things) -> Link:
    made_of = things.made_of(bag)
    before = made_of.id if made_of is not None and made_of.kind in PRODUCTS else things.batch_of(bag)
    last = bag.facts[-1]
    part = f", part {said(last, 'part')}" if said(last, "part") else ""
    component = f", {bag.says('component')}" if bag.says("component") else ""
    words = f"{bag.kind.replace('_', ' ').capitalize()} {bag.id}{part}{component}"
    return Link(LinkKind.bag, bag.id, (before,) if before else (), words, bag.since)
