"""The panel of one course: the protocol's step now, why, the dose or the source's words, what would change it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby

import msgspec
from litestar import get
from litestar.params import FromPath
from litestar.response import Template

from cartway.vocabulary import vocabulary
from cartway.watch.protocol import SYNDROMES, Advice, Step
from cartway.web.access import Act
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of, person
from cartway.web.protocol.gathered import gathered
from cartway.web.road import course_of, road


class Group(msgspec.Struct, frozen=True):
    """The steps of one syndrome: those with a dose, a question or an open task, and what else goes with the grade."""

    key: str
    heading: str
    steps: Sequence[Step]
    beside: Sequence[Step]


@get("/courses/{course:str}/protocol", opt=needs(Act.read_course), name="protocol", sync_to_thread=True)
def protocol_page(request: WebRequest, course: FromPath[str]) -> Template:
    """What the chosen protocol says now, and what was answered to it before."""
    office, one = office_of(request), course_of(request, course)
    found = gathered(office, office.ward.facts(office.log, course), one.now)
    return road(
        request,
        one,
        "protocol/panel.html",
        "protocol",
        advice=found.advice,
        policies=found.policies,
        groups=grouped(found.advice.steps),
        drug=drug_label,
        who=_authors(request, found.advice),
    )


def grouped(steps: Sequence[Step]) -> list[Group]:
    """The steps by syndrome, in the protocol's order."""
    found = []
    for key, each in groupby(steps, key=lambda step: step.syndrome):
        all_of_it = list(each)
        beside = [step for step in all_of_it if _is_care(step)]
        first = [step for step in all_of_it if not _is_care(step)]
        found.append(Group(key, SYNDROMES[key], first, beside))
    return found


def _is_care(step: Step) -> bool:
    """Whether a step is general care at the grade: no dose, nothing to look up, nothing for the team to say."""
    asks = step.dose or step.asks_local or step.if_team or step.done or step.open or step.missing
    return not asks and not step.leads


def drug_label(name: str) -> str:
    """A drug as the vocabulary labels it."""
    return vocabulary().variables["drug"].choices[name].label


def _authors(request: WebRequest, advice: Advice) -> Mapping[str, str]:
    """Who answered, by account id, for those who may see names."""
    office, me = office_of(request), person(request)
    if not me.may(Act.see_names):
        return {}
    accounts = {each.fact.recorded_by: office.access.account(each.fact.recorded_by) for each in advice.answered}
    return {key: found.display or found.name for key, found in accounts.items() if found is not None}
