"""Forms for what went wrong: quarantine, deviations, and standing in for missing evidence."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from cartway.pathway.chain import Verdict, chain, may_infuse
from cartway.pathway.chain.things import PRODUCTS, Things
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.web.access import Act
from cartway.web.custody.shared import (
    BACK,
    PERFORMED,
    SHORTEST_REASON,
    STANDING_IN,
    containers,
    course_in,
    filled,
    nothing,
    rewritten,
)
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.signing import Signs


def before_giving(course: Course) -> Mapping[str, Verdict]:
    """For each product container that was not given what stands before giving it."""
    things = Things(course)
    given = {name for name, _ in things.infusions}
    left = [each.id for each in things.containers.values() if each.kind in PRODUCTS and each.id not in given]
    return {name: may_infuse(course, name) for name in left}


QUARANTINE = rewritten(
    plain(
        "quarantine a container", "/courses/{course:str}/quarantine", Act.verify, "Quarantine", "quarantine",
        [
            Field("about", "Container", needed=True, hint="Its number; it need not be of this patient"),
            Field("detail.text", "Why", kind="note", needed=True),
            Field("detail.holder_called", "The holder was called"),
            Field("detail.holder_reference", "The holder's reference"),
        ],
        back=BACK, fill=filled(nothing), signs=PERFORMED,
    ),
    lambda fact, _: msgspec.structs.replace(fact, choice="placed"),
)  # fmt: skip


def _set_aside(chart: Chart) -> list[Option]:
    return [(name, name, "") for name in chain(course_in(chart)).quarantined]


LIFT = rewritten(
    plain(
        "lift a quarantine", "/courses/{course:str}/lift-quarantine", Act.decide, "Lift the quarantine", "quarantine",
        [
            Field("about", "Container", needed=True, options=_set_aside),
            Field("detail.holder_reference", "The holder's reference", needed=True, hint="Only the holder clears it"),
            Field("detail.text", "What the holder said", kind="note", needed=True),
        ],
        back=BACK, fill=filled(nothing), signs=Signs("approved", "verified"),
        intro="The holder cleared it. All that was checked before is checked anew.",
    ),
    lambda fact, _: msgspec.structs.replace(fact, choice="lifted", detail={**fact.detail, "holder_called": True}),
)  # fmt: skip


def _anything(chart: Chart) -> list[Option]:
    return [*containers(chart), ("course", "The course as a whole", "")]


def _severities(_: Chart) -> list[Option]:
    return [
        ("minor", "Minor", ""),
        ("major", "Major", ""),
        ("critical", "Critical", "any doubt whose cells they are is critical"),
    ]


DEVIATION = plain(
    "report a deviation", "/courses/{course:str}/deviation", Act.verify, "Deviation", "deviation",
    [
        Field("choice", "What this entry does", needed=True),
        Field("about", "Of what", needed=True, options=_anything),
        Field("detail.severity", "How severe", needed=True, options=_severities),
        Field("detail.text", kind="note", needed=True),
        Field("detail.disposition", kind="note"),
    ],
    back=BACK, fill=filled(nothing), signs=PERFORMED,
)  # fmt: skip

# Standing in for missing evidence


def _gaps(chart: Chart) -> list[Option]:
    """The gaps that two people may stand in for, as ``code about thing``: of the chain, and before giving."""
    course = course_in(chart)
    found = [*chain(course).breaks, *(each for one in before_giving(course).values() for each in one.because)]
    open_gaps = {f"{each.code} {each.container}".strip(): each for each in found if each.may_stand_in and each.blocks}
    return [(value, each.words, each.container) for value, each in open_gaps.items()]


def _stands_in(fact: Fact, chart: Chart) -> Draft:
    if fact.detail.get("gap") not in {value for value, _words, _thing in _gaps(chart)}:
        reason = "There is no such gap that two people could stand in for."
        return flawed("gap", Problem("no_such_gap", reason, "Look at the chain again."))
    if len(str(fact.detail.get("text", ""))) < SHORTEST_REASON:
        reason = "The reason is too short to be one."
        return flawed("text", Problem("no_reason", reason, "Say what makes you sure, so that a stranger can follow."))
    return Draft()


def _of_gap(fact: Fact, _: Chart) -> Fact:
    code, _space, thing = str(fact.detail.get("gap", "")).partition(" ")
    return msgspec.structs.replace(fact, about=thing, detail={**fact.detail, "gap": code})


STAND_IN = rewritten(
    plain(
        "stand in for a gap", "/courses/{course:str}/stand-in", Act.decide, "Stand in for missing evidence", "stand_in",
        [
            Field("detail.gap", "For what", needed=True, options=_gaps),
            Field("detail.text", "Why you can vouch for it", kind="note", needed=True),
        ],
        back=BACK, check=_stands_in, signs=STANDING_IN, fill=lambda chart, change: Entries({"gap": (change,)}),
        intro="Two named people vouch where a check is missing. From now on it shows wherever these cells do. "
        "Nobody can stand in where something contradicts: such cells are set aside, and the holder is called.",
    ),
    _of_gap,
)  # fmt: skip
