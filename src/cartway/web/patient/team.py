"""My team: whom to call, and who looks after somebody here. Numbers of the team and of services, nobody's own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from cartway.pathway.course import Course
from cartway.record import Fact
from cartway.vocabulary import vocabulary
from cartway.web.access import OWN, Account
from cartway.web.patient.readers import ROLES
from cartway.words.telephone import dialed

LINE = "line_24_hours"


class Contact(msgspec.Struct, frozen=True):
    """Somebody to call: who in words, the number as it is written and as it is dialed, when they answer."""

    who: str
    name: str
    telephone: str
    dial: str
    hours: str
    note: str


class Member(msgspec.Struct, frozen=True):
    """Somebody of the team here, by name and by role in words."""

    name: str
    role: str


def contacts(course: Course, center: Course) -> Sequence[Contact]:
    """The contacts of the course, and those of the center for what the course names none, in the vocabulary's order."""
    kinds = vocabulary().variables["care_contact"].choices
    own, shared = _newest(course), _newest(center)
    told = [own.get(kind) or shared.get(kind) for kind in kinds if kind != LINE]
    return [_contact(fact) for fact in told if fact is not None]


def _newest(course: Course) -> dict[str, Fact]:
    return {fact.choice: fact for fact in course.all("care_contact")}


def _contact(fact: Fact) -> Contact:
    def said(name: str) -> str:
        return str(fact.detail.get(name) or "")

    words = vocabulary().variables["care_contact"].choices[fact.choice].plain
    return Contact(words, said("name"), said("telephone"), dialed(said("telephone")), said("hours"), said("text"))


def members(accounts: Iterable[Account], course: str) -> tuple[Sequence[Member], Sequence[Member]]:
    """Those assigned to the course by name: the team, and the patient's own people. Not whoever sees every course."""
    named = [each for each in accounts if course in each.courses and not each.disabled]
    order = list(ROLES)
    named.sort(key=lambda each: (order.index(each.role), each.display or each.name))
    told = [(each, Member(each.display or each.name, ROLES[each.role])) for each in named]
    return [said for each, said in told if each.role not in OWN], [said for each, said in told if each.role in OWN]
