"""The things of a chain, read from the facts: containers, collections, batches, infusions, and what came of what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any, TypeVar

import msgspec

from cartway.pathway.chain.din import same_donation
from cartway.pathway.course import Course
from cartway.pathway.products import Product
from cartway.pathway.products import product as product_named
from cartway.record import Fact
from cartway.times import Instant

BOXES = frozenset({"shipper", "cassette"})
PRODUCTS = frozenset({"product_bag", "vial", "syringe"})
SELF = frozenset({"", "self"})
Claim = TypeVar("Claim")
WHOLE = ""
"""The thing of a break that is about the course as a whole."""


def said(fact: Fact, key: str) -> str:
    """A detail as text, without blanks around it; empty where it is not stated."""
    value = fact.detail.get(key)
    return "" if value is None or isinstance(value, list | tuple) else str(value).strip()


@lru_cache(4096)
def one_name(text: str) -> str:
    """What two writings of one name have in common: neither case nor blanks; of a donation number its 13 characters."""
    return "".join(same_donation(text).split()).casefold()


_NAMING = frozenset(
    {
        "container", "custody", "seal", "temperature_log", "verification", "quarantine", "storage", "thaw", "infusion",
        "infusion_end", "batch", "manufacture_step", "release_test", "disposition", "out_of_specification_consent",
        "release_certificate",
    }
)  # fmt: skip
_NAMES = ("bag", "batch", "parent")


def in_one_spelling(course: Course) -> Course:
    """The course with each container, batch and donation called as it was called when it was first entered."""
    first = [*course.abouts("container"), *course.abouts("batch")]
    first += [same_donation(din) for fact in course.all("collection") if (din := said(fact, "din"))]
    first += [fact.about for fact in (*course.facts, *course.withdrawn) if fact.what in _NAMING]
    called: dict[str, str] = {}
    for name in first:
        called.setdefault(one_name(name), name)

    def spelled(text: str) -> str:
        return called.get(one_name(text), text)

    return course.restated(lambda fact: _respelled(fact, spelled) if fact.what in _NAMING else fact)


def _respelled(fact: Fact, spelled: Callable[[str], str]) -> Fact:
    detail: dict[str, Any] = {
        key: spelled(text) for key in _NAMES if (text := said(fact, key)) and spelled(text) != text
    }
    bags = fact.detail.get("bags")
    if bags and [spelled(str(bag)) for bag in bags] != list(bags):
        detail["bags"] = [spelled(str(bag)) for bag in bags]
    if not detail and spelled(fact.about) == fact.about:
        return fact
    return msgspec.structs.replace(fact, about=spelled(fact.about), detail={**fact.detail, **detail})


class Container(msgspec.Struct, frozen=True):
    """A container and every reading of its label, in time order."""

    id: str
    facts: tuple[Fact, ...]

    @property
    def kind(self) -> str:
        """As last stated: apheresis_bag, product_bag, vial, cassette, shipper, syringe."""
        return self.facts[-1].choice

    @property
    def since(self) -> Instant:
        """When it came into being."""
        return self.facts[0].at

    def says(self, key: str) -> str:
        """What its label said last, empty where it was never read."""
        return next((text for fact in reversed(self.facts) if (text := said(fact, key))), "")

    def readings(self, key: str) -> tuple[str, ...]:
        """Everything that was read in one place of its label, each once."""
        texts = (said(fact, key) for fact in self.facts)
        return tuple(dict.fromkeys((same_donation(text) if key == "din" else text) for text in texts if text))

    @property
    def din(self) -> str:
        """Its donation number in the form to compare; empty where none was read."""
        text = self.says("din")
        return same_donation(text) if text else ""


class Collection(msgspec.Struct, frozen=True):
    """One collection: what was said of it from its start to its end."""

    facts: tuple[Fact, ...]

    def says(self, key: str) -> str:
        """What was stated last."""
        return next((text for fact in reversed(self.facts) if (text := said(fact, key))), "")

    @property
    def din(self) -> str:
        """Its donation number in the form to compare; empty where none was stated."""
        text = self.says("din")
        return same_donation(text) if text else ""

    @property
    def thing(self) -> str:
        """What a break or a stand-in calls it."""
        return self.din or self.facts[0].about or "collection"

    @property
    def begun(self) -> Instant:
        """When it began, as far as stated."""
        return self.facts[0].at

    @property
    def state(self) -> str:
        """started, completed or failed; completed where the source gave no choice."""
        return self.facts[-1].choice or "completed"


class Batch(msgspec.Struct, frozen=True):
    """One batch: what was said of it."""

    id: str
    facts: tuple[Fact, ...]

    @property
    def since(self) -> Instant:
        """When its making began."""
        return self.facts[0].at

    def says(self, key: str) -> str:
        """What was stated last."""
        return next((text for fact in reversed(self.facts) if (text := said(fact, key))), "")

    @property
    def dins_as_written(self) -> tuple[str, ...]:
        """The donations it was made of, as last stated."""
        lists = (fact.detail.get("dins") for fact in reversed(self.facts))
        return next((tuple(str(din) for din in dins) for dins in lists if dins), ())

    @property
    def dins(self) -> tuple[str, ...]:
        """The donations it was made of, in the form to compare."""
        return tuple(same_donation(din) for din in self.dins_as_written)


class Index(msgspec.Struct, frozen=True):
    """Which courses of a center use an identifier: donations, containers, batches, chain of identity identifiers.

    Containers are found as they are written, and by what all writings of one name have in common. `aside`: by the
    latter, what a course that does not know it has set aside, with that course and when.
    """

    dins: Mapping[str, frozenset[str]] = {}
    containers: Mapping[str, frozenset[str]] = {}
    cois: Mapping[str, frozenset[str]] = {}
    aside: Mapping[str, frozenset[tuple[str, Instant]]] = {}
    batches: Mapping[str, frozenset[str]] = {}  # of own cells only: of a donor's, one batch is for many

    def with_container(self, name: str) -> frozenset[str]:
        """The courses that have a container of this name, in whatever spelling."""
        return self.containers.get(name, frozenset()) | self.containers.get(one_name(name), frozenset())


def center_index(courses: Iterable[Course]) -> Index:
    """The index of some courses, to find an identifier that two of them claim."""
    dins: dict[str, set[str]] = {}
    containers: dict[str, set[str]] = {}
    cois: dict[str, set[str]] = {}
    aside: dict[str, set[tuple[str, Instant]]] = {}
    batches: dict[str, set[str]] = {}
    for course in courses:
        things = Things(course)
        for din in {*things.collected, *(each.din for each in things.containers.values())} - {""}:
            dins.setdefault(din, set()).add(course.id)
        for container in things.containers.values():
            if container.kind not in BOXES:  # a shipper comes back and goes out again
                for name in {container.id, one_name(container.id)}:
                    containers.setdefault(name, set()).add(course.id)
                if things.own_batch(container):
                    batches.setdefault(one_name(things.batch_of(container)), set()).add(course.id)
        for fact in things.strangers_aside:
            aside.setdefault(one_name(fact.about), set()).add((course.id, fact.at))
        for coi in things.cois:
            cois.setdefault(coi, set()).add(course.id)
    return Index(_frozen(dins), _frozen(containers), _frozen(cois), _frozen(aside), _frozen(batches))


def _frozen(found: dict[str, set[Claim]]) -> dict[str, frozenset[Claim]]:
    return {name: frozenset(courses) for name, courses in found.items()}


class Things:
    """What a course's facts say is there at `course.now`. Worked out when first asked for; read only.

    `course` has every name in one spelling; `record` is as it was written, which is what was signed.
    """

    def __init__(self, course: Course) -> None:
        self.record = course
        self.course = in_one_spelling(course)
        self._boxes: dict[str, tuple[tuple[str, Instant, Instant], ...]] = {}

    @cached_property
    def containers(self) -> Mapping[str, Container]:
        """Every container of the course, in the order in which they came up."""
        found = {name: tuple(self.course.all("container", about=name)) for name in self.course.abouts("container")}
        return {name: Container(name, facts) for name, facts in found.items() if name}

    @cached_property
    def batches(self) -> Mapping[str, Batch]:
        """Every batch that was recorded."""
        found: dict[str, list[Fact]] = {}
        for fact in self.course.all("batch"):
            found.setdefault(fact.about or said(fact, "batch"), []).append(fact)
        return {name: Batch(name, tuple(facts)) for name, facts in found.items() if name}

    @cached_property
    def cois(self) -> Mapping[str, Fact]:
        """The chain of identity identifiers that were assigned, each with the first fact that says so."""
        found: dict[str, Fact] = {}
        for fact in self.course.all("chain_identity"):
            found.setdefault(said(fact, "coi") or fact.about, fact)
        return {coi: fact for coi, fact in found.items() if coi}

    @property
    def coi(self) -> str:
        """The chain of identity identifier that was assigned last; empty where none was."""
        return list(self.cois)[-1] if self.cois else ""

    @cached_property
    def collections(self) -> tuple[Collection, ...]:
        """The collections in time order: one a donation number; what bears none goes with the last that began."""
        found: list[list[Fact]] = []
        for fact in self.course.all("collection"):
            begun = next((one for one in reversed(found) if _goes_on(one, fact)), None)
            if begun is not None:
                begun.append(fact)
            else:
                found.append([fact])
        return tuple(Collection(tuple(facts)) for facts in found)

    @cached_property
    def collected(self) -> frozenset[str]:
        """The donation numbers of the course's collections."""
        return frozenset(one.din for one in self.collections if one.din)

    @cached_property
    def known(self) -> frozenset[str]:
        """Every name of the course: containers, batches, also those only on labels, and donations."""
        named = {one.thing for one in self.collections} | {self.batch_of(one) for one in self.containers.values()}
        dins = {one.din for one in self.containers.values()} | {
            din for one in self.batches.values() for din in one.dins
        }
        return frozenset({*self.containers, *self.batches, *named, *dins}) - {""}

    @cached_property
    def strangers_aside(self) -> tuple[Fact, ...]:
        """What is in quarantine and has no record in this course, and was not cleared by the holder later than that."""
        told = self.course.all("quarantine")
        lifted = {(fact.about, fact.at) for fact in told if fact.choice == "lifted" and said(fact, "holder_reference")}
        placed = [fact for fact in told if fact.choice == "placed" and fact.about not in self.known]
        return tuple(fact for fact in placed if not any(name == fact.about and at > fact.at for name, at in lifted))

    def named(self, text: str) -> str:
        """The name of a container as it was first written; the text itself where there is none of that name."""
        return next((name for name in self.containers if one_name(name) == one_name(text)), text)

    @cached_property
    def infusions(self) -> tuple[tuple[str, Fact], ...]:
        """Container and fact of every infusion; an empty container where none was named."""
        return tuple((fact.about or said(fact, "bag"), fact) for fact in self.course.all("infusion"))

    def product_of(self, container: Container) -> Product | None:
        """The product it is: by its label, its batch, or as the course is planned; None where nobody knows it."""
        batch, chosen = self.batches.get(self.batch_of(container)), self.course.last("product_chosen")
        names = (
            container.says("product"),
            batch.says("product") if batch else "",
            chosen.choice if chosen is not None else "",
        )
        return next((held for name in names if name and (held := product_named(name)) is not None), None)

    def boxes(self, container: Container) -> tuple[tuple[str, Instant, Instant], ...]:
        """The boxes it lay in: box, from, to (the course's now where it still does). Taken out by storing or thawing
        it, by a new box, or by handing it over by itself.
        """
        if container.id not in self._boxes:
            self._boxes[container.id] = tuple(self._packed(container))
        return self._boxes[container.id]

    def _packed(self, container: Container) -> Iterator[tuple[str, Instant, Instant]]:
        packed = [(fact.at, said(fact, "parent")) for fact in container.facts if said(fact, "parent")]
        out = self._taken_out(container) if packed else []
        for number, (start, parent) in enumerate(packed):
            box = self.containers.get(parent)
            if box is None or box.kind not in BOXES or parent == container.id:
                continue
            ends = [at for at in out if at >= start] + [later for later, _ in packed[number + 1 : number + 2]]
            yield parent, start, min(ends, default=self.course.now)

    def _taken_out(self, container: Container) -> list[Instant]:
        boxes = [one.id for one in self.containers.values() if one.kind in BOXES and one.id != container.id]
        with_box = {(fact.at, said(fact, "to")) for box in boxes for fact in self.course.all("custody", about=box)}
        alone = [
            fact.at
            for fact in self.course.all("custody", about=container.id, choice="handed_over")
            if (fact.at, said(fact, "to")) not in with_box
        ]
        stored = [fact.at for fact in self.course.all("storage", about=container.id) if fact.choice in ("put", "moved")]
        return sorted([*alone, *stored, *(fact.at for fact in self.course.all("thaw", about=container.id))])

    def all_boxes(self, container: Container) -> tuple[str, ...]:
        """Every box it ever lay in, also by way of another box, innermost first."""
        found: list[str] = []
        waiting = [container]
        while waiting:
            for box, _, _ in self.boxes(waiting.pop()):
                if box not in found:
                    found.append(box)
                    waiting.append(self.containers[box])
        return tuple(found)

    def put_into(self, container: Container, box: str) -> Instant:
        """When it was first put into a box itself; its beginning where it came there within another."""
        return min((start for name, start, _ in self.boxes(container) if name == box), default=container.since)

    def made_of(self, container: Container) -> Container | None:
        """The container whose content it holds: a division's first bag, a syringe's vial. Never a box."""
        for text in reversed(container.readings("parent")):
            parent = self.containers.get(text)
            if parent is not None and parent.kind not in BOXES and parent.id != container.id:
                return parent
        return None

    def origin(self, container: Container) -> Container:
        """The product container that its content came in: of a syringe its vial or bag, else itself."""
        seen = {container.id}
        while (parent := self.made_of(container)) and parent.kind in PRODUCTS and parent.id not in seen:
            container = parent
            seen.add(container.id)
        return container

    def batch_of(self, container: Container) -> str:
        """The batch on its label, or on that of the container its content came in."""
        return container.says("batch") or self.origin(container).says("batch")

    def own_batch(self, container: Container) -> str:
        """The batch of a container of product that is made for one patient only; empty for others."""
        held = self.product_of(container)
        mine = container.kind in PRODUCTS and (held is None or held.donor_is_recipient)
        return self.batch_of(container) if mine else ""

    def path(self, container: Container) -> frozenset[str]:
        """Everything that a container came from or lay in, itself and the course as a whole among it."""
        found: set[str] = {WHOLE}
        self._walk(container, found)
        batch = self.batches.get(self.batch_of(container))
        if container.kind in PRODUCTS and self.batch_of(container):
            found.add(self.batch_of(container))
        dins = set(batch.dins if batch else ()) | {
            self.containers[name].din for name in found if name in self.containers
        }
        found |= dins
        known = any(name in self.containers and self.containers[name].kind == "apheresis_bag" for name in found)
        for bag in self.containers.values():
            may_be_of_it = bag.din in dins - {""} or bag.din not in self.collected  # or nobody can say of what it is
            if bag.kind == "apheresis_bag" and not known and may_be_of_it:
                self._walk(bag, found)
        found |= {one.thing for one in self.collections if not one.din}
        return frozenset(found)

    def _walk(self, container: Container, found: set[str]) -> None:
        one: Container | None = container
        while one is not None and one.id not in found:
            found.add(one.id)
            found.update(self.all_boxes(one))
            one = self.made_of(one)


def _goes_on(facts: list[Fact], fact: Fact) -> bool:
    """Whether a statement is of this collection: by its donation number, else by being what comes after its start."""
    written, of_it = said(fact, "din"), Collection(tuple(facts)).din
    if written and of_it:
        return same_donation(written) == of_it
    same = not fact.about or not facts[0].about or fact.about == facts[0].about
    return same and fact.choice != "started" and facts[-1].choice == "started"
