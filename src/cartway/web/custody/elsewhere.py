"""What other courses of the center claim: so that another patient's bag is told as that, and a number used twice shows.

Worked out from the whole record, and kept as long as nothing was recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from weakref import WeakKeyDictionary

import msgspec

from cartway.pathway.chain import Index, center_index
from cartway.pathway.chain.things import said
from cartway.pathway.course import CENTER, Course
from cartway.web.custody.known import Numbers, numbers_of
from cartway.web.office import Office

_IDENTIFIED = frozenset({
    "chain_identity", "collection", "container", "batch", "release_certificate", "product_order", "temperature_log",
})  # fmt: skip


class _Kept(msgspec.Struct, frozen=True):
    """What the record said at a position: the index, the numbers of each course, who read which logger's file."""

    position: int
    index: Index
    numbers: Mapping[str, Numbers]
    files: Mapping[str, frozenset[str]]


_KEPT: WeakKeyDictionary[Office, _Kept] = WeakKeyDictionary()


def index_of(office: Office) -> Index:
    """The identifiers of every course that has any."""
    return _kept(office).index


def numbers_elsewhere(office: Office, course: str) -> Numbers:
    """The numbers of all other courses."""
    found: dict[str, Numbers] = {**_kept(office).numbers}
    found.pop(course, None)
    return {key: number for numbers in found.values() for key, number in numbers.items()}


def read_elsewhere(office: Office, sha256: str, course: str) -> bool:
    """Whether a logger's file was read for another course."""
    return bool(_kept(office).files.get(sha256, frozenset()) - {course})


def _kept(office: Office) -> _Kept:
    """Two threads may work it out at once; both get the same."""
    position, kept = office.log.position(), _KEPT.get(office)
    if kept is not None and kept.position == position:
        return kept
    now, names = office.now(), [name for name in office.log.courses() if name != CENTER]
    facts = (office.ward.facts(office.log, name) for name in names)
    told = [Course(each, now) for each in facts if any(fact.what in _IDENTIFIED for fact in each)]
    files: dict[str, frozenset[str]] = {}
    for course in told:
        for fact in course.all("temperature_log"):
            files[said(fact, "sha256")] = files.get(said(fact, "sha256"), frozenset()) | {course.id}
    made = _Kept(position, center_index(told), {course.id: numbers_of(course) for course in told}, files)
    _KEPT[office] = made
    return made


def others(index: Index, text: str, course: str) -> bool:
    """Whether a number is that of a container, donation or chain of identity of another course, and not of this one."""
    claims = (index.containers.get(text), index.dins.get(text), index.cois.get(text))
    found = frozenset[str]().union(*(claim for claim in claims if claim))
    return bool(found) and course not in found
