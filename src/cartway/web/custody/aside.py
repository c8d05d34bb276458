"""Forms for what went wrong: quarantine, deviations, and standing in for missing evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from anyio import to_thread
from litestar import Response, get, post
from litestar.params import FromPath

from cartway.pathway.chain import Break, BreakKind, Verdict, chain, may_infuse
from cartway.pathway.chain.din import same_donation
from cartway.pathway.chain.things import PRODUCTS, Container, Things
from cartway.pathway.course import Course
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.web.access import Act
from cartway.web.custody.elsewhere import numbers_elsewhere
from cartway.web.custody.known import NOT_KNOWN, Numbers, folded, numbers_of
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
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries, read_body
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form, answered, send, show
from cartway.web.forms.signing import Signs
from cartway.web.guard.gate import needs
from cartway.web.page import WebRequest, office_of


def before_giving(course: Course) -> Mapping[str, Verdict]:
    """For each product container that was not given what stands before giving it."""
    things = Things(course)
    given = {name for name, _ in things.infusions}
    left = [each.id for each in things.containers.values() if each.kind in PRODUCTS and each.id not in given]
    return {name: may_infuse(course, name) for name in left}


def _known_as(text: str, course: Course, elsewhere: Numbers) -> str:
    """A number as it was entered, here or for another patient; `NOT_KNOWN` for any other text, which nobody records."""
    key = folded(same_donation(text))
    found = numbers_of(course).get(key) or elsewhere.get(key)
    return found.text if found else NOT_KNOWN


_ASIDE = plain(
    "quarantine a container", "/courses/{course:str}/quarantine", Act.verify, "Quarantine", "quarantine",
    [
        Field("about", "Container", needed=True, hint="Its number, or its batch; it need not be of this patient"),
        Field("detail.text", "Why", kind="note", needed=True),
        Field("detail.holder_called", "The holder was called"),
        Field("detail.holder_reference", "The holder's reference"),
    ],
    back=BACK, fill=filled(nothing), signs=PERFORMED,
)  # fmt: skip


def quarantine_form(elsewhere: Numbers) -> Form:
    """Setting aside whatever it is. A number that is not known here is asked about, and recorded as not known."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        draft = _ASIDE.read(entries, chart, at)
        facts = [
            msgspec.structs.replace(
                fact, choice="placed", about=_known_as(fact.about, course_in(chart), elsewhere)
            )
            for fact in draft.facts
        ]  # fmt: skip
        unknown = any(fact.about == NOT_KNOWN for fact in facts) and entries["about"] != NOT_KNOWN
        asked = doubted("about", NOT_KNOWN, _UNKNOWN) if unknown else Draft()
        return msgspec.structs.replace(draft + asked, facts=tuple(facts))

    return msgspec.structs.replace(_ASIDE, read=read)


_UNKNOWN = (
    "This number is not known here: it is recorded as not known, and stops the whole course. Is it typed as it stands "
    "on the container?"
)
QUARANTINE = quarantine_form({})


@get(QUARANTINE.path, opt=needs(Act.verify), name=QUARANTINE.name)
async def quarantine_page(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """The form."""
    return await to_thread.run_sync(lambda: show(QUARANTINE, request, course))


@post(QUARANTINE.path, opt=needs(Act.verify), name=f"{QUARANTINE.name}, sent", status_code=200)
async def quarantine_sent(request: WebRequest, course: FromPath[str]) -> Response[Any]:
    """Set aside what is named."""
    entries = read_body(await request.body())

    def taken() -> Response[Any]:
        form = quarantine_form(numbers_elsewhere(office_of(request), course))
        return send(form, request, course, entries)

    return answered(request, await to_thread.run_sync(taken))


ROUTES = (quarantine_page, quarantine_sent)


def _set_aside(chart: Chart) -> list[Option]:
    """What a quarantine keeps, and what else only the holder clears: a recalled batch, a check that did not match."""
    found = chain(course_in(chart))
    against = [each for each in found.breaks if each.kind is BreakKind.contradictory]
    named = [name for each in against for name in (each.container, *(fact.about for fact in each.facts))]
    return [(name, name, "") for name in dict.fromkeys([*found.quarantined, *named]) if name]


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
    """The gaps that two people may stand in for, as ``code about thing``: of the chain, and before giving.

    Nobody vouches for what has not happened yet: a gap is offered once it can be seen.
    """
    course = course_in(chart)
    found = [*chain(course).breaks, *(each for one in before_giving(course).values() for each in one.because)]
    open_gaps = {
        f"{each.code} {each.container}".strip(): each
        for each in found
        if each.may_stand_in and each.blocks and each.at <= course.now and _shows(each, course)
    }
    return [(value, each.words, each.container) for value, each in open_gaps.items()]


def _shows(gap: Break, course: Course) -> bool:
    """Whether a gap of a step can be seen: at the bedside once it is thawed, of receipt and thaw once it is here."""
    things = Things(course)
    container = things.containers.get(gap.container)
    if container is None or container.kind not in PRODUCTS:
        return True
    if gap.code.startswith("bedside_"):
        return bool(course.all("thaw", about=things.origin(container).id))
    return gap.code not in _ONCE_HERE or _arrived(things.origin(container), course)


_ONCE_HERE = frozenset({
    "thaw_not_recorded", "thaw_not_checked", "receipt_not_checked", "no_receipt", "no_temperature_file",
    "seal_not_read",
})  # fmt: skip


def _arrived(container: Container, course: Course) -> bool:
    """Whether somebody here has dealt with it: stored, thawed or checked at receipt, or handed on by who brought it."""
    dealt = [*course.all("storage", about=container.id), *course.all("thaw", about=container.id)]
    checked = [fact for fact in course.all("verification", about=container.id) if fact.detail.get("step") == "receipt"]
    return bool(dealt or checked) or len(chain(course).hands.get(container.id, ())) > 2


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
