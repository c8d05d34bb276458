"""The scan station, without its page: what was scanned for which purpose, and what the record says of it.

A scanner types what a code holds and Enter; nothing tells which code it was. So each scan finds its own place: by its
structure, by being one of the numbers that are expected, or by being somebody's wristband. What fits nowhere is taken
for what is asked for next, and does not match. The comparison itself is `cartway.pathway.chain`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import msgspec

from cartway.pathway.chain.checks import (
    ANOTHER,
    NOT_READ,
    SHOULD_READ,
    THIS,
    WORDS,
    Expected,
    differing,
    expected_of,
    expected_of_donation,
    not_read,
)
from cartway.pathway.chain.din import read_din, same_donation
from cartway.pathway.chain.scan import Kind, Scan, scan
from cartway.pathway.chain.sec import DONATION_LENGTH
from cartway.pathway.chain.things import PRODUCTS, Collection, Container, Things
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant

STEPS: Mapping[str, str] = {
    "collection": "Collection",
    "label": "Label",
    "pickup": "Pickup",
    "receipt": "Receipt",
    "thaw": "Thaw",
    "bedside": "Bedside",
}
PLACES = tuple(WORDS)  # band, bag, coi, din, batch, certificate, order
LONGEST = 100
_PLAIN = ("bag", "coi", "batch", "certificate", "order")
_UNKNOWN = Problem(
    "not_known_here",
    "This is neither a wristband of a patient here nor a number of this patient's cells.",
    "Scan the wristband again. If this was the bag: stop, it is no bag of this patient.",
)
_SEVERAL = Problem(
    "several_patients",
    "Several patients have this number, each from another system.",
    "Scan the other code of the wristband.",
)
_NOT_COMPARED = Problem("not_compared", "A product code or an expiry: it is not compared here.", "Go on.")

Whose = Callable[[str], str | Problem]
"""Whose wristband a text is: this course, another, empty where it is nobody's; a problem where it cannot be told."""


class Station(msgspec.Struct, frozen=True):
    """One check as far as it has come. `reads`: what was read, by place; `container`: the one meant, if known."""

    step: str
    container: str = ""
    reads: Mapping[str, str] = {}

    def having(self, place: str, text: str) -> Station:
        """The same with one more read."""
        return msgspec.structs.replace(self, reads={**self.reads, place: text})


class Line(msgspec.Struct, frozen=True):
    """One thing to scan: its place, its words, what was read, and whether that matches (``yes``, ``no``, ``open``)."""

    place: str
    words: str
    read: str
    state: str


class Answer(msgspec.Struct, frozen=True):
    """What the station says: the choice of `verification`, what differs, what is missing, and the lines."""

    choice: str
    thing: str
    differs: tuple[str, ...]
    missing: tuple[str, ...]
    lines: tuple[Line, ...]

    @property
    def begun(self) -> bool:
        return any(line.read for line in self.lines)

    @property
    def next(self) -> Line | None:
        """What to scan next."""
        return next((line for line in self.lines if line.state == "open"), None)


def answer(station: Station, things: Things) -> Answer:
    """Compare what was read with the record."""
    thing, expected = _at_hand(station, things)
    fact = verification(station, thing)
    differs = list(differing(fact, expected))
    if "bag" in station.reads and station.reads["bag"] not in things.containers and "bag" not in differs:
        differs.append("bag")
    missing = not_read(fact, station.step, expected)
    choice = "mismatched" if differs else "incomplete" if missing else "matched"
    asked = [place for place in SHOULD_READ[station.step] if place in expected.asked]
    shown = [*asked, *(place for place in station.reads if place not in asked)]
    lines = tuple(_line(place, station, tuple(differs)) for place in shown)
    return Answer(choice, thing, tuple(differs), missing, lines)


def verification(station: Station, thing: str, found: Answer | None = None, at: Instant = 0) -> Fact:
    """The check as a fact about what is at hand; with what differs and is missing once that is known."""
    detail: dict[str, object] = {"step": station.step, "band": NOT_READ, **station.reads}
    if found is not None:
        detail |= {key: list(said) for key, said in (("differs", found.differs), ("missing", found.missing)) if said}
    return Fact("", at, "verification", choice=found.choice if found else "", about=thing, detail=detail)


