"""Who read a record, for the person it is about: who in words, their role, when, by what right. From the access log.

Whoever was turned away is told too, without a name where it is another patient or their people. Of the reason for
broken glass only what was chosen is told: in its words somebody may speak of others, or of who reads this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, tzinfo

import msgspec

from cartway.times import Instant, to_datetime
from cartway.web.access import OWN, AccessEntry, Account, Act
from cartway.web.guard.reasons import WHY
from cartway.words.catalog import N_

ROLES: Mapping[str, str] = {
    "physician": N_("Doctor"),
    "nurse": N_("Nurse"),
    "coordinator": N_("Coordinator"),
    "apheresis": N_("Cell collection team"),
    "cell_laboratory": N_("Cell laboratory"),
    "pharmacy": N_("Pharmacy"),
    "data_manager": N_("Data manager, who sees no names"),
    "administrator": N_("Administrator"),
    "patient": N_("Patient"),
    "caregiver": N_("Caregiver"),
}
RIGHTS: Mapping[str, str] = {
    "assignment": N_("Is on your care team"),
    "break_glass": N_("Opened it in an emergency, and had to say why"),
    "own": N_("You let them look after you here"),
    "refused": N_("Was not let in"),
}
READS = frozenset({Act.read_course, Act.see_programme, Act.see_ward, Act.hand_over, Act.read_own, "break_glass"})
"""The acts that look at a record; every other of a course writes into it."""
SOMEBODY = N_("Somebody who is not of your team")


class Reader(msgspec.Struct, frozen=True):
    """What one person did on one day by one right. `first` to `last`: the times. `wrote`: also wrote into it.

    `reason`: the one that was chosen for broken glass.
    """

    name: str
    role: str
    right: str
    day: date
    first: Instant
    last: Instant
    wrote: bool
    reason: str


def readers(entries: Iterable[AccessEntry], accounts: Mapping[str, Account], zone: tzinfo) -> Sequence[Reader]:
    """Lines of the log of one course, newest first, one for a person, a day and a right."""
    groups: dict[tuple[str, str, date], list[AccessEntry]] = {}
    for each in entries:
        if each.via in RIGHTS:
            day = to_datetime(each.at).astimezone(zone).date()
            groups.setdefault((each.account, each.via, day), []).append(each)
    found = [_reader(group, day, accounts) for (_, _, day), group in groups.items()]
    return sorted(found, key=lambda each: -each.last)


def _reader(group: Sequence[AccessEntry], day: date, accounts: Mapping[str, Account]) -> Reader:
    newest, known = group[0], accounts.get(group[0].account)
    wrote = newest.via != "refused" and any(each.act not in READS for each in group)
    stranger = newest.via == "refused" and newest.role in OWN
    return Reader(
        "" if stranger else (known.display if known else "") or newest.name,
        SOMEBODY if stranger else ROLES.get(newest.role, newest.role),
        RIGHTS[newest.via],
        day,
        min(each.at for each in group),
        max(each.at for each in group),
        wrote,
        next((chosen for each in group if each.act == "break_glass" and (chosen := _chosen(each.reason))), ""),
    )


def _chosen(reason: str) -> str:
    """Of a reason the part that was chosen; its words are not told."""
    return next((words for words in WHY.values() if reason == words or reason.startswith(f"{words}: ")), "")
