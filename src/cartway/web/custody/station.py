"""The scan station, without its page: what was scanned for which purpose, and what the record says of it.

A scanner types what a code holds and Enter; nothing tells which code it was. So each scan finds its own place: by its
structure, by being a number that is known here, or by being somebody's wristband. What is none of these is not read:
a nurse's own badge is no mismatch. Who says that it is on the container gets a mismatch; the text itself is recorded
nowhere, for it may be a patient's. The comparison itself is `cartway.pathway.chain`'s.
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
from cartway.web.custody.known import NOT_KNOWN, Number, Numbers, folded, numbers_of

STEPS: Mapping[str, str] = {
    "collection": "Collection",
    "label": "Label",
    "pickup": "Pickup",
    "receipt": "Receipt",
    "thaw": "Thaw",
    "bedside": "Bedside",
}
PLACES = tuple(WORDS)  # band, bag, coi, din, batch, certificate, order
_UNKNOWN = Problem(
    "not_known_here",
    "This is neither a wristband of a patient here nor a number of this patient's cells.",
    "It was not read: scan the code again. If it is on the bag: stop, it is no bag of this patient; say below that it "
    "is the container.",
)
_CONTAINER_FIRST = Problem(
    "container_first", "This is not of the container that is meant.", "Scan the container, then this again."
)
_ONE_AT_A_TIME = Problem("one_at_a_time", "This check is of another container.", "Begin anew for this one.")
_SEVERAL = Problem(
    "several_patients",
    "Several patients have this number, each from another system.",
    "Scan the other code of the wristband.",
)
_NOT_COMPARED = Problem("not_compared", "A product code or an expiry: it is not compared here.", "Go on.")

NOTHING: Numbers = {}
Whose = Callable[[str], str | Problem]
"""Whose wristband a text is: this course, another, empty where it is nobody's; a problem where it cannot be told."""


class Station(msgspec.Struct, frozen=True):
    """One check as far as it has come. `reads`: what was read, by place; `container`: the one meant, if known.

    `stopped`: the places that did not match. They keep what was read: a later scan does not undo it.
    """

    step: str
    container: str = ""
    reads: Mapping[str, str] = {}
    stopped: tuple[str, ...] = ()

    def having(self, place: str, text: str) -> Station:
        """The same with one more read."""
        if place in self.stopped:
            return self
        return msgspec.structs.replace(self, reads={**self.reads, place: text})

    def stopping(self, *places: str) -> Station:
        """The same with places that did not match."""
        return msgspec.structs.replace(self, stopped=tuple(dict.fromkeys((*self.stopped, *places))))


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
    differs += [place for place in station.stopped if place not in differs]
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
    expected = Expected(frozenset(things.containers), cois, dins, frozenset(things.batches), asked=everything)
    return "" if scanned == NOT_KNOWN else scanned, expected


def _due(station: Station, things: Things) -> Container | None:
    """The one container that a step can be about, where there is only one: product that was not given."""
    if station.step not in ("thaw", "bedside"):
        return None
    given = {name for name, _ in things.infusions}
    left = [each for each in things.containers.values() if each.kind in PRODUCTS and each.id not in given]
    return left[0] if len(left) == 1 else None


def _collection(station: Station, things: Things) -> Collection | None:
    """The donation that was scanned, else the last one; none where a new one is about to begin."""
    scanned = station.reads.get("din", "")
    named = tuple(one for one in things.collections if scanned and one.din == scanned)
    found = named or (() if _begins(station, things) else things.collections)
    return found[-1] if found else None


def _begins(station: Station, things: Things) -> bool:
    """Whether this is the check before a collection, and none is under way."""
    last = things.collections[-1] if things.collections else None
    return station.step == "collection" and (last is None or last.state != "started" or not last.din)


def read(
    station: Station, typed: str, things: Things, whose: Whose, given: str = "", elsewhere: Numbers = NOTHING
) -> Station | Problem:
    """The station with one scan more, or what to tell of it.

    `given`: the place that the reader stated, if any; `elsewhere`: the numbers of all other courses.
    """
    after = _placed(station, typed, things, whose, given, elsewhere)
    return after if isinstance(after, Problem) else after.stopping(*answer(after, things).differs)


def _placed(
    station: Station, typed: str, things: Things, whose: Whose, given: str, elsewhere: Numbers
) -> Station | Problem:
    if given == "band":
        return _band(station, typed.strip(), whose)
    found = scan(typed)
    if isinstance(found, Problem):
        return found
    donation = found.of(Kind.donation) or _sec_donation(found)
    if donation:
        return _donation(station, donation, things, elsewhere)
    if found.kind in (Kind.product, Kind.expiry, Kind.several, Kind.sec):
        return _NOT_COMPARED
    if given == "din":
        din = read_din(found.text)
        return din if isinstance(din, Problem) else _donation(station, din.number, things, elsewhere)
    return _plain(station, found.text, things, whose, given, elsewhere)


def _sec_donation(found: Scan) -> str:
    code = found.of(Kind.sec)
    return code[8:DONATION_LENGTH] if code else ""


def _donation(station: Station, number: str, things: Things, elsewhere: Numbers) -> Station | Problem:
    """A donation number by its structure. A new one belongs only to a collection that is about to begin."""
    own = numbers_of(things.course).get(folded(number))
    if own is not None and "din" in own.places:
        return _own(station, "din", number, things)
    if folded(number) in elsewhere:
        return station.having("din", number).stopping("din")
    return station.having("din", number if _begins(station, things) else NOT_KNOWN)


def _plain(
    station: Station, text: str, things: Things, whose: Whose, given: str, elsewhere: Numbers
) -> Station | Problem:
    """A text without structure: a number of this course, somebody's wristband, a number of another course."""
    own = numbers_of(things.course).get(folded(same_donation(text)))
    foreign = elsewhere.get(folded(same_donation(text)))
    if given:
        return _stated(station, given, own, foreign, things)
    if own is not None:
        return _own(station, _place_for(station, own, things), own.text, things)
    banded = whose(text)
    if banded:
        return banded if isinstance(banded, Problem) else station.having("band", banded)
    if foreign is None:
        return _UNKNOWN
    return station.having(foreign.places[0], foreign.text).stopping(foreign.places[0])


def _stated(
    station: Station, place: str, own: Number | None, foreign: Number | None, things: Things
) -> Station | Problem:
    """What the reader says is of this place: the number if it is known here as such; else that it is not known."""
    if own is not None and place in own.places:
        return _own(station, place, own.text, things)
    if foreign is not None and place in foreign.places:
        return station.having(place, foreign.text).stopping(place)
    return station.having(place, NOT_KNOWN)


def _own(station: Station, place: str, text: str, things: Things) -> Station | Problem:
    """A number of this course. It tells against the container at hand only once that was scanned."""
    known = station.reads.get("bag", "")
    if place == "bag" and known in things.containers and known != text:
        return _ONE_AT_A_TIME
    after = station.having(place, text)
    if place != "bag" and not known and place in answer(after, things).differs and place not in station.stopped:
        return _CONTAINER_FIRST if _containers(station, things) else after
    return after


def _containers(station: Station, things: Things) -> bool:
    """Whether the check is of a container, and not of a donation before there is a bag."""
    return station.step not in ("collection", "label") or station.container in things.containers


def _place_for(station: Station, number: Number, things: Things) -> str:
    """Of several things that bear one number the one that is expected and was not read yet."""
    _, expected = _at_hand(station, things)
    fitting = [place for place in number.places if number.text in getattr(expected, place)]
    unread = [place for place in fitting if place not in station.reads]
    return (unread or fitting or list(number.places))[0]


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
