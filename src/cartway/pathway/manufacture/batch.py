"""A batch from the cells that were collected to the bag that was given: where it stands, since when, and why."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.pathway.answer import Answer
from cartway.pathway.course import Course
from cartway.pathway.manufacture.disposition import Disposition, State, read_disposition
from cartway.pathway.manufacture.specification import (
    ReleaseTest,
    Specification,
    read_tests,
    specification_in_force,
)
from cartway.pathway.manufacture.whereabouts import Whereabouts, whereabouts
from cartway.record import Fact
from cartway.times import Instant

STEPS: Mapping[str, str] = {
    "received": "Starting material received",
    "selection": "Selection",
    "activation": "Activation",
    "transduction": "Transduction",
    "expansion": "Expansion",
    "harvest": "Harvest and formulation",
    "cryopreserved": "Cryopreserved",
}


class Stage(msgspec.Struct, frozen=True):
    """One stage of the road of a batch. `done`: yes with the fact that says so; unknown while nothing says it."""

    name: str
    done: Answer
    fact: Fact | None = None
    words: str = ""

    @property
    def at(self) -> Instant | None:
        """When it was done, as far as it is."""
        return self.fact.at if self.fact is not None and self.done is Answer.yes else None


class Batch(msgspec.Struct, frozen=True):
    """One batch of a course at a moment.

    `specification` is the one in force when it was disposed of, else now. `stages` are in their order; `stands` says in
    a line where it is; `containers` are those whose label names it.
    """

    id: str
    product: str
    coi: str
    dins: tuple[str, ...]
    remanufacture_of: str
    specification: Specification
    tests: tuple[ReleaseTest, ...]
    disposition: Disposition
    certificate: Fact | None
    containers: tuple[Whereabouts, ...]
    stages: tuple[Stage, ...]
    steps: tuple[Fact, ...]

    @property
    def stands(self) -> str:
        """Where it stands, in a line: the last stage that is done; a state that stops it comes first."""
        if self.disposition.state in _STOPS:
            return self.disposition.state.value
        done = [stage for stage in self.stages if stage.done is Answer.yes]
        return done[-1].name if done else "ordered"


_STOPS = (State.called_back, State.contradicted, State.out_of_specification, State.failed, State.recalled)
_ABOUT_A_BATCH = ("batch", "manufacture_step", "release_test", "disposition", "release_certificate")


def batches(course: Course, center: Course, jurisdiction: str) -> tuple[Batch, ...]:
    """Every batch of a course in the order in which it first came up. `center`: the center's own record."""
    named = [fact.about for fact in course.all(*_ABOUT_A_BATCH) if fact.about]
    on_labels = [str(fact.detail.get("batch", "")) for fact in course.all("container")]
    return tuple(_batch(course, center, name, jurisdiction) for name in dict.fromkeys((*named, *on_labels)) if name)


def _batch(course: Course, center: Course, name: str, jurisdiction: str) -> Batch:
    made, certificate = course.last("batch", about=name), course.last("release_certificate", about=name)
    held = tuple(whereabouts(course, bag) for bag in _bags(course, name))
    product = _product(course, name)
    decided = course.last("disposition", about=name)
    specification = specification_in_force(center, product, course.now if decided is None else decided.at)
    tests = read_tests(course, name, specification)
    infused = tuple(each.container for each in held if each.infused is not None)
    disposition = read_disposition(course, name, tests, infused, jurisdiction)
    detail = made.detail if made is not None else {}
    return Batch(
        name, product, str(detail.get("coi", "")), tuple(str(din) for din in detail.get("dins", ())),
        str(detail.get("remanufacture_of", "")), specification, tests, disposition, certificate, held,
        _stages(course, name, disposition, certificate, held),
        tuple(course.all("manufacture_step", about=name)),
    )  # fmt: skip


def _bags(course: Course, batch: str) -> list[str]:
    """The containers whose label names a batch, but not the collection's own."""
    made = [fact for fact in course.all("container") if fact.detail.get("batch") == batch]
    return list(
        dict.fromkeys(fact.about for fact in made if fact.choice not in ("apheresis_bag", "shipper", "cassette"))
    )


def _product(course: Course, batch: str) -> str:
    """The product of a batch: as it says, else as its labels say, else as the course is planned."""
    for fact in (*course.all("batch", about=batch), *course.all("container")):
        if fact.detail.get("product") and batch in (fact.about, fact.detail.get("batch")):
            return str(fact.detail["product"])
    chosen = course.last("product_chosen")
    return chosen.choice if chosen is not None else ""


def _stages(
    course: Course, batch: str, disposition: Disposition, certificate: Fact | None, held: tuple[Whereabouts, ...]
) -> tuple[Stage, ...]:
    steps = [
        Stage(label, *_done(course.last("manufacture_step", about=batch, choice=choice)))
        for choice, label in STEPS.items()
    ]
    cleared = disposition.fact if disposition.may_be_given is Answer.yes else None
    here = [
        Stage("Disposition", Answer.yes if cleared else Answer.unknown, disposition.fact, disposition.because),
        Stage("Release certificate", *_done(certificate)),
        _of_bags("Shipped", [each.shipped for each in held]),
        _of_bags("Received here", [each.received for each in held]),
        _of_bags("In storage", [each.stored for each in held]),
        _of_bags("Thawed", [each.thawed for each in held]),
        _of_bags("Infused", [each.infused for each in held]),
    ]
    return (*steps, *here)


def _done(fact: Fact | None) -> tuple[Answer, Fact | None]:
    return (Answer.unknown if fact is None else Answer.yes), fact


def _of_bags(name: str, facts: list[Fact | None]) -> Stage:
    """A stage of all containers: done when it is for every one; in words how many it is for."""
    there = [fact for fact in facts if fact is not None]
    if not there:
        return Stage(name, Answer.unknown)
    all_done = len(there) == len(facts)
    words = "" if all_done else f"{len(there)} of {len(facts)} containers"
    return Stage(name, Answer.yes if all_done else Answer.unknown, max(there, key=lambda fact: fact.at), words)
