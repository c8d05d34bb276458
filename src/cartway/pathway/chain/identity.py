"""Identity from the patient to the bag: one therapy, its donations, its batches, and what the labels say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

from cartway.pathway.chain.checks import ANOTHER, NOT_READ, checks_of, cleared, expected_of_donation, unchecked, whose
from cartway.pathway.chain.din import Din, read_din, same_donation
from cartway.pathway.chain.expiry import ends
from cartway.pathway.chain.model import Break
from cartway.pathway.chain.rules import broken
from cartway.pathway.chain.sec import read_sec
from cartway.pathway.chain.things import (
    BOXES,
    PRODUCTS,
    SELF,
    WHOLE,
    Batch,
    Collection,
    Container,
    Index,
    Things,
    one_name,
    said,
)
from cartway.pathway.products import product
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant

_ON_A_LABEL = {
    "coi": "chain of identity identifier",
    "din": "donation number",
    "batch": "batch",
    "product": "product",
    "component": "component",
    "part": "part",
}


def identity(things: Things, index: Index) -> Iterator[Break]:
    """Every break of identity that shows by now, whatever is to be given."""
    yield from _therapy(things, index)
    for collection in things.collections:
        yield from _collection(collection, things, index)
    for batch in things.batches.values():
        yield from _batch(batch, things)
    for container in things.containers.values():
        yield from _label(container, things, index)
        if container.kind not in BOXES:
            yield from _origin(container, things)


def _therapy(things: Things, index: Index) -> Iterator[Break]:
    """One course, one chain of identity identifier, unless the product was switched."""
    course, cois = things.course, list(things.cois.items())
    for (_, first), (coi, fact) in pairwise(cois):
        switched = course.all("apheresis_request", choice="switch_product")
        if not any(first.at <= each.at <= fact.at for each in switched):
            yield broken("second_chain_identity", WHOLE, fact.at, (first, fact), what=coi)
    for coi, fact in cois:
        if index.cois.get(coi, frozenset()) - {course.id}:
            yield broken("identity_of_two", WHOLE, fact.at, (fact,), what=coi)
    for fact in course.all("product_order"):
        coi = said(fact, "coi")
        last = course.last("product_order", about=fact.about)
        if coi and cois and coi not in things.cois and (last is None or last.choice != "cancelled"):
            order = said(fact, "order") or fact.about
            yield broken("order_of_another", WHOLE, fact.at, (fact,), order=order, what=coi)


def _collection(one: Collection, things: Things, index: Index) -> Iterator[Break]:
    """A collection of this patient: identified before it began, numbered, checked by two people."""
    coi, course = one.says("coi"), things.course
    if coi and things.cois and coi not in things.cois:
        yield broken("coi_of_another", one.thing, one.begun, one.facts, what=coi)
    if one.din:
        yield from _sound_din(one.says("din"), one.thing, one.begun)
    if not _of_patient(one, things):
        return
    if not any(fact.at <= one.begun for fact in things.cois.values()):
        yield broken("no_chain_identity", one.thing, one.begun, one.facts, when=" before the collection")
    ended = [fact for fact in one.facts if fact.choice != "started"]
    again = next((fact for fact in one.facts if fact.choice == "started" and ended and ended[0].at < fact.at), None)
    if again is not None:
        yield broken("din_used_again", one.thing, again.at, one.facts)
    if one.din and index.dins.get(one.din, frozenset()) - {course.id}:
        yield broken("din_of_two", one.thing, one.begun, one.facts, what=one.din)
    if one.state == "failed":
        return
    if not one.din and one.state == "completed":
        yield broken("collection_without_din", one.thing, one.facts[-1].at, one.facts)
    until = one.facts[-1].at if one.state == "completed" else course.now
    expected = expected_of_donation(one.din, things)
    yield from unchecked(things, "collection", one.thing, _names(one, things), expected, one.begun, until)


def _of_patient(one: Collection, things: Things) -> bool:
    return one.says("donor") in SELF | {things.course.id}


def _names(one: Collection, things: Things) -> frozenset[str]:
    """What a check of a collection may be about: its number as written, its bags."""
    bags = {bag.id for bag in things.containers.values() if bag.kind == "apheresis_bag" and bag.din == one.din}
    return frozenset({one.thing, one.says("din"), *(bags if one.din else ())} - {""})


def _sound_din(text: str, thing: str, at: Instant) -> Iterator[Break]:
    problem = read_din(text)
    if isinstance(problem, Problem):
        yield broken(problem.code, thing, at, what=text)


def _batch(batch: Batch, things: Things) -> Iterator[Break]:
    """A batch: of this therapy, of donations that were collected for it, and not before them."""
    coi = batch.says("coi")
    if coi and things.cois and coi not in things.cois:
        yield broken("coi_of_another", batch.id, batch.since, batch.facts, what=coi)
    for written in batch.dins_as_written:
        yield from _sound_din(written, batch.id, batch.since)
        yield from _from_a_collection(same_donation(written), batch.id, batch.since, things)
    for one in things.collections:
        if one.din in batch.dins and batch.since < one.begun:
            words = f"Batch {batch.id} was begun before its cells were collected"
            yield broken("before_its_cause", batch.id, batch.since, (*batch.facts, *one.facts), what=words)


def _from_a_collection(din: str, thing: str, at: Instant, things: Things) -> Iterator[Break]:
    """A donation number that this course's collections do not know: another's, where they have numbers at all."""
    if din in things.collected:
        return
    if things.collected:
        yield broken("din_of_another", thing, at, what=din)
    elif not _donor_elsewhere(thing, things):
        yield broken("no_collection", thing, at)


def _donor_elsewhere(thing: str, things: Things) -> bool:
    """Whether a batch or container is of a donor's cells, collected for another purpose and elsewhere."""
    same = [each for each in things.containers.values() if thing in (each.id, things.batch_of(each))]
    products = [held for each in same if (held := things.product_of(each)) is not None]
    return bool(products) and not any(held.donor_is_recipient for held in products)


