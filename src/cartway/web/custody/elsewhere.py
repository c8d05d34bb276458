"""What other courses of the center claim: so that another patient's bag is told as that, and a number used twice shows.

Worked out from the whole record, and kept as long as nothing was recorded.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from cartway.pathway.chain import Index, center_index
from cartway.pathway.course import CENTER, Course
from cartway.web.office import Office

_KEPT: WeakKeyDictionary[Office, tuple[int, Index]] = WeakKeyDictionary()
_IDENTIFIED = frozenset({"chain_identity", "collection", "container"})


def index_of(office: Office) -> Index:
    """The identifiers of every course that has any. Two threads may work it out at once; both get the same."""
    position, kept = office.log.position(), _KEPT.get(office)
    if kept is not None and kept[0] == position:
        return kept[1]
    now, names = office.now(), [name for name in office.log.courses() if name != CENTER]
    facts = (office.ward.facts(office.log, name) for name in names)
    told = [Course(each, now) for each in facts if any(fact.what in _IDENTIFIED for fact in each)]
    index = center_index(told)
    _KEPT[office] = position, index
    return index


def others(index: Index, text: str, course: str) -> bool:
    """Whether a number is that of a container, donation or chain of identity of another course, and not of this one."""
    claims = (index.containers.get(text), index.dins.get(text), index.cois.get(text))
    found = frozenset[str]().union(*(claim for claim in claims if claim))
    return bool(found) and course not in found
