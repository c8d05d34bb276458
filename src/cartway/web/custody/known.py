"""Which numbers are known here, and of what. What is typed and is none of them is recorded nowhere: it may be a
patient's.

A number is compared without its blanks, capital or not; it is recorded as it was first entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from cartway.pathway.chain.checks import orders
from cartway.pathway.chain.things import Things, said
from cartway.pathway.course import Course

NOT_KNOWN = "not known here"
"""What is recorded in place of a text that is no number known here."""


class Number(msgspec.Struct, frozen=True):
    """A number as it was entered, and what it is the number of: bag, coi, din, batch, certificate, order."""

    text: str
    places: tuple[str, ...]


Numbers = Mapping[str, Number]


def folded(text: str) -> str:
    """What two writings of one number have in common."""
    return "".join(text.split()).casefold()


def numbers_of(course: Course) -> Numbers:
    """Every number that a course's record knows."""
    return gathered(_named(course, Things(course)))


def gathered(named: Iterable[tuple[str, str]]) -> Numbers:
    """Pairs of what it is the number of and the number, by the number."""
    found: dict[str, Number] = {}
    for place, text in named:
        if key := folded(text):
            known = found.get(key, Number(text, ()))
            places = known.places if place in known.places else (*known.places, place)
            found[key] = Number(known.text, places)
    return found


def _named(course: Course, things: Things) -> Iterator[tuple[str, str]]:
    yield from (("bag", name) for name in things.containers)
    yield from (("coi", coi) for coi in things.cois)
    yield from (("din", din) for din in things.collected)
    for batch in things.batches.values():
        yield "batch", batch.id
        yield from (("din", din) for din in batch.dins)
    for container in things.containers.values():
        yield from ((key, container.says(key)) for key in ("batch", "coi"))
        yield "din", container.din
    yield from (("certificate", said(fact, "number")) for fact in course.all("release_certificate"))
    yield from (("order", number) for number in orders(course))