def _label(container: Container, things: Things, index: Index) -> Iterator[Break]:
    """What a label says: one and the same each time, of this therapy and this person."""
    differing = [words for key, words in _ON_A_LABEL.items() if len(container.readings(key)) > 1]
    if len({fact.choice for fact in container.facts}) > 1:
        differing.insert(0, "kind")
    if len({ends(text) or text for text in container.readings("expires")}) > 1:
        differing.append("expiry")
    if differing:
        yield broken("label_differs", container.id, container.facts[-1].at, container.facts, what=", ".join(differing))
    if container.kind not in BOXES and index.with_container(container.id) - {things.course.id}:
        yield broken("identity_of_two", container.id, container.since, container.facts, what=container.id)
    batch = things.own_batch(container)
    if batch and index.batches.get(one_name(batch), frozenset()) - {things.course.id}:
        yield broken("identity_of_two", container.id, container.since, container.facts, what=batch)
    for coi in container.readings("coi"):
        if things.cois and coi not in things.cois:
            yield broken("coi_of_another", container.id, container.since, container.facts, what=coi)
    if container.kind not in BOXES | {"syringe"} and not container.says("coi"):
        yield broken("coi_not_on_label", container.id, container.since, container.facts)
    names = [fact for fact in container.facts if said(fact, "patient_matches")]
    yield from of_another(names, container.id, "the label", things)
    if names and whose(said(names[-1], "patient_matches")) == NOT_READ:
        yield broken("label_not_read", container.id, names[-1].at, container.facts, what="the label")
    yield from _codes(container)


def of_another(read: Iterable[Fact], thing: str, what: str, things: Things) -> Iterator[Break]:
    """Every reading of another person's name: it stands until the holder has cleared the thing, whatever was read
    since.
    """
    for fact in read:
        if whose(said(fact, "patient_matches")) == ANOTHER and not cleared(things.course, thing, fact.at):
            yield broken("label_of_another", thing, fact.at, (fact,), what=what)


def _codes(container: Container) -> Iterator[Break]:
    """The donation number and the Single European Code of a label: well formed, and of one donation."""
    written = container.says("din")
    if written:
        yield from _sound_din(written, container.id, container.since)
    code = container.says("sec")
    if not code:
        return
    sec = read_sec(code)
    if isinstance(sec, Problem):
        yield broken("sec_malformed", container.id, container.since, container.facts)
    elif container.din and isinstance(read_din(sec.donation), Din) and sec.donation != container.din:
        yield broken("sec_of_another", container.id, container.since, container.facts)


