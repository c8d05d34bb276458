"""The forms of custody: containers, hand-overs, storage, quarantine, stand-ins, deviations."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from cartway.pathway.chain import chain
from cartway.pathway.chain.checks import ANOTHER, NOT_READ, THIS
from cartway.pathway.chain.din import read_din
from cartway.pathway.chain.sec import read_sec
from cartway.pathway.chain.things import Things
from cartway.pathway.course import Course
from cartway.pathway.products import products
from cartway.problem import Problem
from cartway.record import Fact
from cartway.times import Instant
from cartway.vocabulary import vocabulary
from cartway.web.access import Act
from cartway.web.forms.chart import Chart
from cartway.web.forms.draft import Draft, doubted, flawed
from cartway.web.forms.entries import Entries
from cartway.web.forms.plain import Field, Option, plain
from cartway.web.forms.sending import Form
from cartway.web.forms.signing import Signs

BACK = "/courses/{course:str}/chain"
SHORTEST_REASON = 10  # characters: "n/a" is no reason to give somebody cells that nobody checked
PERFORMED = Signs("performed")
STANDING_IN = Signs("stood in", "stood in", frozenset({Act.decide, Act.verify}))
_DIGITS = "A scanner may type it. By hand: with its check character."


def course_in(chart: Chart) -> Course:
    """The course as its rules read it, at the time of the form."""
    return Course(chart.facts, chart.now)


def containers(chart: Chart) -> list[Option]:
    """The containers of a course, the newest first."""
    kinds = vocabulary().variables["container"].choices
    things = Things(course_in(chart))
    return [(each.id, each.id, kinds[each.kind].label) for each in reversed(list(things.containers.values()))]


def _products(_: Chart) -> list[Option]:
    return [(name, each.title, "") for name, each in products().items()]


def _whose_name(_: Chart) -> list[Option]:
    return [(THIS, "This patient", ""), (ANOTHER, "Somebody else", ""), (NOT_READ, "Not read", "")]


def _filled(what: Callable[[Chart, str], dict[str, str]]) -> Callable[[Chart, str], Entries]:
    """A fresh form with some of it filled in: the container of the address, what follows from it."""

    def fill(chart: Chart, change: str) -> Entries:
        typed = {"about": change, **what(chart, change)}
        return Entries({name: (text,) for name, text in typed.items() if text})

    return fill


def _nothing(_: Chart, __: str) -> dict[str, str]:
    return {}


def _custodian(chart: Chart, container: str) -> dict[str, str]:
    held = chain(course_in(chart)).custodians.get(container)
    return {"from": held.who} if held else {}


def rewritten(form: Form, change: Callable[[Fact, Chart], Fact]) -> Form:
    """A form whose facts are written in one way before they are recorded."""

    def read(entries: Entries, chart: Chart, at: Instant) -> Draft:
        draft = form.read(entries, chart, at)
        return msgspec.structs.replace(draft, facts=tuple(change(fact, chart) for fact in draft.facts))

    return msgspec.structs.replace(form, read=read)


# Containers and identifiers


def _label_read(fact: Fact, chart: Chart) -> Draft:
    """What its label said must be readable; a container with another label is asked about."""
    flaws = Draft()
    din, sec = str(fact.detail.get("din", "")), str(fact.detail.get("sec", ""))
    if din and isinstance(problem := read_din(din), Problem):
        flaws += doubted("din", din, f"{problem.reason} Does the label say just this?")
    if sec and isinstance(unread := read_sec(sec), Problem):
        flaws += flawed("sec", unread)
    if fact.about in Things(course_in(chart)).containers:
        flaws += doubted("about", fact.about, "This container is recorded already. Is this a new reading of its label?")
    return flaws


def _plainly(fact: Fact, _: Chart) -> Fact:
    """A donation number as its 13 characters, whatever a scanner typed around it."""
    din = read_din(str(fact.detail.get("din", "")))
    if isinstance(din, Problem):
        return fact
    return msgspec.structs.replace(fact, detail={**fact.detail, "din": din.number})


CONTAINER = rewritten(
    plain(
        "enter a container", "/courses/{course:str}/add-container", Act.handle_cells, "Container", "container",
        [
            Field("choice", "What it is", needed=True),
            Field("about", "Container's number", needed=True, hint="As printed on it. A scanner may type it."),
            Field("detail.coi", "Chain of identity identifier on it"),
            Field("detail.din", "Donation number on it", hint=_DIGITS),
            Field("detail.batch", "Batch on it"),
            Field("detail.patient_matches", "Whose name is on it", options=_whose_name),
            Field("detail.product", "Product on it", options=_products),
            Field("detail.component", "Component", hint="CD8 or CD4, where the product has two"),
            Field("detail.part", "For which part of a split dose"),
            Field("detail.division", "Division"),
            Field("detail.parent", "Made of, or lies in"),
            Field("detail.volume_ml", "Volume, mL"),
            Field("detail.dose_million", "CAR-positive viable T cells, millions"),
            Field("detail.expires", "Expires", hint="2027-04-02, or 2027-04-02T14:30"),
            Field("detail.sec", "Single European Code"),
            Field("detail.color", "Color code"),
            Field("detail.custodian", "Who has it now"),
        ],
        back=BACK, check=_label_read, fill=_filled(_nothing),
        intro="Enter what its label says, as it says it. What is not on the label stays empty.",
    ),
    _plainly,
)  # fmt: skip


def _one_identity(fact: Fact, chart: Chart) -> Draft:
    known = chain(course_in(chart)).coi
    if known and known != fact.about:
        question = "This course has another already; a repeated collection keeps it. Was the product switched?"
        return doubted("about", fact.about, question)
    return Draft()


IDENTITY = rewritten(
    plain(
        "assign a chain of identity", "/courses/{course:str}/assign-identity", Act.handle_cells,
        "Chain of identity", "chain_identity",
        [
            Field("about", "Chain of identity identifier", needed=True, hint="Before or at the first collection"),
            Field("detail.issuer", "Who assigned it"),
            Field("detail.holder_id", "The holder's own number"),
        ],
        back=BACK, check=_one_identity,
    ),
    lambda fact, _: msgspec.structs.replace(fact, detail={**fact.detail, "coi": fact.about}),
)  # fmt: skip

# Custody, storage


def _apply_seal(fact: Fact, _: Chart) -> Sequence[Fact]:
    number = str(fact.detail.get("seal", ""))
    return [Fact("", fact.at, "seal", choice="applied", about=fact.about, detail={"number": number})] if number else []


HAND_OVER = plain(
    "hand over a container", "/courses/{course:str}/hand-over", Act.handle_cells, "Hand over", "custody",
    [
        Field("about", "Container", needed=True, options=containers),
        Field("detail.from", "Who gives", needed=True, hint="A department, a courier, a maker"),
        Field("detail.person_from", "The person who gives"),
        Field("detail.to", "Who takes", needed=True),
        Field("detail.person_to", "The person who takes"),
        Field("detail.waybill"),
        Field("detail.seal", "Seal put on"),
        Field("detail.logger", "Temperature logger started"),
        Field("detail.text", kind="note"),
    ],
    back=BACK, fixed={}, also=_apply_seal, fill=_filled(_custodian), signs=PERFORMED,
)  # fmt: skip
HAND_OVER = rewritten(
    HAND_OVER, lambda fact, _: msgspec.structs.replace(fact, choice="handed_over") if fact.what == "custody" else fact
)

STORE = plain(
    "store a container", "/courses/{course:str}/store", Act.handle_cells, "Storage", "storage",
    [
        Field("about", "Container", needed=True, options=containers),
        Field("choice", "What was done", needed=True),
        Field("detail.tank"),
        Field("detail.position"),
        Field("detail.text", kind="note"),
    ],
    back=BACK, fill=_filled(_nothing),
)  # fmt: skip

# Quarantine, deviations

QUARANTINE = rewritten(
    plain(
        "quarantine a container", "/courses/{course:str}/quarantine", Act.verify, "Quarantine", "quarantine",
        [
            Field("about", "Container", needed=True, hint="Its number; it need not be of this patient"),
            Field("detail.text", "Why", kind="note", needed=True),
            Field("detail.holder_called", "The holder was called"),
            Field("detail.holder_reference", "The holder's reference"),
        ],
        back=BACK, fill=_filled(_nothing), signs=PERFORMED,
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
        back=BACK, fill=_filled(_nothing), signs=Signs("approved", "verified"),
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
    back=BACK, fill=_filled(_nothing), signs=PERFORMED,
)  # fmt: skip

# Standing in for missing evidence


def _gaps(chart: Chart) -> list[Option]:
    """The gaps that two people may stand in for, as ``code about thing``."""
    found = chain(course_in(chart)).breaks
    open_gaps = [each for each in found if each.may_stand_in and each.blocks]
    return [(f"{each.code} {each.container}".strip(), each.words, each.container) for each in open_gaps]


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

FORMS = (CONTAINER, IDENTITY, HAND_OVER, STORE, QUARANTINE, LIFT, DEVIATION, STAND_IN)