def _line(place: str, station: Station, differs: tuple[str, ...]) -> Line:
    read = station.reads.get(place, "")
    unread = not read or read == NOT_READ
    state = "open" if unread else "no" if place in differs else "yes"
    return Line(place, WORDS[place].removeprefix("the "), "" if unread else read, state)


def _at_hand(station: Station, things: Things) -> tuple[str, Expected]:
    """What is checked, and what it must read as: the bag at hand if it is this course's, else the one that is meant.

    A bag of nobody here is compared with the one it was taken for, so that the mix-up stands on that one too.
    """
    scanned = station.reads.get("bag", "")
    container = things.containers.get(scanned) or things.containers.get(station.container) or _due(station, things)
    if container is not None:
        return container.id, expected_of(container, things)
    if station.step in ("collection", "label") and not scanned:
        collected = _collection(station, things)
        thing = collected.thing if collected else station.reads.get("din", "")
        return thing, expected_of_donation(collected.din if collected else "", things)
    everything = frozenset(WORDS)
    cois, dins = frozenset(things.cois), things.collected
    return scanned, Expected(frozenset(things.containers), cois, dins, frozenset(things.batches), asked=everything)


def _due(station: Station, things: Things) -> Container | None:
    """The one container that a step can be about, where there is only one: product that was not given."""
    if station.step not in ("thaw", "bedside"):
        return None
    given = {name for name, _ in things.infusions}
    left = [each for each in things.containers.values() if each.kind in PRODUCTS and each.id not in given]
    return left[0] if len(left) == 1 else None


def _collection(station: Station, things: Things) -> Collection | None:
    """The donation that was scanned, else the last one."""
    scanned = station.reads.get("din", "")
    named = tuple(one for one in things.collections if scanned and one.din == scanned)
    found = named or things.collections
    return found[-1] if found else None


def read(station: Station, typed: str, things: Things, whose: Whose, given: str = "") -> Station | Problem:
    """The station with one scan more, or what to tell of it. `given`: the place that the reader stated, if any."""
    if given == "band":
        return _band(station, typed.strip(), whose)
    found = scan(typed)
    if isinstance(found, Problem):
        return found
    donation = found.of(Kind.donation) or _sec_donation(found)
    if donation:
        return station.having("din", donation)
    if found.kind in (Kind.product, Kind.expiry, Kind.several, Kind.sec):
        return _NOT_COMPARED
    return _plain(station, found.text[:LONGEST], things, whose, given)


def _sec_donation(found: Scan) -> str:
    code = found.of(Kind.sec)
    return code[8:DONATION_LENGTH] if code else ""


def _plain(station: Station, text: str, things: Things, whose: Whose, given: str) -> Station | Problem:
    """A text without structure: one of the expected numbers, a wristband, or something foreign."""
    if given:
        return station.having(given, text)
    place = _expected_place(station, text, things)
    if place:
        return station.having(place, same_donation(text) if place == "din" else text)
    banded = whose(text)
    if banded:
        return banded if isinstance(banded, Problem) else station.having("band", banded)
    following = answer(station, things).next
    if following is None or following.place == "band":
        return _UNKNOWN
    return station.having(following.place, text)


def _expected_place(station: Station, text: str, things: Things) -> str:
    """Where a number belongs that the record knows; empty for none."""
    _, expected = _at_hand(station, things)
    if text in things.containers:
        return "bag"
    found = next((place for place in _PLAIN if text in getattr(expected, place)), "")
    din = read_din(text)
    return found or ("" if isinstance(din, Problem) or din.number not in expected.din else "din")


def _band(station: Station, text: str, whose: Whose) -> Station | Problem:
    banded = whose(text)
    if isinstance(banded, Problem):
        return banded
    return station.having("band", banded) if banded else _UNKNOWN


def banded(courses: list[tuple[str, ...]], course: str) -> str | Problem:
    """Whose wristband it is, of the courses of everybody who has its number; only these words are recorded."""
    if not courses:
        return ""
    if len(courses) > 1:
        return _SEVERAL
    return THIS if course in courses[0] else ANOTHER