def _origin(container: Container, things: Things) -> Iterator[Break]:
    """Where a container's content came from, and that this was there before it."""
    parent, made_of = container.says("parent"), things.made_of(container)
    if parent and parent not in things.containers:
        yield broken("parent_not_recorded", container.id, container.since, container.facts, what=parent)
    if made_of is not None and container.since < made_of.since:
        words = f"{container.id} was there before {made_of.id}, of which it was made"
        yield broken("before_its_cause", container.id, container.since, (*made_of.facts, *container.facts), what=words)
    if container.kind == "apheresis_bag":
        yield from _collected_bag(container, things)
    elif container.kind in PRODUCTS:
        yield from _product(container, things)


def _collected_bag(container: Container, things: Things) -> Iterator[Break]:
    """A collected bag: with the number of one of the course's collections, its label verified before it left."""
    if not container.din:
        yield broken("din_not_on_label", container.id, container.since, container.facts)
    else:
        yield from _from_a_collection(container.din, container.id, container.since, things)
    for one in things.collections:
        if one.din and one.din == container.din:
            if container.since < one.begun:
                words = f"Bag {container.id} was there before its collection began"
                facts = (*one.facts, *container.facts)
                yield broken("before_its_cause", container.id, container.since, facts, what=words)
            if _of_patient(one, things):
                yield from _label_verified(container, things)


def _label_verified(container: Container, things: Things) -> Iterator[Break]:
    """Two people verify the label before the bag first leaves the hand of who collected it."""
    left = things.course.first("custody", about=container.id, choice="handed_over")
    packed = [start for _, start, _ in things.boxes(container)]
    leaves = min([*packed, *([left.at] if left else [])], default=None)
    names = frozenset({container.id, container.din})
    if leaves is not None and not checks_of(things, "label", names, leaves):
        yield broken("label_not_checked", container.id, leaves, container.facts)


def _product(container: Container, things: Things) -> Iterator[Break]:
    """A product container: of a batch on record, of its product, of whom it should be, and not before the batch."""
    name = things.batch_of(container)
    batch = things.batches.get(name)
    if not name:
        yield broken("batch_not_on_label", container.id, container.since, container.facts)
    elif batch is None:
        yield broken("batch_not_recorded", container.id, container.since, container.facts, what=name)
    if batch is None:
        return
    if container.since < batch.since:
        words = f"{container.id} was there before its batch was begun"
        yield broken("before_its_cause", container.id, container.since, (*batch.facts, *container.facts), what=words)
    if container.din and batch.dins and container.din not in batch.dins:
        yield broken("din_of_another", container.id, container.since, container.facts, what=container.din)
    held = things.product_of(container)
    if not batch.dins and (held is None or held.starting_material != "none"):
        yield broken("batch_without_donation", batch.id, batch.since, batch.facts)
    written, of_batch = container.says("product"), batch.says("product")
    if written and of_batch and not _same_product(written, of_batch):
        yield broken("product_differs", container.id, container.since, container.facts, what=f"labeled {written}")
    yield from _donor(container, batch, things)


def _same_product(one: str, other: str) -> bool:
    first, second = product(one), product(other)
    return first.name == second.name if first and second else one.casefold() == other.casefold()


def _donor(container: Container, batch: Batch, things: Things) -> Iterator[Break]:
    """Own cells come of the patient, a donor's of somebody else."""
    held = things.product_of(container)
    for one in things.collections:
        if held is None or one.din not in batch.dins or not one.din:
            continue
        donor, at = one.says("donor"), container.since
        if held.donor_is_recipient and not _of_patient(one, things):
            yield broken("donor_of_own_cells", container.id, at, one.facts)
        elif not held.donor_is_recipient and donor == "":
            yield broken("donor_not_stated", container.id, at, one.facts)
        elif not held.donor_is_recipient and _of_patient(one, things):
            yield broken("donor_is_recipient", container.id, at, one.facts)
